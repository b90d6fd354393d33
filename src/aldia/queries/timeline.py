"""What happened with one customer, latest first, by pages: the customer's doing here, ours there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from aldia.kernel.money import Money
from aldia.queries import timeline_sql as sql
from aldia.queries.asking import ask
from aldia.queries.list_pages import Place, place_of
from aldia.queries.outbox import why_label
from aldia.queries.people import names_of_actors
from aldia.queries.timeline_words import SIGN, words_of
from aldia.records.ledger.models import (
    CreditKind,
)
from aldia.records.tenancy.models import Creditor

ENTRIES = 40
CUSTOMER, HOUSE = "customer", "house"

# What people leave out and bring back in: name → kinds of entries.
TOPICS: Mapping[str, tuple[str, ...]] = {
    "contact": (
        "message",
        "dispatch",
        "delivery",
        "letter",
        "certified",
        "certificate",
        "contact",
        "inbound",
        "reply",
        "promise",
        "promise_outcome",
        "task",
        "call",
        "consent",
    ),
    "money": ("invoice", "money", "reversal", "refund"),
    "circumstances": ("overlay", "overlay_end", "circumstance", "circumstance_end", "kind"),
    "decisions": ("decision",),
    "work": ("case", "case_note", "plan_b"),
}

_REVERSED_BY_CUSTOMER = ("returned_debit", "chargeback")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. side: whose doing. kind: of `timeline_sql.KINDS`. title, state: Spanish words.

    detail: number, reference, subject, channel, batch or carrier. note: what somebody wrote. until_on: of
    terms, holds and covers; of a decision, when it may change. ref: id of the document, credit, line,
    dispatch or letter it is about. by: who did it, or of the customer's doing who took it down, as a reader
    knows them; "" where nothing says it.
    """

    id: int
    kind: str
    side: str
    on: date
    at: datetime | None
    title: str
    detail: str
    state: str
    note: str
    amount: Money | None
    until_on: date | None
    ref: int | None
    by: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """entries: latest first. after: token for the next page, "" at the end."""

    entries: tuple[Entry, ...]
    after: str


def timeline(
    creditor: Creditor,
    customer_id: int,
    *,
    titles: Mapping[str, str],
    until: date,
    topics: Collection[str] = tuple(TOPICS),
    place: str = "",
) -> Timeline:
    """One page of what happened up to and on the day; a query, and one for the names.

    titles: of steps and notices, by id. topics: keys of TOPICS. place: token of the page before.
    """
    kinds = tuple(kind for topic, kinds in TOPICS.items() if topic in topics for kind in kinds)
    if not kinds:
        return Timeline((), "")
    beyond = _beyond(place_of(place))
    rows = ask(
        sql.timeline(kinds, beyond=bool(beyond)),
        creditor=creditor.pk,
        customer=customer_id,
        zone=creditor.time_zone,
        until=until,
        most=ENTRIES + 1,
        **beyond,
    )
    shown = rows[:ENTRIES]
    names = names_of_actors(row["actor"] for row in shown)
    entries = tuple(_entry(row, titles, names.get(row["actor"], "")) for row in shown)
    return Timeline(entries, _after(shown) if len(rows) > ENTRIES else "")


def _beyond(place: Place | None) -> dict[str, Any]:
    if place is None or not place.fits("date") or not _is_rank(place.tail):
        return {}
    return {"day": place.key, "rank": int(place.tail), "id": place.id}


def _is_rank(tail: str) -> bool:
    return tail.isascii() and tail.isdecimal() and len(tail) <= 2


def _after(rows: list[dict[str, Any]]) -> str:
    last = rows[-1]
    return Place(last["on_day"].isoformat(), last["id"], str(last["rank"])).token()


def _entry(row: dict[str, Any], titles: Mapping[str, str], by: str) -> Entry:
    words = words_of(row, titles)
    has_amount = row["amount_minor"] is not None and row["currency"]
    until = row["state"] if row["kind"] in ("overlay", "decision", "circumstance") else ""
    return Entry(
        id=row["id"],
        kind=row["kind"],
        side=CUSTOMER if _is_customers(row) else HOUSE,
        on=row["on_day"],
        at=row["at"],
        title=words[0],
        detail=words[1],
        state=words[2],
        note=_note(row),
        amount=Money(row["amount_minor"], row["currency"]) if has_amount else None,
        until_on=date.fromisoformat(until) if until else None,
        ref=row["ref"],
        by=by,
    )


def _note(row: dict[str, Any]) -> str:
    """What somebody wrote; of a message that did not leave, why, and the source it rests on."""
    if row["kind"] != "message" or not row["note"]:
        return str(row["note"])
    reason, _sign, source = row["note"].partition("\x1f")
    return why_label(reason) + (f" ({source})" if source else "")


def _is_customers(row: dict[str, Any]) -> bool:
    paid = row["kind"] == "money" and row["code"] == CreditKind.PAYMENT
    returned = row["kind"] == "reversal" and row["code"] in _REVERSED_BY_CUSTOMER
    read = row["kind"] == "delivery" and row["code"] in ("read", "complained")
    called = row["kind"] == "call" and row["detail"].split(SIGN)[1] == "in"
    return row["kind"] in ("reply", "inbound", "consent", "promise") or paid or returned or read or called
