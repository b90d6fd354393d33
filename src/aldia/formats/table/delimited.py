"""Text with a delimiter: which one it is, and the records with the line each begins on."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field
from math import log2

from aldia.formats.table.findings import TableRefused
from aldia.formats.table.limits import LINES_PER_RECORD_MAX, ROWS_MAX

_CANDIDATES = (";", ",", "\t", "|")
_SAMPLE_LINES = 300
_NAMES = {";": "punto y coma", ",": "coma", "\t": "tabulador", "|": "barra vertical"}
_HINT = re.compile(r"\Asep=(.)\n")
_VALUE = re.compile(r"[\s\d.,/:€$%()+'-]+")
_DIGIT = re.compile(r"\d")
# Lines are looked at no further than this to find the delimiter.
_SAMPLE_LENGTH = 100_000
# A runner-up this close to the winner cannot be told from it.
_TIE = 0.98


@dataclass(slots=True)
class Records:
    """Records of a text; lines[i] is the line record i begins on; broken: lines whose quotes do not close."""

    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)

    def without_first(self, number: int) -> "Records":
        """The records without the first ones, which only announce the delimiter."""
        return Records(self.rows[number:], self.lines[number:], self.broken)


class _Lines:
    """Lines handed to the csv reader, which may be taken back after a broken record."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self.at = 0
        self.stop = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if self.at >= self.stop:
            raise StopIteration
        line = self._lines[self.at]
        self.at += 1
        return line


def lines_of(text: str) -> list[str]:
    """The lines with their ends, whatever system wrote them. Raises TableRefused beyond the limit."""
    lines = io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n")).readlines()
    if len(lines) > ROWS_MAX + 1:
        raise TableRefused(
            "too_many_rows",
            f"El archivo tiene {len(lines)} filas y el máximo es {ROWS_MAX}. Divídalo en varios archivos.",
        )
    return lines


def split_records(lines: list[str], delimiter: str) -> Records:
    """Split by the rules of quoting; a quote that never closes spoils its own line only."""
    records, feed = Records(), _Lines(lines)
    reader = csv.reader(feed, delimiter=delimiter, strict=True, skipinitialspace=delimiter != "\t")
    rows, starts, total = records.rows, records.lines, len(lines)
    while feed.at < total:
        start = feed.at
        feed.stop = min(total, start + LINES_PER_RECORD_MAX)
        try:
            rows.append(next(reader))
            starts.append(start + 1)
        except (csv.Error, StopIteration):
            records.broken.append(start + 1)
            feed.at = start + 1
    return records


def delimiter_of(lines: list[str], declared: str | None) -> tuple[str, int]:
    """The delimiter and how many leading lines only announce it.

    Raises TableRefused when two are as likely.
    """
    hint = _HINT.match(lines[0]) if lines else None
    skipped = 1 if hint else 0
    if declared is not None:
        return _declared(declared), skipped
    if hint:
        return hint.group(1), skipped
    sample = [line[:_SAMPLE_LENGTH] for line in lines[:_SAMPLE_LINES]]
    marks = sorted(((_consistency(sample, mark), mark) for mark in _CANDIDATES), reverse=True)
    (best, winner), (second, other) = marks[0], marks[1]
    if not best:
        return max(_CANDIDATES, key="".join(sample).count), skipped
    if second and second >= best * _TIE:
        raise TableRefused(
            "delimiter_undecided",
            f"No se puede saber si las columnas se separan con {_NAMES[winner]} o con {_NAMES[other]}. "
            "Indique el separador.",
        )
    return winner, skipped


def looks_like_value(text: str) -> bool:
    """Is the text a number, an amount or a date rather than words?"""
    return bool(_VALUE.fullmatch(text)) and bool(_DIGIT.search(text))


def _declared(declared: str) -> str:
    delimiter = {"\\t": "\t", "tab": "\t", "tabulador": "\t"}.get(declared.lower(), declared)
    if len(delimiter) != 1 or delimiter.isalnum() or delimiter in '"\n\r':
        raise TableRefused(
            "delimiter_wrong", f"«{declared}» no sirve de separador: use «;», «,», «|» o «tab»."
        )
    return delimiter


def _consistency(sample: list[str], delimiter: str) -> float:
    """0 when the delimiter makes no columns; grows with their number and with how many lines agree on it."""
    rows = [row for row in split_records(sample, delimiter).rows if any(row)]
    widths = Counter(len(row) for row in rows)
    wide = [(count * log2(width), width) for width, count in widths.items() if width > 1]
    if not wide:
        return 0.0
    weight, width = max(wide)
    first = next(row for row in rows if len(row) == width)
    doubt = 0.5 if any(looks_like_value(cell) for cell in first) else 1.0
    return doubt * weight / len(rows)
