"""The table as it stands in the file, before anybody says what a column means."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from aldia.formats.table.findings import Findings

# A csv cell is always text; a workbook also knows numbers and dates. An empty cell is "". `datetime` is a
# `date`.
Cell = str | Decimal | date | datetime

FileType = Literal["csv", "xlsx", "xls", "xlsb", "ods"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the user declared about the file; None means: find it and prove it."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFacts:
    """How the file turned out to be written."""

    file_type: FileType
    header_row: int
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    other_sheets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTable:
    """Columns of equal length, cells stripped of surrounding blanks.

    source_rows: the line of the file of each row. refused_rows: rows left out here, each with its finding.
    valueless: per column the rows whose formula holds no value (never computed, or an error such as #N/A).
    computed: columns with formulas whose last value is used.
    """

    columns: tuple[str, ...]
    cells: tuple[list[Cell], ...]
    source_rows: list[int]
    facts: TableFacts
    findings: Findings
    refused_rows: int = 0
    valueless: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    computed: tuple[str, ...] = ()

    @property
    def height(self) -> int:
        """Number of rows that may be used."""
        return len(self.source_rows)

    def column(self, name: str) -> list[Cell]:
        """The cells under a heading. Raises KeyError if there is none."""
        try:
            return self.cells[self.columns.index(name)]
        except ValueError:
            raise KeyError(name) from None
