"""Reads the kinds of certified letters and refuses one that does not say where it comes from."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources

from aldia.jurisdictions.tables import Table
from aldia.rules.law import Confidence


@dataclass(frozen=True, slots=True)
class CertifiedKind:
    """A way of sending a letter that can be proved.

    id: stable. countries: of the customer. title, service: Spanish; the service is what to ask for over the
    counter. carriers: who commonly does it. proves_text, proves_delivery: what its certificate shows.
    """

    id: str
    countries: tuple[str, ...]
    title: str
    service: str
    carriers: tuple[str, ...]
    proves_text: bool
    proves_delivery: bool
    source: str
    confidence: Confidence
    checked_on: date


@lru_cache(maxsize=1)
def _all() -> tuple[CertifiedKind, ...]:
    text = resources.files(__package__).joinpath("kinds.toml").read_text(encoding="utf-8")
    top = Table("kinds.toml", dict(tomllib.loads(text)))
    kinds = tuple(_kind(row) for row in top.rows("kind"))
    top.close()
    return kinds


def _kind(row: Table) -> CertifiedKind:
    kind = CertifiedKind(
        id=row.text("id"),
        countries=tuple(row.text("countries").split()),
        title=row.text("title"),
        service=row.text("service"),
        carriers=tuple(each.strip() for each in row.text("carriers").split(";")),
        proves_text=row.flag("proves_text"),
        proves_delivery=row.flag("proves_delivery"),
        source=row.text("source"),
        confidence=Confidence(row.text("confidence")),
        checked_on=row.day("checked_on"),
    )
    row.close()
    return kind


def certified_kinds(country: str) -> tuple[CertifiedKind, ...]:
    """Those that fit a customer of the country, the usual one first; others have certified e-mail alone."""
    return tuple(kind for kind in _all() if country in kind.countries or "*" in kind.countries)


def certified_kind(id_: str) -> CertifiedKind | None:
    """By its id; None for one that does not exist."""
    return next((kind for kind in _all() if kind.id == id_), None)
