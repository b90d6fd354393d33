"""The list of open items: every due line with something left today, by due date or amount, by pages.

From the kept balances, so with everything booked by now, whatever its date; which lines are overdue, disputed
or covered, and how many days, is the rules' own reckoning.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import polars as pl

from aldia.kernel.money import Money
from aldia.queries import items_sql as sql
from aldia.queries.asking import ask
from aldia.queries.list_pages import COUNTED_MAX, PAGE, Place, cut_page, place_of
from aldia.queries.terms import terms_of
from aldia.queries.word_search import Words, words_asked
from aldia.records.ledger.models import DocumentKind
from aldia.records.tenancy.models import Creditor
from aldia.rules.portfolio.frames import LINES, OVERLAYS, Frames, Terms
from aldia.rules.portfolio.lines import lines_as_of

_COMMON = 2_000  # documents whose number begins so: beyond, the text is taken for words


class Which(StrEnum):
    """Which lines: every open one, those past due, those in dispute."""

    OPEN = "open"
    OVERDUE = "overdue"
    DISPUTED = "disputed"


class ItemSort(StrEnum):
    """The orders offered, each with an index: the line's own due date, its original amount."""

    DUE = "due"
    AMOUNT = "amount"


_KEYS = {ItemSort.DUE: ("b.due_date", "date"), ItemSort.AMOUNT: ("b.original_minor", "bigint")}


@dataclass(frozen=True, slots=True)
class ItemsAsked:
    """text: the beginning of a document number, else words of the customer. place: a token of another page.
    descending: latest or largest first. customer_id: lines of this customer only."""

    which: Which = Which.OPEN
    text: str = ""
    sort: ItemSort = ItemSort.DUE
    descending: bool = False
    place: str = ""
    customer_id: int | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A due line. due_date: its own; effective_due_date: with terms. days: late, negative before due.

    amount: as issued; open: what is left. disputed, covered: parts of what is overdue. kind: Spanish label.
    """

    line_id: int
    document_id: int
    number: str
    kind: str
    customer_id: int
    code: str
    name: str
    issued_on: date
    due_date: date
    effective_due_date: date
    days: int
    is_overdue: bool
    amount: Money
    open: Money
    disputed: Money
    covered: Money
    on_hold: bool


@dataclass(frozen=True, slots=True)
class ItemPage:
    """rows found, capped where there are more; totals: open per currency, none where capped."""

    rows: tuple[Item, ...]
    before: str
    after: str
    found: int
    capped: bool
    totals: tuple[Money, ...]


@dataclass(frozen=True, slots=True)
class DocumentMatch:
    """A document found by its number, and who owes it."""

    document_id: int
    number: str
    customer_id: int
    code: str
    name: str


def item_page(creditor: Creditor, asked: ItemsAsked, on: date) -> ItemPage:
    """One page of open items as of the day. In a transaction and the creditor's scope."""
    select = _select(creditor, asked, on)
    place = _place(asked)
    page = cut_page(ask(select.page(place), **select.values(place)), place)
    counted = ask(select.counted(), **select.values(None), counted=COUNTED_MAX)
    found = sum(row["n"] for row in counted)
    capped = found > COUNTED_MAX
    totals = () if capped else tuple(Money(row["open_minor"], row["currency"]) for row in counted)
    rows = _items(page.rows, creditor, on)
    return ItemPage(rows, page.before, page.after, min(found, COUNTED_MAX), capped, totals)


def search_documents(creditor_id: int, text: str, *, most: int = 10) -> list[DocumentMatch]:
    """Documents whose number begins with the text, in any case."""
    begins = _begins(text)
    if not begins:
        return []
    rows = ask(sql.SEARCH.format(begins=_any_of(begins)), creditor=creditor_id, most=most, **begins)
    return [
        DocumentMatch(row["id"], row["number"], row["customer_id"], row["code"], row["name"]) for row in rows
    ]


