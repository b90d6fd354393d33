"""Whom cases may be given to, and which cases wait for somebody."""

from dataclasses import dataclass

from aldia.queries.asking import ask
from aldia.records.cases.models import Case, CaseState
from aldia.records.tenancy.models import Creditor
from aldia.rules.cases import WORKS
from aldia.rules.rights import RIGHTS, may

WORKING_ROLES = sorted(role for role in RIGHTS if may(role, WORKS))

_MEMBERS = """
SELECT m.id, u.name FROM tenancy_membership m JOIN tenancy_user u ON u.id = m.user_id
WHERE m.creditor_id = %(creditor)s AND m.ended_at IS NULL AND u.is_active AND m.role = ANY(%(roles)s)
ORDER BY u.name, m.id
"""


def working_members(creditor: Creditor) -> list[tuple[int, str]]:
    """(membership, name) of everybody who may work cases now; one SELECT."""
    return [(row["id"], row["name"]) for row in ask(_MEMBERS, creditor=creditor.pk, roles=WORKING_ROLES)]


def cases_of_owner(creditor: Creditor, member_id: int | None, *, most: int) -> list[int]:
    """Open cases of the member, of nobody for None; the oldest first, in scope."""
    cases = Case.objects.filter(creditor=creditor, owner_id=member_id).exclude(state=CaseState.CLOSED)
    return list(cases.order_by("pk").values_list("pk", flat=True)[:most])


_WORKS = """
SELECT EXISTS (SELECT FROM cases_collector k WHERE k.creditor_id = %(creditor)s AND k.member_id = %(member)s)
    OR EXISTS (SELECT FROM cases_case c WHERE c.creditor_id = %(creditor)s AND c.owner_id = %(member)s
               AND c.state <> 'closed') AS works
"""


def first_list(creditor: Creditor, member_id: int) -> str:
    """Whose cases somebody sees who does not say: their own, everybody's for who works none; one SELECT."""
    (row,) = ask(_WORKS, creditor=creditor.pk, member=member_id)
    return "mine" if row["works"] else "all"


@dataclass(frozen=True, slots=True)
class Beside:
    """Open cases that no collector has: of nobody (member_id None), or of somebody who is none."""

    member_id: int | None
    name: str
    is_able: bool
    cases: int


_BESIDE = """
SELECT c.owner_id AS member_id, coalesce(u.name, '') AS name, count(*) AS cases,
       coalesce(m.ended_at IS NULL AND u.is_active AND m.role = ANY(%(roles)s), false) AS is_able
FROM cases_case c
LEFT JOIN tenancy_membership m ON m.creditor_id = c.creditor_id AND m.id = c.owner_id
LEFT JOIN tenancy_user u ON u.id = m.user_id
WHERE c.creditor_id = %(creditor)s AND c.state <> 'closed'
  AND NOT EXISTS (SELECT FROM cases_collector k WHERE k.creditor_id = c.creditor_id
                  AND k.member_id = c.owner_id)
GROUP BY c.owner_id, u.name, m.ended_at, u.is_active, m.role ORDER BY u.name NULLS FIRST, c.owner_id
"""


def open_cases_beside(creditor: Creditor) -> list[Beside]:
    """What has to be given to somebody, nobody's first; one SELECT."""
    rows = ask(_BESIDE, creditor=creditor.pk, roles=WORKING_ROLES)
    return [Beside(**row) for row in rows]
