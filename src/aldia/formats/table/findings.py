"""What was noticed in a file: one sentence per finding, with its row and column, counted in full."""

import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from aldia.kernel.errors import AldiaError

Severity = Literal["error", "warning", "info"]

KEPT_MAX = 10_000
KEPT_PER_CODE_MAX = 2_000
_SHOWN_MAX = 40


class TableRefused(AldiaError):
    """Nothing of the file can be used. `code` names the cause; the sentence says what to do."""

    code = "table_refused"

    def __init__(self, code: str, sentence: str, **facts: Any) -> None:
        super().__init__(sentence, **facts)
        self.code = code


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing worth saying about a file.

    severity: an "error" with a row makes that row unusable, an "error" without row the whole file;
    "warning" and "info" change nothing beyond what their sentence says.
    row: line of the file as a person counts, header included. column: the text of its heading.
    """

    severity: Severity
    code: str
    row: int | None
    column: str | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Findings:
    """Findings in the order they were made; at most 10,000 are kept, `totals` counts all by code."""

    kept: tuple[Finding, ...] = ()
    totals: Mapping[str, int] | None = None
    by_severity: Mapping[str, int] | None = None

    def count(self, code: str) -> int:
        """How many findings of a code were made, kept or not."""
        return (self.totals or {}).get(code, 0)

    @property
    def errors(self) -> int:
        """Number of errors, kept or not."""
        return (self.by_severity or {}).get("error", 0)

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """Errors about the file as a whole: nothing may be imported until they are mended."""
        return tuple(f for f in self.kept if f.severity == "error" and f.row is None)


class FindingLog:
    """Collects findings while a file is read."""

    def __init__(self) -> None:
        self._kept: list[Finding] = []
        self._totals: Counter[str] = Counter()
        self._by_severity: Counter[str] = Counter()
        self.blocked = False

    def add(
        self, severity: Severity, code: str, text: str, *, row: int | None = None, column: str | None = None
    ) -> None:
        """Note one finding; text says what happened and what to do, the place is put before it."""
        self.blocked |= severity == "error" and row is None
        if self.wants(code) or row is None:
            self._kept.append(Finding(severity, code, row, column, placed(text, row, column)))
        self.count_only(severity, code)

    def extend(self, findings: Findings) -> None:
        """Take over what an earlier stage found, its uncounted rest included."""
        self._kept.extend(findings.kept[: max(0, KEPT_MAX - len(self._kept))])
        self._totals.update(findings.totals or {})
        self._by_severity.update(findings.by_severity or {})
        self.blocked |= bool(findings.blocking)

    def close(self) -> Findings:
        """Everything found so far."""
        return Findings(tuple(self._kept), dict(self._totals), dict(self._by_severity))

    def wants(self, code: str) -> bool:
        """Will one more finding of this code be kept? If not, its sentence need not be written."""
        return len(self._kept) < KEPT_MAX and self._totals[code] < KEPT_PER_CODE_MAX

    def made(self, *codes: str) -> bool:
        """Was a finding of one of these codes made?"""
        return any(self._totals[code] for code in codes)

    def count_only(self, severity: Severity, code: str) -> None:
        """Count a row's finding whose sentence is no longer kept."""
        self._totals[code] += 1
        self._by_severity[severity] += 1


def placed(text: str, row: int | None, column: str | None) -> str:
    """The sentence with its place before it: «Fila 7, columna «Importe»: falta …»."""
    if row is None and column is None:
        return text[:1].upper() + text[1:]
    if not text[1:2].isupper():
        text = text[:1].lower() + text[1:]
    if row is not None and column is not None:
        return f"Fila {row}, columna «{column}»: {text}"
    if row is not None:
        return f"Fila {row}: {text}"
    return f"Columna «{column}»: {text}"


def shown(value: object) -> str:
    """A value as a sentence may quote it: one line, visible characters only, at most 40 of them.

    A number of a workbook is shown as its cell does: 46032.0 as «46032», 10.005 as «10,005».
    """
    whole = _number(value) if isinstance(value, Decimal) else str(value)
    text = "".join(c if unicodedata.category(c)[0] != "C" else f"\\u{ord(c):04x}" for c in whole[:_SHOWN_MAX])
    return text + "…" if len(whole) > _SHOWN_MAX else text


def _number(value: Decimal) -> str:
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def counted(count: int, one: str, many: str) -> str:
    """«1 fórmula», «12 fórmulas»."""
    return f"{count} {one if count == 1 else many}"
