"""Late interest, summed day by day in fractions, and the fixed compensation (docs/rules/interest.md)."""

from datetime import date, timedelta
from fractions import Fraction

from tests.oracle.balances import Book, LineState
from tests.oracle.world import Customer, Law

_YEAR = 365 * 10_000  # basis points of a 365-day year


def rate_on(series: tuple[tuple[date, int], ...], day: date) -> int:
    """Basis points in force on the day; 0 before the first."""
    for first, bp in reversed(series):
        if first <= day:
            return bp
    return 0


def _series(customer: Customer, law: Law) -> tuple[tuple[date, int], ...]:
    if customer.contract_rate_bp is not None:
        return ((date.min, customer.contract_rate_bp),)
    return law.legal_interest if customer.person_kind == "consumer" else law.late_payment


def _start(state: LineState, claimed_on: date | None) -> date | None:
    customer = state.customer
    if customer.person_kind != "consumer" or customer.contract_rate_bp is not None:
        return state.due
    return None if claimed_on is None else max(state.due, claimed_on)


def _end(customer: Customer, day: date) -> date:
    return day if customer.insolvent_on is None else min(day, customer.insolvent_on)


def exact_interest(book: Book, state: LineState) -> Fraction:
    """Interest of the line in minor units, unrounded: each day's principal × that day's rate ÷ 365."""
    start = _start(state, book.world.claims.get(state.line.id))
    if start is None or not state.overdue:
        return Fraction(0)
    series = _series(state.customer, book.world.law)
    end = _end(state.customer, book.day)
    total, today = 0, start + timedelta(days=1)
    while today <= end:
        principal = state.open + sum(p.amount for p in state.net if p.on >= today)
        total += principal * rate_on(series, today)
        today += timedelta(days=1)
    return Fraction(total, _YEAR)


def interest(book: Book, state: LineState) -> int:
    """The line's interest in whole minor units, rounded half up once."""
    return int(exact_interest(book, state) + Fraction(1, 2))


def compensated_lines(book: Book) -> set[int]:
    """Ids of the lines on which their invoice's compensation stands."""
    chosen: dict[int, int] = {}
    for state in book.lines:
        line, customer = state.line, state.customer
        if line.kind != "invoice" or line.currency != book.world.law.compensation_currency:
            continue
        if not state.overdue or customer.person_kind == "consumer":
            continue
        if customer.insolvent_on is not None and state.due >= customer.insolvent_on:
            continue
        chosen[line.document_id] = min(line.id, chosen.get(line.document_id, line.id))
    return set(chosen.values())
