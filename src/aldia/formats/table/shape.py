"""Records become columns: blank lines and totals are left out, rows that do not fit are said."""

import re
from collections.abc import Mapping, Sequence
from itertools import compress
from typing import cast

from aldia.formats.table.findings import FindingLog, TableRefused, counted, shown
from aldia.formats.table.header import Header
from aldia.formats.table.limits import CELL_LENGTH_MAX
from aldia.formats.table.raw import Cell, RawTable, TableFacts

_TOTAL = re.compile(r"((sub|gran )?total(es)?|sumas?|suma y sigue)\b", re.IGNORECASE)
_TOTAL_STARTS = frozenset("tTsSgG")


def shape(
    rows: Sequence[Sequence[Cell]],
    lines: Sequence[int],
    header: Header,
    facts: TableFacts,
    log: FindingLog,
    *,
    refused: int = 0,
    valueless: Mapping[str, tuple[int, ...]] | None = None,
    computed: tuple[str, ...] = (),
) -> RawTable:
    """The table below its headings.

    refused: rows already left out. Raises TableRefused when no row is left.
    """
    body, body_lines = rows[header.index + 1 :], lines[header.index + 1 :]
    sieve = _Sieve(header.width, facts.delimiter, log)
    keep = [sieve.keeps(row, line) for row, line in zip(body, body_lines, strict=True)]
    kept = [_fitted(row, header.width) for row in compress(body, keep)]
    _refuse_headings_only(kept, sieve.refused + refused, lines[header.index])
    columns = list(zip(*kept, strict=True)) if kept else [()] * header.width
    return RawTable(
        columns=header.names,
        cells=tuple(_stripped(columns[position], facts) for position in header.columns),
        source_rows=list(compress(body_lines, keep)),
        facts=facts,
        findings=log.close(),
        refused_rows=sieve.refused + refused,
        valueless=valueless or {},
        computed=computed,
    )


class _Sieve:
    """Decides row by row what belongs to the table, and counts what had to be refused."""

    def __init__(self, width: int, delimiter: str | None, log: FindingLog) -> None:
        self._width = width
        self._delimiter = delimiter
        self._log = log
        self.refused = 0

    def keeps(self, row: Sequence[Cell], line: int) -> bool:
        """Is this a row of the table? A blank line or a total is not; one that does not fit is refused."""
        first = row[0] if row else ""
        if first == "":
            first = next((cell for cell in row if cell != ""), "")
        if isinstance(first, str) and (not first or first[0] in _TOTAL_STARTS or first.isspace()):
            if not any(not isinstance(cell, str) or cell.strip() for cell in row):
                return False
            if self._is_total(first, row):
                self._say_total(first, line)
                return False
        if (len(row) != self._width and len(_trimmed(row)) > self._width) or len(row) < self._width:
            self._refuse_ragged(len(row), line)
            return False
        if self._delimiter and len("".join(cast("Sequence[str]", row))) <= CELL_LENGTH_MAX:
            return True
        return self._short_enough(row, line)

    def _is_total(self, first: str, row: Sequence[Cell]) -> bool:
        return bool(_TOTAL.match(first)) and sum(cell != "" for cell in row) * 2 <= max(self._width, 4)

    def _say_total(self, first: str, line: int) -> None:
        self._log.add(
            "warning",
            "total_row",
            f"«{shown(first)}» parece una fila de totales y no se importa. Si era un dato, complete sus "
            "columnas.",
            row=line,
        )

    def _refuse_ragged(self, width: int, line: int) -> None:
        self.refused += 1
        cause = (
            "una coma decimal o un texto con el separador"
            if self._delimiter == ","
            else "un texto con el separador"
        )
        self._log.add(
            "error",
            "ragged_row",
            f"Tiene {counted(width, 'columna', 'columnas')} y los títulos son {self._width}. "
            f"Revise si falta un dato o si {cause} va sin comillas.",
            row=line,
        )

    def _short_enough(self, row: Sequence[Cell], line: int) -> bool:
        if not any(type(cell) is str and len(cell) > CELL_LENGTH_MAX for cell in row):
            return True
        self.refused += 1
        self._log.add(
            "error",
            "cell_too_long",
            f"Hay una celda de más de {CELL_LENGTH_MAX} caracteres. Acorte el texto o revise las comillas.",
            row=line,
        )
        return False


def _trimmed(row: Sequence[Cell]) -> Sequence[Cell]:
    end = len(row)
    while end and row[end - 1] == "":
        end -= 1
    return row[:end]


def _fitted(row: Sequence[Cell], width: int) -> Sequence[Cell]:
    return row if len(row) == width else row[:width]


def _stripped(column: Sequence[Cell], facts: TableFacts) -> list[Cell]:
    """Text of a csv without the blanks around it; a workbook's cells come stripped."""
    return [cell.strip() for cell in cast("Sequence[str]", column)] if facts.delimiter else list(column)


def _refuse_headings_only(kept: Sequence[Sequence[Cell]], refused: int, line: int) -> None:
    if not kept and not refused:
        raise TableRefused(
            "no_rows",
            f"La tabla solo tiene títulos (fila {line}) y ninguna fila de datos. Compruebe que ha "
            "exportado los datos.",
            row=line,
        )