@dataclass(frozen=True, slots=True)
class _Select:
    creditor: Creditor
    asked: ItemsAsked
    on: date
    documents: list[int]
    words: Words

    def page(self, place: Place | None) -> str:
        key, kind = _KEYS[self.asked.sort]
        up = self.asked.descending is (place is not None and place.backwards)
        beyond = sql.BEYOND.format(key=key, type=kind, op=">" if up else "<") if place else ""
        return sql.PAGE.format(
            key=key, way="ASC" if up else "DESC", beyond=beyond, **self._where(sql.DISPUTED_PAGE)
        )

    def counted(self) -> str:
        return sql.COUNTED.format(**self._where(sql.DISPUTED))

    def values(self, place: Place | None) -> dict[str, Any]:
        values: dict[str, Any] = {
            "creditor": self.creditor.pk,
            "on": self.on,
            "tolerance": self.creditor.tolerance_minor,
            "most": PAGE + 1,
            "documents": self.documents,
            "customer": self.asked.customer_id,
            **self.words.values,
        }
        return values if place is None else {**values, "key": place.key, "id": place.id}

    def _where(self, disputed: str) -> dict[str, str]:
        parts = [self.words.of("b.customer_id"), sql.OF_DOCUMENTS if self.documents else ""]
        parts.append(sql.OF_CUSTOMER if self.asked.customer_id is not None else "")
        which = self.asked.which
        parts += {Which.OPEN: [], Which.OVERDUE: [sql.OVERDUE], Which.DISPUTED: [disputed]}[which]
        return {"terms": sql.TERMS if which is Which.OVERDUE else "", "which": " ".join(parts)}


def _select(creditor: Creditor, asked: ItemsAsked, on: date) -> _Select:
    """A text that begins document numbers, but not thousands of them, means these; else words."""
    begins = _begins(asked.text)
    documents: list[int] = []
    if begins:
        query = sql.NUMBERED.format(begins=_any_of(begins))
        found = ask(query, creditor=creditor.pk, most=_COMMON + 1, **begins)
        documents = [row["id"] for row in found] if len(found) <= _COMMON else []
    words = Words({}, "") if documents else words_asked(creditor.pk, asked.text)
    return _Select(creditor, asked, on, documents, words)


def _place(asked: ItemsAsked) -> Place | None:
    """None for the first page, and for a place in another order."""
    place = place_of(asked.place)
    return place if place and place.fits(_KEYS[asked.sort][1]) else None


def _begins(text: str) -> dict[str, str]:
    """The ways in which what was typed may be written, by name."""
    typed = text.replace("\0", "").strip()
    ways = dict.fromkeys([typed, typed.upper(), typed.lower(), typed.capitalize()]) if typed else {}
    return {f"number{place}": way for place, way in enumerate(ways)}


def _any_of(begins: dict[str, str]) -> str:
    return " OR ".join(f"number ^@ %({name})s" for name in begins)


def _items(rows: list[dict[str, Any]], creditor: Creditor, on: date) -> tuple[Item, ...]:
    if not rows:
        return ()
    overlays = _overlays(rows, creditor.pk, on)
    held = set(overlays.filter(kind="hold")["customer_id"].to_list())
    reckoned = {row["line_id"]: row for row in _reckoned(rows, overlays, terms_of(creditor, on))}
    return tuple(_item(row, reckoned[row["id"]], row["customer_id"] in held) for row in rows)


def _overlays(rows: list[dict[str, Any]], creditor_id: int, on: date) -> pl.DataFrame:
    found = ask(
        sql.OVERLAYS,
        creditor=creditor_id,
        on=on,
        lines=[row["id"] for row in rows],
        customers=[row["customer_id"] for row in rows],
    )
    return pl.DataFrame(found, schema=OVERLAYS)


def _reckoned(rows: list[dict[str, Any]], overlays: pl.DataFrame, terms: Terms) -> list[dict[str, Any]]:
    """What is left of each line, as a line by itself that nothing was allocated to."""
    lines = [
        {name: row.get(name) for name in LINES} | {"line_id": row["id"], "amount_minor": row["open_minor"]}
        for row in rows
    ]
    empty = Frames.from_rows()
    frames = Frames(
        **{name: getattr(empty, name) for name in Frames.schemas()}
        | {"lines": pl.DataFrame(lines, schema=LINES), "overlays": overlays}
    )
    return lines_as_of(frames, terms).to_dicts()


def _item(row: dict[str, Any], reckoned: dict[str, Any], on_hold: bool) -> Item:
    def money(minor: int) -> Money:
        return Money(minor, row["currency"])

    return Item(
        line_id=row["id"],
        document_id=row["document_id"],
        number=row["number"],
        kind=str(DocumentKind(row["kind"]).label),
        customer_id=row["customer_id"],
        code=row["code"],
        name=row["name"],
        issued_on=row["issued_on"],
        due_date=row["due_date"],
        effective_due_date=reckoned["effective_due_date"],
        days=reckoned["days"],
        is_overdue=reckoned["overdue"],
        amount=money(row["original_minor"]),
        open=money(row["open_minor"]),
        disputed=money(reckoned["disputed_minor"]),
        covered=money(reckoned["covered_minor"]),
        on_hold=on_hold,
    )
