"""Workbooks (xlsx, xlsb, xls, ods) through calamine, after their size was measured."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from itertools import chain
from typing import Any

import python_calamine

from aldia.formats.table.archive import members_of
from aldia.formats.table.findings import TableRefused
from aldia.formats.table.header import HEADER_WITHIN_ROWS, has_known_header
from aldia.formats.table.limits import COLUMNS_MAX, RECTANGLE_CELLS_MAX, ROWS_MAX
from aldia.formats.table.raw import Cell, FileType
from aldia.formats.table.sheetxml import (
    OpenDocumentExtent,
    extent_of_ods,
    extent_of_sheet,
    formula_cells,
    sheet_paths,
    valueless_cells,
)

_MARKUP = ("xl/workbook", "xl/_rels/", "xl/worksheets/sheet", "content.xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """One sheet as a rectangle; first_row and first_column count from 1.

    valueless: (row, column) of formulas without value, counted like the sheet does; computed: of the others.
    merged: rows of joined cells.
    """

    rows: list[list[Cell]]
    first_row: int
    first_column: int
    sheet: str
    other_sheets: tuple[str, ...]
    valueless: frozenset[tuple[int, int]]
    computed: frozenset[tuple[int, int]]
    merged: tuple[int, ...]


def read_grid(data: bytes, file_type: FileType, sheet: str | None) -> Grid:
    """The named sheet, else the first visible one with known headings, else the first with data.

    Raises TableRefused.
    """
    members = members_of(data, _MARKUP) if file_type != "xls" else {}
    _refuse_entities(members)
    _refuse_rectangles(members)
    book = _guarded(lambda: python_calamine.load_workbook(io.BytesIO(data)))
    chosen = _choose(book, sheet)
    markup = members.get(sheet_paths(members).get(chosen.name, ""), b"")
    valueless = valueless_cells(markup)
    return Grid(
        rows=_rows(chosen),
        first_row=chosen.start[0] + 1 if chosen.start else 1,
        first_column=chosen.start[1] + 1 if chosen.start else 1,
        sheet=chosen.name,
        other_sheets=tuple(name for name in book.sheet_names if name != chosen.name),
        valueless=valueless,
        computed=formula_cells(markup) - valueless,
        merged=tuple(sorted(start[0] + 1 for start, _ in chosen.merged_cell_ranges or ())),
    )


def _guarded(read: Callable[[], Any]) -> Any:
    """Run calamine; every way it can fail on a bad file becomes one sentence."""
    try:
        return read()
    except python_calamine.PasswordError:
        raise TableRefused(
            "workbook_encrypted", "El archivo está protegido con contraseña. Guárdelo sin ella."
        ) from None
    except (python_calamine.CalamineError, OSError, ValueError, OverflowError) as error:
        raise _damaged() from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how the Rust library reports what it did not foresee
            raise
        raise _damaged() from None


def _damaged() -> TableRefused:
    return TableRefused(
        "workbook_damaged",
        "El libro de cálculo está dañado o incompleto. Ábralo, guárdelo de nuevo y repita.",
    )


def _choose(book: Any, wanted: str | None) -> Any:
    if wanted is not None:
        if wanted not in book.sheet_names:
            raise TableRefused(
                "sheet_unknown",
                f"El libro no tiene la hoja «{wanted}». Hojas: {_listed(book.sheet_names)}.",
                sheets=list(book.sheet_names),
            )
        return _guarded(lambda: book.get_sheet_by_name(wanted))
    shown = python_calamine.SheetVisibleEnum.Visible
    visible = _tables_first(_filled(book, lambda m: m.visible == shown))
    hidden = _filled(book, lambda m: m.visible != shown)
    chosen = next(chain(visible, hidden), None)
    if chosen is None:
        raise TableRefused(
            "empty",
            "El libro de cálculo no tiene ninguna hoja con datos. Compruebe que es el archivo correcto.",
        )
    return chosen


def _filled(book: Any, wanted: Callable[[Any], bool]) -> Iterator[Any]:
    """The wanted sheets that hold data, each read when its turn comes."""
    for metadata in book.sheets_metadata:
        if metadata.typ == python_calamine.SheetTypeEnum.WorkSheet and wanted(metadata):
            sheet = _guarded(partial(book.get_sheet_by_name, metadata.name))
            if sheet.start is not None:
                yield sheet


def _tables_first(sheets: Iterator[Any]) -> Iterator[Any]:
    """Those with headings somebody knows, a cover passed over; then, if none has any, the first."""
    first = None
    for sheet in sheets:
        first = sheet if first is None else first
        if has_known_header(_converted(_guarded(partial(sheet.to_python, nrows=HEADER_WITHIN_ROWS)))):
            yield sheet
    if first is not None:
        yield first


def _listed(names: list[str]) -> str:
    return ", ".join(f"«{name}»" for name in names)


def _rows(sheet: Any) -> list[list[Cell]]:
    _refuse_size(sheet.height, sheet.width)
    return _converted(_guarded(sheet.to_python))


def _converted(values: list[list[Any]]) -> list[list[Cell]]:
    columns = [[_CONVERT[type(value)](value) for value in column] for column in zip(*values, strict=True)]
    return [list(row) for row in zip(*columns, strict=True)]


def _refuse_size(height: int, width: int) -> None:
    if height > ROWS_MAX + 1:
        raise TableRefused(
            "too_many_rows", f"La hoja tiene {height} filas y el máximo es {ROWS_MAX}. Divídala."
        )
    if width > COLUMNS_MAX:
        raise TableRefused(
            "too_many_columns",
            f"La hoja ocupa {width} columnas y el máximo es {COLUMNS_MAX}. Borre las que no sean de la "
            "tabla.",
        )
    if height * width > RECTANGLE_CELLS_MAX:
        raise TableRefused(
            "sheet_too_wide",
            f"La hoja ocupa {height} filas por {width} columnas. Borre lo que no sea de la tabla o "
            "expórtela como CSV.",
        )


def _strip(value: str) -> str:
    return value.strip()


def _exact(value: float) -> Decimal:  # the shortest text that reads back as the same number
    return Decimal(repr(value))


def _flag(value: bool) -> str:
    return "VERDADERO" if value else "FALSO"


_CONVERT: dict[type, Callable[[Any], Cell]] = {
    str: _strip,
    float: _exact,
    int: Decimal,
    bool: _flag,
    date: lambda value: value,
    datetime: lambda value: value,
    time: str,
    timedelta: str,
}


def _refuse_entities(members: dict[str, bytes]) -> None:
    if any(b"<!DOCTYPE" in content[:4096] or b"<!ENTITY" in content[:4096] for content in members.values()):
        raise TableRefused(
            "workbook_entities",
            "El libro contiene definiciones XML que no se admiten. Guárdelo de nuevo como XLSX.",
        )


def _refuse_rectangles(members: dict[str, bytes]) -> None:
    """Before calamine lays out the rectangle in memory, look how far apart its corners are."""
    for name, content in members.items():
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            _refuse_size(*extent_of_sheet(content))
        elif name == "content.xml":
            extent: OpenDocumentExtent = extent_of_ods(content)
            _refuse_size(extent.height, extent.width)
