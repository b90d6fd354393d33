"""Where a customer lives, as law and calendar see it: the hour, the holidays, the limits of contact."""

from dataclasses import dataclass
from datetime import date

from aldia.jurisdictions.calendars import UnknownPlace, holidays_of
from aldia.jurisdictions.loader import available_countries, load_jurisdiction
from aldia.queries.claimed import Addressee
from aldia.records.tenancy.models import Creditor
from aldia.rules.calendars import Holidays
from aldia.rules.law import ContactLimits


@dataclass(frozen=True, slots=True)
class Place:
    """time_zone: IANA. holidays: of this year and the next."""

    time_zone: str
    holidays: Holidays
    contact: ContactLimits


def place_of(creditor: Creditor, customer: Addressee, today: date) -> Place:
    """The customer's own place and country; the creditor's where they are not known.

    A customer in the creditor's country without a place of their own is taken to live where the creditor is.
    """
    country = customer.place[:2].upper() or customer.country or creditor.country
    at_home = country == creditor.country
    name = customer.place or (creditor.place if at_home else "") or country
    known = country in available_countries()
    law = load_jurisdiction(country if known else creditor.country)
    lives_with_us = (at_home and not customer.place) or not known
    zone = creditor.time_zone if lives_with_us else law.zone_of(name)
    return Place(zone, _holidays(name, creditor, today), law.contact)


def _holidays(name: str, creditor: Creditor, today: date) -> Holidays:
    years = (today.year, today.year + 1)
    for place in (name, creditor.place or creditor.country):
        try:
            return holidays_of(place, years)
        except UnknownPlace:
            continue
    return frozenset()
