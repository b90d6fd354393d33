"""The demo portfolio: the same seed and last day give the same bytes. Pure; docs/demo.md tells its story."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from random import Random

from aldia.operations.demo.corrections import applications, lowered_by, make_corrections
from aldia.operations.demo.customers import make_customers
from aldia.operations.demo.events import DemoEvent, Disputed, WrittenOff
from aldia.operations.demo.sales import make_sales
from aldia.operations.demo.settling import Books, settle
from aldia.operations.demo.stray_money import scatter
from aldia.operations.demo.tables import customers_csv, invoices_csv, payments_csv
from aldia.operations.demo.troubles import (
    aftermath,
    contests,
    insolvencies,
    losses,
    past_contests,
    without_trade_after,
)
from aldia.operations.demo.values import DebtorKind, DemoLine

LAST_DATE = date(2026, 11, 20)


@dataclass(frozen=True, slots=True)
class DemoTables:
    """24 months of trade up to last_date as files to import, in this order, and what no file carries.

    payments_after_returns_csv is imported once the returned debits among `events` are booked: it pays the
    same invoices again. events: by date. kinds: customer code → how that customer was made to pay.
    """

    last_date: date
    customers_csv: bytes
    invoices_csv: bytes
    payments_csv: bytes
    payments_after_returns_csv: bytes
    events: tuple[DemoEvent, ...]
    kinds: dict[str, DebtorKind]


def demo_tables(*, seed: int = 7, last_date: date = LAST_DATE) -> DemoTables:
    """Invent it all, from one source of chance."""
    rng = Random(seed)
    customers = make_customers(rng, last_date)
    insolvent = insolvencies(rng, customers, last_date)
    customers = without_trade_after(customers, insolvent)
    lines = make_sales(rng, customers, last_date)
    marked = _mark(rng, lines, last_date)
    books = Books(last_date, stops={event.customer: event.on for event in insolvent})
    settle(rng, books, lines, lowered_by(marked.notes), marked.unpaid)
    fateless = _without(_single(lines), marked.numbers)
    scatter(rng, books, frozenset(line.number for line in fateless))
    overdue = [line for line in fateless if _is_overdue(line, books)]
    books.events += [*insolvent, *marked.events, *aftermath(rng, books, overdue)]
    return DemoTables(
        last_date,
        customers_csv(customers),
        invoices_csv(sorted([*lines, *marked.notes], key=lambda line: line.issued_on)),
        payments_csv(books.payments),
        payments_csv(books.after_return),
        tuple(sorted(books.events, key=lambda event: event.on)),
        {customer.code: customer.debtor_kind for customer in customers},
    )


@dataclass(frozen=True, slots=True)
class _Marked:
    """Invoices with a fate of their own. unpaid: nobody pays them. numbers: all of them."""

    notes: list[DemoLine]
    events: list[DemoEvent]
    unpaid: frozenset[str]
    numbers: frozenset[str]


def _mark(rng: Random, lines: list[DemoLine], last: date) -> _Marked:
    """Give each fate to other invoices, all of one due date."""
    free = _single(lines)
    lost = losses(rng, free, last)
    free = _without(free, {event.invoice for event in lost})
    open_disputes = contests(rng, free, last)
    free = _without(free, {event.invoice for event in open_disputes})
    ended = past_contests(rng, free, last)
    free = _without(free, {event.invoice for event in ended})
    notes = make_corrections(rng, [line for line in free if not line.customer.direct_debit], last)
    fates: list[WrittenOff | Disputed] = [*lost, *open_disputes, *ended]
    return _Marked(
        notes,
        [*fates, *applications(notes)],
        frozenset([*(event.invoice for event in lost), *(event.invoice for event in open_disputes)]),
        frozenset([*(event.invoice for event in fates), *(note.corrects for note in notes)]),
    )


def _single(lines: list[DemoLine]) -> list[DemoLine]:
    counts = Counter(line.number for line in lines)
    return [line for line in lines if counts[line.number] == 1]


def _without(lines: list[DemoLine], numbers: Collection[str]) -> list[DemoLine]:
    return [line for line in lines if line.number not in numbers]


def _is_overdue(line: DemoLine, books: Books) -> bool:
    return line.due_date < books.last and books.paid.get(line.number, 0) < line.amount_minor
