"""What the review page shows of a batch: columns, first rows, how numbers and days were read, findings."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aldia.desk.imports.choices import columns_of
from aldia.desk.imports.words import field_label, labels_of
from aldia.formats.table import FIELDS, Shape
from aldia.kernel.money import format_money
from aldia.records.intake.models import ImportBatch
from aldia.ui.templatetags.written import day, screen_locale

FINDINGS_SHOWN = 10
"""So many of each sort stand on the page; all are in the download."""
_FLAG = re.compile(r"--(?:map|date-format|decimal|delimiter|encoding|sheet|currency|partial|profile)\b")
_SENTENCE = re.compile(r"(?<=[.?])\s+(?=[A-ZÁÉÍÓÚÑ¿«])")
_SEVERITIES = {
    "error": (gettext_lazy("Errores"), "circle-x", "al-bad"),
    "warning": (gettext_lazy("Avisos"), "alert-triangle", "al-warm"),
    "info": (gettext_lazy("Para que lo sepa"), "info-circle", ""),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file. field: what it is taken for, "" for nothing; label: of that field."""

    place: int
    name: str
    samples: tuple[str, ...]
    field: str
    label: str


@dataclass(frozen=True, slots=True)
class Proof:
    """How days or amounts are read, and on whose word."""

    what: str
    why: str


@dataclass(slots=True)
class Group:
    """Findings of one severity; more: how many are not shown."""

    severity: str
    title: str
    icon: str
    mark: str
    findings: list[dict[str, Any]] = field(default_factory=list)
    total: int = 0

    @property
    def more(self) -> int:
        """Those kept for the download."""
        return self.total - len(self.findings)


def columns_seen(batch: ImportBatch) -> list[Column]:
    """In the file's order."""
    labels, taken = labels_of(batch.kind), {column: name for name, column in batch.mapping.items()}
    return [
        Column(
            place,
            each["name"],
            tuple(each["samples"]),
            name := taken.get(each["name"], ""),
            labels.get(name, ""),
        )
        for place, each in enumerate(columns_of(batch))
    ]


def first_rows(batch: ImportBatch) -> tuple[list[str], list[tuple[int, list[tuple[str, str, bool]]]]]:
    """Headings, and rows of (value, heading, is right-aligned) as understood."""
    rows = batch.options.get("facts", {}).get("rows", [])
    said = {"kind", *batch.mapping}
    used = [f for f in FIELDS[batch.kind] if f.name in said and any(f.name in row for row in rows)]  # type: ignore[index]
    heads = [field_label(f) for f in used]
    return heads, [
        (
            row["row"],
            [
                (_written(f.shape, row.get(f.name), row.get("currency")), head, f.shape in _RIGHT)
                for f, head in zip(used, heads, strict=True)
            ],
        )
        for row in rows
    ]


_RIGHT = (Shape.MONEY, Shape.RATE)


def _written(shape: Shape, value: Any, currency: str | None) -> str:
    if value is None:
        return ""
    if shape in (Shape.DATE, Shape.BIRTH_DATE):
        return day(date.fromisoformat(value))
    if shape is Shape.MONEY:
        return format_money(value, currency or "EUR", screen_locale())
    if shape is Shape.FLAG:
        return _("sí") if value else _("no")
    if shape is Shape.WORD:
        return str(_WORDS.get(value, value))
    return ", ".join(value) if isinstance(value, list) else str(value)


_WORDS = {
    "invoice": gettext_lazy("factura"),
    "credit_note": gettext_lazy("abono"),
    "debit_note": gettext_lazy("nota de cargo"),
    "opening_balance": gettext_lazy("saldo inicial"),
    "consumer": gettext_lazy("particular"),
    "business": gettext_lazy("empresa"),
    "public_body": gettext_lazy("administración"),
}


def proofs(batch: ImportBatch) -> list[Proof]:
    """Nothing is guessed: what the file proved, or what was said."""
    return [*_days(batch), *_amounts(batch)]


def _days(batch: ImportBatch) -> Iterator[Proof]:
    said, proved = batch.options.get("date_format"), batch.options.get("proved", {}).get("date_format")
    if said or proved:
        order = _ORDERS.get(said or proved, said or proved)
        yield Proof(_("Fechas: %(order)s") % {"order": order}, _why(bool(said)))


def _amounts(batch: ImportBatch) -> Iterator[Proof]:
    said, proved = batch.options.get("decimal"), batch.options.get("proved", {}).get("decimal")
    if said or proved:
        sign = _("coma decimal (1.234,56)") if (said or proved) == "," else _("punto decimal (1,234.56)")
        yield Proof(_("Importes: %(sign)s") % {"sign": sign}, _why(bool(said)))


def _why(is_said: bool) -> str:
    return _("dicho por usted, o recordado de otra vez") if is_said else _("lo demuestra el archivo")


_ORDERS = {
    "dd/mm/aaaa": gettext_lazy("día/mes/año"),
    "mm/dd/aaaa": gettext_lazy("mes/día/año"),
    "aaaa-mm-dd": gettext_lazy("año-mes-día"),
    "dd/mm/aa": gettext_lazy("día/mes/año de dos cifras"),
    "mm/dd/aa": gettext_lazy("mes/día/año de dos cifras"),
}


def findings_by_severity(batch: ImportBatch) -> list[Group]:
    """Errors first; the first ten of each code, in the file's order."""
    seen: Counter[str] = Counter()
    groups = {name: Group(name, str(title), icon, mark) for name, (title, icon, mark) in _SEVERITIES.items()}
    for each in batch.findings:
        group = groups[each["severity"]]
        group.total += 1
        seen[each["code"]] += 1
        if seen[each["code"]] <= FINDINGS_SHOWN:
            group.findings.append({**each, "sentence": for_screen(each["sentence"])})
    return [group for group in groups.values() if group.total]


def for_screen(sentence: str) -> str:
    """Without advice for the command line; what is said there by options is chosen here."""
    parts = _SENTENCE.split(sentence)
    kept = [part for part in parts if not _FLAG.search(part)]
    if len(kept) == len(parts):
        return sentence
    return " ".join([*kept, _("Dígalo en esta página o corrija el archivo.")])
