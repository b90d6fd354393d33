"""Cases of one customer, and of those worked together with them."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from aldia.kernel.money import Money
from aldia.queries.asking import ask
from aldia.queries.case_events import event_payload, event_words, member_name, program
from aldia.queries.people import names_of_actors
from aldia.queries.worklist_facts import members_of, owner_words
from aldia.records.cases.models import CaseEventKind, CaseState, Priority
from aldia.records.tenancy.models import Creditor

_CASES = """
SELECT c.id, c.customer_id, u.code, u.name, c.state, c.state_since, c.owner_id, c.team_id, t.name AS team,
       c.priority, c.next_action, c.next_on, c.next_at, c.touched_at, c.opened_on, c.closed_on,
       c.reopened_times, c.version
FROM cases_case c
JOIN parties_customer u ON u.creditor_id = c.creditor_id AND u.id = c.customer_id
LEFT JOIN cases_team t ON t.creditor_id = c.creditor_id AND t.id = c.team_id
WHERE c.creditor_id = %(creditor)s AND {which}
ORDER BY c.id DESC
"""

_EVENTS = """
SELECT id, case_id, kind, at, actor, payload FROM cases_case_event
WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s
ORDER BY at DESC, id DESC LIMIT %(most)s
"""

_NOTES = """
SELECT id, case_id, text, at, actor FROM cases_case_note n
WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s AND withdraws_id IS NULL
  AND NOT EXISTS (SELECT FROM cases_case_note w
                  WHERE w.creditor_id = n.creditor_id AND w.withdraws_id = n.id)
ORDER BY at DESC, id DESC LIMIT %(most)s
"""

_GROUP = """
SELECT c.id AS case_id, u.id AS customer_id, u.code, u.name, g.name AS group_name, c.state, c.owner_id,
       c.version,
       (SELECT coalesce(json_agg(json_build_array(s.overdue_minor, s.currency) ORDER BY s.currency), '[]')
        FROM closing_standing s
        WHERE s.creditor_id = u.creditor_id AND s.customer_id = u.id AND s.overdue_minor > 0) AS overdue
FROM parties_customer me
JOIN parties_customer_group g ON g.creditor_id = me.creditor_id AND g.id = me.group_id
JOIN parties_customer u ON u.creditor_id = me.creditor_id AND u.group_id = me.group_id AND u.id <> me.id
JOIN cases_case c ON c.creditor_id = u.creditor_id AND c.customer_id = u.id AND c.state <> 'closed'
WHERE me.creditor_id = %(creditor)s AND me.id = %(customer)s
ORDER BY u.sort_name, u.id
"""

SHOWN = 100


@dataclass(frozen=True, slots=True)
class CaseSeen:
    """A case as a page shows it. owner: "" for nobody; owner_gone: they may not work it any more. times are
    aware; days are the creditor's."""

    id: int
    customer_id: int
    code: str
    name: str
    state: str
    state_since: date
    owner_id: int | None
    owner: str
    owner_gone: bool
    team_id: int | None
    team: str
    priority: int
    next_action: str
    next_on: date | None
    next_at: datetime | None
    touched_at: datetime | None
    opened_on: date
    closed_on: date | None
    reopened_times: int
    version: int

    @property
    def state_label(self) -> str:
        """«En gestión»."""
        return str(CaseState(self.state).label)

    @property
    def priority_label(self) -> str:
        """«Alta»."""
        return str(Priority(self.priority).label)

    @property
    def owner_label(self) -> str:
        """«Marta»; «de Marta, que ya no está»; "" for nobody."""
        return owner_words(self.owner, gone=self.owner_gone)


