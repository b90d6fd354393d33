"""Reading a column: each distinct cell once, each faulty row said and marked."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from aldia.formats.table.findings import FindingLog
from aldia.formats.table.numbers import Fault

V = TypeVar("V")
C = TypeVar("C", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Noted(Generic[V]):
    """A value that could be read, with a remark worth making."""

    value: V | None
    code: str
    text: str


class RowMarks:
    """Which rows of a table are still usable; says why the others are not."""

    def __init__(self, source_rows: Sequence[int], log: FindingLog) -> None:
        self._source_rows = source_rows
        self.log = log
        self.usable = [True] * len(source_rows)

    def refuse(self, position: int, fault: Fault, column: str) -> None:
        """The row cannot be used."""
        self.usable[position] = False
        if self.log.wants(fault.code):
            self.log.add("error", fault.code, fault.text, row=self._source_rows[position], column=column)
        else:
            self.log.count_only("error", fault.code)

    def remark(self, position: int, noted: Noted[V], column: str) -> None:
        """The row can be used, but somebody should look at it."""
        if self.log.wants(noted.code):
            self.log.add("warning", noted.code, noted.text, row=self._source_rows[position], column=column)
        else:
            self.log.count_only("warning", noted.code)

    def row_of(self, position: int) -> int:
        """The line of the file a row stands on."""
        return self._source_rows[position]


def read_cells(
    cells: Sequence[C], read: Callable[[C], V | Fault | Noted[V] | None], marks: RowMarks, column: str
) -> list[V | None]:
    """One value per cell; None where the cell is empty or faulty. `read` runs once per distinct cell."""
    outcomes = {cell: read(cell) for cell in dict.fromkeys(cells)}
    said = {cell: found for cell, found in outcomes.items() if isinstance(found, Fault | Noted)}
    if said:
        _say(cells, said, marks, column)
        outcomes |= {cell: _value(found) for cell, found in said.items()}
    values = cast("dict[C, V | None]", outcomes)
    return [values[cell] for cell in cells]


def _say(cells: Sequence[C], said: dict[C, Fault | Noted[V]], marks: RowMarks, column: str) -> None:
    for position, cell in enumerate(cells):
        found = said.get(cell)
        if isinstance(found, Fault):
            marks.refuse(position, found, column)
        elif found is not None:
            marks.remark(position, found, column)


def _value(found: Fault | Noted[V]) -> V | None:
    return None if isinstance(found, Fault) else found.value
