"""Which steps are about to fall due, by the same days as «next_on». docs/rules/strategy.md §5."""

from collections.abc import Collection
from datetime import date

import polars as pl

from aldia.rules.portfolio.decide import asks_for_days, reaches_on, requires_met
from aldia.rules.portfolio.engine import Decided
from aldia.rules.portfolio.reasons import Reason
from aldia.rules.portfolio.strategy import Step, Strategy

COMING = pl.Schema(
    {
        "customer_id": pl.Int64(),
        "episode_id": pl.Int64(),
        "step": pl.String(),
        "tone": pl.String(),
        "on": pl.Date(),
    }
)
_WAITS = (Reason.WAITING.value, Reason.SPACING.value)


def coming_steps(
    decided: Decided, until: date, *, customer_ids: Collection[int], tones: Collection[str]
) -> pl.DataFrame:
    """COMING: per open episode of these customers the highest step of these tones that may fall due after
    the as-of date and by `until`. May: a condition can ask for more than days."""
    waits = decided.decisions.filter(pl.col("outcome").is_in(_WAITS)).select("customer_id")
    units = (
        decided.units.filter(pl.col("customer_id").is_in(list(customer_ids)) & pl.col("known"))
        .filter("enough", pl.col("dunnable_minor") > 0, pl.col("episode_id").is_not_null())
        .join(waits, on="customer_id", how="semi")
    )
    parts = [
        _coming(part, step, decided.strategies[str(name)], decided.terms.as_of)
        for (name,), part in units.partition_by(["strategy"], as_dict=True).items()
        for step in decided.strategies[str(name)].steps
        if step.tone in tones
    ]
    if not parts:
        return pl.DataFrame(schema=COMING)
    return (
        pl.concat(parts)
        .filter((pl.col("on") > decided.terms.as_of) & (pl.col("on") <= until))
        .sort("customer_id", "episode_id", "rank", descending=[False, False, True])
        .unique(["customer_id", "episode_id"], keep="first", maintain_order=True)
        .select(pl.col(name).cast(dtype) for name, dtype in COMING.items())
    )


def _coming(units: pl.DataFrame, step: Step, strategy: Strategy, as_of: date) -> pl.DataFrame:
    """The units in which the step may come, with the day: once enough days are over, or once it is spaced."""
    spaced = (pl.col("last_sent_on").cast(pl.Int32) + step.spacing_days).cast(pl.Int32).cast(pl.Date)
    reached = pl.lit(None, pl.Date)
    if asks_for_days(step):
        beyond = pl.col("last_rank").fill_null(0) < step.rank
        reached = pl.when(beyond & requires_met(step, strategy)).then(reaches_on(step, as_of))
    return units.select(
        "customer_id",
        "episode_id",
        step=pl.lit(step.id),
        tone=pl.lit(step.tone),
        rank=pl.lit(step.rank, pl.Int32),
        on=pl.when(pl.col("candidate") == step.rank).then(spaced).otherwise(reached),
    ).filter(pl.col("on").is_not_null())
