"""The worked numbers of docs/rules come out of the oracle, and conditions mean what SQL means."""

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

import pytest

from aldia.rules.portfolio.conditions import parse_condition
from aldia.rules.portfolio.vocabulary import VOCABULARY
from tests.oracle.balances import Book
from tests.oracle.claims import exact_interest, interest
from tests.oracle.conditions import ConditionError, asked_days, evaluate, parse
from tests.oracle.ledger import Ledger, Refused
from tests.oracle.world import Credit, Customer, Law, Line, Settings, Value, World


def _line(amount: int, issued: date, due: date) -> Line:
    return Line(1, 1, "F-1", "invoice", 1, "EUR", amount, issued, due)


def _world(ledger: Ledger, law: Law | None = None) -> World:
    ledger.customers.append(Customer(1, "C1", "business"))
    return ledger.world(date(2026, 1, 1), Settings(), law or Law(), {})


def test_the_ledger_example_of_an_allocation_and_a_return():
    ledger = Ledger()
    ledger.add_line(_line(10000, date(2026, 3, 1), date(2026, 3, 31)))
    ledger.add_credit(Credit(1, "payment", 1, "EUR", 6000, date(2026, 4, 10)))
    ledger.allocate(1, 1, 6000)
    ledger.reverse_credit(1, 2500, date(2026, 4, 20))
    world = _world(ledger)
    assert Book(world, date(2026, 2, 28)).lines == []
    found = [Book(world, date(2026, 4, day)).lines[0].open for day in (5, 15, 25)]
    assert found == [10000, 4000, 6500]


def test_the_interest_example_over_two_half_years():
    ledger = Ledger()
    ledger.add_line(_line(100000, date(2023, 5, 1), date(2023, 5, 31)))
    ledger.add_credit(Credit(1, "payment", 1, "EUR", 40000, date(2023, 6, 20)))
    ledger.allocate(1, 1, 40000)
    law = Law(late_payment=((date(2023, 1, 1), 1050), (date(2023, 7, 1), 1200)))
    book = Book(_world(ledger, law), date(2023, 7, 10))
    assert exact_interest(book, book.lines[0]) == Fraction(3_450_000_000, 3_650_000)
    assert interest(book, book.lines[0]) == 945


def test_half_a_centimo_of_interest_is_rounded_up():
    ledger = Ledger()
    ledger.add_line(_line(3650, date(2023, 1, 1), date(2023, 1, 1)))
    book = Book(_world(ledger, Law(late_payment=((date(2023, 1, 1), 500),))), date(2023, 1, 2))
    assert exact_interest(book, book.lines[0]) == Fraction(1, 2)
    assert interest(book, book.lines[0]) == 1


def test_a_reversal_takes_the_newest_allocations_first():
    ledger = Ledger()
    start = date(2026, 1, 1)
    for number in (1, 2, 3):
        issued = start + timedelta(days=30 if number == 2 else 0)
        ledger.add_line(Line(number, number, "F", "invoice", 1, "EUR", 100, issued, issued))
    ledger.add_credit(Credit(1, "payment", 1, "EUR", 250, start))
    for number, amount in ((1, 80), (2, 70), (3, 60)):
        ledger.allocate(1, number, amount)
    ledger.reverse_credit(1, 150, date(2026, 3, 1))
    # 40 were unallocated; 70 come from the latest date, 40 from the higher id of the earlier date
    assert [(r.target, r.target_id, r.amount_minor) for r in ledger.reversals] == [
        ("credit", 1, 150),
        ("allocation", 2, 70),
        ("allocation", 3, 40),
    ]


def test_the_builder_refuses_more_than_there_is_on_any_day():
    ledger = Ledger()
    ledger.add_line(_line(100, date(2026, 1, 1), date(2026, 1, 31)))
    ledger.add_credit(Credit(1, "payment", 1, "EUR", 100, date(2026, 2, 1)))
    ledger.add_credit(Credit(2, "payment", 1, "EUR", 100, date(2026, 1, 15)))
    ledger.allocate(1, 1, 100)
    ledger.reverse_credit(1, 100, date(2026, 2, 20))
    with pytest.raises(Refused):  # enough in total, but between 1 and 20 February it would be paid twice
        ledger.allocate(2, 1, 100)
    with pytest.raises(Refused):
        ledger.refund(2, 101, date(2026, 3, 1))
    assert len(ledger.allocations) == 1
    assert ledger.refunds == {}


