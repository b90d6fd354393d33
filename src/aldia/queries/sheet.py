"""Everything about one customer on one screen: who it is, what is owed, how it is paid, what happens next.

As of the day asked, with everything booked by now, by the engine. Ten queries at most, whoever it is.
"""

from datetime import date, timedelta
from typing import Any

import polars as pl
from django.db import transaction

from aldia.kernel.money import Money
from aldia.queries import sheet_sql as sql
from aldia.queries.asking import ask
from aldia.queries.circumstances import circumstances_of
from aldia.queries.decisions import told_decisions
from aldia.queries.dialled import ShownUp, numbers_shown_up, why_bad
from aldia.queries.kinds import kind_in
from aldia.queries.list_pages import Place, cut_page, place_of
from aldia.queries.live import live_reading
from aldia.queries.reasons import Reading
from aldia.queries.relation import next_tone_of
from aldia.queries.sheet_page import (
    Circumstance,
    Dot,
    MoneyLeft,
    OpenLine,
    Person,
    Point,
    Rhythm,
    SettledLine,
    SettledPage,
    Sheet,
    Standing,
)
from aldia.queries.timeline import timeline
from aldia.records.ledger.models import CreditKind, DocumentKind, OverlayKind
from aldia.records.parties.models import Channel, ContactRole, Customer, PointQuality
from aldia.records.tenancy.models import Creditor
from aldia.rules.portfolio.vocabulary import aging_columns

OPEN_LINES_MAX = 60
DOTS_MAX = 400
SETTLED = 40


def customer_sheet(
    creditor: Creditor, customer_id: int, as_of: date, *, reading: Reading | None = None
) -> Sheet | None:
    """The sheet; None for a customer the scope does not hold. Raises NoStrategy.

    reading: `live_reading` of the customer as of the day, where the caller has it already. In a transaction
    and the creditor's scope, outside savepoints.
    """
    assert transaction.get_connection().in_atomic_block
    customers = Customer.objects.select_related("group", "owner__user", "salesperson")
    customer = customers.filter(creditor_id=creditor.pk, pk=customer_id).first()
    if customer is None:
        return None
    reading = reading or live_reading(creditor, (customer.pk,), as_of)
    numbers = _numbers(creditor.pk, reading)
    open_lines = reading.decided.lines.filter(pl.col("open_minor") > 0)
    return Sheet(
        customer=customer,
        as_of=as_of,
        people=people_at(customer),
        standing=tuple(_standing(row, reading) for row in _by_currency(reading)),
        lines=_lines(open_lines, numbers),
        more_lines=max(0, open_lines.height - OPEN_LINES_MAX),
        credits=_credits(creditor.pk, customer.pk),
        rhythm=_rhythm(reading),
        circumstances=_circumstances(reading, numbers),
        silences=tuple(each for each in circumstances_of(creditor, customer.pk, as_of) if each.in_force),
        kind=kind_in(creditor, reading),
        decision=told_decisions(reading, {customer.pk: customer.name}, None)[0],
        next_tone=next_tone_of(reading),
        strategy_title=_strategy(reading).title,
        timeline=timeline(creditor, customer.pk, titles=titles_of_customer(reading), until=as_of),
    )


def settled_page(creditor_id: int, customer_id: int, place: str = "") -> SettledPage:
    """The customer's settled lines, by pages; one query."""
    at = place_of(place)
    at = at if at and at.fits("date") else None
    up = at is not None and at.backwards
    beyond = sql.BEYOND.format(op=">" if up else "<") if at else ""
    query = sql.SETTLED.format(way="ASC" if up else "DESC", beyond=beyond)
    rows = ask(query, creditor=creditor_id, customer=customer_id, most=SETTLED + 1, **_at(at))
    page = cut_page(rows, at, SETTLED)
    return SettledPage(tuple(_settled(row) for row in page.rows), page.before, page.after)


def titles_of_customer(reading: Reading) -> dict[str, str]:
    """Titles of the notices and steps of the strategy of a portfolio of one."""
    strategy = _strategy(reading)
    notices = {notice.id: notice.title for notice in strategy.documents}
    return notices | {step.id: step.title for step in strategy.steps}


def _strategy(reading: Reading) -> Any:
    return reading.strategies[reading.frames.customers["strategy"][0]]


def _at(place: Place | None) -> dict[str, Any]:
    return {} if place is None else {"key": place.key, "id": place.id}


def people_at(customer: Customer) -> tuple[Person, ...]:
    """The contacts with their addresses, as they were entered; one query, two more where a number is bad."""
    rows = ask(sql.PEOPLE, creditor=customer.creditor_id, customer=customer.pk)
    shown_up = (
        numbers_shown_up(customer.creditor_id, customer.pk)
        if any(_is_bad_number(row) for row in rows)
        else []
    )
    found: dict[int, tuple[dict[str, Any], list[Point]]] = {}
    for row in rows:
        points = found.setdefault(row["id"], (row, []))[1]
        if row["point_id"] is not None:
            points.append(_point(row, shown_up))
    return tuple(_person(row, tuple(points)) for row, points in found.values())


def _is_bad_number(row: dict[str, Any]) -> bool:
    return row["quality"] == PointQuality.BAD and row["channel"] in ("phone", "whatsapp")


def _point(row: dict[str, Any], shown_up: ShownUp) -> Point:
    why = "Marcada como no válida." if row["quality"] == PointQuality.BAD else ""
    return Point(
        id=row["point_id"],
        channel=row["channel"],
        channel_label=str(Channel(row["channel"]).label),
        value=row["value"],
        quality=row["quality"],
        quality_label=str(PointQuality(row["quality"]).label),
        why=why_bad(row["value"], shown_up) if _is_bad_number(row) else why,
    )


