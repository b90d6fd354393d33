"""Polars and PostgreSQL give the same answer to every condition over every row."""

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import Connection

from aldia.rules.portfolio.conditions import Condition, parse_condition
from aldia.rules.portfolio.vocabulary import VOCABULARY, Column, Unit

pytestmark = pytest.mark.slow

NAMES = {
    "dunnable_minor",
    "open_minor",
    "days_overdue",
    "items_open",
    "days_late_mean",
    "days_late_spread",
    "late_share",
    "last_sent_on",
    "last_payment_on",
    "segment",
    "person_kind",
    "on_hold",
    "has_email",
}
COLUMNS = [column for column in VOCABULARY if column.name in NAMES]
SQL_TYPES = {
    pl.Int64(): "bigint",
    pl.Int32(): "integer",
    pl.Float64(): "double precision",
    pl.Date(): "date",
    pl.String(): "text",
    pl.Boolean(): "boolean",
}
FIRST = date(2026, 1, 1)
TEXTS = ["business", "consumer", "it's", "ñandú 100%", "", " ", "100", "{x}"]


def _cell(column: Column) -> st.SearchStrategy[Any]:
    """Few distinct values, so that conditions meet them; also the far ends of each type."""
    if column.statistic:
        return st.sampled_from([-2.5, 0.0, 0.1, 3.0, 3.25, 40.0])
    return {
        Unit.MINOR: st.sampled_from([0, 1, 99, 100, 150, 1550, -100, 2**63 - 1, -(2**63)]),
        Unit.DAYS: st.sampled_from([0, 1, 2, 3, 15, 2**31 - 1]),
        Unit.COUNT: st.sampled_from([0, 1, 2, 3, 15, 2**31 - 1]),
        Unit.SHARE: st.sampled_from([0.0, 0.1, 0.25, 1 / 3, 1.0]),
        Unit.DATE: st.integers(0, 3).map(lambda n: FIRST + timedelta(n)),
        Unit.TEXT: st.sampled_from(TEXTS),
        Unit.FLAG: st.booleans(),
    }[column.unit]


def _literal(column: Column) -> st.SearchStrategy[str]:
    if column.statistic:
        return st.sampled_from(["-2.5", "0", "0.1", "3", "3.0", "3.25"])
    return {
        Unit.MINOR: st.sampled_from(["0", "1", "0.99", "1.5", "15.50", "-1", "1000000000000"]),
        Unit.DAYS: st.sampled_from(["0", "1", "2", "3", "15", "-1", "1000000", "3.0"]),
        Unit.COUNT: st.sampled_from(["0", "1", "2", "3", "15", "-1", "1000000"]),
        Unit.SHARE: st.sampled_from(["0", "0.1", "0.25", "0.333", "1", "1.0"]),
        Unit.DATE: st.integers(0, 3).map(lambda n: f"DATE '{FIRST + timedelta(n)}'"),
        Unit.TEXT: st.sampled_from(TEXTS).map(lambda text: "'" + text.replace("'", "''") + "'"),
        Unit.FLAG: st.sampled_from(["TRUE", "FALSE"]),
    }[column.unit]


@st.composite
def _leaf(draw: st.DrawFn) -> str:
    column = draw(st.sampled_from(COLUMNS))
    same = [other.word for other in COLUMNS if other.unit is column.unit]
    literal = _literal(column)
    forms = [
        f"{column.word} IS {draw(st.sampled_from(['NULL', 'NOT NULL']))}",
        f"{column.word} {draw(st.sampled_from(['=', '<>', '!=']))} {draw(literal)}",
        f"{column.word} {draw(st.sampled_from(['=', '<>']))} {draw(st.sampled_from(same))}",
        f"{column.word} {draw(st.sampled_from(['IN', 'NOT IN']))} ({', '.join(draw(_several(literal)))})",
    ]
    if column.unit is Unit.FLAG:
        forms.append(column.word)
    elif column.unit is not Unit.TEXT:
        op, negation = draw(st.sampled_from(["<", "<=", ">", ">="])), draw(st.sampled_from(["", "NOT "]))
        forms.append(f"{draw(literal)} {op} {column.word}")
        forms.append(f"{column.word} {op} {draw(st.sampled_from(same))}")
        forms.append(f"{column.word} {negation}BETWEEN {draw(literal)} AND {draw(literal)}")
    return draw(st.sampled_from(forms))


def _several(literal: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(literal, min_size=1, max_size=3)


def _joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(parts, st.sampled_from([" AND ", " OR "]), parts).map("".join),
        parts.map(lambda part: f"({part})"),
        parts.map(lambda part: f"NOT {part}"),
        parts.map(lambda part: f"NOT ({part})"),
    )


CONDITIONS = st.recursive(_leaf(), _joined, max_leaves=8)
ROWS = st.lists(
    st.fixed_dictionaries({column.name: st.none() | _cell(column) for column in COLUMNS}),
    min_size=1,
    max_size=12,
)


def answered_by_polars(condition: Condition, rows: list[dict[str, Any]], per_major: int, factor: Decimal):
    frame = pl.DataFrame(rows, schema={column.name: column.dtype for column in COLUMNS})
    holds = frame.select(condition.expression(per_major, factor).alias("holds"))["holds"].to_list()
    return [number for number, true in enumerate(holds) if true is True]


def answered_by_postgres(
    database: Connection[Any],
    condition: Condition,
    rows: list[dict[str, Any]],
    per_major: int,
    factor: Decimal,
):
    typed = ", ".join(f'"{column.name}" {SQL_TYPES[column.dtype]}' for column in COLUMNS)
    numbered = json.dumps([{"row": n} | row for n, row in enumerate(rows)], default=str)
    where = condition.sql(per_major, factor).replace("%", "%%")
    query = f"SELECT row FROM jsonb_to_recordset(%s::jsonb) AS t(row int, {typed}) WHERE {where} ORDER BY row"
    return [number for (number,) in database.execute(query, [numbered]).fetchall()]


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=200)
@given(
    text=CONDITIONS,
    rows=ROWS,
    per_major=st.sampled_from([1, 100, 1000]),
    factor=st.sampled_from([Decimal(1), Decimal("1.10"), Decimal("0.333")]),
)
def test_polars_and_postgres_agree(owner_connection, text, rows, per_major, factor):
    condition = parse_condition(text, COLUMNS, where="x")
    found = answered_by_postgres(owner_connection, condition, rows, per_major, factor)
    assert answered_by_polars(condition, rows, per_major, factor) == found


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "NOT " * 20 + "on_hold",
        "(on_hold AND (has_email OR " * 9 + "NOT on_hold" + "))" * 9,
        "NOT (on_hold OR " * 10 + "has_email" + ")" * 10,
        " AND ".join(["open >= 1"] * 130),
        " OR ".join(["open < 1 AND on_hold"] * 80),
    ],
)
def test_they_agree_at_the_limits_of_nesting_and_length(owner_connection, text):
    empty = dict.fromkeys(NAMES)
    flags = (True, False, None)
    rows = [empty | {"on_hold": a, "has_email": b, "open_minor": 100} for a in flags for b in flags]
    condition = parse_condition(text, COLUMNS, where="x")
    found = answered_by_postgres(owner_connection, condition, rows, 100, Decimal(1))
    assert answered_by_polars(condition, rows, 100, Decimal(1)) == found
