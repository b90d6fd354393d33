"""Public holidays of a place, from the `holidays` library; it lacks municipal holidays and court recesses."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import holidays

from aldia.kernel.errors import AldiaError
from aldia.rules.calendars import Holidays


class UnknownPlace(AldiaError):
    """No calendar of holidays is known for the place's country."""

    code = "unknown_place"


def holidays_of(place: str, years: Iterable[int]) -> Holidays:
    """All public holidays of a place in those years, moved ones on the day they are kept.

    place: ISO 3166 country, or country and subdivision: "ES", "ES-MD", "PE-LIM". Where the subdivision is not
    known the country's own holidays are given. Raises UnknownPlace for a country without a calendar.
    """
    country, _, subdivision = place.strip().upper().partition("-")
    if country not in _subdivisions():
        raise UnknownPlace(
            f"No hay calendario de festivos para «{place}»: use el código del país, como ES, "
            "o el de la región, como ES-MD.",
            place=place,
        )
    known = subdivision in _subdivisions()[country]
    return _days(country, subdivision if known else None, frozenset(years))


@lru_cache(maxsize=1)
def _subdivisions() -> dict[str, frozenset[str]]:
    supported = holidays.list_supported_countries(include_aliases=False)
    return {country: frozenset(codes) for country, codes in supported.items()}


@lru_cache(maxsize=256)
def _days(country: str, subdivision: str | None, years: frozenset[int]) -> Holidays:
    if not years:
        return frozenset[date]()
    return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=years, expand=False))
