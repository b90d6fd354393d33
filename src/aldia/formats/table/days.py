"""Date columns of one file: they prove the order of day and month together, then cells become dates."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from aldia.formats.table.cells import RowMarks, read_cells
from aldia.formats.table.dates import (
    DateFormat,
    Loose,
    Order,
    from_serial,
    in_range,
    order_proved,
    read_loosely,
    settle,
    without_time,
)
from aldia.formats.table.findings import FindingLog, shown
from aldia.formats.table.numbers import Fault
from aldia.formats.table.raw import Cell


@dataclass(slots=True)
class DateColumn:
    """A column of dates before their order is known;

    loose: each distinct cell as far as it explains itself.
    """

    heading: str
    cells: Sequence[Cell]
    loose: Mapping[Cell, date | Loose | Fault | None]
    year_min: int

    def proofs(self) -> dict[Order | None, Cell]:
        """The first cell of each order; under None the first that reads differently both ways."""
        found: dict[Order | None, Cell] = {}
        for cell, value in self.loose.items():
            if isinstance(value, Loose):
                for order in order_proved([value]):
                    found.setdefault(order, cell)
        return found

    def is_all_dates(self) -> bool:
        """Does every filled cell look like a date?"""
        values = [value for value in self.loose.values() if value is not None]
        return bool(values) and not any(isinstance(value, Fault) for value in values)


def date_column(heading: str, cells: Sequence[Cell], *, year_min: int) -> DateColumn:
    """Read every distinct cell once, as far as possible."""
    return DateColumn(heading, cells, {cell: _loosely(cell) for cell in dict.fromkeys(cells)}, year_min)


def _loosely(cell: Cell) -> date | Loose | Fault | None:
    if cell == "":
        return None
    if isinstance(cell, Decimal):
        return from_serial(cell)
    return read_loosely(cell) if isinstance(cell, str) else without_time(cell)


def prove_order(
    columns: Sequence[DateColumn],
    witnesses: Callable[[], Sequence[DateColumn]],
    declared: DateFormat | None,
    marks: RowMarks,
) -> DateFormat:
    """The order declared, or proved by these columns together; only if they are silent, by the witnesses."""
    if declared is not None:
        return declared
    own = _gathered(columns)
    if Order.DAY_FIRST in own and Order.MONTH_FIRST in own:
        _say_conflict(own[Order.DAY_FIRST], own[Order.MONTH_FIRST], marks)
        return DateFormat(Order.DAY_FIRST)
    proved = _only(own)
    if proved is None and None in own:
        proved = _only(_gathered([column for column in witnesses() if column.is_all_dates()]))
        if proved is None:
            _say_ambiguous(*own[None], marks)
    return DateFormat(proved or Order.DAY_FIRST)


def _gathered(columns: Sequence[DateColumn]) -> dict[Order | None, tuple[DateColumn, Cell]]:
    found: dict[Order | None, tuple[DateColumn, Cell]] = {}
    for column in columns:
        for order, cell in column.proofs().items():
            found.setdefault(order, (column, cell))
    return found


def _only(found: Mapping[Order | None, object]) -> Order | None:
    orders = [order for order in found if order is not None]
    return orders[0] if len(orders) == 1 else None


def _say_conflict(
    day_first: tuple[DateColumn, Cell], month_first: tuple[DateColumn, Cell], marks: RowMarks
) -> None:
    places = [
        f"«{shown(cell)}» (columna «{column.heading}», fila {marks.row_of(column.cells.index(cell))})"
        for column, cell in (day_first, month_first)
    ]
    marks.log.add(
        "error",
        "date_conflict",
        f"{places[0]} tiene el día primero y {places[1]} el mes. Corrija la fecha errónea o indique "
        "--date-format.",
    )


def _say_ambiguous(column: DateColumn, cell: Cell, marks: RowMarks) -> None:
    marks.log.add(
        "error",
        "date_ambiguous",
        f"No se puede saber si «{shown(cell)}» (fila {marks.row_of(column.cells.index(cell))}) es día/mes "
        "o mes/día. "
        "Indique --date-format dd/mm/aaaa o mm/dd/aaaa.",
        column=column.heading,
    )


def date_values(column: DateColumn, form: DateFormat, marks: RowMarks) -> list[date | None]:
    """The day of each row, None where empty or faulty."""
    _say_serials(column, marks.log)
    return read_cells(column.cells, lambda cell: _settled(column, cell, form), marks, column.heading)


def _settled(column: DateColumn, cell: Cell, form: DateFormat) -> date | Fault | None:
    value = column.loose[cell]
    if isinstance(value, Loose):
        value = settle(value, form, str(cell))
    return in_range(value, column.year_min) if isinstance(value, date) else value


def _say_serials(column: DateColumn, log: FindingLog) -> None:
    serial = next((cell for cell in column.cells if isinstance(cell, Decimal)), None)
    day = column.loose[serial] if serial is not None else None
    if isinstance(day, date):
        log.add(
            "info",
            "date_serial",
            f"Hay fechas guardadas como número: «{shown(serial)}» se lee como {day:%d/%m/%Y}.",
            column=column.heading,
        )
