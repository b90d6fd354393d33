"""Acts of collectors that were drawn to be looked at, what was done in each, and how they were marked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from aldia.kernel.money import format_money
from aldia.queries.asking import ask
from aldia.queries.calls import outcomes_of
from aldia.queries.calls_sql import STANDS
from aldia.records.cases.models import CallDirection, CallKind, NonPaymentReason, Reached
from aldia.records.outreach.models import MessageChannel
from aldia.records.tenancy.models import Creditor
from aldia.rules.outcomes import labels_of
from aldia.rules.portfolio.words import day_text
from aldia.rules.quality import CALL, MESSAGE, Act, drawn, week_of

WEEKS_AVERAGED = 13

# A call is of who wrote it down. A message is of who wrote its words, else of who said yes to it; the rows of
# one mail are one act. What left by itself is nobody's.
_CALLS = f"""
SELECT 'call' AS kind, c.id, c.member_id, c.customer_id, c.at
FROM cases_call c
WHERE c.creditor_id = %(creditor)s AND c.member_id IS NOT NULL AND {STANDS.format(call="c")}
"""
_MESSAGES = """
SELECT 'message' AS kind, s.id, p.id AS member_id, s.customer_id, s.at
FROM (SELECT DISTINCT ON (m.dispatch_id) m.id, m.customer_id, coalesce(m.sent_at, d.begun_at) AS at,
             coalesce(w.edited_by, m.approved_by) AS actor
      FROM outreach_message m
      JOIN outreach_dispatch d ON d.creditor_id = m.creditor_id AND d.id = m.dispatch_id
      LEFT JOIN outreach_draft w ON w.creditor_id = d.creditor_id AND w.key = d.key
      WHERE m.creditor_id = %(creditor)s AND m.state IN ('sent', 'unknown')
        AND (w.id IS NOT NULL OR m.approved_by <> ''){{within}}
      ORDER BY m.dispatch_id, m.id) s
JOIN tenancy_membership p ON p.creditor_id = %(creditor)s AND 'user:' || p.user_id = s.actor
"""
_ACTS = (
    _CALLS
    + " AND c.on_date BETWEEN %(first)s AND %(last)s UNION ALL "
    + _MESSAGES.replace("{{within}}", " AND m.sent_on BETWEEN %(first)s AND %(last)s")
)
_ONE = {
    CALL: _CALLS + " AND c.id = %(id)s",
    MESSAGE: _MESSAGES.replace(
        "{{within}}",
        " AND m.dispatch_id = (SELECT o.dispatch_id FROM outreach_message o"
        " WHERE o.creditor_id = %(creditor)s AND o.id = %(id)s)",
    ),
}

_SHOWN = """
SELECT a.kind, a.id, a.member_id, a.customer_id, a.at, u.name AS member, c.code, c.name AS customer,
       q.facts, q.respect, q.next_step, q.note AS review_note, q.at AS reviewed_at,
       coalesce(r.name, '') AS reviewer
FROM unnest(%(kinds)s::text[], %(ids)s::bigint[], %(members)s::bigint[], %(customers)s::bigint[],
            %(ats)s::timestamptz[]) a (kind, id, member_id, customer_id, at)
JOIN tenancy_membership p ON p.creditor_id = %(creditor)s AND p.id = a.member_id
JOIN tenancy_user u ON u.id = p.user_id
JOIN parties_customer c ON c.creditor_id = %(creditor)s AND c.id = a.customer_id
LEFT JOIN outreach_quality_review q ON q.creditor_id = %(creditor)s
     AND (a.kind = 'call' AND q.call_id = a.id OR a.kind = 'message' AND q.message_id = a.id)
LEFT JOIN tenancy_membership rp ON rp.creditor_id = q.creditor_id AND rp.id = q.reviewer_id
LEFT JOIN tenancy_user r ON r.id = rp.user_id
ORDER BY u.name, a.at, a.kind, a.id
"""

_CALL_WORDS = """
SELECT kind, direction, number, reached, outcome, reason, note, next_action, next_on FROM cases_call
WHERE creditor_id = %(creditor)s AND id = %(id)s
"""
# What the call left behind: promises name it; holds and disputes were written in the same moment by the same
# hand.
_CALL_LEFT = """
SELECT 'promise' AS kind, p.promised_on AS on_day, p.amount_minor, p.currency, '' AS number, p.note AS reason,
       p.id
