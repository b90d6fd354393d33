"""Tables as files: CSV that a spreadsheet opens as it is, and in which no cell is a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: object) -> str:
    """The cell as text; one that a spreadsheet would compute gets an apostrophe before it."""
    text = str(cell)
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def csv_response(file_name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """Semicolons and a byte-order mark, as Spanish spreadsheets expect. file_name: plain letters."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(heads)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    response = HttpResponse(("\ufeff" + text.getvalue()).encode(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response
