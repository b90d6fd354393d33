"""From the bytes of a file to what would be imported, in one step."""

from collections.abc import Mapping
from dataclasses import dataclass

from aldia.formats.table.fields import TableKind
from aldia.formats.table.findings import FindingLog, Findings
from aldia.formats.table.headings import Headings, recognise_headings
from aldia.formats.table.interpret import Interpreted, interpret
from aldia.formats.table.raw import RawTable, Reading
from aldia.formats.table.reader import read_table
from aldia.formats.table.typed import InterpretOptions


@dataclass(frozen=True, slots=True)
class Preview:
    """findings:

    of reading, headings and rows together. Import nothing while `findings.blocking` is not empty.
    """

    table: RawTable
    headings: Headings
    interpreted: Interpreted
    findings: Findings


def preview(
    data: bytes,
    *,
    kind: TableKind,
    options: InterpretOptions,
    reading: Reading | None = None,
    chosen: Mapping[str, str] | None = None,
) -> Preview:
    """Read, recognise, interpret.

    chosen: field → column, or "-" to leave a field out. Raises TableRefused.
    """
    table = read_table(data, reading)
    headings = recognise_headings(table.columns, kind, chosen)
    interpreted = interpret(table, kind, headings.fields, options)
    log = FindingLog()
    for findings in (table.findings, headings.findings, interpreted.findings):
        log.extend(findings)
    return Preview(table, headings, interpreted, log.close())
