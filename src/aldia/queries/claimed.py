"""Messages that are about to leave, by the bundle they leave in, each with its customer."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from aldia.queries.asking import ask
from aldia.records.tenancy.models import Creditor

_MESSAGES = """
SELECT m.id, m.customer_id, m.episode_id, m.due_line_id, m.promise_id, m.kind, m.step, m.rank, m.channel,
       m.tone,
       m.template, m.deadline_on, m.approved_at IS NOT NULL AS approved,
       coalesce(r.held AND r.released_at IS NULL, false) AS brake_held, k.closed_on AS cured_on
FROM outreach_message m
LEFT JOIN cases_case k ON m.kind = 'goodwill' AND k.creditor_id = m.creditor_id
      AND k.customer_id = m.customer_id AND m.once_key ^@ ('case:' || k.id || '/')
LEFT JOIN cases_daily_run r ON r.creditor_id = m.creditor_id AND r.id = m.run_id
WHERE m.creditor_id = %(creditor)s AND m.id = ANY(%(ids)s)
"""

_CUSTOMERS = """
SELECT c.id, c.code, c.name, c.person_kind, c.form_of_address AS form, c.language, c.country, c.place,
       c.minor, c.postal_code, c.contract_rate_bp, coalesce(u.name, '') AS manager
FROM parties_customer c
LEFT JOIN tenancy_membership p ON p.creditor_id = c.creditor_id AND p.id = c.owner_id
LEFT JOIN tenancy_user u ON u.id = p.user_id
WHERE c.creditor_id = %(creditor)s AND c.id = ANY(%(ids)s)
"""

_LINES_TOLD = """
SELECT message_id, due_line_id FROM outreach_message_line
WHERE creditor_id = %(creditor)s AND message_id = ANY(%(ids)s)
"""


@dataclass(frozen=True, slots=True)
class ClaimedMessage:
    """One row of a bundle. approved: a person said yes. brake_held: its run waits for one. promise_id: of
    which it speaks. told: due lines it was planned to speak of. cured_on: of thanks, the day its case closed,
    None while it is open."""

    id: int
    customer_id: int
    episode_id: int | None
    due_line_id: int | None
    kind: str
    step: str
    rank: int | None
    channel: str
    tone: str
    template: str
    deadline_on: date | None
    approved: bool
    brake_held: bool
    promise_id: int | None = None
    told: frozenset[int] = frozenset()
    cured_on: date | None = None


def unplanned(customer_id: int, channel: str, tone: str) -> ClaimedMessage:
    """A request for payment that no step stands behind and nobody has planned, for the gate to judge: a
    person would decide on it."""
    return ClaimedMessage(
        id=0,
        customer_id=customer_id,
        episode_id=None,
        due_line_id=None,
        kind="dunning",
        step="",
        rank=None,
        channel=channel,
        tone=tone,
        template="",
        deadline_on=None,
        approved=True,
        brake_held=False,
    )


@dataclass(frozen=True, slots=True)
class Addressee:
    """The customer of a bundle, as far as gate and texts ask. language: BCP 47. manager: name of who works
    the customer."""

    id: int
    code: str
    name: str
    person_kind: str
    form: str
    language: str
    country: str
    place: str
    minor: bool
    postal_code: str
    contract_rate_bp: int | None
    manager: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """bundles: key → its messages, the highest step first; a key whose rows are gone has none."""

    bundles: Mapping[str, tuple[ClaimedMessage, ...]]
    customers: Mapping[int, Addressee]

    @property
    def message_ids(self) -> list[int]:
        """All rows of the batch."""
        return [message.id for messages in self.bundles.values() for message in messages]


def claimed(creditor: Creditor, bundles: Mapping[str, Sequence[int]]) -> Claimed:
    """The messages and customers of these bundles; three SELECTs, in the creditor's scope."""
    ids = [each for rows in bundles.values() for each in rows]
    told = defaultdict(set)
    for line in ask(_LINES_TOLD, creditor=creditor.pk, ids=ids):
        told[line["message_id"]].add(line["due_line_id"])
    rows = ask(_MESSAGES, creditor=creditor.pk, ids=ids)
    messages = {row["id"]: ClaimedMessage(**row, told=frozenset(told[row["id"]])) for row in rows}
    return Claimed(
        bundles={
            key: tuple(sorted((messages[each] for each in rows if each in messages), key=_highest_first))
            for key, rows in bundles.items()
        },
        customers=addressees(creditor, {message.customer_id for message in messages.values()}),
    )


def _highest_first(message: ClaimedMessage) -> tuple[int, int]:
    return (-(message.rank or 0), message.id)


def addressees(creditor: Creditor, ids: set[int]) -> dict[int, Addressee]:
    """Customers by id."""
    return {row["id"]: Addressee(**row) for row in ask(_CUSTOMERS, creditor=creditor.pk, ids=sorted(ids))}
