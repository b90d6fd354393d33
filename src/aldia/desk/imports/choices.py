"""What the review form says about a file: options of reading, and which column is which field."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from aldia.formats.table import FIELDS, IGNORED
from aldia.formats.table.numbers import DecimalSign
from aldia.operations.imports import ImportOptions
from aldia.records.intake.models import ImportBatch

DATE_FORMATS = ("dd/mm/aaaa", "mm/dd/aaaa", "aaaa-mm-dd", "dd/mm/aa", "mm/dd/aa")
DECIMALS: tuple[DecimalSign, ...] = (",", ".")
DELIMITERS = (";", ",", "|", "tab")
ENCODINGS = ("utf-8", "cp1252", "iso-8859-15", "utf-16", "cp850", "mac-roman")
_PLACE_DIGITS_MAX = 4


@dataclass(frozen=True, slots=True)
class Choice:
    """mapping: field → column, or "-" for a field left out. source: name, None for the nameless one."""

    options: ImportOptions
    mapping: dict[str, str]
    source: str | None

    def as_wishes(self) -> dict[str, Any]:
        """For an errand."""
        return {"options": self.options.declared(), "mapping": self.mapping, "source": self.source}


def chosen(batch: ImportBatch, said: QueryDict, changed: str) -> Choice:
    """What the form says. changed: name of the field that was changed last; it goes before the others.

    `answer`: a button's `option:date_format:dd/mm/aaaa` or `field:due_date:3` (the column's place, or "-").
    """
    answer = next((each for each in said.getlist("answer") if each), "")
    kind, name, value = [*answer.split(":", 2), "", "", ""][:3]
    options = {each: _option(batch, said, each) for each in _ALLOWED}
    if kind == "option" and name in _ALLOWED:
        options[name] = _allowed(batch, name, value)
    mapping = _mapping(batch, said, changed)
    if kind == "field":
        mapping = _answered(batch, mapping, name, value)
    return Choice(ImportOptions(**options), mapping, _source(batch))  # type: ignore[arg-type]


def as_it_is(batch: ImportBatch) -> Choice:
    """What was said about the batch so far."""
    return Choice(ImportOptions().after(batch.options), dict(batch.mapping), _source(batch))


def fingerprint(batch: ImportBatch) -> str:
    """Of what the page showed: a yes to another reading of the file is not a yes to this one."""
    shown = [batch.mapping, batch.options, batch.counts]
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:16]


def columns_of(batch: ImportBatch) -> list[dict[str, Any]]:
    """name and samples of each column; empty while nothing was read."""
    return list(batch.options.get("facts", {}).get("columns", []))


_ALLOWED = {
    "date_format": DATE_FORMATS,
    "decimal": DECIMALS,
    "delimiter": DELIMITERS,
    "encoding": ENCODINGS,
    "sheet": None,
    "currency": None,
}


def _option(batch: ImportBatch, said: QueryDict, name: str) -> str | None:
    return _allowed(batch, name, said.get(name, ""))


def _allowed(batch: ImportBatch, name: str, value: str) -> str | None:
    if name == "currency":
        code = value.strip().upper()[:3]
        return code if len(code) == 3 and code.isascii() and code.isalpha() else None
    allowed = sheets_of(batch) if name == "sheet" else _ALLOWED[name]
    return value if allowed and value in allowed else None


def sheets_of(batch: ImportBatch) -> list[str]:
    """The sheets of a workbook, the one read first."""
    facts = batch.options.get("facts", {})
    return [each for each in (facts.get("sheet"), *facts.get("sheets", [])) if each]


def _mapping(batch: ImportBatch, said: QueryDict, changed: str) -> dict[str, str]:
    """Every column's select; a field that two columns name goes to the one changed last.

    A field that would be recognised by itself and that no column bears any more is left out expressly.
    """
    fields = {field.name for field in FIELDS[batch.kind]}  # type: ignore[index]
    columns = [column["name"] for column in columns_of(batch)]
    places = [place for place in range(len(columns)) if said.get(f"c{place}", "") in fields]
    places.sort(key=lambda place: f"c{place}" == changed)
    mapping = {said[f"c{place}"]: columns[place] for place in places}
    if not columns or "c0" not in said:
        return dict(batch.mapping)
    left_out = {field: IGNORED for field in batch.mapping if field not in mapping}
    return mapping | left_out


def _answered(batch: ImportBatch, mapping: dict[str, str], field: str, value: str) -> dict[str, str]:
    """The mapping with the field on that column, which bears no other field any more."""
    columns = [column["name"] for column in columns_of(batch)]
    if field not in {each.name for each in FIELDS[batch.kind]}:  # type: ignore[index]
        return mapping
    if value == IGNORED:
        return mapping | {field: IGNORED}
    if not value.isdecimal() or len(value) > _PLACE_DIGITS_MAX or int(value) >= len(columns):
        return mapping
    column = columns[int(value)]
    return {name: each for name, each in mapping.items() if each != column} | {field: column}


def _source(batch: ImportBatch) -> str | None:
    name = str(batch.options.get("source", "default"))
    return None if name == "default" else name
