"""Money that does not fit: paid twice, paid too much, without invoice number, from nobody knows whom."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from aldia.operations.demo.events import Applied, DemoEvent, Refunded
from aldia.operations.demo.settling import Books
from aldia.operations.demo.values import DemoPayment

_TWICE, _ROUNDED, _UNNAMED, _UNIDENTIFIED = 14, 12, 32, 6
_RECENT_DAYS = 75


def scatter(rng: Random, books: Books, single: frozenset[str]) -> None:
    """Disturb some transfers that paid their invoice at once. single: invoices of one due date, without a
    fate of their own."""
    transfers = [
        place
        for place, payment in enumerate(books.payments)
        if payment.method == "transferencia"
        and payment.reference in books.whole
        and payment.invoice_number in single
    ]
    old, recent = _by_age(books, transfers)
    twice, rounded, unnamed = _drawn(rng, old, _TWICE, _ROUNDED, _UNNAMED * 2 // 3)
    unnamed_now, unidentified = _drawn(rng, recent, _UNNAMED - len(unnamed), _UNIDENTIFIED)
    for place in rounded:
        books.payments[place] = _rounded_up(books.payments[place])
    for place in unnamed + unnamed_now:
        books.events += _unnamed(rng, books, place)
    for place in unidentified:
        books.payments[place] = _of_nobody(books.payments[place])
    for place in twice:
        books.events += _paid_twice(rng, books, books.payments[place])


def _by_age(books: Books, places: list[int]) -> tuple[list[int], list[int]]:
    since = books.last - timedelta(days=_RECENT_DAYS)
    old = [place for place in places if books.payments[place].value_date < since]
    return old, [place for place in places if books.payments[place].value_date >= since]


def _drawn(rng: Random, places: list[int], *counts: int) -> list[list[int]]:
    """Disjoint samples of these sizes."""
    drawn = rng.sample(places, sum(counts))
    ends = [sum(counts[: number + 1]) for number in range(len(counts))]
    return [drawn[end - count : end] for end, count in zip(ends, counts, strict=True)]


def _rounded_up(payment: DemoPayment) -> DemoPayment:
    return replace(payment, amount_minor=(payment.amount_minor // 1000 + 1) * 1000)


def _unnamed(rng: Random, books: Books, place: int) -> list[DemoEvent]:
    """Without invoice number; what is older was found out by a person."""
    payment = books.payments[place]
    books.payments[place] = replace(payment, invoice_number="", description="Transferencia a su favor")
    found_on = payment.value_date + timedelta(days=rng.randint(4, 25))
    if payment.value_date >= books.last - timedelta(days=_RECENT_DAYS):
        return []
    return [Applied(found_on, payment.reference, payment.invoice_number, payment.amount_minor)]


def _of_nobody(payment: DemoPayment) -> DemoPayment:
    return replace(payment, customer_code="", invoice_number="", description="Ingreso en ventanilla")


def _paid_twice(rng: Random, books: Books, payment: DemoPayment) -> list[DemoEvent]:
    """The same transfer again some days later; half of it is given back in time."""
    again_on = payment.value_date + timedelta(days=rng.randint(1, 9))
    again = replace(payment, reference=books.next_reference(again_on), value_date=again_on)
    books.payments.append(again)
    back_on = again_on + timedelta(days=rng.randint(10, 30))
    if rng.randint(1, 2) == 1:
        return []
    return [Refunded(back_on, again.reference, again.amount_minor)]
