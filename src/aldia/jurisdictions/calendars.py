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


def is_region_known(place: str) -> bool:
    """True when the holidays of that very region are known, or its country has the same everywhere.

    place: as for `holidays_of`. False for a country alone whose regions have holidays of their own.
    """
    country, _, subdivision = place.strip().upper().partition("-")
    known = _subdivisions().get(country)
    return known is not None and (not known or subdivision in known)


@lru_cache(maxsize=1)
def _subdivisions() -> dict[str, frozenset[str]]:
    supported = holidays.list_supported_countries(include_aliases=False)
    return {country: frozenset(codes) for country, codes in supported.items()}


@lru_cache(maxsize=256)
def _days(country: str, subdivision: str | None, years: frozenset[int]) -> Holidays:
    if not years:
        return frozenset[date]()
    return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=years, expand=False))


def regions_of(country: str) -> tuple[tuple[str, str], ...]:
    """(place, name) of the regions whose own holidays are known, by name: ("ES-MD", "Madrid"); may be ()."""
    code = country.strip().upper()
    if code not in _subdivisions():
        return ()
    names = {place: name for name, place in _aliases(code).items()}
    known = sorted(_subdivisions()[code] & names.keys(), key=lambda place: names[place])
    return tuple((f"{code}-{place}", names[place]) for place in known)


def name_of_place(place: str) -> str:
    """«Madrid» for ES-MD, as the library spells it; the place itself where it has no name for it."""
    return dict(regions_of(place[:2])).get(place.strip().upper(), place)


@lru_cache(maxsize=16)
def _aliases(country: str) -> dict[str, str]:
    """Name → code, as the library spells the names."""
    aliases = getattr(holidays.country_holidays(country), "subdivisions_aliases", {})
    return {str(name): str(code) for name, code in aliases.items()}
