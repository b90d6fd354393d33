"""Exactly one dunning decision per customer and day, with its reason. docs/rules/strategy.md §2–5."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import polars as pl

from aldia.kernel.money import minor_per_major
from aldia.rules.portfolio.frames import Frames, Terms
from aldia.rules.portfolio.kinds import Kind
from aldia.rules.portfolio.reasons import Reason
from aldia.rules.portfolio.strategy import Step, Strategy
from aldia.rules.portfolio.units import held_until

_UNIT = ["customer_id", "currency", "line_id"]

DECISIONS = pl.Schema(
    {
        "customer_id": pl.Int64(),
        "outcome": pl.String(),  # a Reason, or the id of the step to take
        "step": pl.String(),  # the step to take; NULL when a Reason stands instead
        "rank": pl.Int32(),
        "next_on": pl.Date(),  # when something may change by itself; NULL when unknown
    }
)


def judged_units(units: pl.DataFrame, strategies: Mapping[str, Strategy], terms: Terms) -> pl.DataFrame:
    """Units with what the strategy says of each.

    Adds known (the strategy has amounts for the currency), enough (dunnable >= minimum), candidate (rank, 0
    where none), spacing_days of the candidate, and next_rank_on (first day on which a later step may hold).
    After a broken promise the next step's days are waived: brought_forward says where that is so.
    """
    parts = [
        _judged(part, strategies[str(strategy)], str(currency), terms)
        for (strategy, currency), part in units.partition_by(["strategy", "currency"], as_dict=True).items()
    ]
    return pl.concat(parts) if parts else _judged(units, next(iter(strategies.values())), "EUR", terms)


def _judged(units: pl.DataFrame, strategy: Strategy, currency: str, terms: Terms) -> pl.DataFrame:
    for columns in _judging(strategy, currency, terms.as_of):
        units = units.with_columns(columns)
    return _brought_forward(units, strategy, currency)


def _brought_forward(units: pl.DataFrame, strategy: Strategy, currency: str) -> pl.DataFrame:
    """Where a promise was broken and no step is due, the next one that only its days keep back."""
    waits = pl.col("broken_promise_id").is_not_null() & (pl.col("candidate") == 0)
    early = units.filter(waits & (pl.col("dunnable_minor") > 0) & pl.col("known") & pl.col("enough"))
    if early.is_empty():
        return units.with_columns(brought_forward=pl.lit(False))
    ranks = {step.rank: step.spacing_days for step in strategy.steps}
    rank = pl.coalesce(
        pl.when(_next_but_for_days(step, strategy, currency)).then(pl.lit(step.rank, pl.Int32))
        for step in strategy.steps
    )
    found = early.select(*_UNIT, early_rank=rank).drop_nulls("early_rank")
    spacing = pl.col("early_rank").replace_strict(ranks, default=0, return_dtype=pl.Int32)
    return (
        units.join(found, on=_UNIT, how="left", nulls_equal=True)
        .with_columns(
            candidate=pl.coalesce("early_rank", "candidate"),
            spacing_days=pl.when(pl.col("early_rank").is_not_null()).then(spacing).otherwise("spacing_days"),
            brought_forward=pl.col("early_rank").is_not_null(),
        )
        .drop("early_rank")
    )


def _next_but_for_days(step: Step, strategy: Strategy, currency: str) -> pl.Expr:
    """The step lies ahead and holds, but for the days overdue it asks for."""
    factor = strategy.factor(currency)
    assert factor is not None
    least = strategy.step_minimum_minor(step, currency)
    ahead = (step.rank > pl.col("last_rank").fill_null(0)) & requires_met(step, strategy)
    holds = ahead & step.condition.without_days(minor_per_major(currency), factor)
    return holds if least is None else holds & (pl.col("dunnable_minor") >= least)


@lru_cache(maxsize=256)
def _judging(strategy: Strategy, currency: str, as_of: date) -> tuple[tuple[pl.Expr, ...], ...]:
    """What is added, in this order. Expressions outlive the page they were first asked for: writing the
    sixty of a ladder takes longer than reckoning them for fifty customers."""
    factor, minimum = strategy.factor(currency), strategy.minimum_minor(currency)
    nothing = pl.lit(0, pl.Int32)
    if factor is None or minimum is None:
        unknown = pl.lit(False)
        return (
            (
                unknown.alias("known"),
                unknown.alias("enough"),
                nothing.alias("candidate"),
                nothing.alias("spacing_days"),
                pl.lit(None, pl.Date).alias("next_rank_on"),
            ),
        )
    highest = pl.max_horizontal(
        nothing,
        *(
            pl.when(_step_holds(step, strategy, currency)).then(step.rank).otherwise(0)
            for step in strategy.steps
        ),
    ).cast(pl.Int32)
    spacing = {step.rank: step.spacing_days for step in strategy.steps}
    eligible = (pl.col("dunnable_minor") > 0) & pl.col("enough")
    beyond = pl.col("candidate") > pl.col("last_rank").fill_null(0)
    rests = pl.col("candidate").replace_strict(spacing, default=0, return_dtype=pl.Int32)
    return (
        (pl.lit(True).alias("known"), (pl.col("dunnable_minor") >= minimum).alias("enough")),
        (pl.when(eligible).then(highest).otherwise(nothing).alias("candidate"),),
        (pl.when(beyond).then("candidate").otherwise(nothing).alias("candidate"),),
        (
            rests.alias("spacing_days"),
            pl.when(eligible).then(_next_rank_on(strategy, as_of)).alias("next_rank_on"),
        ),
    )


def _step_holds(step: Step, strategy: Strategy, currency: str) -> pl.Expr:
    factor = strategy.factor(currency)
    assert factor is not None
    hold = step.condition.expression(minor_per_major(currency), factor) & requires_met(step, strategy)
    least = strategy.step_minimum_minor(step, currency)
    return hold if least is None else hold & (pl.col("dunnable_minor") >= least)


def requires_met(step: Step, strategy: Strategy) -> pl.Expr:
    """Over units: the steps that this one requires are done."""
    ranks = {s.id: s.rank for s in strategy.steps}
    needed = sum(1 << (ranks[name] - 1) for name in step.requires)
    return (pl.col("done_bits") & needed) == needed


def _next_rank_on(strategy: Strategy, as_of: date) -> pl.Expr:
    """Earliest day after as_of on which a later step, its requires met, reaches its days overdue (§5)."""
    days = [
        pl.when((step.rank > pl.col("last_rank").fill_null(0)) & requires_met(step, strategy)).then(
            reaches_on(step, as_of)
        )
        for step in strategy.steps
        if asks_for_days(step)
    ]
    return pl.min_horizontal(*days) if days else pl.lit(None, pl.Date)


def asks_for_days(step: Step) -> bool:
    """Whether the step asks for days overdue, of some kind of debtor at least."""
    return any(step.condition.days_overdue_asked(kind) is not None for kind in Kind)


def _days_asked(step: Step) -> pl.Expr:
    """Over units: the days overdue that the step asks for of such a customer; NULL where it asks for none."""
    asked = {kind.value: step.condition.days_overdue_asked(kind) for kind in Kind}
    if len(set(asked.values())) == 1:
        return pl.lit(asked[Kind.UNKNOWN], pl.Int64)
    return pl.col("debtor_kind").replace_strict(asked, default=None, return_dtype=pl.Int64)


def reaches_on(step: Step, as_of: date) -> pl.Expr:
    """Over units: the day on which the step reaches its days overdue, spaced; NULL where it has."""
    missing = _days_asked(step) - pl.col("days_overdue")
    reached = _plus_days(pl.lit(as_of), missing)
    spaced = _plus_days(pl.col("last_sent_on"), pl.lit(step.spacing_days, pl.Int64))
    return pl.when(missing > 0).then(pl.max_horizontal(reached, spaced))


def _plus_days(day: pl.Expr, days: pl.Expr) -> pl.Expr:
    return (day.cast(pl.Int32) + days).cast(pl.Int32).cast(pl.Date)


def decisions(
    rows: pl.DataFrame,
    judged: pl.DataFrame,
    frames: Frames,
    strategies: Mapping[str, Strategy],
    terms: Terms,
    *,
    paused: pl.DataFrame,
) -> pl.DataFrame:
    """One row per customer (DECISIONS), sorted by customer_id. paused: `promises.paused_until`."""
    standing = _standing(rows, judged, frames).join(paused, on="customer_id", how="left")
    outcome = _outcome(terms)
    names = _step_names(strategies)
    return (
        standing.with_columns(outcome=outcome)
        .join(names, on=["strategy", "candidate"], how="left")
        .with_columns(taken=pl.col("outcome").is_null())
        .select(
            "customer_id",
            outcome=pl.coalesce("outcome", "step"),
            step=pl.when("taken").then("step"),
            rank=pl.when("taken").then("candidate"),
            next_on=_next_on(terms),
        )
        .cast(DECISIONS)
        .sort("customer_id")
    )


def _step_names(strategies: Mapping[str, Strategy]) -> pl.DataFrame:
    rows = [(name, step.rank, step.id) for name, s in strategies.items() for step in s.steps]
    schema = {"strategy": pl.String, "candidate": pl.Int32, "step": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _standing(rows: pl.DataFrame, judged: pl.DataFrame, frames: Frames) -> pl.DataFrame:
    """Every customer with the facts its decision turns on."""
    by_currency = rows.group_by("customer_id").agg(
        is_open=(pl.col("open_minor") > 0).any(),
        next_due_date=pl.col("next_due_date").min(),
        last_sent_on=pl.col("last_sent_on").first(),
    )
    asked = pl.col("dunnable_minor") > 0
    by_unit = (
        judged.with_columns(zero_reason=_zero_reason())
        .sort("customer_id", "currency", "line_id")
        .group_by("customer_id", maintain_order=True)
        .agg(
            nothing_to_ask=(~asked).all(),
            zero_reason=pl.col("zero_reason").first(),
            any_known=(asked & pl.col("known")).any(),
            any_enough=(asked & pl.col("known") & pl.col("enough")).any(),
            candidate=pl.col("candidate").max(),
            spacing_days=pl.col("spacing_days")
            .filter(pl.col("candidate") == pl.col("candidate").max())
            .max(),
            next_rank_on=pl.col("next_rank_on").min(),
            is_overdue=pl.lit(True),
        )
    )
    holds = held_until(frames).with_columns(on_hold=pl.lit(True))
    return (
        frames.customers.select("customer_id", "strategy", "insolvent_on")
        .join(by_currency, on="customer_id", how="left")
        .join(by_unit, on="customer_id", how="left")
        .join(holds, on="customer_id", how="left")
        .with_columns(pl.col("candidate").fill_null(0))
    )


def _zero_reason() -> pl.Expr:
    """Which of the three takes most of what is overdue; ties in the order of the reasons."""
    unapplied, disputed, covered = (
        pl.col("unapplied_minor"),
        pl.col("disputed_minor"),
        pl.col("covered_minor"),
    )
    return (
        pl.when((unapplied >= disputed) & (unapplied >= covered))
        .then(pl.lit(Reason.MONEY_UNAPPLIED.value))
        .when(disputed >= covered)
        .then(pl.lit(Reason.DISPUTED.value))
        .otherwise(pl.lit(Reason.COVERED.value))
    )


def _outcome(terms: Terms) -> pl.Expr:
    """The first reason that applies; NULL where a step is to be taken."""

    def because(reason: Reason) -> pl.Expr:
        return pl.lit(reason.value)

    rests = pl.lit(terms.as_of).cast(pl.Int32) - pl.col("last_sent_on").cast(pl.Int32)
    return (
        pl.when(~pl.col("is_open").fill_null(False))
        .then(because(Reason.NOTHING_OPEN))
        .when(~pl.col("is_overdue").fill_null(False))
        .then(because(Reason.NOTHING_OVERDUE))
        .when((pl.col("insolvent_on") <= terms.as_of).fill_null(False))
        .then(because(Reason.INSOLVENT))
        .when(pl.col("on_hold").fill_null(False))
        .then(because(Reason.ON_HOLD))
        .when(pl.col("promise_until").is_not_null())
        .then(because(Reason.PROMISE))
        .when("nothing_to_ask")
        .then("zero_reason")
        .when(~pl.col("any_known"))
        .then(because(Reason.NO_AMOUNT_FOR_CURRENCY))
        .when(~pl.col("any_enough"))
        .then(because(Reason.BELOW_MINIMUM))
        .when(pl.col("candidate") == 0)
        .then(because(Reason.WAITING))
        .when((rests < pl.col("spacing_days")).fill_null(False))
        .then(because(Reason.SPACING))
    )


def _next_on(terms: Terms) -> pl.Expr:
    """The date that goes with each outcome (docs/rules/strategy.md §2)."""
    outcome = pl.col("outcome")
    return (
        pl.when(outcome == Reason.NOTHING_OVERDUE)
        .then(pl.col("next_due_date").dt.offset_by("1d"))
        .when(outcome == Reason.ON_HOLD)
        .then("until_on")
        .when(outcome == Reason.PROMISE)
        .then(pl.col("promise_until").dt.offset_by("1d"))
        .when(outcome == Reason.WAITING)
        .then("next_rank_on")
        .when(outcome == Reason.SPACING)
        .then(_plus_days(pl.col("last_sent_on"), pl.col("spacing_days").cast(pl.Int64)))
    )
