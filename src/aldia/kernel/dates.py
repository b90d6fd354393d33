"""The span of days a ledger may speak of."""

from datetime import date

EARLIEST = date(1990, 1, 1)  # no due date, payment or rate before it is accepted
LATEST = date(2100, 12, 31)
