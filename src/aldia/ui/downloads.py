"""Files as answers."""

from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from aldia.formats.spreadsheet import csv_bytes


def csv_response(file_name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A table in which no cell is a formula. file_name: plain letters."""
    return file_response(file_name, csv_bytes(heads, rows), "text/csv; charset=utf-8")


def file_response(file_name: str, content: bytes, content_type: str, *, inline: bool = False) -> HttpResponse:
    """A file to keep, or inline to look at. file_name: plain letters."""
    response = HttpResponse(content, content_type=content_type)
    how = "inline" if inline else "attachment"
    response["Content-Disposition"] = f'{how}; filename="{file_name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
