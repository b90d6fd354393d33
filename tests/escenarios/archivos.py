"""The invoice history that scenarios import: the real sample, or a twin with its quirks."""

import random
from datetime import date, timedelta
from pathlib import Path

REAL_FILE = Path(__file__).parents[3] / "shared" / "data" / "ar" / "ibm_watson_accounts_receivable.csv"
_HEADER = (
    "countryCode,customerID,PaperlessDate,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,Disputed,SettledDate,"
    "PaperlessBill,DaysToSettle,DaysLate"
)
_DAY = date(2013, 6, 30)
_INVOICES, _CUSTOMERS, _OPEN, _OVERDUE = 2466, 100, 84, 12


def history() -> bytes:
    """The real file where present, else its twin: 2,466 invoices, 84 open, 12 overdue on 2013-06-30."""
    return REAL_FILE.read_bytes() if REAL_FILE.exists() else twin()


def twin() -> bytes:
    """m/d/Y dates, CRLF, no names, every invoice settled in the end, lateness floored at 0."""
    chance = random.Random(2013)
    rows = [_row(n, chance) for n in range(_INVOICES)]
    return ("\r\n".join([_HEADER, *rows]) + "\r\n").encode()


def _row(n: int, chance: random.Random) -> str:
    issued, settled = _dates(n, chance)
    due = issued + timedelta(days=30)
    took = (settled - issued).days
    cells = [
        str(chance.choice([391, 406, 770, 818, 897])),
        f"{n % _CUSTOMERS:04d}-TWINS",
        _us(date(2012, 1, 1) + timedelta(days=chance.randrange(700))),
        str(10_000_000 + n),
        _us(issued),
        _us(due),
        f"{chance.randrange(500, 12_800) / 100:.2f}",
        chance.choice(["No", "No", "Yes"]),
        _us(settled),
        chance.choice(["Paper", "Electronic"]),
        str(took),
        str(max(0, took - 30)),
    ]
    return ",".join(cells)


def _dates(n: int, chance: random.Random) -> tuple[date, date]:
    """Issue and settlement: the first are open on the day, the first of those overdue, no other is."""
    if n < _OVERDUE:
        issued = _DAY - timedelta(days=31 + chance.randrange(25))
        return issued, _DAY + timedelta(days=1 + chance.randrange(20))
    if n < _OPEN:
        issued = _DAY - timedelta(days=chance.randrange(29))
        return issued, _DAY + timedelta(days=1 + chance.randrange(30))
    issued = date(2012, 1, 3) + timedelta(days=chance.randrange(480))
    return issued, issued + timedelta(days=5 + chance.randrange(45))


def _us(day: date) -> str:
    return f"{day.month}/{day.day}/{day.year}"


AMBIGUOUS = b"""Factura;Cliente;Fecha;Vencimiento;Importe
F1;C1;03/04/2026;05/06/2026;10,50
F2;C1;01/02/2026;03/04/2026;20,75
"""
