"""What calamine does not tell about a sheet: how far it reaches, and which formulas hold no value.

Read with regular expressions over the raw markup: nothing is parsed, so nothing can be expanded.
"""

import html
import re
from typing import NamedTuple

_CELL = re.compile(rb'<(?:\w+:)?c\s[^<>]{0,300}?\br="([A-Z]{1,3})')
_ROW = re.compile(rb'<(?:\w+:)?row\s[^<>]{0,300}?\br="(\d{1,9})"')
_FAR_CELL = re.compile(rb'<(?:\w+:)?c\s[^<>]{0,300}?\br="[A-Z]{1,3}(\d{1,9})"')
# A formula without value, or a cell holding an error.
_NO_VALUE = re.compile(
    rb'<(?:\w+:)?c\s(?=[^<>]{0,300}\br="([A-Z]{1,3})(\d{1,7})")(?:'
    rb'[^<>]{0,300}\bt="e"|'
    rb"[^<>]{0,300}>\s*<(?:\w+:)?f(?:\s[^<>]{0,300})?(?:/>|>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>)"
)
_FORMULA = re.compile(
    rb'<(?:\w+:)?c\s(?=[^<>]{0,300}\br="([A-Z]{1,3})(\d{1,7})")[^<>]{0,300}>\s*<(?:\w+:)?f[\s/>]'
)
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^<>]{0,2000}>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^<>]{0,2000}>")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
_ODS_REPEATED = re.compile(rb'number-(?:rows|columns)-repeated="(\d{1,9})"')
_ODS_CELL = re.compile(rb"<table:(?:covered-)?table-cell\b([^<>]{0,2000})>")
_ODS_VALUE = b"office:value-type"


def column_number(letters: str) -> int:
    """«A» → 1, «AA» → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """1 → «A», 27 → «AA»."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def extent_of_sheet(content: bytes) -> tuple[int, int]:
    """(height, width) of the rectangle an xlsx sheet asks for, as its own addresses say."""
    rows, columns = _ROW.findall(content), set(_CELL.findall(content))
    row_numbers = [int(row) for row in rows] or [int(row) for row in _FAR_CELL.findall(content)]
    widths = [column_number(letters.decode("ascii")) for letters in columns]
    height = max(row_numbers) - min(row_numbers) + 1 if row_numbers else 0
    return height, max(widths) - min(widths) + 1 if widths else 0


class OpenDocumentExtent(NamedTuple):
    """How many rows and columns hold values in the largest sheet of an ods file, repetitions unrolled."""

    height: int
    width: int


def extent_of_ods(content: bytes) -> OpenDocumentExtent:
    """Repetitions of empty rows and cells cost nothing and are not counted."""
    height = width = 0
    for sheet in content.split(b"<table:table ")[1:]:
        tall, wide = _ods_sheet(sheet)
        height, width = max(height, tall), max(width, wide)
    return OpenDocumentExtent(height, width)


def _ods_sheet(sheet: bytes) -> tuple[int, int]:
    height = pending = width = 0
    for row in sheet.split(b"<table:table-row")[1:]:
        head, _, body = row.partition(b">")
        pending += _repeated(head)
        if _ODS_VALUE in body:
            height, pending = height + pending, 0
            width = max(width, _ods_width(body))
    return height, width


def _ods_width(body: bytes) -> int:
    width = pending = 0
    for attributes in _ODS_CELL.findall(body):
        pending += _repeated(attributes)
        if _ODS_VALUE in attributes:
            width, pending = width + pending, 0
    return width


def _repeated(attributes: bytes) -> int:
    found = _ODS_REPEATED.search(attributes)
    return int(found.group(1)) if found else 1


def valueless_cells(content: bytes) -> frozenset[tuple[int, int]]:
    """(row, column), from 1, of the cells that show nothing: a formula never computed, or an error."""
    return frozenset(
        (int(row), column_number(letters.decode("ascii"))) for letters, row in _NO_VALUE.findall(content)
    )


def formula_cells(content: bytes) -> frozenset[tuple[int, int]]:
    """(row, column) of every cell whose value a formula makes."""
    return frozenset(
        (int(row), column_number(letters.decode("ascii"))) for letters, row in _FORMULA.findall(content)
    )


def sheet_paths(members: dict[str, bytes]) -> dict[str, str]:
    """Sheet name → its member, from the workbook and its relations; empty for other kinds of workbook."""
    targets = {}
    for tag in _RELATION.findall(members.get("xl/_rels/workbook.xml.rels", b"")):
        attributes = _attributes(tag)
        targets[attributes.get("Id", "")] = (
            attributes.get("Target", "").removeprefix("/xl/").removeprefix("xl/")
        )
    paths = {}
    for tag in _SHEET.findall(members.get("xl/workbook.xml", b"")):
        attributes = _attributes(tag)
        relation = next((value for name, value in attributes.items() if name.endswith(":id")), "")
        paths[attributes.get("name", "")] = f"xl/{targets.get(relation, '')}"
    return paths


def _attributes(tag: bytes) -> dict[str, str]:
    return {
        name.decode("utf-8", "replace"): html.unescape(value.decode("utf-8", "replace"))
        for name, value in _ATTRIBUTE.findall(tag)
    }
