"""Rules over rows: what they refuse, leave out or remark, each with its sentence."""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from aldia.formats.table.fields import Field, Shape
from aldia.formats.table.findings import FindingLog, Severity

Row = Mapping[str, Any]
Sentence = Callable[[Row], str]


class Triage:
    """Applies conditions to the interpreted frame. fields: by name; headings: field → column of the file.

    amounts_open: a column's decimal sign is undecided, so that its amounts are null and say nothing.
    """

    def __init__(self, fields: Mapping[str, Field], headings: Mapping[str, str], log: FindingLog) -> None:
        self.fields = fields
        self.headings = headings
        self.log = log
        self.amounts_open = log.made("decimal_ambiguous", "decimal_conflict")
        self.excluded = 0

    def has(self, field: str) -> bool:
        """Does the file have a column for the field?"""
        return field in self.headings

    def refuse(
        self, frame: pl.DataFrame, wrong: pl.Expr, code: str, field: str, text: Sentence
    ) -> pl.DataFrame:
        """The frame without the rows where `wrong` holds; each is an error."""
        marked = wrong.fill_null(value=False)
        self._say(frame.filter(marked), "error", code, field, text)
        return frame.filter(~marked)

    def exclude(
        self, frame: pl.DataFrame, aside: pl.Expr, code: str, field: str, text: Sentence
    ) -> pl.DataFrame:
        """The frame without rows that are sound but do not belong; each is a warning."""
        marked = aside.fill_null(value=False)
        self._say(frame.filter(marked), "warning", code, field, text)
        kept = frame.filter(~marked)
        self.excluded += frame.height - kept.height
        return kept

    def remark(
        self, frame: pl.DataFrame, odd: pl.Expr, severity: Severity, code: str, field: str, *, text: Sentence
    ) -> None:
        """Say something about rows that stay."""
        self._say(frame.filter(odd), severity, code, field, text)

    def require(self, frame: pl.DataFrame, field: str) -> pl.DataFrame:
        """The frame without the rows that lack a field."""
        spec = self.fields[field]
        if self.amounts_open and spec.shape is Shape.MONEY:
            return frame
        return self.refuse(
            frame,
            pl.col(spec.column).is_null(),
            f"missing_{field}",
            field,
            lambda _: f"falta el dato «{spec.label}». Complételo o quite la fila.",
        )

    def summarise(
        self, frame: pl.DataFrame, odd: pl.Expr, code: str, field: str, text: Callable[[int, int], str]
    ) -> None:
        """One sentence for all rows where `odd` holds, made of their number and the first of them."""
        rows = frame.filter(odd).get_column("source_row")
        if len(rows):
            self.log.add("info", code, text(len(rows), rows[0]), column=self.headings.get(field))

    def _say(self, rows: pl.DataFrame, severity: Severity, code: str, field: str, text: Sentence) -> None:
        for row in rows.iter_rows(named=True):
            if self.log.wants(code):
                self.log.add(
                    severity, code, text(row), row=row["source_row"], column=self.headings.get(field)
                )
            else:
                self.log.count_only(severity, code)
