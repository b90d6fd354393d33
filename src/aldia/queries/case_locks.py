"""Who has a case open at this moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aldia.queries.asking import ask
from aldia.records.tenancy.models import Creditor

_HOLDER = """
SELECT l.member_id, u.name, l.until_at FROM cases_case_lock l
JOIN tenancy_membership m ON m.creditor_id = l.creditor_id AND m.id = l.member_id
JOIN tenancy_user u ON u.id = m.user_id
WHERE l.creditor_id = %(creditor)s AND l.case_id = %(case)s AND l.until_at > %(now)s
  AND l.member_id <> %(member)s
"""


@dataclass(frozen=True, slots=True)
class Holder:
    """The colleague who has it open, and until when unless they keep it up."""

    member_id: int
    name: str
    until_at: datetime


def holder_of(creditor: Creditor, case_id: int, *, but: int, now: datetime) -> Holder | None:
    """The colleague who has the case open, None for nobody but the member `but`; one SELECT, in scope."""
    rows = ask(_HOLDER, creditor=creditor.pk, case=case_id, member=but, now=now)
    return Holder(**rows[0]) if rows else None


_HOLDERS = """
SELECT l.case_id, u.name FROM cases_case_lock l
JOIN tenancy_membership m ON m.creditor_id = l.creditor_id AND m.id = l.member_id
JOIN tenancy_user u ON u.id = m.user_id
WHERE l.creditor_id = %(creditor)s AND l.case_id = ANY(%(cases)s) AND l.until_at > %(now)s
  AND l.member_id <> %(member)s
"""


def holders_of(creditor: Creditor, case_ids: Sequence[int], *, but: int, now: datetime) -> dict[int, str]:
    """Case → name of the colleague who has it open, of those that somebody but the member has; one SELECT."""
    rows = ask(_HOLDERS, creditor=creditor.pk, cases=list(case_ids), member=but, now=now)
    return {row["case_id"]: row["name"] for row in rows}
