"""What a run keeps for lists is what the engine says; a filter in SQL finds what it finds in the frames."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from django.db import connection, transaction
from psycopg import Connection

from aldia.kernel.money import minor_per_major
from aldia.operations.run import daily_run
from aldia.queries import verify_standing as verifying
from aldia.queries.asking import ask
from aldia.queries.customer_list import condition_sql
from aldia.queries.reasons import portfolio_on
from aldia.queries.standing import Kept, last_kept, words_sql
from aldia.records.closing.models import Standing
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.portfolio.conditions import parse_condition
from aldia.rules.portfolio.standing import edges_of, kept_condition, standing_columns
from aldia.rules.portfolio.vocabulary import DEFAULT_AGING_EDGES, Column, Unit, aging_columns
from tests import factories
from tests.factories_portfolio import generated_world
from tests.operations.run.portfolios import world_creditor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

LATER = datetime(2027, 12, 31, 9, tzinfo=UTC)
CONDITIONS_EACH = 60


def _run(creditor: Creditor, day: date) -> Any:
    return daily_run(creditor=creditor, on=day, now=LATER, actor="t")


def _kept(creditor: Creditor, day: date) -> Kept:
    with transaction.atomic(), scope([creditor.pk]):
        kept = last_kept(creditor)
    assert kept is not None
    assert kept.on == day
    return kept


def _kept_rows(creditor: Creditor, day: date, where: str = "true") -> list[dict[str, Any]]:
    with transaction.atomic(), scope([creditor.pk]):
        words = words_sql(_kept(creditor, day))
        rows = f"(SELECT * FROM {words} WHERE {where.replace('%', '%%')}) s"
        return ask(f"SELECT * FROM {rows} ORDER BY customer, currency", creditor=creditor.pk)


@pytest.mark.parametrize("seed", [1, 5])
def test_after_a_run_every_word_kept_is_the_engines(seed: int, owner_connection: Connection[Any]) -> None:
    world = generated_world(seed)
    creditor = world_creditor(owner_connection, world)
    report = _run(creditor, world.as_of)
    assert report.recorded
    columns = [c for c in standing_columns(creditor.aging_edges) if c.name not in ("outcome", "next_on")]
    expected = portfolio_on(creditor, world.as_of).select(c.name for c in columns)
    kept = [{c.name: row[c.name] for c in columns} for row in _kept_rows(creditor, world.as_of)]
    assert kept == expected.to_dicts()
    assert not _run(creditor, world.as_of).recorded


def test_the_next_day_writes_only_rows_that_changed(owner_connection: Connection[Any]) -> None:
    world = generated_world(2)
    creditor = world_creditor(owner_connection, world)
    _run(creditor, world.as_of)
    before = {row["id"]: row for row in _raw(creditor)}
    _run(creditor, world.as_of + timedelta(days=1))
    after = {row["id"]: row for row in _raw(creditor)}
    assert after.keys() == before.keys()
    moved = [id_ for id_ in after if after[id_]["xmin"] != before[id_]["xmin"]]
    changed = [id_ for id_ in after if _facts(after[id_]) != _facts(before[id_])]
    assert sorted(moved) == sorted(changed)
    assert 0 < len(changed) < len(after)
    tomorrow = portfolio_on(creditor, world.as_of + timedelta(days=1))
    kept = _kept_rows(creditor, world.as_of + timedelta(days=1))
    assert [row["days_overdue"] for row in kept] == tomorrow["days_overdue"].to_list()


def _raw(creditor: Creditor) -> list[dict[str, Any]]:
    with transaction.atomic(), scope([creditor.pk]):
        return ask("SELECT xmin::text, * FROM closing_standing WHERE creditor_id = %(c)s", c=creditor.pk)


def _facts(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "xmin"}


@pytest.mark.parametrize("seed", [3, 4])
def test_a_filter_finds_in_sql_what_it_finds_in_the_frame(
    seed: int, owner_connection: Connection[Any]
) -> None:
    world = generated_world(seed)
    creditor = world_creditor(owner_connection, world)
    _run(creditor, world.as_of)
    kept = _kept(creditor, world.as_of)
    columns = standing_columns(kept.edges)
    rows = _kept_rows(creditor, world.as_of)
    schema = {column.name: column.dtype for column in columns}
    frame = pl.DataFrame([{name: row[name] for name in schema} for row in rows], schema=schema)
    rng = random.Random(seed)
    found = 0
    for _ in range(CONDITIONS_EACH):
        text = _condition(rng, columns, frame)
        condition = parse_condition(text, columns, where="x")
        sql = _found(creditor, kept, condition_sql(condition, kept))
        expected = [
            (customer, currency)
            for currency in kept.currencies
            for customer in frame.filter(
                (pl.col("currency") == currency) & condition.expression(minor_per_major(currency))
            )["customer"].to_list()
        ]
        assert sorted(sql) == sorted(expected), text
        found += len(expected)
    assert found > CONDITIONS_EACH


def _found(creditor: Creditor, kept: Kept, where: str) -> list[tuple[str, str]]:
    with transaction.atomic(), scope([creditor.pk]), connection.cursor() as cursor:
        query = f"SELECT customer, currency FROM {words_sql(kept)} WHERE {where.replace('%', '%%')}"
        cursor.execute(query, {"creditor": creditor.pk})
        return list(cursor.fetchall())


def _condition(rng: random.Random, columns: list[Column], frame: pl.DataFrame) -> str:
    parts = [_comparison(rng, rng.choice(columns), frame) for _ in range(rng.choice([1, 1, 2, 3]))]
    return rng.choice([" AND ", " OR "]).join(rng.choice([part, f"NOT ({part})"]) for part in parts)


def _comparison(rng: random.Random, column: Column, frame: pl.DataFrame) -> str:
    values = frame[column.name].drop_nulls().to_list()
    if column.unit is Unit.FLAG:
        return column.word
    if not values or rng.random() < 0.1:
        return f"{column.word} IS NULL"
    value = rng.choice(values)
    if column.unit is Unit.TEXT:
        return f"{column.word} = '{value.replace(chr(39), chr(39) * 2)}'"
    op = rng.choice([">=", "<=", ">", "<", "=", "<>"])
    if column.unit is Unit.DATE:
        return f"{column.word} {op} DATE '{value}'"
    if column.unit is Unit.MINOR:
        return f"{column.word} {op} {Decimal(min(value, 10**11)).scaleb(-2):f}"
    return f"{column.word} {op} {value if isinstance(value, int) else round(value, 3)}"


def test_days_overdue_are_asked_of_the_date_for_every_number_of_days() -> None:
    on, columns = date(2026, 11, 20), standing_columns(DEFAULT_AGING_EDGES)
    known = [None, *(on - timedelta(days=days) for days in (0, 1, 2, 30, 700_000))]
    with connection.cursor() as cursor:
        for op in (">=", "<=", ">", "<", "=", "<>"):
            for days in (-1, 0, 1, 2, 30, 31, 1_000_000):
                plain = parse_condition(f"days_overdue {op} {days}", columns, where="x")
                rewritten = kept_condition(plain, on)
                for since in known:
                    answers = [_holds(cursor, each.sql(100), since, on) for each in (plain, rewritten)]
                    assert answers[0] == answers[1], (op, days, since)


def _holds(cursor: Any, sql: str, since: date | None, on: date) -> bool:
    cursor.execute(
        f"SELECT {sql} FROM (SELECT overdue_since, greatest(%s::date - overdue_since, 0) AS days_overdue"
        " FROM (SELECT coalesce(%s::date, '9999-12-31') AS overdue_since) x) s",
        [on, since],
    )
    return bool(cursor.fetchone()[0])


@pytest.mark.parametrize("edges", [(0,), (0, 15, 45, 90), DEFAULT_AGING_EDGES])
def test_edges_are_read_off_the_names_of_the_buckets(edges: tuple[int, ...]) -> None:
    assert edges_of({column.name.removesuffix("_minor"): 0 for column in aging_columns(edges)}) == edges


def test_verify_is_silent_about_what_a_run_kept_and_names_what_was_tampered_with(
    monkeypatch: pytest.MonkeyPatch, owner_connection: Connection[Any]
) -> None:
    monkeypatch.setattr(verifying, "MARGIN", timedelta(0))
    world = generated_world(7)
    creditor = world_creditor(owner_connection, world)
    _run(creditor, world.as_of)
    assert _verified(creditor) == []
    with transaction.atomic(), scope([creditor.pk]):
        victim = Standing.objects.filter(open_minor__gt=0).order_by("pk").first()
        assert victim is not None
        Standing.objects.filter(pk=victim.pk).update(open_minor=victim.open_minor + 1)
    (violation,) = _verified(creditor)
    assert violation.invariant == "standing"
    assert violation.facts == {
        "customer": victim.customer_id,
        "currency": victim.currency,
        "columns": ["open_minor"],
    }
    assert _run(creditor, world.as_of).recorded, "the next run mends it"
    assert _verified(creditor) == []


def test_a_row_gone_or_invented_is_named_too(
    monkeypatch: pytest.MonkeyPatch, owner_connection: Connection[Any]
) -> None:
    monkeypatch.setattr(verifying, "MARGIN", timedelta(0))
    world = generated_world(7)
    creditor = world_creditor(owner_connection, world)
    _run(creditor, world.as_of)
    with transaction.atomic(), scope([creditor.pk]):
        first, second = Standing.objects.order_by("pk")[:2]
        first.delete()
        Standing.objects.filter(pk=second.pk).update(currency="XAF")
    assert len(_verified(creditor)) == 3
    _run(creditor, world.as_of)
    assert _verified(creditor) == []


def test_what_was_booked_after_the_run_is_no_violation(owner_connection: Connection[Any]) -> None:
    world = generated_world(7)
    creditor = world_creditor(owner_connection, world)
    _run(creditor, world.as_of)
    with transaction.atomic(), scope([creditor.pk]):
        row = Standing.objects.filter(open_minor__gt=0).first()
        assert row is not None
        customer = row.customer
        factories.due_line(
            customer=customer, currency=row.currency, issued_on=world.as_of, due_date=world.as_of
        )
    assert [each for each in _verified(creditor) if each.facts["customer"] == customer.pk] == []


def _verified(creditor: Creditor) -> list[Any]:
    with transaction.atomic(), scope([creditor.pk]):
        return verifying.verify_standing(creditor)
