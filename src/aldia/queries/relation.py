"""The relation with one customer: in which tone, how often of late, and the last good word."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from aldia.queries.asking import ask
from aldia.queries.calls import outcomes_of
from aldia.queries.calls_sql import STANDS
from aldia.queries.gate_sql import IS_CONTACT
from aldia.queries.promises import KeptRate, kept_rate
from aldia.queries.reasons import Reading
from aldia.records.outreach.models import MessageChannel, ReplyKind
from aldia.records.tenancy.models import Creditor
from aldia.rules.outcomes import labels_of
from aldia.rules.relation import CONTACT_DAYS, GOOD_EFFECTS, GOOD_REPLIES

# Rows of one bundle are one contact; a call that was put right is not there.
_CONTACTS = f"""
SELECT m.channel, count(DISTINCT coalesce(nullif(m.bundle, ''), m.once_key))::int AS count
FROM outreach_message m
WHERE m.creditor_id = %(creditor)s AND m.customer_id = %(customer)s
  AND {IS_CONTACT} AND m.state IN ('sent', 'unknown')
  AND m.sent_on > %(since)s AND m.sent_on <= %(on)s
GROUP BY m.channel
UNION ALL
SELECT c.kind, count(*)::int FROM cases_call c
WHERE c.creditor_id = %(creditor)s AND c.customer_id = %(customer)s AND c.direction = 'out'
  AND c.number_status NOT IN ('wrong', 'disconnected') AND c.on_date > %(since)s AND c.on_date <= %(on)s
  AND {STANDS.format(call="c")}
GROUP BY c.kind
ORDER BY count DESC, channel
"""

_GOOD_WORDS = f"""
(SELECT received_on AS on, 'reply' AS what, kind AS code FROM outreach_reply
 WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s AND received_on <= %(on)s
   AND kind = ANY (%(replies)s) ORDER BY received_on DESC, id DESC LIMIT 1)
UNION ALL
(SELECT c.on_date, 'call', c.outcome FROM cases_call c
 WHERE c.creditor_id = %(creditor)s AND c.customer_id = %(customer)s AND c.on_date <= %(on)s
   AND c.outcome = ANY (%(outcomes)s) AND {STANDS.format(call="c")}
 ORDER BY c.at DESC, c.id DESC LIMIT 1)
UNION ALL
(SELECT decided_on, 'promise', verdict FROM ({{verdicts}}) v WHERE verdict = 'kept'
 ORDER BY decided_on DESC LIMIT 1)
ORDER BY 1 DESC LIMIT 1
"""

# The latest word on each promise counts.
_VERDICTS = """
SELECT DISTINCT ON (promise_id) promise_id, verdict, decided_on FROM cases_promise_outcome
WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s AND decided_on <= %(on)s
ORDER BY promise_id, id DESC
"""
_LAST_TONE = """
SELECT m.tone, m.sent_on FROM outreach_message m
JOIN cases_episode e ON e.creditor_id = m.creditor_id AND e.id = m.episode_id
WHERE m.creditor_id = %(creditor)s AND m.customer_id = %(customer)s AND m.kind = 'dunning'
  AND m.state IN ('sent', 'unknown') AND m.sent_on <= %(on)s AND m.tone <> ''
  AND e.opened_on <= %(on)s AND (e.closed_on IS NULL OR e.closed_on > %(on)s)
ORDER BY m.sent_on DESC, m.rank DESC NULLS LAST, m.id DESC LIMIT 1
"""

_WAYS = {"call": "Llamada", "visit": "Visita"}


@dataclass(frozen=True, slots=True)
class GoodWord:
    """The last time the customer took part. label: Spanish."""

    on: date
    label: str


@dataclass(frozen=True, slots=True)
class Relation:
    """tone: that of the last step sent while something is overdue, else of the next one, "" for none;
    tone_on: the day it was sent, None where it is still to come. contacts: (way in Spanish, how many) of the
    last 30 days, the commonest first. kept_rate: of the promises of a year."""

    tone: str
    tone_on: date | None
    contacts: tuple[tuple[str, int], ...]
    last_good_word: GoodWord | None
    kept_rate: KeptRate
    for_life: bool

    @property
    def contacts_30d(self) -> int:
        """All of them."""
        return sum(count for _way, count in self.contacts)


def relation_of(
    creditor: Creditor, customer_id: int, on: date, *, for_life: bool = False, next_tone: str = ""
) -> Relation:
    """As of the day; five SELECTs, in scope. next_tone: of the step that comes next (`next_tone_of`)."""
    asked: dict[str, Any] = {"creditor": creditor.pk, "customer": customer_id, "on": on}
    last = ask(_LAST_TONE, **asked)
    return Relation(
        tone=last[0]["tone"] if last else next_tone,
        tone_on=last[0]["sent_on"] if last else None,
        contacts=tuple(
            (_WAYS.get(row["channel"]) or str(MessageChannel(row["channel"]).label), row["count"])
            for row in ask(_CONTACTS, since=on - timedelta(days=CONTACT_DAYS), **asked)
        ),
        last_good_word=_good_word(creditor, asked),
        kept_rate=kept_rate(creditor, on, customer_id=customer_id),
        for_life=for_life,
    )


def next_tone_of(reading: Reading) -> str:
    """Of a portfolio of one: the tone of the step that is decided, else of the first one not yet reached;
    "" where nothing is overdue or the ladder is at its end."""
    strategy = reading.strategies[reading.frames.customers["strategy"][0]]
    decided = reading.decided.decisions["step"][0]
    if reading.decided.units.is_empty():
        return ""
    reached = int(reading.decided.units["last_rank"].fill_null(0).min() or 0)  # type: ignore[arg-type]
    steps = [each for each in strategy.steps if each.id == decided or (not decided and each.rank > reached)]
    return steps[0].tone if steps else ""


def _good_word(creditor: Creditor, asked: dict[str, Any]) -> GoodWord | None:
    outcomes = outcomes_of(creditor, hidden=True)
    rows = ask(
        _GOOD_WORDS.replace("{verdicts}", _VERDICTS),
        replies=sorted(GOOD_REPLIES),
        outcomes=[each.code for each in outcomes if each.effect in GOOD_EFFECTS],
        **asked,
    )
    for row in rows:
        if row["what"] == "reply":
            return GoodWord(row["on"], str(ReplyKind(row["code"]).label))
        if row["what"] == "call":
            return GoodWord(row["on"], labels_of(outcomes)[row["code"]])
        return GoodWord(row["on"], "Cumplió su compromiso")
    return None