_FACTS: Mapping[str, Value] = {
    "days_overdue": 15,
    "dunnable": Fraction(30),
    "trend": None,
    "mean": 2.5,
    "kind": "business",
    "held": False,
    "sent": date(2026, 11, 1),
}


@pytest.mark.parametrize(
    "text, truth",
    [
        ("days_overdue >= 15 AND dunnable >= 30", True),
        ("dunnable > 30.00 OR mean < 2.51", True),
        ("trend > 1", None),
        ("NOT trend > 1", None),
        ("trend > 1 AND days_overdue = 1", False),
        ("trend > 1 OR days_overdue = 15", True),
        ("trend IS NULL AND mean IS NOT NULL", True),
        ("days_overdue NOT BETWEEN 1 AND 14", True),
        ("trend BETWEEN 1 AND 2", None),
        ("kind IN ('consumer', 'business')", True),
        ("kind NOT IN ('consumer', NULL)", None),
        ("kind <> 'O''Hara' AND NOT held", True),
        ("sent >= DATE '2026-11-01' AND sent < date '2026-11-02'", True),
        ("days_overdue != 15 OR (held OR kind = 'business') AND mean >= -3", True),
    ],
)
def test_a_condition_means_what_sql_means(text: str, truth: bool | None):
    assert evaluate(parse(text), _FACTS) is truth


@pytest.mark.parametrize("text", ["", "a >", "a = 1 b", "a + 1 > 2", "f(a) = 1", "a NOT 1", "(a = 1"])
def test_what_is_no_condition_is_refused(text: str):
    with pytest.raises(ConditionError):
        parse(text)


@pytest.mark.parametrize(
    "text, days",
    [
        ("days_overdue >= 15 AND dunnable >= 30", 15),
        ("days_overdue > 15 AND days_overdue >= 10", 16),
        ("days_overdue >= 15 OR dunnable >= 30", None),
        ("dunnable >= 30", None),
        ("(days_overdue >= 15) AND (days_overdue >= 20 AND dunnable > 1)", 20),
    ],
)
def test_the_days_a_condition_asks_for_whatever_the_kind(text: str, days: int | None):
    assert asked_days(parse(text)) == days


_BY_KIND = """dunnable >= 30 AND days_overdue >= 8 AND (debtor_kind = 'stalling' OR days_overdue >= 12)
    AND (debtor_kind NOT IN ('casual', 'good_payer') OR days_overdue >= 30)
    AND (debtor_kind <> 'illiquid' OR days_overdue >= 35 AND replies_30d = 0)"""


@pytest.mark.parametrize(
    "text, kind, days",
    [
        (_BY_KIND, "unknown", 12),
        (_BY_KIND, "stalling", 8),
        (_BY_KIND, "casual", 30),
        (_BY_KIND, "illiquid", 35),
        ("days_overdue >= 9 AND debtor_kind = 'careless'", "careless", 9),
        ("days_overdue >= 9 AND debtor_kind = 'careless'", "chronic", None),
        ("debtor_kind IS NOT NULL AND NOT debtor_kind IN ('chronic') AND days_overdue >= 9", "casual", 9),
        ("debtor_kind = 'casual' OR days_overdue >= 9", "casual", None),
        ("debtor_kind = 'casual' OR days_overdue >= 9 OR on_hold", "chronic", None),
        ("NOT (debtor_kind = 'casual' OR days_overdue >= 9)", "chronic", None),
    ],
)
def test_the_days_a_condition_asks_for_of_a_kind_are_the_engines_too(text: str, kind: str, days: int | None):
    assert asked_days(parse(text), kind) == days
    assert parse_condition(text, VOCABULARY, where="").days_overdue_asked(kind) == days
