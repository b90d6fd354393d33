"""Tables written by the tests themselves: small csv texts and workbooks, and a twin of a real export."""

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import xlsxwriter

from aldia.formats.table import Finding, InterpretOptions, Preview, Reading, TableKind, preview

HEAD = ["Nº factura", "Cód. cliente", "Fecha factura", "Vencimiento", "Importe total"]
GOOD = ["F1", "C1", "13/01/2026", "13/02/2026", "1.234,56"]
GOOD2 = ["F2", "C2", "14/01/2026", "14/02/2026", "99,50"]


def csv_bytes(rows: Sequence[Sequence[str]], *, delimiter: str = ";", encoding: str = "utf-8") -> bytes:
    """A csv file with Windows line ends."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def invoices(*rows: Sequence[str], head: Sequence[str] = HEAD) -> bytes:
    """A csv of invoices."""
    return csv_bytes([head, *rows])


def changed(base: Sequence[str] = GOOD, **cells: str) -> list[str]:
    """A good invoice row with some cells changed."""
    places = {"number": 0, "customer": 1, "issue": 2, "due": 3, "amount": 4}
    row = list(base)
    for name, cell in cells.items():
        row[places[name]] = cell
    return row


def workbook(
    rows: Sequence[Sequence[Any]], *, sheet: str = "Facturas", more: Callable[[Any, Any], None] | None = None
) -> bytes:
    """An xlsx file; dates are written as dates, text that begins with «=» as text."""
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"strings_to_formulas": False})
    page = book.add_worksheet(sheet)
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            if isinstance(cell, date):
                page.write_datetime(y, x, cell, day)
            elif cell is not None:
                page.write(y, x, cell)
    if more:
        more(book, page)
    book.close()
    return data.getvalue()


def rezipped(data: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The archive with its members changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def look(data: bytes, kind: TableKind = "invoices", **given: Any) -> Preview:
    """Preview with euros as the default."""
    reading = {name: given.pop(name) for name in ("encoding", "delimiter", "sheet") if name in given}
    chosen = given.pop("chosen", None)
    options = InterpretOptions(**({"currency": "EUR"} | given))
    return preview(data, kind=kind, options=options, reading=Reading(**reading), chosen=chosen)


def said(found: Preview, code: str) -> Finding:
    """The first finding of a code; fails with what was found instead."""
    for finding in found.findings.kept:
        if finding.code == code:
            return finding
    raise AssertionError(f"no {code} among {[(f.code, f.sentence) for f in found.findings.kept]}")


TWIN_HEAD = (
    "countryCode,customerID,PaperlessDate,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,"
    "Disputed,SettledDate,PaperlessBill,DaysToSettle,DaysLate"
)


def us_export_twin(rows: int = 500) -> bytes:
    """Like a known export: US dates without zeros, whole amounts without decimals, CRLF, unrelated dates."""
    lines = [TWIN_HEAD]
    for i in range(rows):
        issued = date(2012, 1, 2) + timedelta(days=(i * 37) % 600)
        due, took = issued + timedelta(days=30), (i * 13) % 76
        settled, unrelated = issued + timedelta(days=took), date(2012, 3, 3) + timedelta(days=(i * 71) % 700)
        cents = 527 + (i * 7919) % 12_000
        amount = f"{cents / 100:.2f}".rstrip("0").rstrip(".")
        cells = [
            ("391", "406", "770", "818", "897")[i % 5], f"{i % 100:04d}-ABCDE", _us(unrelated),
            str(611_365 + i * 4_001),
            _us(issued), _us(due), amount, ("No", "Yes")[i % 4 == 0], _us(settled),
            ("Paper", "Electronic")[i % 2],
            str(took), str(max(0, took - 30)),
        ]  # fmt: skip
        lines.append(",".join(cells))
    return ("\r\n".join(lines) + "\r\n").encode()


def _us(day: date) -> str:
    return f"{day.month}/{day.day}/{day.year}"
