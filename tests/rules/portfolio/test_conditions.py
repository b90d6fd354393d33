"""Conditions: what authors may write and what it means."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aldia.kernel.money import round_half_up
from aldia.rules.portfolio.condition_tree import to_minor
from aldia.rules.portfolio.conditions import Condition, ConditionFault, parse_condition
from aldia.rules.portfolio.vocabulary import DOCUMENT_VOCABULARY, VOCABULARY, Unit

SAMPLE = {
    Unit.MINOR: "100",
    Unit.DAYS: "3",
    Unit.COUNT: "3",
    Unit.SHARE: "0.5",
    Unit.DATE: "DATE '2026-01-31'",
    Unit.TEXT: "'x'",
    Unit.FLAG: "TRUE",
}


def parsed(text: str) -> Condition:
    return parse_condition(text, VOCABULARY, where="paso «x»", currency_digits=2)


def holds(text: str, **row: object) -> list[bool]:
    """The condition over one row; columns it does not name are left out."""
    dtypes = {column.name: column.dtype for column in VOCABULARY}
    frame = pl.DataFrame({k: [v] for k, v in row.items()}, schema={k: dtypes[k] for k in row})
    return frame.select(parsed(text).expression(100).alias("holds"))["holds"].to_list()


@pytest.mark.parametrize("column", [*VOCABULARY, *DOCUMENT_VOCABULARY], ids=lambda c: c.name)
def test_every_word_of_the_vocabulary_can_be_written(column):
    columns = DOCUMENT_VOCABULARY if column in DOCUMENT_VOCABULARY else VOCABULARY
    condition = parse_condition(f"{column.word} = {SAMPLE[column.unit]}", columns, where="x")
    assert condition.columns == {column.name}
    assert f'"{column.name}" = ' in condition.sql(100)


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("days_overdue >= 15 AND dunnable >= 99.90", '"days_overdue" >= 15 AND "dunnable_minor" >= 9990'),
        ("15 <= DAYS_OVERDUE", '"days_overdue" >= 15'),
        ("open > -5", '"open_minor" > -500'),
        ("open <> overdue", '"open_minor" <> "overdue_minor"'),
        ("person_kind IN ('business', 'it''s')", "\"person_kind\" IN ('business', 'it''s')"),
        ("days_overdue NOT BETWEEN 3 AND 5", 'NOT ("days_overdue" >= 3 AND "days_overdue" <= 5)'),
        ("last_reply_on IS NOT NULL", 'NOT ("last_reply_on" IS NULL)'),
        (
            "on_hold OR NOT insolvent AND has_email = FALSE",
            '"on_hold" OR (NOT ("insolvent") AND "has_email" = FALSE)',
        ),
        ("(on_hold OR insolvent) AND has_email", '("on_hold" OR "insolvent") AND "has_email"'),
        ("last_sent_on < date '2026-01-31'", "\"last_sent_on\" < DATE '2026-01-31'"),
        ("items_open = 3.0 OR late_share >= 0.25", '"items_open" = 3 OR "late_share" >= 0.25'),
    ],
)
def test_a_condition_is_written_anew_from_what_was_understood(text, sql):
    assert parsed(text).sql(100) == sql


@pytest.mark.parametrize(
    "text", ["dunnable >= 5", "NOT dunnable >= 5", "dunnable IN (5)", "NOT dunnable NOT BETWEEN 1 AND 9"]
)
def test_null_is_never_true(text):
    assert holds(text, dunnable_minor=None) == [False]


def test_null_is_decided_by_the_part_that_is_known():
    assert holds("dunnable >= 5 OR on_hold", dunnable_minor=None, on_hold=True) == [True]
    assert holds("dunnable IS NULL AND NOT on_hold", dunnable_minor=None, on_hold=False) == [True]


def test_and_binds_closer_than_or():
    text = "on_hold OR insolvent AND has_email"
    assert holds(text, on_hold=True, insolvent=False, has_email=False) == [True]


def test_amounts_are_written_in_major_units_and_compared_in_minor_ones():
    assert holds("dunnable >= 15.50", dunnable_minor=1550) == [True]
    assert holds("dunnable >= 15.50", dunnable_minor=1549) == [False]


@pytest.mark.parametrize(
    ("minor_per_major", "factor", "minor"),
    [(100, "1", 1550), (100, "1.10", 1705), (1, "1", 16), (1000, "0.3333", 5166), (1, "1000", 15500)],
)
def test_an_amount_becomes_whole_minor_units_of_the_other_currency_half_up(minor_per_major, factor, minor):
    assert f">= {minor}" in parsed("dunnable >= 15.50").sql(minor_per_major, Decimal(factor))


@given(
    cents=st.integers(-(10**14), 10**14),
    per_major=st.sampled_from([1, 10, 100, 1000]),
    factor=st.decimals("0.0001", "9999", places=4),
)
def test_to_minor_is_exact_and_rounds_once(cents, per_major, factor):
    expected = round_half_up(cents * per_major * int(factor * 10_000), 100 * 10_000)
    assert to_minor(Decimal(cents).scaleb(-2), per_major, factor) == max(-(10**18), min(10**18, expected))


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("days_overdue >= 15", 15),
        ("days_overdue > 15", 16),
        ("15 < days_overdue", 16),
        ("days_overdue = 15", 15),
        ("days_overdue BETWEEN 15 AND 30", 15),
        ("days_overdue >= 3 AND (dunnable >= 15 AND days_overdue >= 20)", 20),
        ("days_overdue <= 15", None),
        ("days_overdue <> 15", None),
        ("days_overdue >= 15 OR on_hold", None),
        ("NOT days_overdue >= 15", None),
        ("dunnable >= 15", None),
        ("days_late_mean >= 15", None),
    ],
)
def test_the_least_days_overdue_come_from_the_and_parts(text, least):
    assert parsed(text).days_overdue_at_least == least


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("days_overdue = 15", ["days_overdue"]),
        ("NOT last_sent_on IN (DATE '2026-01-31')", ["last_sent_on"]),
        ("days_overdue BETWEEN 15 AND 20 AND items_open = 1 AND days_late_mean = 3", []),
    ],
)
def test_days_that_must_be_met_exactly_are_reported(text, words):
    assert parsed(text).days_met_exactly == words


def test_a_condition_names_the_columns_it_reads_on_both_sides():
    assert parsed("open > overdue AND NOT on_hold").columns == {"open_minor", "overdue_minor", "on_hold"}


def test_an_amount_beyond_any_balance_still_fits_the_engines():
    frame = pl.DataFrame({"open_minor": [10**15]}, schema={"open_minor": pl.Int64})
    condition = parse_condition("open < 1000000000000", VOCABULARY, where="x")
    assert frame.select(condition.expression(1000, Decimal(10) ** 9)).to_series().to_list() == [True]


def test_dates_compare_as_days():
    assert holds("last_sent_on >= DATE '2026-02-01'", last_sent_on=date(2026, 2, 1)) == [True]


def test_a_fault_names_the_place_and_carries_its_code():
    with pytest.raises(ConditionFault) as caught:
        parsed("dunable >= 3")
    assert caught.value.sentence == (
        "paso «x»: no existe la palabra «dunable». ¿Quiso decir «dunnable» o «unapplied»?"
    )
    assert caught.value.as_dict()["error"] == "condition_fault"
