"""Tables as files: CSV that a spreadsheet opens as it is, and in which no cell is a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: object) -> str:
    """The cell as text; one that a spreadsheet would compute gets an apostrophe before it."""
    text = str(cell)
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def csv_bytes(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Semicolons and a byte-order mark, as Spanish spreadsheets expect."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(heads)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return ("\ufeff" + text.getvalue()).encode()
