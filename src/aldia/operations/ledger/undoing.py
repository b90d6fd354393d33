"""Undo of many rows at once, as when a whole import is taken back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from aldia.operations.ledger.state import live_allocations, lock_credits, lock_lines
from aldia.operations.ledger.trace import SYSTEM, By, one_verb
from aldia.operations.refusals import MoreThanLeft

_UNDO = """
WITH lines AS MATERIALIZED (SELECT %(creditor)s::bigint AS creditor_id, unnest(%(lines)s::bigint[]) AS id),
credits AS MATERIALIZED (SELECT %(creditor)s::bigint AS creditor_id, unnest(%(credits)s::bigint[]) AS id),
given AS MATERIALIZED (
    SELECT a.* FROM lines n JOIN ledger_allocation a ON a.creditor_id = n.creditor_id AND a.due_line_id = n.id
    UNION
    SELECT a.* FROM credits n JOIN ledger_allocation a ON a.creditor_id = n.creditor_id AND a.credit_id = n.id
),
taken AS MATERIALIZED (
    SELECT g.id, sum(r.amount_minor)::bigint AS minor, max(r.effective_on) AS last_on
    FROM given g JOIN ledger_reversal r ON r.creditor_id = g.creditor_id AND r.allocation_id = g.id
    GROUP BY g.id
),
again AS (
    SELECT g.due_line_id, g.credit_id, t.last_on FROM given g JOIN taken t ON t.id = g.id
    UNION ALL
    SELECT NULL, f.credit_id, r.effective_on
    FROM credits n JOIN ledger_refund f ON f.creditor_id = n.creditor_id AND f.credit_id = n.id
    JOIN ledger_reversal r ON r.creditor_id = f.creditor_id AND r.refund_id = f.id
),
rows AS (
    SELECT NULL::bigint AS credit_id, NULL::bigint AS due_line_id, g.id AS allocation_id, g.customer_id,
           g.currency, g.effective_on, g.amount_minor - coalesce(t.minor, 0) AS amount_minor
    FROM given g LEFT JOIN taken t ON t.id = g.id
    UNION ALL
    SELECT NULL, l.id, NULL, l.customer_id, l.currency, greatest(l.effective_on, a.last_on),
           b.original_minor - b.reversed_minor
    FROM lines n JOIN ledger_due_line l ON l.creditor_id = n.creditor_id AND l.id = n.id
    JOIN ledger_item_balance b ON b.due_line_id = l.id
    LEFT JOIN (SELECT due_line_id, max(last_on) AS last_on FROM again GROUP BY due_line_id) a
        ON a.due_line_id = l.id
    UNION ALL
    SELECT c.id, NULL, NULL, c.customer_id, c.currency, greatest(c.effective_on, a.last_on),
           b.original_minor - b.reversed_minor
    FROM credits n JOIN ledger_credit c ON c.creditor_id = n.creditor_id AND c.id = n.id
    JOIN ledger_credit_balance b ON b.credit_id = c.id
    LEFT JOIN (SELECT credit_id, max(last_on) AS last_on FROM again GROUP BY credit_id) a
        ON a.credit_id = c.id
)
INSERT INTO ledger_reversal (creditor_id, credit_id, due_line_id, allocation_id, customer_id, currency,
    effective_on, amount_minor, kind, reason, batch_id, recorded_at)
SELECT %(creditor)s, credit_id, due_line_id, allocation_id, customer_id, currency, effective_on, amount_minor,
       'undo', %(reason)s, %(batch)s, %(now)s
FROM rows WHERE amount_minor > 0
ORDER BY allocation_id NULLS LAST, due_line_id, credit_id
"""


def undo_rows(
    *,
    creditor_id: int,
    due_line_ids: Sequence[int],
    credit_ids: Sequence[int],
    now: datetime,
    batch_id: int | None = None,
    reason: str = "",
    actor: str = SYSTEM,
) -> int:
    """Take whole lines and credits back with all that is allocated between them or to others; how many rows
    of reversal that took.

    A mistake never was: each row is taken back on its own day (or the last on which it got money back), so
    that as of any day nothing of it is left. Raises MoreThanLeft (money of a credit was refunded), NoSuchRow.
    """
    with one_verb("undone", By(creditor_id, actor, now)) as trace:
        lines, credits_ = sorted(set(due_line_ids)), sorted(set(credit_ids))
        others = live_allocations(creditor_id, "due_line", lines)["credit_id"]
        locked = lock_credits(creditor_id, [*credits_, *others])
        paid = live_allocations(creditor_id, "credit", credits_)["due_line_id"]
        lock_lines(creditor_id, [*lines, *paid])
        refunded = locked.filter(locked["refunded_minor"] > 0)["credit_id"].to_list()
        for each in set(refunded) & set(credits_):
            raise MoreThanLeft(f"Del cobro {each} ya se devolvió dinero: anule antes la devolución.", id=each)
        with connection.cursor() as cursor:
            facts: dict[str, Any] = {"creditor": creditor_id, "lines": lines, "credits": credits_, "now": now}
            cursor.execute(_UNDO, facts | {"reason": reason, "batch": batch_id})
            written = int(cursor.rowcount)
        trace.tell(
            f"batch:{batch_id}" if batch_id else "",
            lines=len(lines),
            credits=len(credits_),
            reversals=written,
        )
        return written
