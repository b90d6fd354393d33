"""The ladder of the customer's strategy: which condition holds, what is missing, what is done."""

from datetime import date
from typing import Any

import polars as pl

from aldia.kernel.money import minor_per_major
from aldia.queries.explained import ExplainedStep, StepTest
from aldia.queries.reasons import Reading
from aldia.rules.portfolio.strategy import Step, Strategy


def explained_steps(reading: Reading, strategy: Strategy) -> tuple[ExplainedStep, ...]:
    """Every step, tested on the customer's overdue rows; on none, when nothing is overdue."""
    done = _done_on(reading)
    chosen = reading.decided.decisions.row(0, named=True)["step"]
    return tuple(_step(step, strategy, reading.decided.units, done, chosen) for step in strategy.steps)


def _step(
    step: Step, strategy: Strategy, units: pl.DataFrame, done: dict[str, date], chosen: str | None
) -> ExplainedStep:
    own = strategy.step_minimum_minor(step, strategy.currency)
    whole = strategy.minimum_minor(strategy.currency)
    return ExplainedStep(
        rank=step.rank,
        step=step.id,
        title=step.title,
        condition=step.condition.text,
        tests=tuple(_test(step, strategy, units[place]) for place in range(units.height)),
        requires=step.requires,
        missing=tuple(name for name in step.requires if name not in done),
        minimum_minor=max(own or 0, whole or 0),
        spacing_days=step.spacing_days,
        approval=step.approval,
        done_on=done.get(step.id),
        chosen=step.id == chosen,
    )


def _test(step: Step, strategy: Strategy, unit: pl.DataFrame) -> StepTest:
    row: dict[str, Any] = unit.row(0, named=True)
    factor = strategy.factor(row["currency"])
    holds = None
    if factor is not None:
        expression = step.condition.expression(minor_per_major(row["currency"]), factor)
        holds = bool(unit.select(expression.alias("holds"))["holds"][0])
    return StepTest(row["currency"], row["line_id"], holds)


def _done_on(reading: Reading) -> dict[str, date]:
    """Step → the last day it was done in an open episode of the customer."""
    episodes = reading.frames.episodes["episode_id"].to_list()
    steps = reading.frames.steps.filter(
        (pl.col("kind") == "dunning") & (pl.col("state") == "done") & pl.col("episode_id").is_in(episodes)
    )
    days = steps.select("step", on=pl.coalesce("sent_on", "planned_on")).sort("on")
    return dict(days.iter_rows())
