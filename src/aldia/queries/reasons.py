"""A portfolio decided for reading, and each decision's facts for the sentence that tells it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.db import transaction

from aldia.queries.portfolio import EVERYBODY, Part, freeze
from aldia.queries.snapshot import Snapshot, snapshot_of
from aldia.queries.terms import strategies_in_force, terms_of
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.portfolio.engine import Decided, decide, standing
from aldia.rules.portfolio.episodes import settled_as_if
from aldia.rules.portfolio.frames import Frames, Terms
from aldia.rules.portfolio.lines import lines_as_of
from aldia.rules.portfolio.strategy import Strategy
from aldia.rules.portfolio.words import Amounts, BrokenPromise, Facts


@dataclass(frozen=True, slots=True)
class Reading:
    """One frozen moment of a creditor's customers, and what the rules say of it."""

    frames: Frames
    terms: Terms
    strategies: Mapping[str, Strategy]
    decided: Decided


@contextmanager
def reading_room(creditor: Creditor) -> Iterator[Snapshot]:
    """A transaction in the creditor's scope with its snapshot, for queries that read in bulk."""
    with transaction.atomic(), scope([creditor.pk]), snapshot_of(creditor.pk) as snapshot:
        yield snapshot


def read_portfolio(snapshot: Snapshot, creditor: Creditor, as_of: date, part: Part = EVERYBODY) -> Reading:
    """Freeze and decide without recording, as a dry run does; in the reading room. Raises NoStrategy."""
    frames = freeze(snapshot, as_of, part)
    return decide_under(frames, strategies_in_force(creditor).strategies, terms_of(creditor, as_of))


def decide_under(frames: Frames, strategies: Mapping[str, Strategy], terms: Terms) -> Reading:
    """Decide frozen frames under these strategies, episodes opened and closed as a run would."""
    lines = lines_as_of(frames, terms)
    settled = settled_as_if(lines, frames, strategies, terms)
    return Reading(settled, terms, strategies, decide(settled, strategies, terms, lines))


def step_titles(strategies: Mapping[str, Strategy]) -> dict[str, str]:
    """Step id → Spanish title; where two strategies share an id, the first title."""
    return {step.id: step.title for s in reversed(list(strategies.values())) for step in reversed(s.steps)}


def facts_by_customer(reading: Reading) -> dict[int, Facts]:
    """customer_id → what the sentence about today's decision may speak of."""
    rows = _rows_by_customer(reading.decided.rows)
    broken = _broken_by_customer(reading.decided)
    insolvent = dict(reading.frames.customers.select("customer_id", "insolvent_on").iter_rows())
    strategy_of = dict(reading.frames.customers.select("customer_id", "strategy").iter_rows())
    return {
        decision["customer_id"]: _facts(
            decision,
            rows.get(decision["customer_id"], []),
            reading.strategies[strategy_of[decision["customer_id"]]],
            insolvent[decision["customer_id"]],
            broken.get(decision["customer_id"]) if decision["step"] else None,
        )
        for decision in reading.decided.decisions.iter_rows(named=True)
    }


def _rows_by_customer(rows: pl.DataFrame) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.select("customer_id", *_READ).iter_rows(named=True):
        found[row["customer_id"]].append(row)
    return found


_AMOUNTS = (
    "currency",
    "open_minor",
    "overdue_minor",
    "dunnable_minor",
    "unapplied_minor",
    "disputed_minor",
    "covered_minor",
    "days_overdue",
    "days_on_hold",
    "promised_minor",
)
_READ = (*_AMOUNTS, "next_due_date", "last_sent_on", "last_step", "promise_until")


def _broken_by_customer(decided: Decided) -> dict[int, BrokenPromise]:
    """The broken promise that the day's step follows, by customer."""
    units = decided.units.filter(pl.col("broken_promise_id").is_not_null() & (pl.col("candidate") > 0))
    if units.is_empty():
        return {}
    promised = decided.promises.select("promise_id", "amount_minor", "currency", "promised_on")
    early = units.group_by("customer_id", promise_id="broken_promise_id").agg(pl.col("brought_forward").any())
    rows = early.join(promised, on="promise_id").iter_rows(named=True)
    return {
        row["customer_id"]: BrokenPromise(
            row["amount_minor"], row["currency"], row["promised_on"], row["brought_forward"]
        )
        for row in rows
    }


def _facts(
    decision: dict[str, Any],
    rows: list[dict[str, Any]],
    strategy: Strategy,
    insolvent_on: date | None,
    broken: BrokenPromise | None,
) -> Facts:
    titles = {step.id: step.title for step in strategy.steps}
    first = rows[0] if rows else {}
    due = [row["next_due_date"] for row in rows if row["next_due_date"]]
    return Facts(
        amounts=tuple(_amounts(row, strategy) for row in rows),
        strategy=strategy.title,
        step_title=titles.get(decision["step"]),
        last_title=titles.get(first.get("last_step", "")),
        next_on=decision["next_on"],
        next_due_date=min(due, default=None),
        last_sent_on=first.get("last_sent_on"),
        insolvent_on=insolvent_on,
        promise_until=first.get("promise_until"),
        broken=broken,
    )


def _amounts(row: dict[str, Any], strategy: Strategy) -> Amounts:
    known = {name: row[name] for name in _AMOUNTS}
    return Amounts(**known, minimum_minor=strategy.minimum_minor(row["currency"]))


def titles_of(creditor: Creditor) -> dict[str, str]:
    """Step id → title over the strategies in force for the creditor. Raises NoStrategy."""
    with transaction.atomic(), scope([creditor.pk]):
        return step_titles(strategies_in_force(creditor).strategies)


def portfolio_on(creditor: Creditor, as_of: date) -> pl.DataFrame:
    """Every column of the vocabulary in order, one row per customer and currency, by customer code."""
    with reading_room(creditor) as snapshot:
        frames, terms = freeze(snapshot, as_of), terms_of(creditor, as_of)
        _lines, rows, _done = standing(frames, strategies_in_force(creditor).strategies, terms)
    return rows.drop("customer_id").sort("customer", "currency")
