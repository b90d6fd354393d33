"""The answers as the address and the form carry them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from aldia.jurisdictions.calendars import regions_of
from aldia.jurisdictions.loader import available_countries
from aldia.queries.start import Present
from aldia.records.tenancy.models import Creditor
from aldia.rules.shipped import shipped_strategies
from aldia.rules.start import Answers, Buyer, Charges, Decides, Form, Sells


@dataclass(frozen=True, slots=True)
class Said:
    """What was answered so far, by the names of the fields; None and empty where it was not."""

    sells: str
    buyers: tuple[str, ...]
    charges: str
    form: str
    decides: str
    country: str
    place: str

    @property
    def missing(self) -> list[str]:
        """Names of the questions without an answer."""
        return [name for name in ("sells", "buyers", "charges", "form", "decides") if not getattr(self, name)]

    def answers(self) -> Answers:
        """For `propose`; nothing may be missing."""
        return Answers(
            sells=Sells(self.sells),
            buyers=frozenset(Buyer(each) for each in self.buyers),
            charges=Charges(self.charges),
            country=self.country,
            place=self.place,
            form=Form(self.form),
            decides=Decides(self.decides),
        )

    def pairs(self) -> list[tuple[str, str]]:
        """For hidden fields and addresses."""
        single = ("sells", "charges", "form", "decides", "country", "place")
        return [
            *((name, getattr(self, name)) for name in single),
            *(("buyers", each) for each in self.buyers),
        ]

    def query(self, **more: str) -> str:
        """`?sells=services&…`."""
        return "?" + urlencode([*self.pairs(), *more.items()])


def said_in(given: QueryDict, creditor: Creditor) -> Said:
    """What is not a known answer counts as not given."""
    country = given.get("country", creditor.country)
    country = country if country in available_countries() else creditor.country
    return Said(
        sells=_one_of(given.get("sells", ""), Sells),
        buyers=tuple(each for each in dict.fromkeys(given.getlist("buyers")) if _one_of(each, Buyer)),
        charges=_one_of(given.get("charges", ""), Charges),
        form=_one_of(given.get("form", ""), Form),
        decides=_one_of(given.get("decides", ""), Decides),
        country=country,
        place=_place(given.get("place", ""), country),
    )


def said_before(present: Present, creditor: Creditor) -> Said:
    """The answers of the last time; the first time only what the creditor's row says."""
    kept: Mapping[str, Any] = present.answers
    return Said(
        sells=_one_of(kept.get("sells", ""), Sells),
        buyers=tuple(each for each in kept.get("buyers", ()) if _one_of(each, Buyer)),
        charges=_one_of(kept.get("charges", ""), Charges),
        form=_one_of(creditor.form_of_address, Form),
        decides=_one_of(kept.get("decides", ""), Decides),
        country=creditor.country,
        place=_place(creditor.place, creditor.country),
    )


def strategy_in(given: QueryDict) -> str | None:
    """Another shipped strategy than the one proposed."""
    name = given.get("estrategia", "")
    return name if name in shipped_strategies() else None


def _one_of(value: str, known: Any) -> str:
    return value if value in list(known) else ""


def _place(value: str, country: str) -> str:
    return value if value in dict(regions_of(country)) else ""
