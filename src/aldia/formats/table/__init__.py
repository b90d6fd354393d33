"""Tables of invoices, payments and customers (csv, xlsx, xls, xlsb, ods) → typed rows with findings.

`preview` does all of it; `read_table`, `recognise_headings` and `interpret` are its three steps.
"""

from aldia.formats.table.fields import FIELDS, KINDS, Field, Shape, TableKind
from aldia.formats.table.findings import Finding, Findings, Severity, TableRefused
from aldia.formats.table.headings import IGNORED, Headings, recognise_headings
from aldia.formats.table.interpret import Interpreted, interpret
from aldia.formats.table.preview import Preview, preview
from aldia.formats.table.raw import Cell, RawTable, Reading, TableFacts
from aldia.formats.table.reader import read_table
from aldia.formats.table.typed import InterpretOptions

__all__ = [
    "FIELDS",
    "IGNORED",
    "KINDS",
    "Cell",
    "Field",
    "Finding",
    "Findings",
    "Headings",
    "InterpretOptions",
    "Interpreted",
    "Preview",
    "RawTable",
    "Reading",
    "Severity",
    "Shape",
    "TableFacts",
    "TableKind",
    "TableRefused",
    "interpret",
    "preview",
    "read_table",
    "recognise_headings",
]
