"""The list of customers: searched by words, filtered by a condition, ordered by name or figure, by pages.

Which rows and in what order: by what the last run kept (`closing_standing`). The figures shown: reckoned
anew, so that a payment of five minutes ago shows. A row is one customer in one currency, as in the portfolio.
"""

import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from aldia.kernel.money import Money, minor_per_major
from aldia.kernel.text import sort_key
from aldia.queries import customer_list_sql as sql
from aldia.queries.asking import ask
from aldia.queries.list_pages import COUNTED_MAX, PAGE, Place, cut_page, place_of
from aldia.queries.live import Live, live
from aldia.queries.standing import Kept, last_kept, words_sql
from aldia.queries.word_search import Words, words_asked
from aldia.records.tenancy.models import Creditor
from aldia.rules.portfolio.conditions import Condition, parse_condition
from aldia.rules.portfolio.standing import kept_condition, standing_columns
from aldia.rules.portfolio.vocabulary import Column


class Sort(StrEnum):
    """The orders offered, each with an index."""

    NAME = "name"
    OVERDUE = "overdue"
    DUNNABLE = "dunnable"
    AGE = "age"  # of the oldest thing overdue


# key, type, and whether the index runs from small figures to large ones
_KEYS = {
    Sort.NAME: ("c.sort_name", "text", True),
    Sort.OVERDUE: ("s.overdue_minor", "bigint", True),
    Sort.DUNNABLE: ("s.dunnable_minor", "bigint", True),
    Sort.AGE: ("s.overdue_since", "date", False),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader looks for.

    text: words of name, code or tax id, all of which must begin one. condition: in the strategies' language,
    "" for none. place: a token of the page before. descending: largest, oldest or last name first.
    """

    text: str = ""
    condition: str = ""
    sort: Sort = Sort.NAME
    descending: bool = False
    place: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A customer in one currency. figures: every word of the vocabulary as of today; empty where nothing is
    booked. outcome, title, next_on: as a run of this moment would decide."""

    customer_id: int
    code: str
    name: str
    currency: str
    figures: dict[str, Any]
    outcome: str
    title: str
    next_on: date | None


@dataclass(frozen=True, slots=True)
class Total:
    """What the rows found add up to in one currency, as of the last run."""

    currency: str
    rows: int
    open: Money
    overdue: Money
    dunnable: Money


@dataclass(frozen=True, slots=True)
class Found:
    """rows: how many; capped: there are more than that. totals: per currency, none where capped."""

    rows: int
    capped: bool
    totals: tuple[Total, ...]


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """before, after: tokens for `Asked.place`, "" at the ends. kept_on: the run whose standing chose."""

    rows: tuple[Row, ...]
    before: str
    after: str
    found: Found
    kept_on: date | None


def customer_page(creditor: Creditor, asked: Asked, as_of: date) -> CustomerPage:
    """One page of the list. Raises ConditionFault, NoStrategy. In a transaction and the creditor's scope."""
    kept = last_kept(creditor)
    edges = kept.edges if kept else tuple(creditor.aging_edges)
    condition = read_filter(asked.condition, standing_columns(edges))
    if (kept is None or not kept.currencies) and (condition or asked.sort is not Sort.NAME):
        return CustomerPage((), "", "", Found(0, False, ()), None)
    chosen = _Chosen(creditor, asked, kept, condition, words_asked(creditor.pk, asked.text))
    found, rows = chosen.found()
    page = cut_page(chosen.walked() if found.capped else rows, chosen.place)
    now = live(creditor, (row["id"] for row in page.rows), as_of)
    return CustomerPage(
        rows=tuple(_row(row, now) for row in page.rows),
        before=page.before,
        after=page.after,
        found=found,
        kept_on=kept.on if kept else None,
    )


def read_filter(text: str, columns: list[Column]) -> Condition | None:
    """The condition of a list, None for none. Raises ConditionFault, in words for whoever filters."""
    return parse_condition(text, columns, where="filtro") if text.strip() else None


@dataclass(frozen=True, slots=True)
class Match:
    """A customer found by words."""

    customer_id: int
    code: str
    name: str


def search_customers(creditor_id: int, text: str, *, most: int = 10) -> list[Match]:
    """Customers whose name, code or tax id has for each word of the text one that begins with it.

    First those whose name itself begins with the text, each group by name.
    """
    begins = sort_key(text.replace("\0", ""))
    if not begins:
        return []
    found = ask(sql.SEARCH_BEGINS, creditor=creditor_id, begins=begins, most=most)
    if len(found) < most:
        words = words_asked(creditor_id, text)
        query = sql.SEARCH.format(has_words=words.of("c.id"))
        others = ask(query, creditor=creditor_id, most=most, **words.values)
        first = {row["id"] for row in found}
        found += [row for row in others if row["id"] not in first]
    return [Match(row["id"], row["code"], row["name"]) for row in found[:most]]


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The SELECTs for what is asked."""

    creditor: Creditor
    asked: Asked
    kept: Kept | None
    condition: Condition | None
    words: Words

    @property
    def place(self) -> Place | None:
        """Where the page begins; None for the first. A place of another order is none of this one's."""
        place = place_of(self.asked.place)
        _, kind, _ = _KEYS[self.asked.sort]
        return place if place is not None and place.fits(kind) else None

    def found(self) -> tuple[Found, list[dict[str, Any]]]:
        """How many there are; one more than a page of them, unless there are more than are counted."""
        rows = (sql.EVERYBODY if self._is_everybody else sql.KEPT).format(
            words_of_rows=self._words_of_rows(),
            condition=self._condition(),
            has_words=self.words.of("c.id" if self._is_everybody else "s.customer_id"),
        )
        query = sql.FOUND.format(rows=rows, **self._order("s.id", "s.currency"))
        answer = ask(query, counted=COUNTED_MAX, **self._values())
        return _found(answer[0]), [row for row in answer if row["id"] is not None]

    def walked(self) -> list[dict[str, Any]]:
        """One more than a page, in the order of the index."""
        id_ = "c.id" if self.asked.sort is Sort.NAME else "s.customer_id"
        currency = "coalesce(s.currency, '')" if self._is_everybody else "s.currency"
        query = (sql.WALK_EVERYBODY if self._is_everybody else sql.WALK_KEPT).format(
            words_of_rows=self._words_of_rows(),
            condition=self._condition(),
            has_words=self.words.of(id_),
            id=id_,
            **self._order(id_, currency),
        )
        return ask(query, **self._values())

    @property
    def _is_everybody(self) -> bool:
        return self.condition is None and self.asked.sort is Sort.NAME

    def _order(self, id_: str, currency: str) -> dict[str, str]:
        key, kind, rising = _KEYS[self.asked.sort]
        backwards = self.place is not None and self.place.backwards
        up = (rising is not self.asked.descending) is not backwards
        beyond = sql.BEYOND.format(key=key, id=id_, type=kind, currency=currency, op=">" if up else "<")
        return {"key": key, "way": "ASC" if up else "DESC", "beyond": beyond if self.place else ""}

    def _values(self) -> dict[str, Any]:
        values = {"creditor": self.creditor.pk, "most": PAGE + 1, **self.words.values}
        if self.place is None:
            return values
        return {**values, "key": self.place.key, "id": self.place.id, "currency": self.place.tail}

    def _words_of_rows(self) -> str:
        return words_sql(self.kept) if self.kept else ""

    def _condition(self) -> str:
        if self.condition is None or self.kept is None:
            return "true"
        return condition_sql(self.condition, self.kept).replace("%", "%%")


def condition_sql(condition: Condition, kept: Kept) -> str:
    """The condition over `words_sql`; amounts in the units of each row's own currency."""
    condition = kept_condition(condition, kept.on)
    if not any(name.endswith("_minor") for name in condition.columns):
        return f"({condition.sql(1)})"
    by_units: dict[int, list[str]] = {}
    for currency in kept.currencies:
        by_units.setdefault(minor_per_major(currency), []).append(f"'{currency}'")
    parts = (
        f'"currency" IN ({", ".join(codes)}) AND ({condition.sql(units)})'
        for units, codes in by_units.items()
    )
    return f"({' OR '.join(f'({part})' for part in parts)})"


def _found(row: dict[str, Any]) -> Found:
    count = int(row["found"])
    if count > COUNTED_MAX:
        return Found(COUNTED_MAX, True, ())
    totals = (
        Total(currency, rows, *(Money(int(minor), currency) for minor in sums))
        for currency, rows, *sums in json.loads(row["totals"] or "[]")
        if currency
    )
    return Found(count, False, tuple(totals))


def _row(row: dict[str, Any], now: Live) -> Row:
    outcome, title, next_on = now.decisions.get(row["id"], ("", "", None))
    figures = now.rows.get((row["id"], row["currency"]), {})
    return Row(row["id"], row["code"], row["name"], row["currency"], figures, outcome, title, next_on)
