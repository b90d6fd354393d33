"""From the bytes of a file to typed rows. The last file stays in memory between preview and commit."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from aldia.formats.table import (
    IGNORED,
    Findings,
    Headings,
    Interpreted,
    InterpretOptions,
    RawTable,
    Reading,
    interpret,
    read_table,
    recognise_headings,
)
from aldia.formats.table.findings import FindingLog
from aldia.operations.imports.options import ImportOptions, Kind

_UNPROVED = ("date_ambiguous", "decimal_ambiguous")


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file as it was understood. mapping: field → column, or "-" for a field left out on purpose."""

    table: RawTable
    headings: Headings
    interpreted: Interpreted
    findings: Findings
    mapping: dict[str, str]

    @property
    def is_unproved(self) -> bool:
        """Does only the order of dates or the decimal sign keep the file from being read?"""
        return any(self.findings.count(code) for code in _UNPROVED)


def read_file(
    content: bytes,
    kind: Kind,
    options: ImportOptions,
    *,
    currency: str,
    chosen: Mapping[str, str],
    remembered: Mapping[str, str],
) -> ReadFile:
    """Read, recognise, interpret.

    chosen: field → column as said now; remembered: as saved with the source, used where the file has the
    column. currency: the creditor's. Raises TableRefused when nothing of the file can be used.
    """
    table = _table(content, options.reading())
    known = {f: c for f, c in remembered.items() if c in table.columns or c == IGNORED}
    said = {f: c for f, c in known.items() if c not in chosen.values()} | dict(chosen)
    headings = recognise_headings(table.columns, kind, said)
    interpreted = _interpreted(
        content, options.reading(), kind, tuple(headings.fields.items()), options.interpreting(currency)
    )
    log = FindingLog()
    for findings in (table.findings, headings.findings, interpreted.findings):
        log.extend(findings)
    left_out = {field: IGNORED for field, column in said.items() if column == IGNORED}
    return ReadFile(table, headings, interpreted, log.close(), {**headings.fields, **left_out})


@lru_cache(maxsize=1)
def _table(content: bytes, reading: Reading) -> RawTable:
    return read_table(content, reading)


@lru_cache(maxsize=1)
def _interpreted(
    content: bytes,
    reading: Reading,
    kind: Kind,
    fields: tuple[tuple[str, str], ...],
    options: InterpretOptions,
) -> Interpreted:
    return interpret(_table(content, reading), kind, dict(fields), options)


def forget() -> None:
    """Let go of the last file."""
    _table.cache_clear()
    _interpreted.cache_clear()