def _person(row: dict[str, Any], points: tuple[Point, ...]) -> Person:
    role = str(ContactRole(row["role"]).label)
    return Person(row["id"], row["name"], role, row["is_minor"], row["is_recipient"], points)


def _by_currency(reading: Reading) -> list[dict[str, Any]]:
    return reading.decided.rows.sort("open_minor", "currency", descending=[True, False]).to_dicts()


def _standing(row: dict[str, Any], reading: Reading) -> Standing:
    def money(name: str) -> Money:
        return Money(row[f"{name}_minor"], row["currency"])

    aging = [column.name.removesuffix("_minor") for column in aging_columns(reading.terms.aging_edges)]
    return Standing(
        currency=row["currency"],
        open=money("open"),
        overdue=money("overdue"),
        dunnable=money("dunnable"),
        unapplied=money("unapplied"),
        days_overdue=row["days_overdue"],
        interest=money("interest"),
        compensation=money("compensation"),
        aging=tuple((name.removeprefix("aging_"), money(name)) for name in aging),
        figures=row,
    )


def _numbers(creditor_id: int, reading: Reading) -> dict[int, str]:
    """due line → document number, of the lines that are shown."""
    shown = _oldest(reading.decided.lines.filter(pl.col("open_minor") > 0))["line_id"]
    beside = reading.frames.overlays["line_id"].drop_nulls()
    ids = sorted({*shown.to_list(), *beside.to_list()})
    rows = ask(sql.NUMBERS, creditor=creditor_id, ids=ids)
    return {row["id"]: row["number"] for row in rows}


def _oldest(lines: pl.DataFrame) -> pl.DataFrame:
    return lines.sort("effective_due_date", "line_id").head(OPEN_LINES_MAX)


def _lines(lines: pl.DataFrame, numbers: dict[int, str]) -> tuple[OpenLine, ...]:
    return tuple(_line(row, numbers[row["line_id"]]) for row in _oldest(lines).iter_rows(named=True))


def _line(row: dict[str, Any], number: str) -> OpenLine:
    def money(name: str) -> Money:
        return Money(row[f"{name}_minor"], row["currency"])

    return OpenLine(
        line_id=row["line_id"],
        document_id=row["document_id"],
        number=number,
        kind=str(DocumentKind(row["kind"]).label),
        issued_on=row["issued_on"],
        due_date=row["due_date"],
        effective_due_date=row["effective_due_date"],
        days=row["days"],
        is_overdue=row["overdue"],
        amount=money("amount"),
        open=money("open"),
        disputed=money("disputed"),
        covered=money("covered"),
        interest=money("interest"),
        compensation=money("compensation"),
    )


def _credits(creditor_id: int, customer_id: int) -> tuple[MoneyLeft, ...]:
    rows = ask(sql.CREDITS_LEFT, creditor=creditor_id, customer=customer_id)
    return tuple(
        MoneyLeft(
            credit_id=row["id"],
            kind=row["kind"],
            label=str(CreditKind(row["kind"]).label),
            value_on=row["effective_on"],
            reference=row["reference"],
            amount=Money(row["amount_minor"], row["currency"]),
            left=Money(row["unallocated_minor"], row["currency"]),
        )
        for row in rows
    )


def _rhythm(reading: Reading) -> tuple[Rhythm, ...]:
    paid = reading.decided.ground.settled
    amounts = reading.decided.lines.select("line_id", "amount_minor", "due_date")
    dots = paid.join(amounts, on="line_id").sort("due_date", "line_id")
    return tuple(
        Rhythm(
            currency=row["currency"],
            dots=tuple(_dot(dot) for dot in _latest(dots, row["currency"]).iter_rows(named=True)),
            median=row["days_late_median"],
            late_share=row["late_share"],
        )
        for row in _by_currency(reading)
    )


def _latest(dots: pl.DataFrame, currency: str) -> pl.DataFrame:
    return dots.filter(currency=currency).tail(DOTS_MAX)


def _dot(row: dict[str, Any]) -> Dot:
    amount = Money(row["amount_minor"], row["currency"])
    return Dot(row["line_id"], row["due_date"], row["settled_on"], row["late"], amount)


def _circumstances(reading: Reading, numbers: dict[int, str]) -> tuple[Circumstance, ...]:
    currencies = dict(reading.decided.lines.select("line_id", "currency").iter_rows())
    overlays = reading.frames.overlays.filter(pl.col("overlay_id") > 0)
    rows = overlays.sort("effective_on", "overlay_id").iter_rows(named=True)
    return tuple(_circumstance(row, numbers, currencies) for row in rows)


def _circumstance(row: dict[str, Any], numbers: dict[int, str], currencies: dict[int, str]) -> Circumstance:
    line, minor = row["line_id"], row["amount_minor"]
    return Circumstance(
        overlay_id=row["overlay_id"],
        kind=row["kind"],
        label=str(OverlayKind(row["kind"]).label),
        line_id=line,
        number=numbers.get(line, ""),
        since=row["effective_on"],
        until_on=row["until_on"],
        amount=Money(minor, currencies[line]) if minor is not None and line in currencies else None,
    )


def _settled(row: dict[str, Any]) -> SettledLine:
    return SettledLine(
        line_id=row["id"],
        number=row["number"],
        kind=str(DocumentKind(row["kind"]).label),
        issued_on=row["issued_on"],
        due_date=row["due_date"],
        settled_on=row["key"],
        late=(row["key"] - row["due_date"]) // timedelta(days=1),
        amount=Money(row["original_minor"], row["currency"]),
    )
