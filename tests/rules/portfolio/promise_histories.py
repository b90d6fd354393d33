"""Histories of one customer's promises: what is typed in comes in this order, with whatever date it bears."""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from hypothesis import strategies as st

from tests.oracle.ledger import Ledger, Refused
from tests.oracle.world import Credit, Customer, Law, Line, Promise, PromisePart, Settings, World

FIRST = date(2026, 11, 1)
CUSTOMER = 1


def day(number: int) -> date:
    """1 is 1 November 2026."""
    return FIRST + timedelta(days=number - 1)


@dataclass
class History:
    """A ledger with one customer, and the day it is."""

    ledger: Ledger = field(default_factory=Ledger)
    today: int = 1

    def __post_init__(self) -> None:
        self.ledger.customers.append(Customer(CUSTOMER, "C1", "business"))

    def line(self, amount: int) -> int:
        """An invoice of long ago."""
        number = len(self.ledger.lines) + 1
        long_ago, due = date(2026, 9, 1), date(2026, 10, 1)
        self.ledger.add_line(
            Line(number, number, f"F-{number}", "invoice", CUSTOMER, "EUR", amount, long_ago, due)
        )
        return number

    def credit(self, amount: int, on: int, kind: str = "payment") -> int:
        """Money or another credit, applied to nothing yet."""
        number = len(self.ledger.credits) + 1
        self.ledger.add_credit(Credit(number, kind, CUSTOMER, "EUR", amount, day(on)))
        return number

    def pay(self, line: int, amount: int, on: int, kind: str = "payment") -> int:
        """A credit that is applied at once, as far as the line has room; the credit's id."""
        credit = self.credit(amount, on, kind)
        room = min(amount, self.ledger.left_open(line))
        if room > 0:
            with suppress(Refused):
                self.ledger.allocate(credit, line, room)
        return credit

    def promise(
        self, parts: dict[int, int], on: int, *, grace: int = 0, tolerance: int = 0, made: int | None = None
    ) -> int:
        """Of each line so much by that day; made today, or on the day said."""
        known = [a.id for a in self.ledger.allocations.values() if a.line_id in parts]
        said = tuple(
            PromisePart(line, amount, self.ledger.left_open(line)) for line, amount in sorted(parts.items())
        )
        number = len(self.ledger.promises) + 1
        self.ledger.promises.append(
            Promise(
                id=number,
                customer_id=CUSTOMER,
                currency="EUR",
                made_on=day(self.today if made is None else made),
                promised_on=day(on),
                grace_days=grace,
                tolerance=tolerance,
                known=max(known, default=0),
                parts=said,
            )
        )
        return number

    def withdraw(self, number: int) -> None:
        """Somebody takes it back today."""
        self.ledger.promises[number - 1] = replace(
            self.ledger.promises[number - 1], withdrawn_on=day(self.today)
        )

    def world(self) -> World:
        """As it is known now."""
        return self.ledger.world(day(self.today), Settings(), Law(), {})


_AMOUNT = st.integers(1, 12)
_DATED = st.sampled_from([0, 0, -1, 1, -2, 3, -5, 8, -25])  # days from today
_STEPS = st.one_of(
    st.tuples(st.just("pay"), st.integers(0, 2), _AMOUNT, _DATED),
    st.tuples(st.just("note"), st.integers(0, 2), _AMOUNT, _DATED),
    st.tuples(st.just("money"), _AMOUNT, _DATED),
    st.tuples(st.just("return"), st.integers(0, 30), _AMOUNT, st.integers(0, 20)),
    st.tuples(st.just("match"), st.integers(0, 30), st.integers(0, 2), _AMOUNT),
    st.tuples(
        st.just("promise"),
        st.lists(st.tuples(st.integers(0, 2), _AMOUNT), min_size=1, max_size=3),
        st.integers(0, 15),
        st.integers(0, 3),
        st.integers(0, 3),
    ),
    st.tuples(st.just("redo"), st.integers(0, 30)),
    st.tuples(st.just("withdraw"), st.integers(0, 10)),
    st.tuples(st.just("days"), st.integers(1, 6)),
)


def _redo(history: History, number: int) -> None:
    """A credit is undone and entered anew, on the same line and with the same date."""
    ledger = history.ledger
    allocation = ledger.allocations[number]
    credit = ledger.credits[allocation.credit_id]
    on = max(day(history.today), credit.effective_on, allocation.effective_on)
    with suppress(Refused):
        ledger.reverse_credit(credit.id, credit.amount_minor, on)
        number = (credit.effective_on - day(1)).days + 1
        history.pay(allocation.line_id, credit.amount_minor, number, kind=credit.kind)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Up to twenty-five things that happened, in the order in which they became known."""
    history = History()
    lines = [history.line(draw(st.integers(4, 20))) for _ in range(draw(st.integers(1, 3)))]
    for step in draw(st.lists(_STEPS, min_size=3, max_size=25)):
        _happen(history, lines, step)
    return history


def _happen(history: History, lines: list[int], step: tuple) -> None:  # type: ignore[type-arg]
    ledger = history.ledger
    match step:
        case ("pay", line, amount, on):
            history.pay(lines[line % len(lines)], amount, history.today + on)
        case ("note", line, amount, on):
            history.pay(lines[line % len(lines)], amount, history.today + on, kind="credit_note")
        case ("money", amount, on):
            history.credit(amount, history.today + on)
        case ("redo", which) if ledger.allocations:
            _redo(history, which % len(ledger.allocations) + 1)
        case ("return", which, amount, later) if ledger.credits:
            credit = ledger.credits[which % len(ledger.credits) + 1]
            on = max(credit.effective_on, day(history.today)) + timedelta(days=later)
            with suppress(Refused):
                ledger.reverse_credit(credit.id, min(amount, credit.amount_minor), on)
        case ("match", which, line, amount) if ledger.credits:
            with suppress(Refused):
                ledger.allocate(which % len(ledger.credits) + 1, lines[line % len(lines)], amount)
        case ("promise", wanted, ahead, grace, tolerance):
            parts = {lines[line % len(lines)]: amount for line, amount in wanted}
            fit = {k: min(v, ledger.left_open(k)) for k, v in parts.items() if ledger.left_open(k) > 0}
            if fit:
                slack = min(tolerance, sum(fit.values()) - 1)
                history.promise(fit, history.today + ahead, grace=grace, tolerance=slack)
        case ("withdraw", which) if ledger.promises:
            number = which % len(ledger.promises) + 1
            if ledger.promises[number - 1].withdrawn_on is None:
                history.withdraw(number)
        case ("days", count):
            history.today += count
