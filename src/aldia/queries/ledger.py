"""What is booked and what is left of it today, for one creditor, in frames. Amounts: minor units.

As of another day the engine answers (`queries/portfolio.py`); these read the kept balances.
"""

from collections.abc import Iterable

import polars as pl

from aldia.queries.reading import read_frame

LINES = pl.Schema(
    {
        "source_key": pl.String,
        "due_line_id": pl.Int64,
        "document_id": pl.Int64,
        "customer_id": pl.Int64,
        "currency": pl.String,
        "amount_minor": pl.Int64,
        "open_minor": pl.Int64,
        "due_date": pl.Date,
        "issued_on": pl.Date,
        "number": pl.String,
        "kind": pl.String,
        "batch_id": pl.Int64,
    }
)

CREDITS = pl.Schema(
    {
        "source_key": pl.String,
        "credit_id": pl.Int64,
        "customer_id": pl.Int64,
        "kind": pl.String,
        "currency": pl.String,
        "amount_minor": pl.Int64,
        "unallocated_minor": pl.Int64,
        "effective_on": pl.Date,
        "number": pl.String,
        "names_document": pl.String,
        "batch_id": pl.Int64,
    }
)

CUSTOMERS = pl.Schema(
    {"customer_id": pl.Int64, "code": pl.String, "name": pl.String, "person_kind": pl.String}
)

BALANCES = pl.Schema({"currency": pl.String, "open_minor": pl.Int64, "unallocated_minor": pl.Int64})

_LINES = """
SELECT l.source_key, l.id, l.document_id, l.customer_id, l.currency, l.amount_minor - b.reversed_minor,
       b.open_minor, l.due_date, l.issued_on, d.number, l.kind, l.batch_id
FROM ledger_item_balance b
JOIN ledger_due_line l ON l.creditor_id = b.creditor_id AND l.id = b.due_line_id
JOIN ledger_document d ON d.creditor_id = l.creditor_id AND d.id = l.document_id
WHERE b.creditor_id = %s AND b.reversed_minor < b.original_minor AND {which}
ORDER BY l.due_date, l.id
"""

_CREDITS = """
SELECT c.source_key, c.id, c.customer_id, c.kind, c.currency, c.amount_minor - b.reversed_minor,
       b.unallocated_minor, c.effective_on, c.number, c.names_document, c.batch_id
FROM ledger_credit_balance b
JOIN ledger_credit c ON c.creditor_id = b.creditor_id AND c.id = b.credit_id
WHERE b.creditor_id = %s AND b.reversed_minor < b.original_minor AND {which}
ORDER BY c.effective_on, c.id
"""

_CUSTOMERS = """
SELECT id, code, name, person_kind FROM parties_customer
WHERE creditor_id = %s AND code = ANY (%s::text[]) ORDER BY id
"""

_BALANCES = """
SELECT currency, sum(open)::bigint, sum(unallocated)::bigint FROM (
    SELECT currency, open_minor AS open, 0 AS unallocated FROM ledger_item_balance
    WHERE creditor_id = %s AND customer_id = %s
    UNION ALL
    SELECT currency, 0, unallocated_minor FROM ledger_credit_balance
    WHERE creditor_id = %s AND customer_id = %s) b
GROUP BY currency ORDER BY currency
"""


def lines_by_source_key(creditor_id: int, keys: Iterable[str]) -> pl.DataFrame:
    """The unreversed lines (LINES) of these source keys, at most one each; amount_minor: less what of the
    line itself was reversed."""
    return _lines("b.source_key = ANY (%s::text[])", creditor_id, sorted(set(keys)))


def lines_by_number(creditor_id: int, numbers: Iterable[str]) -> pl.DataFrame:
    """The unreversed lines (LINES) of documents of these numbers, oldest due first."""
    return _lines("d.number = ANY (%s::text[])", creditor_id, sorted(set(numbers)))


def lines_of_document(creditor_id: int, document_id: int) -> pl.DataFrame:
    """The unreversed lines (LINES) of a document, oldest due first."""
    return _lines("l.document_id = ANY (%s::bigint[])", creditor_id, [document_id])


def open_lines(creditor_id: int, customer_id: int) -> pl.DataFrame:
    """What a customer has open today (LINES), oldest due first."""
    return _lines("b.customer_id = ANY (%s::bigint[]) AND b.open_minor > 0", creditor_id, [customer_id])


def credits_by_source_key(creditor_id: int, keys: Iterable[str]) -> pl.DataFrame:
    """The unreversed credits (CREDITS) of these source keys, at most one each."""
    which = "b.source_key <> '' AND b.source_key = ANY (%s::text[])"
    return _credits(which, creditor_id, sorted(set(keys)))


def credits_of_customer(creditor_id: int, customer_id: int) -> pl.DataFrame:
    """A customer's unreversed credits (CREDITS), oldest first."""
    return _credits("b.customer_id = ANY (%s::bigint[])", creditor_id, [customer_id])


def customers_by_code(creditor_id: int, codes: Iterable[str]) -> pl.DataFrame:
    """The customers (CUSTOMERS) of these codes."""
    return read_frame(_CUSTOMERS, [creditor_id, sorted(set(codes))], CUSTOMERS)


def balances(creditor_id: int, customer_id: int) -> pl.DataFrame:
    """What a customer owes and has on account today (BALANCES), a row per currency."""
    return read_frame(_BALANCES, [creditor_id, customer_id] * 2, BALANCES)


def _lines(which: str, creditor_id: int, values: list[str] | list[int]) -> pl.DataFrame:
    return read_frame(_LINES.format(which=which), [creditor_id, values], LINES)


def _credits(which: str, creditor_id: int, values: list[str] | list[int]) -> pl.DataFrame:
    return read_frame(_CREDITS.format(which=which), [creditor_id, values], CREDITS)
