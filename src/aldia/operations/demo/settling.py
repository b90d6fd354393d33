"""How the invoices were paid: payments as in a bank's list, and what happened beside them."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from aldia.operations.demo.days import working_day
from aldia.operations.demo.events import DemoEvent, ReturnedDebit
from aldia.operations.demo.habits import Habit, days_late, habit_of, parts_of, spell_of
from aldia.operations.demo.values import DemoCustomer, DemoLine, DemoPayment, Party

_DIRECT_DEBIT = "domiciliación"
_RETURN_REASONS = ("Saldo insuficiente", "Orden del deudor", "Cuenta cancelada")
_METHODS = {
    Party.FAMILY: ("transferencia", "bizum", "tarjeta", "efectivo"),
    Party.CONSUMER: ("tarjeta", "bizum", "transferencia", "efectivo"),
    Party.SOLE_TRADER: ("transferencia", "transferencia", "bizum", "tarjeta"),
}


@dataclass(slots=True)
class Books:
    """What is written down while the invoices are walked through.

    stops: customer code → day after which that customer pays nothing. paid: number of an invoice → what was
    paid of it so far. whole: references of payments that paid a due line at once. after_return: payments
    that follow a returned debit, so they stand in a table of their own.
    """

    last: date
    stops: dict[str, date] = field(default_factory=dict)
    payments: list[DemoPayment] = field(default_factory=list)
    after_return: list[DemoPayment] = field(default_factory=list)
    events: list[DemoEvent] = field(default_factory=list)
    paid: dict[str, int] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)

    def next_reference(self, day: date) -> str:
        """A reference no other payment has."""
        return f"{day:%y%m%d}{len(self.payments) + len(self.after_return) + 1:05d}"


def settle(
    rng: Random, books: Books, lines: list[DemoLine], lowered: dict[str, int], left_alone: frozenset[str]
) -> None:
    """Pay each line as its customer does. lowered: by credit notes, per invoice. left_alone: never paid."""
    spells: dict[str, date | None] = {}
    for line in lines:
        code = line.customer.code
        if code not in spells:
            spells[code] = spell_of(rng, line.customer, books.last)
        habit = habit_of(line.customer, line.due_date, spells[code], books.last)
        due_minor = line.amount_minor - lowered.get(line.number, 0)
        if due_minor > 0 and line.number not in left_alone:
            _settle_line(rng, books, line, due_minor, habit)


def _settle_line(rng: Random, books: Books, line: DemoLine, due_minor: int, habit: Habit) -> None:
    late = days_late(rng, habit)
    parts = parts_of(rng, habit, due_minor)
    if line.customer.direct_debit:
        comes_back = rng.randint(1, 100) <= habit.fail_percent
        if not (comes_back and _returned(rng, books, line, due_minor)):
            _pay(books, line, due_minor, line.due_date, _DIRECT_DEBIT)
            return
        late = None if late is None else max(late, rng.randint(8, 30))
    if late is not None:
        _pay_in_parts(rng, books, line, parts, line.due_date + timedelta(days=late))


def _returned(rng: Random, books: Books, line: DemoLine, due_minor: int) -> bool:
    """The bank collects and takes it back some days later, unless that would be after the last day."""
    collected_on = working_day(line.due_date)
    back_on = working_day(collected_on + timedelta(days=rng.randint(2, 6)))
    if back_on > books.last:
        return False
    payment = _payment(books, line, due_minor, collected_on, _DIRECT_DEBIT)
    books.payments.append(payment)
    reason = rng.choices(_RETURN_REASONS, weights=(80, 12, 8))[0]
    books.events.append(ReturnedDebit(back_on, payment.reference, due_minor, reason))
    return True


def _pay_in_parts(rng: Random, books: Books, line: DemoLine, parts: list[int], day: date) -> None:
    for part in parts:
        _pay(books, line, part, max(day, line.issued_on), _method(rng, line.customer), whole=len(parts) == 1)
        day += timedelta(days=rng.randint(14, 40))


def _pay(books: Books, line: DemoLine, minor: int, day: date, method: str, *, whole: bool = True) -> None:
    day = working_day(day)
    if day > books.stops.get(line.customer.code, books.last):
        return
    payment = _payment(books, line, minor, day, method)
    follows = line.customer.direct_debit and method != _DIRECT_DEBIT
    (books.after_return if follows else books.payments).append(payment)
    if whole:
        books.whole.add(payment.reference)
    books.paid[line.number] = books.paid.get(line.number, 0) + minor


def _payment(books: Books, line: DemoLine, minor: int, day: date, method: str) -> DemoPayment:
    customer = line.customer
    return DemoPayment(
        books.next_reference(day),
        customer.code,
        day,
        minor,
        customer.currency,
        line.number,
        method,
        f"{'Recibo' if method == _DIRECT_DEBIT else 'Pago'} {line.number}",
    )


def _method(rng: Random, customer: DemoCustomer) -> str:
    return rng.choice(_METHODS.get(customer.party, ("transferencia",) * 8 + ("cheque",)))
