"""What forbids writing to customers on a day: circumstances, refused channels, areas that are spared."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from aldia.queries.asking import ask
from aldia.queries.said_sql import said
from aldia.records.parties.models import (
    CircumstanceKind,
    Consent,
    ConsentChannel,
    ConsentSource,
    ConsentState,
)
from aldia.records.tenancy.models import Creditor
from aldia.rules.consents import Said

IN_FORCE = """
SELECT customer_id, kind FROM parties_circumstance
WHERE creditor_id = %(creditor)s AND customer_id = ANY(%(ids)s) AND from_on <= %(today)s
  AND (until_on IS NULL OR until_on > %(today)s) AND (ended_on IS NULL OR ended_on > %(today)s)
"""

_CONSENTS = said(
    "creditor_id = %(creditor)s AND customer_id = ANY(%(ids)s)",
    "bye.creditor_id = %(creditor)s AND p.customer_id = ANY(%(ids)s)",
)

_AREA_HOLDS = """
SELECT id, country, prefixes, reason, from_on, until_on, recorded_by, recorded_at, ended_on, ended_by
FROM parties_area_hold WHERE creditor_id = %(creditor)s AND until_on > %(today)s ORDER BY until_on DESC, id
"""

_LOCAL_HOLIDAYS = """
SELECT id, country, municipality, prefix, on_date, name FROM parties_local_holiday
WHERE creditor_id = %(creditor)s AND on_date >= %(since)s ORDER BY on_date, municipality
"""

_OF_CUSTOMER = """
SELECT id, kind, from_on, until_on, note, recorded_by, recorded_at, ended_on, ended_by, end_note
FROM parties_circumstance WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s
ORDER BY (ended_at IS NOT NULL), from_on DESC, id DESC LIMIT 100
"""


@dataclass(frozen=True, slots=True)
class KnownCircumstance:
    """A circumstance of one customer. label: Spanish. until_on: first day on which it no longer holds, by
    itself or because somebody ended it; None while nobody knows. in_force: on the day asked."""

    id: int
    kind: str
    label: str
    from_on: date
    until_on: date | None
    note: str
    recorded_by: str
    recorded_at: datetime
    ended_by: str
    end_note: str
    in_force: bool


@dataclass(frozen=True, slots=True)
class AreaPause:
    """A pause of an area. ended_on: the day from which a person ended it; in_force: on the day asked."""

    id: int
    country: str
    prefixes: tuple[str, ...]
    reason: str
    from_on: date
    until_on: date
    recorded_by: str
    recorded_at: datetime
    ended_on: date | None
    ended_by: str
    in_force: bool


@dataclass(frozen=True, slots=True)
class LocalDay:
    """A municipal holiday. prefix: beginning of the postal codes it is kept in."""

    id: int
    country: str
    municipality: str
    prefix: str
    on_date: date
    name: str


@dataclass(frozen=True, slots=True)
class SaidConsent:
    """One thing a customer said of a channel, with its words in Spanish."""

    id: int
    channel: str
    channel_label: str
    address: str
    state: str
    state_label: str
    source_label: str
    note: str
    recorded_by: str
    recorded_at: datetime


def circumstances_in_force(
    creditor: Creditor, customer_ids: Iterable[int], today: date
) -> Mapping[int, frozenset[str]]:
    """customer → kinds in force on the day; one SELECT."""
    found: dict[int, set[str]] = defaultdict(set)
    for row in ask(IN_FORCE, creditor=creditor.pk, ids=sorted(set(customer_ids)), today=today):
        found[row["customer_id"]].add(row["kind"])
    return {customer: frozenset(kinds) for customer, kinds in found.items()}


def circumstances_of(creditor: Creditor, customer_id: int, today: date) -> tuple[KnownCircumstance, ...]:
    """All of one customer, those that nobody ended first; one SELECT."""
    rows = ask(_OF_CUSTOMER, creditor=creditor.pk, customer=customer_id)
    return tuple(_circumstance(row, today) for row in rows)


def _circumstance(row: dict[str, object], today: date) -> KnownCircumstance:
    ends = [each for each in (row.pop("ended_on"), row.pop("until_on")) if isinstance(each, date)]
    until = min(ends, default=None)
    begun = row["from_on"]
    assert isinstance(begun, date)
    return KnownCircumstance(
        **row,  # type: ignore[arg-type]
        label=str(CircumstanceKind(str(row["kind"])).label),
        until_on=until,
        in_force=begun <= today and (until is None or until > today),
    )


def consents_of(creditor: Creditor, customer_ids: Iterable[int]) -> Mapping[int, tuple[Said, ...]]:
    """customer → what they said of channels and addresses, oldest first; one SELECT."""
    found: dict[int, list[Said]] = defaultdict(list)
    for row in ask(_CONSENTS, creditor=creditor.pk, ids=sorted(set(customer_ids))):
        found[row["customer_id"]].append(Said(row["channel"], row["address"], row["state"]))
    return {customer: tuple(told) for customer, told in found.items()}


def said_consents(creditor: Creditor, customer_id: int) -> tuple[SaidConsent, ...]:
    """What the customer said, the last first; one SELECT."""
    rows = Consent.objects.filter(creditor=creditor, customer_id=customer_id).order_by("-pk")[:100]
    return tuple(
        SaidConsent(
            id=row.pk,
            channel=row.channel,
            channel_label=str(ConsentChannel(row.channel).label),
            address=row.address,
            state=row.state,
            state_label=str(ConsentState(row.state).label),
            source_label=str(ConsentSource(row.source).label),
            note=row.note,
            recorded_by=row.recorded_by,
            recorded_at=row.recorded_at,
        )
        for row in rows
    )


def area_pauses(creditor: Creditor, today: date) -> tuple[AreaPause, ...]:
    """Pauses of areas that are not over by their own date, the longest first; one SELECT."""
    return tuple(
        AreaPause(
            **row | {"prefixes": tuple(row["prefixes"])},
            in_force=row["from_on"] <= today and (row["ended_on"] is None or row["ended_on"] > today),
        )
        for row in ask(_AREA_HOLDS, creditor=creditor.pk, today=today)
    )


def local_days(creditor: Creditor, since: date) -> tuple[LocalDay, ...]:
    """Municipal holidays from the day on; one SELECT."""
    return tuple(LocalDay(**row) for row in ask(_LOCAL_HOLIDAYS, creditor=creditor.pk, since=since))
