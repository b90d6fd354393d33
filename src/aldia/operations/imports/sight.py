"""What a person sees of a file before it is booked: columns with examples, first rows as understood."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from aldia.formats.table import FIELDS
from aldia.formats.table.findings import shown
from aldia.operations.imports.reading import ReadFile

_SAMPLES = 3
_SAMPLED_ROWS = 200
_ROWS = 6


def sight_of(read: ReadFile) -> dict[str, Any]:
    """columns: [{name, samples}] in the file's order; ambiguous: field → columns; sheets: the book's others.

    rows: [{row, currency, field: value}] of the first usable rows, days in ISO, money in minor units.
    """
    return {
        "columns": list(_columns(read)),
        "ambiguous": {field: list(columns) for field, columns in read.headings.ambiguous.items()},
        "sheets": list(read.table.facts.other_sheets),
        "rows": list(_rows(read)),
    }


def _columns(read: ReadFile) -> Iterator[dict[str, Any]]:
    for name, cells in zip(read.table.columns, read.table.cells, strict=True):
        filled = dict.fromkeys(shown(cell) for cell in cells[:_SAMPLED_ROWS] if cell != "")
        yield {"name": name, "samples": list(filled)[:_SAMPLES]}


def _rows(read: ReadFile) -> Iterator[dict[str, Any]]:
    frame = read.interpreted.frame.head(_ROWS)
    mapped = {*read.headings.fields, *_found(read)}
    columns = {f.column: f.name for f in FIELDS[read.interpreted.kind] if f.name in mapped}
    for row in frame.iter_rows(named=True):
        said = {name: _plain(row[column]) for column, name in columns.items() if row[column] is not None}
        yield {**said, "row": row["source_row"], "currency": row.get("currency")}


def _found(read: ReadFile) -> set[str]:
    """What no column says and the amounts do: that some rows are no plain invoices."""
    frame = read.interpreted.frame
    is_other = read.interpreted.kind == "invoices" and bool((frame["kind"] != "invoice").any())
    return {"kind"} if is_other else set()


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return shown(value) if isinstance(value, str) else value
