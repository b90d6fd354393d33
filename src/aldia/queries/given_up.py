"""What was given up of a due line and still stands, and by whom."""

from aldia.queries.asking import ask

# Who did it stands in the audit chain; it is asked for the few credits of one line.
_GIVEN_UP_BY = """
SELECT coalesce(sum(given.minor), 0)::bigint AS minor
FROM (SELECT a.credit_id, a.amount_minor - coalesce((
          SELECT sum(r.amount_minor) FROM ledger_reversal r
          WHERE r.creditor_id = a.creditor_id AND r.allocation_id = a.id), 0) AS minor
      FROM ledger_allocation a
      JOIN ledger_credit c ON c.creditor_id = a.creditor_id AND c.id = a.credit_id
      WHERE a.creditor_id = %(creditor)s AND a.due_line_id = %(line)s AND c.kind = ANY (%(kinds)s)) given
WHERE given.minor > 0 AND EXISTS (
    SELECT FROM audit_entry e
    WHERE e.creditor_id = %(creditor)s AND e.subject = 'credit:' || given.credit_id
      AND e.verb = ANY (%(verbs)s) AND e.actor = %(actor)s)
"""

_VERBS = {"write_off": "ledger.written_off", "forgiveness": "ledger.forgiven"}


def given_up_by(creditor_id: int, due_line_id: int, actor: str) -> int:
    """Minor units that the actor wrote off or forgave of the line, on whatever day, and still stand."""
    found = ask(
        _GIVEN_UP_BY,
        creditor=creditor_id,
        line=due_line_id,
        actor=actor,
        kinds=list(_VERBS),
        verbs=list(_VERBS.values()),
    )
    return int(found[0]["minor"])
