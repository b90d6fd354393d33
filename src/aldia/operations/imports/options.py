"""What a user says about a file, and what the file itself proved."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Literal

from aldia.formats.table import FIELDS, Interpreted, InterpretOptions, RawTable, Reading, Shape
from aldia.formats.table.numbers import DecimalSign

Kind = Literal["invoices", "payments", "customers"]

_DAY_OR_MONTH = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-]\d{4}\b")
_DECIMALS = re.compile(r"\d([.,])\d{1,2}\D*$")


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """None means: find it in the file and prove it. currency: ISO code of rows that name none, else the
    creditor's. date_format: `dd/mm/aaaa`, `m/d/Y`, `iso`. decimal: "," or "."."""

    date_format: str | None = None
    decimal: DecimalSign | None = None
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    currency: str | None = None

    def declared(self) -> dict[str, str]:
        """What was said, by name."""
        return {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) is not None}

    def after(self, earlier: Mapping[str, Any]) -> "ImportOptions":
        """These, and what was said before about what they leave open."""
        known = {f.name for f in fields(self)}
        return ImportOptions(**({k: v for k, v in earlier.items() if k in known} | self.declared()))

    def reading(self) -> Reading:
        """For the reader of tables."""
        return Reading(encoding=self.encoding, delimiter=self.delimiter, sheet=self.sheet)

    def interpreting(self, currency: str) -> InterpretOptions:
        """For the interpreter of cells; currency: the creditor's."""
        return InterpretOptions(
            currency=self.currency or currency, decimal=self.decimal, date_format=self.date_format
        )


def proved_grammar(table: RawTable, mapping: Mapping[str, str], read: Interpreted) -> dict[str, str]:
    """date_format and decimal as the file proved them, if it did: for a later file too short to prove any."""
    if read.frame.is_empty():
        return {}
    place = {row: i for i, row in enumerate(table.source_rows)}
    rows = [place[row] for row in read.frame["source_row"]]
    proved: dict[str, str] = {}
    for field in (f for f in FIELDS[read.kind] if f.name in mapping):
        cells = table.column(mapping[field.name])
        if field.shape is Shape.DATE and "date_format" not in proved:
            values = read.frame[field.column].to_list()
            proved |= _date_order([(cells[i], day) for i, day in zip(rows, values, strict=True)])
        if field.shape is Shape.MONEY and "decimal" not in proved:
            signs = (_DECIMALS.search(cells[i]) for i in rows if isinstance(cells[i], str))  # type: ignore[arg-type]
            proved |= next(({"decimal": found[1]} for found in signs if found), {})
    return proved


def _date_order(cells: list[tuple[Any, date | None]]) -> dict[str, str]:
    for cell, day in cells:
        parts = _DAY_OR_MONTH.match(cell) if isinstance(cell, str) and day is not None else None
        if parts and day is not None and day.day != day.month:
            return {"date_format": "dd/mm/aaaa" if int(parts[1]) == day.day else "mm/dd/aaaa"}
    return {}
