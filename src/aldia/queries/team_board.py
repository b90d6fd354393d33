"""Who works cases, in which teams, and how their day goes."""

from dataclasses import dataclass
from datetime import date

from aldia.kernel.money import Money
from aldia.queries.asking import ask
from aldia.queries.tasks import BY_ON
from aldia.queries.worklist_facts import day_of, members_of, worked_on
from aldia.records.cases.models import Case, CaseState
from aldia.records.tenancy.models import Creditor

_TEAMS = """
SELECT t.id, t.name, t.lead_id, coalesce(u.name, '') AS lead
FROM cases_team t
LEFT JOIN tenancy_membership m ON m.creditor_id = t.creditor_id AND m.id = t.lead_id
LEFT JOIN tenancy_user u ON u.id = m.user_id
WHERE t.creditor_id = %(creditor)s AND t.ended_at IS NULL
ORDER BY t.name
"""

_COLLECTORS = """
SELECT k.member_id, u.id AS user_id, u.name, k.team_id, coalesce(t.name, '') AS team, k.cases_per_day,
       k.takes_new
FROM cases_collector k
JOIN tenancy_membership m ON m.creditor_id = k.creditor_id AND m.id = k.member_id
JOIN tenancy_user u ON u.id = m.user_id
LEFT JOIN cases_team t ON t.creditor_id = k.creditor_id AND t.id = k.team_id
WHERE k.creditor_id = %(creditor)s
ORDER BY u.name, k.member_id
"""

_OPEN = f"""
SELECT c.owner_id, count(*) AS open_cases,
       count(*) FILTER (WHERE c.next_on < %(on)s OR EXISTS (
           SELECT FROM cases_task t WHERE t.creditor_id = c.creditor_id AND t.customer_id = c.customer_id
             AND t.state = 'open' AND {BY_ON} < %(on)s)) AS late
FROM cases_case c
WHERE c.creditor_id = %(creditor)s AND c.state <> 'closed' GROUP BY c.owner_id
"""

# A call that corrects another stands for it.
_CALLS = """
SELECT c.member_id, count(*) FILTER (WHERE c.kind = 'call') AS calls,
       count(*) FILTER (WHERE c.reached = 'right_party') AS reached
FROM cases_call c
WHERE c.creditor_id = %(creditor)s AND c.member_id IS NOT NULL AND c.at >= %(since)s AND c.at < %(until)s
  AND NOT EXISTS (SELECT FROM cases_call n WHERE n.creditor_id = c.creditor_id AND n.corrects_id = c.id)
GROUP BY c.member_id
"""

_PROMISES = """
SELECT p.taken_by_id, p.currency, count(*) AS promises, sum(p.amount_minor)::bigint AS minor
FROM cases_promise p
WHERE p.creditor_id = %(creditor)s AND p.taken_by_id IS NOT NULL AND p.made_on = %(on)s
  AND p.promised_on >= %(on)s
  AND NOT EXISTS (SELECT FROM cases_promise_outcome o WHERE o.creditor_id = p.creditor_id
                  AND o.promise_id = p.id AND o.verdict = 'withdrawn')
GROUP BY p.taken_by_id, p.currency ORDER BY p.taken_by_id, p.currency
"""


@dataclass(frozen=True, slots=True)
class TeamSeen:
    """A team that works. lead: "" for nobody."""

    id: int
    name: str
    lead_id: int | None
    lead: str


@dataclass(frozen=True, slots=True)
class CollectorSeen:
    """A member who works cases. is_able: may still do so."""

    member_id: int
    user_id: int
    name: str
    team_id: int | None
    team: str
    cases_per_day: int
    takes_new: bool
    is_able: bool


@dataclass(frozen=True, slots=True)
class CollectorDay:
    """How a collector's day goes. open_cases: theirs now; late: of them, with a task or next action of an
    earlier day. worked: cases worked on the day. reached: calls and visits in which the right party answered.
    promised: taken on the day, one sum per currency; not what has been withdrawn."""

    collector: CollectorSeen
    open_cases: int
    late: int
    worked: int
    calls: int
    reached: int
    promises: int
    promised: tuple[Money, ...]


def teams_of(creditor: Creditor) -> list[TeamSeen]:
    """The teams that have not ended, by name. In a transaction and scope, as all of these."""
    return [TeamSeen(**row) for row in ask(_TEAMS, creditor=creditor.pk)]


def collectors_of(creditor: Creditor) -> list[CollectorSeen]:
    """Who works cases, by name."""
    members = members_of(creditor.pk)
    rows = ask(_COLLECTORS, creditor=creditor.pk)
    return [CollectorSeen(**row, is_able=members[row["member_id"]].is_able) for row in rows]


def team_board(creditor: Creditor, on: date, *, team_id: int | None = None) -> list[CollectorDay]:
    """The day of each collector, or of those of one team."""
    collectors = [each for each in collectors_of(creditor) if team_id in (None, each.team_id)]
    since, until = day_of(creditor, on)
    cases = {row["owner_id"]: row for row in ask(_OPEN, creditor=creditor.pk, on=on)}
    worked = worked_on(creditor, on)
    calls = {row["member_id"]: row for row in ask(_CALLS, creditor=creditor.pk, since=since, until=until)}
    promises = ask(_PROMISES, creditor=creditor.pk, on=on)
    return [
        CollectorDay(
            collector=each,
            open_cases=cases.get(each.member_id, _NONE)["open_cases"],
            late=cases.get(each.member_id, _NONE)["late"],
            worked=worked.get(f"user:{each.user_id}", 0),
            calls=calls.get(each.member_id, _NONE)["calls"],
            reached=calls.get(each.member_id, _NONE)["reached"],
            promises=sum(row["promises"] for row in promises if row["taken_by_id"] == each.member_id),
            promised=tuple(
                Money(row["minor"], row["currency"])
                for row in promises
                if row["taken_by_id"] == each.member_id
            ),
        )
        for each in collectors
    ]


def escalated_cases(creditor: Creditor) -> int:
    """How many open cases wait for whoever leads to decide."""
    return Case.objects.filter(creditor=creditor, state=CaseState.ESCALATED).count()


_NONE = {"open_cases": 0, "late": 0, "calls": 0, "reached": 0}
