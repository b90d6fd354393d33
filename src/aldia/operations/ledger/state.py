"""What is left of credits and lines now, read under locks. Order of locks: credits by id, lines by id."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Literal

import polars as pl

from aldia.operations.refusals import NoSuchRow
from aldia.queries.reading import read_frame

Side = Literal["credit", "due_line"]
Movements = dict[int, list[tuple[date, int]]]

_CREDITS = pl.Schema(
    {
        "credit_id": pl.Int64,
        "credit_customer_id": pl.Int64,
        "credit_currency": pl.String,
        "value_on": pl.Date,
        "original_minor": pl.Int64,
        "refunded_minor": pl.Int64,
        "reversed_minor": pl.Int64,
        "left_minor": pl.Int64,
        "credit_kind": pl.String,
    }
)

_LOCK_CREDITS = """
SELECT b.credit_id, b.customer_id, b.currency, c.effective_on, b.original_minor, b.refunded_minor,
       b.reversed_minor, b.unallocated_minor, c.kind
FROM ledger_credit_balance b
JOIN ledger_credit c ON c.creditor_id = b.creditor_id AND c.id = b.credit_id
WHERE b.creditor_id = %s AND b.credit_id = ANY (%s::bigint[])
ORDER BY b.credit_id FOR UPDATE OF b
"""

_LINES = pl.Schema(
    {
        "due_line_id": pl.Int64,
        "customer_id": pl.Int64,
        "currency": pl.String,
        "issued_on": pl.Date,
        "due_date": pl.Date,
        "original_minor": pl.Int64,
        "reversed_minor": pl.Int64,
        "open_minor": pl.Int64,
    }
)

_LOCK_LINES = """
SELECT b.due_line_id, b.customer_id, b.currency, l.effective_on, l.due_date, b.original_minor,
       b.reversed_minor, b.open_minor
FROM ledger_item_balance b
JOIN ledger_due_line l ON l.creditor_id = b.creditor_id AND l.id = b.due_line_id
WHERE b.creditor_id = %s AND b.due_line_id = ANY (%s::bigint[])
ORDER BY b.due_line_id FOR UPDATE OF b
"""

_ALLOCATIONS = pl.Schema(
    {
        "allocation_id": pl.Int64,
        "credit_id": pl.Int64,
        "due_line_id": pl.Int64,
        "customer_id": pl.Int64,
        "currency": pl.String,
        "effective_on": pl.Date,
        "left_minor": pl.Int64,
    }
)

_LIVE_ALLOCATIONS = """
SELECT a.id, a.credit_id, a.due_line_id, a.customer_id, a.currency, a.effective_on,
       a.amount_minor - coalesce(r.minor, 0)
FROM ledger_allocation a
LEFT JOIN LATERAL (SELECT sum(amount_minor)::bigint AS minor FROM ledger_reversal
                   WHERE creditor_id = a.creditor_id AND allocation_id = a.id) r ON true
WHERE a.creditor_id = %s AND a.{side}_id = ANY (%s::bigint[]) AND a.amount_minor > coalesce(r.minor, 0)
ORDER BY a.id
"""

_GIVEN_BACK = {
    "credit": """
SELECT a.credit_id FROM ledger_reversal r
JOIN ledger_allocation a ON a.creditor_id = r.creditor_id AND a.id = r.allocation_id
WHERE r.creditor_id = %s AND a.credit_id = ANY (%s::bigint[])
UNION SELECT f.credit_id FROM ledger_reversal r
JOIN ledger_refund f ON f.creditor_id = r.creditor_id AND f.id = r.refund_id
WHERE r.creditor_id = %s AND f.credit_id = ANY (%s::bigint[])
""",
    "due_line": """
SELECT a.due_line_id FROM ledger_reversal r
JOIN ledger_allocation a ON a.creditor_id = r.creditor_id AND a.id = r.allocation_id
WHERE r.creditor_id = %s AND a.due_line_id = ANY (%s::bigint[])
""",
}

_MOVEMENTS = {
    "credit": """
WITH wanted AS (SELECT %s::bigint AS creditor_id, unnest(%s::bigint[]) AS id),
     given AS (SELECT a.* FROM ledger_allocation a JOIN wanted w
               ON a.creditor_id = w.creditor_id AND a.credit_id = w.id),
     refunded AS (SELECT f.* FROM ledger_refund f JOIN wanted w
                  ON f.creditor_id = w.creditor_id AND f.credit_id = w.id)
