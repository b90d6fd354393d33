"""Where a table begins: the row of its headings, and a name for every column."""

from collections.abc import Sequence
from dataclasses import dataclass

from aldia.formats.table.delimited import looks_like_value
from aldia.formats.table.findings import FindingLog, TableRefused, shown
from aldia.formats.table.limits import COLUMNS_MAX
from aldia.formats.table.raw import Cell
from aldia.formats.table.sheetxml import column_letters
from aldia.formats.table.synonyms import is_known_heading

_LOOKED_AT = 40
_KNOWN_MIN = 2
# So many rows are enough for `find_header`.
HEADER_WITHIN_ROWS = _LOOKED_AT * 5
_HEADING_LENGTH_MAX = 200


@dataclass(frozen=True, slots=True)
class Header:
    """index: position of the heading row. names: unique, one per kept column. columns: their positions."""

    index: int
    names: tuple[str, ...]
    columns: tuple[int, ...]
    width: int


def find_header(rows: Sequence[Sequence[Cell]], lines: Sequence[int]) -> int:
    """Position of the row that looks most like headings: words only, at least half as wide as the table.

    Among several the one with most known headings wins, then the first. Raises TableRefused when there is
    none.
    """
    filled = [i for i, row in enumerate(rows[:HEADER_WITHIN_ROWS]) if any(cell != "" for cell in row)][
        :_LOOKED_AT
    ]
    if not filled:
        raise TableRefused("empty", "El archivo está vacío. Compruebe que ha elegido el archivo correcto.")
    width = max(_filled(rows[i]) for i in filled)
    _refuse_width(width, lines[filled[0]])
    candidates = [i for i in filled if _filled(rows[i]) * 2 >= width and _all_words(rows[i])]
    if not candidates:
        first = next(i for i in filled if _filled(rows[i]) * 2 >= width)
        raise TableRefused(
            "no_header",
            f"Fila {lines[first]}: la tabla no tiene títulos de columna; la primera fila ya contiene datos. "
            "Añada una fila con los títulos.",
            row=lines[first],
        )
    return max(candidates, key=lambda i: (_known(rows[i]), -i))


def has_known_header(rows: Sequence[Sequence[Cell]]) -> bool:
    """Does a table begin here whose headings mean something? The title of a cover alone does not."""
    try:
        index = find_header(rows, range(1, len(rows) + 1))
    except TableRefused:
        return False
    return _known(rows[index]) >= _KNOWN_MIN


def _known(row: Sequence[Cell]) -> int:
    return sum(is_known_heading(str(cell)[:_HEADING_LENGTH_MAX]) for cell in row if cell != "")


def _filled(row: Sequence[Cell]) -> int:
    return sum(cell != "" for cell in row)


def _all_words(row: Sequence[Cell]) -> bool:
    return all(isinstance(cell, str) and not looks_like_value(cell) for cell in row if cell != "")


def name_columns(
    row: Sequence[Cell], *, index: int, line: int, first_column: int, used: Sequence[bool], log: FindingLog
) -> Header:
    """Give every column its name; one without heading or with a repeated one is named by its letter."""
    names: list[str] = []
    columns: list[int] = []
    for position, cell in enumerate(row):
        letter = column_letters(first_column + position)
        name = _heading(cell)
        if not name and not used[position]:
            continue
        names.append(_unique(name, letter, names, line, log))
        columns.append(position)
    _refuse_width(len(names), line)
    return Header(index, tuple(names), tuple(columns), len(row))


def _heading(cell: Cell) -> str:
    printable = "".join(c if c.isprintable() else " " for c in str(cell))
    return " ".join(printable.split())[:_HEADING_LENGTH_MAX]


def _unique(name: str, letter: str, taken: list[str], line: int, log: FindingLog) -> str:
    if not name:
        log.add(
            "warning",
            "empty_heading",
            f"La columna {letter} no tiene título; se llama «Columna {letter}». Póngale uno si la necesita.",
            row=line,
        )
        name = f"Columna {letter}"
    elif name in taken:
        log.add(
            "warning",
            "repeated_heading",
            f"El título «{shown(name)}» se repite; el de la columna {letter} se llama «{name} ({letter})».",
            row=line,
        )
        name = f"{name} ({letter})"
    while name in taken:
        name += f" ({letter})"
    return name


def _refuse_width(width: int, line: int) -> None:
    if width > COLUMNS_MAX:
        raise TableRefused(
            "too_many_columns",
            f"Fila {line}: hay {width} columnas y el máximo es {COLUMNS_MAX}. Deje solo las que hagan falta.",
            row=line,
        )
