"""What the frame of every page counts."""

from dataclasses import dataclass

from aldia.queries.asking import ask

COUNTED_MAX = 100
"""Beyond this the frame says «99+»."""

_COUNTS = """
SELECT (SELECT count(*) FROM (
            SELECT FROM outreach_alert
            WHERE creditor_id = %(creditor)s AND member_id = %(member)s AND read_at IS NULL
            LIMIT %(most)s) unseen)
       + (SELECT count(*) FROM (
            SELECT FROM parties_salesperson s
            JOIN parties_sales_notice n ON n.creditor_id = s.creditor_id AND n.salesperson_id = s.id
            WHERE s.creditor_id = %(creditor)s AND s.member_id = %(member)s AND n.read_at IS NULL
            LIMIT %(most)s) foretold) AS alerts,
       (SELECT count(*) FROM (
            SELECT FROM outreach_inbound_message
            WHERE creditor_id = %(creditor)s AND state = 'new' LIMIT %(most)s) unread) AS answers
"""


@dataclass(frozen=True, slots=True)
class FrameCounts:
    """alerts: that the person has not seen, what they hear as a salesperson among them. answers: that nobody
    has looked at. Up to COUNTED_MAX of each kind."""

    alerts: int
    answers: int


def frame_counts(creditor_id: int, member_id: int) -> FrameCounts:
    """One SELECT; nothing but 0 outside a scope."""
    (row,) = ask(_COUNTS, creditor=creditor_id, member=member_id, most=COUNTED_MAX)
    return FrameCounts(int(row["alerts"]), int(row["answers"]))