@dataclass(frozen=True, slots=True)
class CaseHappening:
    """One entry in the history of a customer's cases. label: what kind; words: what it changed, in Spanish,
    "" where the label says it all. by: who, as a reader knows them."""

    id: int
    case_id: int
    kind: str
    label: str
    words: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote for the others."""

    id: int
    case_id: int | None
    text: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class GroupCase:
    """An open case of another customer of the same group. overdue: per currency, as of the last run."""

    case_id: int
    customer_id: int
    code: str
    name: str
    group: str
    state_label: str
    owner: str
    overdue: tuple[Money, ...]
    version: int


def open_case_of(creditor: Creditor, customer_id: int) -> CaseSeen | None:
    """The customer's open case. Inside a transaction in scope, as all of these."""
    found = _cases(creditor, "c.customer_id = %(id)s AND c.state <> 'closed'", customer_id)
    return found[0] if found else None


def cases_of(creditor: Creditor, customer_id: int) -> list[CaseSeen]:
    """All of the customer's, latest first."""
    return _cases(creditor, "c.customer_id = %(id)s", customer_id)


def case_seen(creditor: Creditor, case_id: int) -> CaseSeen | None:
    """One case by its id, None for no such."""
    found = _cases(creditor, "c.id = %(id)s", case_id)
    return found[0] if found else None


def _cases(creditor: Creditor, which: str, id_: int) -> list[CaseSeen]:
    rows = ask(_CASES.format(which=which), creditor=creditor.pk, id=id_)
    members = members_of(creditor.pk) if rows else {}
    return [_seen(row, members) for row in rows]


def _seen(row: dict[str, Any], members: dict[int, Any]) -> CaseSeen:
    owner = members.get(row["owner_id"])
    named = {"owner": owner.name if owner else "", "owner_gone": owner is not None and not owner.is_able}
    return CaseSeen(**row | {"team": row["team"] or "", "name": row["name"] or row["code"]} | named)


def case_history(creditor: Creditor, customer_id: int, *, most: int = SHOWN) -> list[CaseHappening]:
    """What happened with the customer's cases, latest first."""
    rows = ask(_EVENTS, creditor=creditor.pk, customer=customer_id, most=most)
    names = names_of_actors({row["actor"] for row in rows})
    return [
        CaseHappening(
            id=row["id"],
            case_id=row["case_id"],
            kind=row["kind"],
            label=str(CaseEventKind(row["kind"]).label),
            words=_words(creditor, row["kind"], event_payload(row["payload"])),
            at=row["at"],
            by=program(row["actor"], names.get(row["actor"], row["actor"])),
        )
        for row in rows
    ]


def _words(creditor: Creditor, kind: str, payload: dict[str, Any]) -> str:
    if kind == "opened":
        name = member_name(payload.get("owner"))
        return f"lo lleva {name}" if name else "no lo lleva nadie"
    return "" if kind in ("closed", "worked", "reopened") else event_words(creditor, kind, payload)


def notes_of(creditor: Creditor, customer_id: int, *, most: int = SHOWN) -> list[Note]:
    """What people have written about the customer, latest first."""
    rows = ask(_NOTES, creditor=creditor.pk, customer=customer_id, most=most)
    names = names_of_actors({row["actor"] for row in rows})
    return [
        Note(row["id"], row["case_id"], row["text"], row["at"], names.get(row["actor"], row["actor"]))
        for row in rows
    ]


def cases_of_group(creditor: Creditor, customer_id: int) -> list[GroupCase]:
    """Open cases of the other customers of the customer's group: one payer, one conversation."""
    rows = ask(_GROUP, creditor=creditor.pk, customer=customer_id)
    members = members_of(creditor.pk) if rows else {}
    return [
        GroupCase(
            case_id=row["case_id"],
            customer_id=row["customer_id"],
            code=row["code"],
            name=row["name"] or row["code"],
            group=row["group_name"],
            state_label=str(CaseState(row["state"]).label),
            owner=members[row["owner_id"]].name if row["owner_id"] in members else "",
            overdue=tuple(Money(int(minor), currency) for minor, currency in _amounts(row["overdue"])),
            version=row["version"],
        )
        for row in rows
    ]


def _amounts(found: Any) -> list[tuple[int, str]]:
    return [(minor, currency) for minor, currency in (json.loads(found) if isinstance(found, str) else found)]
