"""The portfolio: one row per customer and currency, every word of the vocabulary. docs/rules/aging.md."""

from dataclasses import dataclass

import polars as pl

from aldia.rules.portfolio.behaviour import UNIT, behaviour, contact, money_in
from aldia.rules.portfolio.frames import Frames, Terms
from aldia.rules.portfolio.promises import promise_columns, promised_money
from aldia.rules.portfolio.vocabulary import Column, Unit, aging_columns, vocabulary

# Columns that say "none" by 0 rather than NULL when a customer has no line, no credit or no history.
_ZERO_UNITS = (Unit.MINOR, Unit.COUNT, Unit.DAYS)


@dataclass(frozen=True, slots=True)
class Ground:
    """On which all else stands. lines: `with_interest(lines_as_of(…))`, with days_on_hold. settled:
    `settled_lines`. done: `done_steps`. promises: `promise_standings`; promise_lines: of each on its lines.
    kinds: `debtor_kinds`."""

    lines: pl.DataFrame
    settled: pl.DataFrame
    done: pl.DataFrame
    promises: pl.DataFrame
    promise_lines: pl.DataFrame
    kinds: pl.DataFrame


def portfolio_rows(ground: Ground, frames: Frames, terms: Terms) -> pl.DataFrame:
    """The portfolio frame: customer_id, then `vocabulary(terms.aging_edges)` in order.

    Rows exist for every customer and currency with a due line or a credit as of the day; sorted by
    customer_id and currency.
    """
    columns = vocabulary(terms.aging_edges)
    lines, promises = ground.lines, ground.promises
    kinds = ground.kinds.select("customer_id", "debtor_kind")
    rows = (
        _balances(lines, terms)
        .join(money_in(frames), on=UNIT, how="full", coalesce=True)
        .join(behaviour(ground.settled), on=UNIT, how="left")
        .join(promised_money(promises), on=UNIT, how="left")
        .join(promise_columns(promises, terms), on="customer_id", how="left")
        .join(frames.customers.drop("contract_rate_bp"), on="customer_id", how="inner")
        .join(kinds, on="customer_id", how="left")
        .join(contact(frames, terms), on="customer_id", how="left")
        .join(_episodes(ground.done), on="customer_id", how="left")
        .join(_held(frames), on="customer_id", how="left")
        .with_columns(
            on_hold=pl.col("on_hold").fill_null(False),
            insolvent=(pl.col("insolvent_on") <= terms.as_of).fill_null(False),
        )
        .with_columns(_filled(columns))
        .with_columns(dunnable_minor=dunnable())
    )
    return rows.select("customer_id", *(pl.col(c.name).cast(c.dtype) for c in columns)).sort(UNIT)


def owed(lines: pl.DataFrame, frames: Frames) -> pl.DataFrame:
    """customer_id, currency, overdue_minor, dunnable_minor, days_overdue as in `portfolio_rows`, from less.

    lines: `lines_as_of`. frames: due lines, money and overlays are enough.
    """
    overdue = pl.col("overdue")
    amounts = lines.group_by(UNIT).agg(
        overdue_minor=pl.col("open_minor").filter(overdue).sum(),
        disputed_minor=pl.col("disputed_minor").sum(),
        covered_minor=pl.col("covered_minor").sum(),
        days_overdue=pl.col("days").filter(overdue).max(),
    )
    return (
        amounts.join(money_in(frames), on=UNIT, how="full", coalesce=True)
        .with_columns(
            pl.col("overdue_minor", "disputed_minor", "covered_minor", "unapplied_minor").fill_null(0)
        )
        .select(
            *UNIT,
            "overdue_minor",
            dunnable_minor=dunnable(),
            days_overdue=pl.col("days_overdue").fill_null(0),
        )
        .sort(UNIT)
    )


def dunnable() -> pl.Expr:
    """What may be asked for now: overdue less unapplied, disputed and covered, never below 0."""
    claimed = pl.col("unapplied_minor") + pl.col("disputed_minor") + pl.col("covered_minor")
    return (pl.col("overdue_minor") - claimed).clip(lower_bound=0)


def _filled(columns: list[Column]) -> list[pl.Expr]:
    """0 where a count or amount has nothing to count; words that may be NULL stay NULL."""
    zero = [c for c in columns if c.unit in _ZERO_UNITS and not c.null_means and c.name != "dunnable_minor"]
    return [pl.col(c.name).fill_null(0) for c in zero]


def _balances(lines: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    money, days, due = pl.col("open_minor"), pl.col("days"), pl.col("effective_due_date")
    overdue, left = pl.col("overdue"), pl.col("open_minor") > 0
    return lines.group_by(UNIT).agg(
        money.sum(),
        overdue_minor=money.filter(overdue).sum(),
        disputed_minor=pl.col("disputed_minor").sum(),
        covered_minor=pl.col("covered_minor").sum(),
        items_open=left.sum().cast(pl.Int32),
        items_overdue=overdue.sum().cast(pl.Int32),
        days_overdue=days.filter(overdue).max(),
        days_on_hold=pl.col("days_on_hold").max(),  # the oldest line has seen most of them
        oldest_due_date=due.filter(left).min(),
        next_due_date=due.filter(left & (days <= 0)).min(),
        interest_minor=pl.col("interest_minor").sum(),
        compensation_minor=pl.col("compensation_minor").sum(),
        **_buckets(money, days, terms.aging_edges),
    )


def _buckets(money: pl.Expr, days: pl.Expr, edges: tuple[int, ...]) -> dict[str, pl.Expr]:
    bounds = [None, *edges, None]
    buckets = {}
    for column, low, high in zip(aging_columns(edges), bounds, bounds[1:], strict=False):
        inside = pl.lit(True) if low is None else days > low
        inside = inside if high is None else inside & (days <= high)
        buckets[column.name] = money.filter(inside).sum()
    return buckets


def _episodes(done: pl.DataFrame) -> pl.DataFrame:
    """Per customer: first day of the open episode and the highest step done in it, or in its lines'."""
    return (
        done.sort("last_rank", nulls_last=False)
        .group_by("customer_id", maintain_order=True)
        .agg(
            episode_opened_on=pl.col("opened_on").min(),
            last_rank=pl.col("last_rank").last(),
            last_step=pl.col("last_step").last(),
        )
    )


def _held(frames: Frames) -> pl.DataFrame:
    held = frames.overlays.filter(kind="hold")
    return held.select("customer_id").unique().with_columns(on_hold=pl.lit(True))