FROM cases_promise p WHERE p.creditor_id = %(creditor)s AND p.call_id = %(id)s
UNION ALL
SELECT o.kind, o.until_on, o.amount_minor, l.currency, coalesce(d.number, ''), o.reason, o.id
FROM cases_call c
JOIN ledger_overlay o ON o.creditor_id = c.creditor_id AND o.customer_id = c.customer_id
     AND o.recorded_at = c.recorded_at AND o.recorded_by = c.actor AND o.kind IN ('hold', 'dispute')
LEFT JOIN ledger_due_line l ON l.creditor_id = o.creditor_id AND l.id = o.due_line_id
LEFT JOIN ledger_document d ON d.creditor_id = l.creditor_id AND d.id = l.document_id
WHERE c.creditor_id = %(creditor)s AND c.id = %(id)s
ORDER BY kind DESC, id
"""
_MESSAGE_WORDS = """
SELECT m.channel, d.subject, d.text, EXISTS (SELECT FROM outreach_draft w
       WHERE w.creditor_id = d.creditor_id AND w.key = d.key) AS is_written
FROM outreach_message m
JOIN outreach_dispatch d ON d.creditor_id = m.creditor_id AND d.id = m.dispatch_id
WHERE m.creditor_id = %(creditor)s AND m.id = %(id)s
"""

# What of one person's was looked at.
_MARKED = """
SELECT CASE WHEN q.call_id IS NULL THEN 'message' ELSE 'call' END AS kind,
       coalesce(q.call_id, q.message_id) AS id, q.member_id, q.customer_id,
       coalesce(k.at, m.sent_at, q.at) AS at
FROM outreach_quality_review q
LEFT JOIN cases_call k ON k.creditor_id = q.creditor_id AND k.id = q.call_id
LEFT JOIN outreach_message m ON m.creditor_id = q.creditor_id AND m.id = q.message_id
WHERE q.creditor_id = %(creditor)s AND q.member_id = %(member)s AND q.at >= %(since)s
"""

_AVERAGES = """
SELECT u.name AS member, count(*)::int AS reviews, sum(q.facts)::int AS facts, sum(q.respect)::int AS respect,
       sum(q.next_step)::int AS next_step
FROM outreach_quality_review q
JOIN tenancy_membership p ON p.creditor_id = q.creditor_id AND p.id = q.member_id
JOIN tenancy_user u ON u.id = p.user_id
WHERE q.creditor_id = %(creditor)s AND q.at >= %(since)s
GROUP BY p.id, u.name ORDER BY u.name, p.id
"""


@dataclass(frozen=True, slots=True)
class Marked:
    """How an act was marked: 1 missing, 2 to improve, 3 good."""

    facts: int
    respect: int
    next_step: int
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SeenAct:
    """An act with whose it was and of whom. marked: None while nobody has looked."""

    kind: str
    id: int
    member_id: int
    member: str
    customer_id: int
    code: str
    customer: str
    at: datetime
    marked: Marked | None


@dataclass(frozen=True, slots=True)
class ActWords:
    """What was said or written. facts: (label, value) in Spanish; text: the note, or the message's words.
    is_approved: a message whose words nobody of the house wrote; its author said yes to them."""

    title: str
    facts: tuple[tuple[str, str], ...]
    text: str
    is_approved: bool = False


@dataclass(frozen=True, slots=True)
class Average:
    """Of one collector's reviews: sums of marks over reviews."""

    member: str
    reviews: int
    facts: Fraction
    respect: Fraction
    next_step: Fraction

    @property
    def shown(self) -> tuple[float, float, float]:
        """For the page: facts, respect, next step."""
        return float(self.facts), float(self.respect), float(self.next_step)


def sample_of(creditor: Creditor, week: date) -> tuple[SeenAct, ...]:
    """The acts of that week that were drawn, by collector; in scope. week: any day of it.

    While the week runs, later acts may still take the places of earlier ones.
    """
    first = week_of(week)
    rows = ask(_ACTS, creditor=creditor.pk, first=first, last=first + timedelta(days=6))
    by_act = {(row["kind"], row["id"]): row for row in rows}
    lots = drawn(
        (Act(row["kind"], row["id"], row["member_id"]) for row in rows),
        creditor_id=creditor.pk,
        week=first,
        per_member=creditor.quality_sample,
    )
    return _shown(creditor, [by_act[act.kind, act.id] for act in lots])


