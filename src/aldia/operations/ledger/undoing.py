"""Undo of many rows at once, as when a whole import is taken back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from aldia.operations.ledger.state import live_allocations, lock_credits, lock_lines
from aldia.operations.ledger.trace import SYSTEM, By, one_verb
from aldia.operations.refusals import MoreThanLeft

_UNDO = """
WITH named AS (SELECT %(creditor)s::bigint AS creditor_id, %(lines)s::bigint[] AS lines,
                      %(credits)s::bigint[] AS credits),
rows AS (
    SELECT NULL::bigint AS credit_id, NULL::bigint AS due_line_id, a.id AS allocation_id, a.customer_id,
           a.currency, a.effective_on, a.amount_minor - coalesce((
               SELECT sum(r.amount_minor)::bigint FROM ledger_reversal r
               WHERE r.creditor_id = a.creditor_id AND r.allocation_id = a.id), 0) AS amount_minor
    FROM named n JOIN ledger_allocation a ON a.creditor_id = n.creditor_id
        AND (a.due_line_id = ANY (n.lines) OR a.credit_id = ANY (n.credits))
    UNION ALL
    SELECT NULL, l.id, NULL, l.customer_id, l.currency, greatest(l.effective_on, (
               SELECT max(r.effective_on) FROM ledger_allocation a JOIN ledger_reversal r
               ON r.creditor_id = a.creditor_id AND r.allocation_id = a.id
               WHERE a.creditor_id = l.creditor_id AND a.due_line_id = l.id)),
           b.original_minor - b.reversed_minor
    FROM named n JOIN ledger_due_line l ON l.creditor_id = n.creditor_id AND l.id = ANY (n.lines)
    JOIN ledger_item_balance b ON b.creditor_id = l.creditor_id AND b.due_line_id = l.id
    UNION ALL
    SELECT c.id, NULL, NULL, c.customer_id, c.currency, greatest(c.effective_on, (
               SELECT max(r.effective_on) FROM ledger_allocation a JOIN ledger_reversal r
               ON r.creditor_id = a.creditor_id AND r.allocation_id = a.id
               WHERE a.creditor_id = c.creditor_id AND a.credit_id = c.id), (
               SELECT max(r.effective_on) FROM ledger_refund f JOIN ledger_reversal r
               ON r.creditor_id = f.creditor_id AND r.refund_id = f.id
               WHERE f.creditor_id = c.creditor_id AND f.credit_id = c.id)),
           b.original_minor - b.reversed_minor
    FROM named n JOIN ledger_credit c ON c.creditor_id = n.creditor_id AND c.id = ANY (n.credits)
    JOIN ledger_credit_balance b ON b.creditor_id = c.creditor_id AND b.credit_id = c.id
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
        lines, credits_ = list(due_line_ids), list(credit_ids)
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
