"""The contact rules of each country as a reader wants them: hours, caps, channels, each with its source."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from aldia.jurisdictions.calendars import regions_of
from aldia.jurisdictions.loader import available_countries, load_jurisdiction
from aldia.queries.asking import ask
from aldia.records.parties.models import ConsentChannel, PersonKind
from aldia.records.tenancy.models import Creditor
from aldia.rules.law import (
    Basis,
    Confidence,
    ContactGroup,
    ContactWindow,
    Jurisdiction,
    Provenance,
)

_COUNTRIES = """
SELECT coalesce(nullif(upper(left(u.place, 2)), ''), nullif(u.country, ''), t.country) AS country,
       count(*) AS n
FROM parties_customer u JOIN tenancy_creditor t ON t.id = u.creditor_id
WHERE u.creditor_id = %(creditor)s GROUP BY 1
"""

_UNVERIFIED = (Confidence.RECALLED, Confidence.PROVISIONAL)
_GROUPS = {
    ContactGroup.ANY: "por cualquier canal",
    ContactGroup.CALL_OR_VISIT: "por teléfono o en persona",
    ContactGroup.WRITTEN: "por escrito",
    ContactGroup.EMAIL: "por correo electrónico",
    ContactGroup.SMS: "por SMS",
    ContactGroup.WHATSAPP: "por WhatsApp",
    ContactGroup.LETTER: "por carta",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """Where a rule comes from. confidence: Spanish words; is_unverified: nobody has seen the text."""

    source: str
    confidence: str
    is_unverified: bool
    checked_on: date
    valid_from: date
    note: str


@dataclass(frozen=True, slots=True)
class Hours:
    """days: Spanish. hours: «9:00 a 21:00», "" for closed."""

    days: str
    hours: str


@dataclass(frozen=True, slots=True)
class CapRule:
    """At most so many times in so many rolling days. group: Spanish, by which channels. days_apart_min: 0 for
    none. after_direct_contact: counted once somebody has spoken with them. is_prudential: ours, where the law
    counts nothing."""

    times: int
    days: int
    group: str
    days_apart_min: int
    after_direct_contact: bool
    is_prudential: bool


@dataclass(frozen=True, slots=True)
class ChannelRule:
    """channels: their Spanish names. people: Spanish. agreed: the creditor says that its contracts agree to
    all of them."""

    channels: tuple[str, ...]
    people: str
    agreed: bool
    fact: Fact


@dataclass(frozen=True, slots=True)
class NotAsked:
    """Who is not asked why they have not paid. people: Spanish."""

    people: str
    fact: Fact


@dataclass(frozen=True, slots=True)
class CountryRules:
    """One country. is_law: the hours are law for whom they protect, else prudence. regions: how many of its
    regions have holidays of their own that are counted. customers: how many of the creditor's live there."""

    code: str
    name: str
    customers: int
    is_own: bool
    is_law: bool
    binds: str
    people: str
    hours: tuple[Hours, ...]
    caps: tuple[CapRule, ...]
    one_channel: bool
    opt_ins: tuple[ChannelRule, ...]
    not_asked: NotAsked | None
    zones: int
    regions: int
    fact: Fact


def contact_rules(creditor: Creditor) -> tuple[CountryRules, ...]:
    """Every country we know: the creditor's own first, then where its customers live; one SELECT."""
    living = {row["country"]: row["n"] for row in ask(_COUNTRIES, creditor=creditor.pk)}
    known = (load_jurisdiction(each) for each in available_countries())
    rules = (_rules(each, creditor, living.get(each.country, 0)) for each in known)
    return tuple(sorted(rules, key=lambda each: (not each.is_own, -each.customers, each.name)))


def unknown_countries(creditor: Creditor) -> tuple[tuple[str, int], ...]:
    """(country, customers) of those whose law we do not know; the creditor's own is applied to them."""
    known = available_countries()
    rows = ask(_COUNTRIES, creditor=creditor.pk)
    return tuple(sorted((row["country"], row["n"]) for row in rows if row["country"] not in known))


def _rules(law: Jurisdiction, creditor: Creditor, customers: int) -> CountryRules:
    contact = law.contact
    return CountryRules(
        code=law.country,
        name=law.name,
        customers=customers,
        is_own=law.country == creditor.country,
        is_law=contact.basis is Basis.LAW and contact.binds == "any",
        binds=contact.binds,
        people=_people(contact.protects),
        hours=(
            Hours("De lunes a viernes", _hours(contact.windows[0])),
            Hours("Sábados", _hours(contact.windows[5])),
            Hours("Domingos", _hours(contact.windows[6])),
            Hours("Festivos", _hours(contact.holidays)),
        ),
        caps=tuple(
            CapRule(
                times=each.times,
                days=each.days,
                group=_GROUPS[each.group],
                days_apart_min=each.days_apart_min,
                after_direct_contact=each.after_direct_contact,
                is_prudential=each.prudential or contact.basis is Basis.PRUDENTIAL,
            )
            for each in contact.caps
        ),
        one_channel=contact.one_channel_per_week,
        opt_ins=tuple(
            ChannelRule(
                channels=_channels(each.channels),
                people=_people(each.protects),
                agreed=each.channels <= set(creditor.agreed_channels),
                fact=_fact(each.provenance),
            )
            for each in law.opt_ins
        ),
        not_asked=_not_asked(law),
        zones=len(law.time_zones.places) if law.time_zones else 0,
        regions=len(regions_of(law.country)),
        fact=_fact(contact.provenance),
    )


def _not_asked(law: Jurisdiction) -> NotAsked | None:
    rule = law.reason_not_asked
    return NotAsked(_people(rule.protects), _fact(rule.provenance)) if rule else None


def _hours(window: ContactWindow | None) -> str:
    return f"{window.opens:%H:%M} a {window.closes:%H:%M}" if window else ""


def _people(kinds: Iterable[str]) -> str:
    known = frozenset(kinds)
    if known == frozenset(PersonKind.values):
        return "Todos los clientes"
    return ", ".join(str(each.label) for each in PersonKind if each.value in known)


def _channels(channels: Iterable[str]) -> tuple[str, ...]:
    known = frozenset(channels)
    return tuple(str(each.label) for each in ConsentChannel if each.value in known)


def _fact(where: Provenance) -> Fact:
    return Fact(
        source=where.source,
        confidence=where.confidence.label,
        is_unverified=where.confidence in _UNVERIFIED,
        checked_on=where.checked_on,
        valid_from=where.valid_from,
        note=where.note,
    )