def act_of(creditor: Creditor, kind: str, act_id: int) -> SeenAct | None:
    """One act, drawn or not; None where it is nobody's, taken back, or another creditor's."""
    rows = ask(_ONE[kind], creditor=creditor.pk, id=act_id)
    found = _shown(creditor, [row for row in rows if row["id"] == act_id])
    return found[0] if found else None


def words_of(creditor: Creditor, act: SeenAct) -> ActWords:
    """What to look at."""
    if act.kind == MESSAGE:
        (row,) = ask(_MESSAGE_WORDS, creditor=creditor.pk, id=act.id)
        channel = str(MessageChannel(row["channel"]).label)
        title = row["subject"] or channel
        return ActWords(title, (("Canal", channel),), row["text"], is_approved=not row["is_written"])
    (row,) = ask(_CALL_WORDS, creditor=creditor.pk, id=act.id)
    left = [_left(each) for each in ask(_CALL_LEFT, creditor=creditor.pk, id=act.id)]
    return ActWords(str(CallKind(row["kind"]).label), (*_facts(creditor, row), *left), row["note"])


def _facts(creditor: Creditor, row: Mapping[str, Any]) -> list[tuple[str, str]]:
    outcome = labels_of(outcomes_of(creditor, hidden=True)).get(row["outcome"], row["outcome"])
    next_on = f"{row['next_on']:%d/%m/%Y}" if row["next_on"] else ""
    facts = [
        ("Sentido", str(CallDirection(row["direction"]).label)),
        ("Contestó", str(Reached(row["reached"]).label)),
        ("Resultado", outcome),
        ("Motivo del impago", str(NonPaymentReason(row["reason"]).label) if row["reason"] else ""),
        ("Próximo paso", " · ".join(filter(None, (row["next_action"], next_on)))),
    ]
    return [(label, value) for label, value in facts if value]


def _left(row: Mapping[str, Any]) -> tuple[str, str]:
    """A promise, a hold or a dispute that came of a call, in a line."""
    amount = format_money(row["amount_minor"], row["currency"]) if row["amount_minor"] is not None else ""
    on = day_text(row["on_day"]) if row["on_day"] else ""
    match row["kind"]:
        case "promise":
            label, told = "Compromiso", f"{amount} para el {on}"
        case "hold":
            label, told = "Pausa", f"Hasta el {on}" if on else "Sin fecha de fin"
        case _:
            label, told = "Incidencia", " · ".join(filter(None, (row["number"], amount)))
    return label, " · ".join(filter(None, (told, row["reason"])))


def marked_of(creditor: Creditor, member_id: int, today: date) -> tuple[SeenAct, ...]:
    """What of that person's was looked at in the last 13 weeks, the latest act first; in scope."""
    since = today - timedelta(weeks=WEEKS_AVERAGED)
    rows = ask(_MARKED, creditor=creditor.pk, member=member_id, since=since)
    return tuple(reversed(_shown(creditor, rows)))


def averages(creditor: Creditor, today: date) -> tuple[Average, ...]:
    """Per collector, of what was looked at in the last 13 weeks; in scope."""
    rows = ask(_AVERAGES, creditor=creditor.pk, since=today - timedelta(weeks=WEEKS_AVERAGED))
    return tuple(
        Average(
            member=row["member"],
            reviews=row["reviews"],
            facts=Fraction(row["facts"], row["reviews"]),
            respect=Fraction(row["respect"], row["reviews"]),
            next_step=Fraction(row["next_step"], row["reviews"]),
        )
        for row in rows
    )


def _shown(creditor: Creditor, rows: list[dict[str, Any]]) -> tuple[SeenAct, ...]:
    if not rows:
        return ()
    found = ask(
        _SHOWN,
        creditor=creditor.pk,
        kinds=[row["kind"] for row in rows],
        ids=[row["id"] for row in rows],
        members=[row["member_id"] for row in rows],
        customers=[row["customer_id"] for row in rows],
        ats=[row["at"] for row in rows],
    )
    return tuple(_act(row) for row in found)


def _act(row: dict[str, Any]) -> SeenAct:
    marked = None
    if row["reviewed_at"] is not None:
        marked = Marked(
            facts=row["facts"],
            respect=row["respect"],
            next_step=row["next_step"],
            note=row["review_note"],
            by=row["reviewer"],
            at=row["reviewed_at"],
        )
    names = ("kind", "id", "member_id", "member", "customer_id", "code", "customer", "at")
    return SeenAct(**{name: row[name] for name in names}, marked=marked)