SELECT c.id, c.effective_on, c.amount_minor
FROM ledger_credit c JOIN wanted w ON c.creditor_id = w.creditor_id AND c.id = w.id
UNION ALL SELECT r.credit_id, r.effective_on, -r.amount_minor
FROM ledger_reversal r JOIN wanted w ON r.creditor_id = w.creditor_id AND r.credit_id = w.id
UNION ALL SELECT credit_id, effective_on, -amount_minor FROM given
UNION ALL SELECT g.credit_id, r.effective_on, r.amount_minor
FROM ledger_reversal r JOIN given g ON r.creditor_id = g.creditor_id AND r.allocation_id = g.id
UNION ALL SELECT credit_id, effective_on, -amount_minor FROM refunded
UNION ALL SELECT f.credit_id, r.effective_on, r.amount_minor
FROM ledger_reversal r JOIN refunded f ON r.creditor_id = f.creditor_id AND r.refund_id = f.id
""",
    "due_line": """
WITH wanted AS (SELECT %s::bigint AS creditor_id, unnest(%s::bigint[]) AS id),
     given AS (SELECT a.* FROM ledger_allocation a JOIN wanted w
               ON a.creditor_id = w.creditor_id AND a.due_line_id = w.id)
SELECT l.id, l.effective_on, l.amount_minor
FROM ledger_due_line l JOIN wanted w ON l.creditor_id = w.creditor_id AND l.id = w.id
UNION ALL SELECT r.due_line_id, r.effective_on, -r.amount_minor
FROM ledger_reversal r JOIN wanted w ON r.creditor_id = w.creditor_id AND r.due_line_id = w.id
UNION ALL SELECT due_line_id, effective_on, -amount_minor FROM given
UNION ALL SELECT g.due_line_id, r.effective_on, r.amount_minor
FROM ledger_reversal r JOIN given g ON r.creditor_id = g.creditor_id AND r.allocation_id = g.id
""",
}


def lock_credits(creditor_id: int, ids: Iterable[int]) -> pl.DataFrame:
    """The credits as they are now, nobody else's to change until commit. Raises NoSuchRow.

    credit_id, credit_customer_id, credit_currency, value_on, original_, refunded_, reversed_, left_minor,
    credit_kind.
    """
    wanted = sorted(set(ids))
    found = read_frame(_LOCK_CREDITS, [creditor_id, wanted], _CREDITS)
    _refuse_missing("el cobro o abono", wanted, found["credit_id"])
    return found


def lock_lines(creditor_id: int, ids: Iterable[int]) -> pl.DataFrame:
    """The due lines as they are now, nobody else's to change until commit. Raises NoSuchRow.

    due_line_id, customer_id, currency, issued_on (its first day), due_date, original_, reversed_, open_minor.
    """
    wanted = sorted(set(ids))
    found = read_frame(_LOCK_LINES, [creditor_id, wanted], _LINES)
    _refuse_missing("la partida", wanted, found["due_line_id"])
    return found


def live_allocations(creditor_id: int, side: Side, ids: Iterable[int]) -> pl.DataFrame:
    """allocation_id, credit_id, due_line_id, customer_id, currency, effective_on, left_minor (> 0)."""
    return read_frame(_LIVE_ALLOCATIONS.format(side=side), [creditor_id, sorted(set(ids))], _ALLOCATIONS)


def given_back(creditor_id: int, side: Side, ids: Iterable[int]) -> set[int]:
    """Those to which some money was once given back: what they have left did not only fall with time."""
    params = [creditor_id, sorted(set(ids))] * (2 if side == "credit" else 1)
    return set(read_frame(_GIVEN_BACK[side], params, pl.Schema({"id": pl.Int64}))["id"])


def movements(creditor_id: int, side: Side, ids: Iterable[int]) -> Movements:
    """Per id: (day, minor units that came or, negative, went), in no order."""
    schema = pl.Schema({"id": pl.Int64, "day": pl.Date, "minor": pl.Int64})
    found: Movements = defaultdict(list)
    for id_, day, minor in read_frame(_MOVEMENTS[side], [creditor_id, sorted(set(ids))], schema).iter_rows():
        found[id_].append((day, minor))
    return found


def _refuse_missing(what: str, wanted: list[int], found: pl.Series) -> None:
    missing = sorted(set(wanted) - set(found))
    if missing:
        raise NoSuchRow(f"No existe {what} {missing[0]}.", ids=missing[:20])
