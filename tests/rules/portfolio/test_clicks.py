"""Filters by clicks: written as conditions and read back, without loss."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aldia.rules.portfolio.clicks import (
    Click,
    ClickRefused,
    Clicks,
    clicks_from_condition,
    condition_from_clicks,
    operators,
)
from aldia.rules.portfolio.conditions import ConditionFault, parse_condition
from aldia.rules.portfolio.standing import standing_columns
from aldia.rules.portfolio.vocabulary import DEFAULT_AGING_EDGES, Column, Unit

COLUMNS = standing_columns(DEFAULT_AGING_EDGES)


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ([Click("dunnable", ">=", ("1.234,50",))], "dunnable >= 1234.50"),
        (
            [Click("days_overdue", ">", ("30",)), Click("has_email", "no")],
            "days_overdue > 30 AND NOT has_email",
        ),
        ([Click("segment", "in", ("vip",))], "segment = 'vip'"),
        ([Click("segment", "not_in", ("vip", "l'Escala"))], "segment NOT IN ('vip', 'l''Escala')"),
        ([Click("last_sent_on", "unknown")], "last_sent_on IS NULL"),
        ([Click("next_on", "<=", ("2026-11-20",))], "next_on <= DATE '2026-11-20'"),
        ([], ""),
    ],
)
def test_clicks_are_written_as_the_condition_they_mean(rows, text):
    assert condition_from_clicks(Clicks(tuple(rows)), COLUMNS) == text


def test_any_of_the_rows_is_joined_by_or():
    rows = (Click("on_hold", "yes"), Click("insolvent", "yes"))
    assert condition_from_clicks(Clicks(rows, every=False), COLUMNS) == "on_hold OR insolvent"


@pytest.mark.parametrize(
    "click",
    [
        Click("interest", ">=", ("1",)),
        Click("dunnable", "in", ("1",)),
        Click("dunnable", ">=", ()),
        Click("dunnable", ">=", ("mucho",)),
        Click("dunnable", ">=", ("1", "2")),
        Click("dunnable", ">=", ("1; DROP TABLE x",)),
        Click("next_on", "=", ("2026-02-30",)),
        Click("segment", "in", (" ",)),
    ],
)
def test_a_row_that_says_nothing_is_refused_with_its_place(click):
    with pytest.raises(ClickRefused, match="fila 2 del filtro"):
        condition_from_clicks(Clicks((Click("on_hold", "yes"), click)), COLUMNS)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("dunnable BETWEEN 10 AND 20", [("dunnable", ">=", ("10",)), ("dunnable", "<=", ("20",))]),
        ("100 <= overdue AND on_hold = FALSE", [("overdue", ">=", ("100",)), ("on_hold", "no", ())]),
        ("NOT segment IN ('a')", [("segment", "not_in", ("a",))]),
    ],
)
def test_conditions_written_by_hand_are_read_as_clicks(text, rows):
    assert clicks_from_condition(text, COLUMNS) == Clicks(tuple(Click(*row) for row in rows))


@pytest.mark.parametrize(
    "text",
    [
        "overdue > 1 AND (on_hold OR insolvent)",
        "NOT (overdue > 1)",
        "overdue > open",
        "overdue <> 5",
        "items_open IN (1, 2)",
        "overdue BETWEEN 1 AND 2 OR on_hold",
    ],
)
def test_what_clicks_cannot_say_is_left_to_the_text(text):
    assert clicks_from_condition(text, COLUMNS) is None


def test_a_text_that_is_no_condition_is_told_as_such():
    with pytest.raises(ConditionFault, match="filtro: no existe la palabra"):
        clicks_from_condition("importe > 5", COLUMNS)


def _value(column: Column) -> st.SearchStrategy[str]:
    if column.unit is Unit.DATE:
        return st.integers(0, 4000).map(lambda n: (date(2020, 1, 1) + timedelta(n)).isoformat())
    if column.unit is Unit.TEXT:
        letters = st.characters(codec="utf-8", categories=("L", "N", "P", "Zs"), exclude_characters="\\")
        texts = st.text(letters, min_size=1, max_size=8)
        return texts.map(str.strip).filter(lambda text: text.isprintable() and bool(text))
    if column.unit is Unit.SHARE:
        return st.sampled_from(["0", "0.25", "1"])
    return st.integers(-1000, 1000).map(str)


@st.composite
def _row(draw: st.DrawFn) -> Click:
    column = draw(st.sampled_from(COLUMNS))
    op = draw(st.sampled_from(operators(column)))
    if op in ("yes", "no", "unknown", "known"):
        return Click(column.word, op)
    most = 3 if column.unit is Unit.TEXT else 1
    return Click(column.word, op, tuple(draw(st.lists(_value(column), min_size=1, max_size=most))))


@given(rows=st.lists(_row(), min_size=1, max_size=5), every=st.booleans())
def test_clicks_come_back_as_they_went_in(rows, every):
    clicks = Clicks(tuple(rows), every)
    text = condition_from_clicks(clicks, COLUMNS)
    assert parse_condition(text, COLUMNS, where="x").text == text
    back = clicks_from_condition(text, COLUMNS)
    assert back is not None
    assert back.rows == clicks.rows
    assert back.every is (every or len(rows) == 1)
