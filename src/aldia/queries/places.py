"""Where a customer lives, as law and calendar see it: the hour, the holidays, the limits of contact."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from aldia.jurisdictions.calendars import UnknownPlace, holidays_of, is_region_known
from aldia.jurisdictions.loader import available_countries, load_jurisdiction
from aldia.queries.circumstances import AreaPause, LocalDay
from aldia.queries.claimed import Addressee
from aldia.records.tenancy.models import Creditor
from aldia.rules.calendars import Holidays
from aldia.rules.law import ContactLimits, OptIn
from aldia.rules.postcodes import lies_in


@dataclass(frozen=True, slots=True)
class Place:
    """country: ISO 3166. time_zone: IANA. holidays: of this year and the next, municipal ones included.

    known: False where only the country's own holidays are. calendar: the place they are of. law: the country
    whose limits these are.
    """

    country: str
    time_zone: str
    holidays: Holidays
    known: bool
    calendar: str
    law: str
    contact: ContactLimits
    opt_ins: tuple[OptIn, ...] = ()


def country_of(creditor: Creditor, customer: Addressee) -> str:
    """Where the customer lives; the creditor's country where nobody knows."""
    return customer.place[:2].upper() or customer.country or creditor.country


def place_of(creditor: Creditor, customer: Addressee, today: date, local: Iterable[LocalDay] = ()) -> Place:
    """The customer's own place and country; the creditor's where they are not known.

    A customer in the creditor's country without a place of their own is taken to live where the creditor is.
    local: the creditor's municipal holidays.
    """
    country = country_of(creditor, customer)
    at_home = country == creditor.country
    name = customer.place or (creditor.place if at_home else "") or country
    known = country in available_countries()
    law = load_jurisdiction(country if known else creditor.country)
    lives_with_us = (at_home and not customer.place) or not known
    zone = creditor.time_zone if lives_with_us else law.zone_of(name)
    calendar, days = _holidays(name, creditor, today)
    return Place(
        country=country,
        time_zone=zone,
        holidays=days | _municipal(customer, country, local),
        known=calendar == name and is_region_known(calendar),
        calendar=calendar,
        law=law.country,
        contact=law.contact,
        opt_ins=law.opt_ins,
    )


def holidays_of_creditor(creditor: Creditor, today: date) -> Holidays:
    """The creditor's own, of last year, this one and the next: by them its business days are counted."""
    try:
        return holidays_of(creditor.place or creditor.country, range(today.year - 1, today.year + 2))
    except UnknownPlace:
        return frozenset()


def pause_of_area(creditor: Creditor, customer: Addressee, pauses: Iterable[AreaPause]) -> AreaPause | None:
    """The pause in force over the customer's postcode, the one that lasts longest."""
    country = country_of(creditor, customer)
    over = (
        each
        for each in pauses
        if each.in_force and each.country == country and lies_in(customer.postal_code, each.prefixes)
    )
    return max(over, key=lambda each: each.until_on, default=None)


def _municipal(customer: Addressee, country: str, local: Iterable[LocalDay]) -> Holidays:
    return frozenset(
        each.on_date
        for each in local
        if each.country == country and lies_in(customer.postal_code, [each.prefix])
    )


def _holidays(name: str, creditor: Creditor, today: date) -> tuple[str, Holidays]:
    years = (today.year, today.year + 1)
    for place in (name, creditor.place or creditor.country):
        try:
            return place, holidays_of(place, years)
        except UnknownPlace:
            continue
    return "", frozenset()
