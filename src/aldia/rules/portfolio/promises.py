"""What has become of promises to pay, by matched money alone. docs/rules/promises.md.

A line may be promised several times. Its promises are served one after the other, the earliest promised day
first, so that no money counts twice; all lines go that way together, turn by turn.
"""

import polars as pl

from aldia.rules.portfolio.frames import Frames, Terms

OPEN, KEPT, PARTLY_KEPT, BROKEN = "open", "kept", "partly_kept", "broken"
RELEASED, WITHDRAWN = "released", "withdrawn"
DECIDED = (KEPT, PARTLY_KEPT, BROKEN)
"""States that say something of how somebody keeps their word."""
_WINDOW_DAYS = 365

PROMISE_STANDINGS = pl.Schema(
    {
        "promise_id": pl.Int64(),
        "customer_id": pl.Int64(),
        "currency": pl.String(),
        "amount_minor": pl.Int64(),
        "required_minor": pl.Int64(),  # what is left of it once other credits have taken their part
        "paid_minor": pl.Int64(),  # matched money that counts for it
        "made_on": pl.Date(),
        "promised_on": pl.Date(),
        "until_on": pl.Date(),  # promised_on and the days of grace
        "state": pl.String(),
        "decided_on": pl.Date(),  # day of the verdict; NULL while it is open
        "verdict": pl.String(),  # the one on record; NULL for none
        "verdict_paid_minor": pl.Int64(),
    }
)

PROMISE_LINE_STANDINGS = pl.Schema(
    {
        "promise_id": pl.Int64(),
        "line_id": pl.Int64(),
        "amount_minor": pl.Int64(),
        "required_minor": pl.Int64(),
        "paid_minor": pl.Int64(),
    }
)


def free_minor() -> pl.Expr:
    """What may still be promised of a line: of its `open_minor` what is neither contested (`disputed_minor`)
    nor expected of open promises (`promised_minor`)."""
    contested = pl.min_horizontal("disputed_minor", "open_minor")
    return pl.max_horizontal(pl.col("open_minor") - contested - pl.col("promised_minor"), pl.lit(0))


def promise_standings(frames: Frames, terms: Terms, parts: pl.DataFrame | None = None) -> pl.DataFrame:
    """Every promise made by the day, with its state (PROMISE_STANDINGS), sorted by promise_id.

    parts: `promise_lines(frames, terms)`, where the caller has them already.
    """
    if frames.promises.is_empty():
        return PROMISE_STANDINGS.to_frame()
    parts = promise_lines(frames, terms) if parts is None else parts
    sums = parts.group_by("promise_id").agg(pl.col("required_minor").sum(), pl.col("paid_minor").sum())
    standing = (
        frames.promises.join(sums, on="promise_id", how="left")
        .join(_waiting_for_matching(frames), on="promise_id", how="left")
        .with_columns(pl.col("required_minor", "paid_minor", "unapplied_minor").fill_null(0))
        .with_columns(state=_state(terms))
    )
    decided = pl.when(pl.col("verdict") == pl.col("state")).then("decided_on").otherwise(pl.lit(terms.as_of))
    return (
        standing.with_columns(decided_on=pl.when(pl.col("state") != OPEN).then(decided))
        .select(pl.col(n).cast(t) for n, t in PROMISE_STANDINGS.items())
        .sort("promise_id")
    )


def _state(terms: Terms) -> pl.Expr:
    missing, paid = pl.col("required_minor") - pl.col("paid_minor"), pl.col("paid_minor")
    slack = pl.col("tolerance_minor")
    return (
        pl.when((pl.col("verdict") == WITHDRAWN).fill_null(False))
        .then(pl.lit(WITHDRAWN))
        .when((paid == 0) & (pl.col("required_minor") <= slack))
        .then(pl.lit(RELEASED))
        .when(missing <= slack)
        .then(pl.lit(KEPT))
        .when((pl.col("until_on") >= terms.as_of) | (pl.col("unapplied_minor") >= missing - slack))
        .then(pl.lit(OPEN))
        .when(paid > 0)
        .then(pl.lit(PARTLY_KEPT))
        .otherwise(pl.lit(BROKEN))
    )


def _waiting_for_matching(frames: Frames) -> pl.DataFrame:
    """Per promise: money of the customer that was there in time and is not applied to anything yet."""
    mine = frames.credits.filter(pl.col("customer_id").is_not_null()).select(
        "customer_id", "currency", "unallocated_minor", value_on="effective_on"
    )
    return (
        frames.promises.join(mine, on=["customer_id", "currency"])
        .filter(pl.col("value_on") <= pl.col("until_on"))
        .group_by("promise_id")
        .agg(unapplied_minor=pl.col("unallocated_minor").sum())
    )


def promise_lines(frames: Frames, terms: Terms) -> pl.DataFrame:
    """Every promise on each of its lines (PROMISE_LINE_STANDINGS): required of it and paid, by the day."""
    if frames.promises.is_empty():
        return PROMISE_LINE_STANDINGS.to_frame()
    each = _promised(frames, terms)
    moved = frames.allocations.join(each.select("line_id").unique(), on="line_id", how="semi")
    money = moved.filter("by_money").with_columns(left_minor="amount_minor")
    parts = [PROMISE_LINE_STANDINGS.to_frame()]
    for turn in each["turn"].unique().sort():
        part = each.filter(pl.col("turn") == turn)
        taken = _taken(part, moved, money)
        parts.append(_reckoned(part, taken, moved, money))
        money = (
            money.join(taken.select("allocation_id", "take"), on="allocation_id", how="left")
            .with_columns(left_minor=pl.col("left_minor") - pl.col("take").fill_null(0))
            .drop("take")
        )
    return pl.concat(parts).sort("promise_id", "line_id")


def _promised(frames: Frames, terms: Terms) -> pl.DataFrame:
    """Each promise on each line, with its turn among those on the line and the last day that counts. One that
    was withdrawn takes no money from the others."""
    standing = frames.promises.filter((pl.col("verdict") != WITHDRAWN).fill_null(True))
    own = standing.select("promise_id", "made_on", "promised_on", "until_on", "known_allocation_id")
    lines = frames.lines.select("line_id", line_minor="amount_minor")
    return (
        frames.promise_lines.select("promise_id", "line_id", "amount_minor", then_minor="open_minor")
        .join(own, on="promise_id")
        .join(lines, on="line_id", how="left")
        .with_columns(
            pl.col("line_minor").fill_null(0),
            last_on=pl.min_horizontal("until_on", pl.lit(terms.as_of, pl.Date)),
        )
        .sort("promised_on", "promise_id")
        .with_columns(turn=pl.int_range(pl.len()).over("line_id"))
    )


def _taken(part: pl.DataFrame, moved: pl.DataFrame, money: pl.DataFrame) -> pl.DataFrame:
    """What each promise of this turn takes of each allocation: the first recorded first, as much as it needs.

    Money dated before the promise first makes up for what was known then and has been taken back since:
    undone and entered anew it is no new money.
    """
    own = _money_since(part, money).filter(
        (pl.col("left_minor") > 0) & (pl.col("value_on") <= pl.col("last_on"))
    )
    old = pl.when(pl.col("value_on") < pl.col("made_on")).then("left_minor").otherwise(0)
    return (
        own.join(_reopened(part, moved), on=["promise_id", "line_id"], how="left")
        .sort("line_id", "allocation_id")
        .with_columns(before=(old.cum_sum() - old).over("line_id"))
        .with_columns(
            fresh=pl.col("left_minor")
            - pl.min_horizontal(old, (pl.col("reopened_minor").fill_null(0) - pl.col("before")).clip(0))
        )
        .with_columns(before=(pl.col("fresh").cum_sum() - pl.col("fresh")).over("line_id"))
        .with_columns(
            take=pl.min_horizontal((pl.col("promised_minor") - pl.col("before")).clip(0), pl.col("fresh"))
        )
        .filter(pl.col("take") > 0)
        .select("promise_id", "line_id", "allocation_id", "take")
    )


def _money_since(part: pl.DataFrame, money: pl.DataFrame) -> pl.DataFrame:
    """The allocations by money that came to be known after each promise, on its lines."""
    promised = part.select(
        "promise_id", "line_id", "made_on", "last_on", "known_allocation_id", promised_minor="amount_minor"
    )
    return promised.join(money, on="line_id").filter(pl.col("allocation_id") > pl.col("known_allocation_id"))


def _reopened(part: pl.DataFrame, moved: pl.DataFrame) -> pl.DataFrame:
    """How much more of each line would be open than was open then, by what was known then alone."""
    by_then = _known(part, moved, pl.lit(True))
    return part.join(by_then, on=["promise_id", "line_id"], how="left").select(
        "promise_id",
        "line_id",
        reopened_minor=(
            pl.col("line_minor") - pl.col("known_minor").fill_null(0) - pl.col("then_minor")
        ).clip(0),
    )


def _known(part: pl.DataFrame, moved: pl.DataFrame, which: pl.Expr) -> pl.DataFrame:
    known = part.select("promise_id", "line_id", "known_allocation_id").join(
        moved.filter(which), on="line_id"
    )
    return (
        known.filter(pl.col("allocation_id") <= pl.col("known_allocation_id"))
        .group_by("promise_id", "line_id")
        .agg(known_minor=pl.col("amount_minor").sum())
    )


def _reckoned(
    part: pl.DataFrame, taken: pl.DataFrame, moved: pl.DataFrame, money: pl.DataFrame
) -> pl.DataFrame:
    """Required: the amount, but no more than is left of the line for it once other credits, the money known
    then and the money of those before it in the row are off."""
    key = ["promise_id", "line_id"]
    others = (
        part.select(*key, "last_on")
        .join(moved.filter(~pl.col("by_money")), on="line_id")
        .filter(pl.col("value_on") <= pl.col("last_on"))
        .group_by(key)
        .agg(other_minor=pl.col("amount_minor").sum())
    )
    earlier = (
        _money_since(part, money)
        .group_by(key)
        .agg(earlier_minor=(pl.col("amount_minor") - pl.col("left_minor")).sum())
    )
    paid = taken.group_by(key).agg(paid_minor=pl.col("take").sum())
    joined = part
    for beside in (others, earlier, paid, _known(part, moved, pl.col("by_money"))):
        joined = joined.join(beside, on=key, how="left")
    names = ("other_minor", "earlier_minor", "paid_minor", "known_minor")
    left = pl.col("line_minor") - pl.sum_horizontal("other_minor", "earlier_minor", "known_minor")
    return (
        joined.with_columns(pl.col(names).fill_null(0))
        .with_columns(required_minor=pl.min_horizontal("amount_minor", left.clip(0)))
        .select(pl.col(n).cast(t) for n, t in PROMISE_LINE_STANDINGS.items())
    )


def paused_until(standings: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    """Per customer with an open promise whose last day has not passed: promise_until, the latest such day."""
    return standings.filter(_rests(terms)).group_by("customer_id").agg(promise_until=pl.col("until_on").max())


def lines_at_rest(standings: pl.DataFrame, frames: Frames, terms: Terms) -> pl.Series:
    """The due lines of open promises whose last day has not passed."""
    open_ones = standings.filter(_rests(terms)).select("promise_id")
    return frames.promise_lines.join(open_ones, on="promise_id", how="semi")["line_id"].unique()


def _rests(terms: Terms) -> pl.Expr:
    return (pl.col("state") == OPEN) & (pl.col("until_on") >= terms.as_of)


def promise_columns(standings: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    """Per customer: promise_until, promises_kept and promises_broken of the last 365 days."""
    recent = (pl.lit(terms.as_of).cast(pl.Int32) - pl.col("promised_on").cast(pl.Int32)) < _WINDOW_DAYS
    counted = standings.group_by("customer_id").agg(
        promises_kept=((pl.col("state") == KEPT) & recent).sum().cast(pl.Int32),
        promises_broken=((pl.col("state") == BROKEN) & recent).sum().cast(pl.Int32),
    )
    return counted.join(paused_until(standings, terms), on="customer_id", how="left")


def promised_money(standings: pl.DataFrame) -> pl.DataFrame:
    """Per customer and currency: promised_minor, what is still to come by open promises."""
    return (
        standings.filter(pl.col("state") == OPEN)
        .group_by("customer_id", "currency")
        .agg(promised_minor=(pl.col("required_minor") - pl.col("paid_minor")).sum())
    )


def last_broken(standings: pl.DataFrame, lines: pl.DataFrame, frames: Frames) -> pl.DataFrame:
    """Broken promises nothing has been promised after: promise_id, customer_id, currency, until_on, line_id.

    One row per line of it with something open. Of a customer only the last promise counts, withdrawn and
    released ones aside.
    """
    still = lines.filter(pl.col("open_minor") > 0).select("line_id")
    return (
        standings.filter(~pl.col("state").is_in([WITHDRAWN, RELEASED]))
        .sort("promise_id")
        .unique("customer_id", keep="last", maintain_order=True)
        .filter(pl.col("state") == BROKEN)
        .select("promise_id", "customer_id", "currency", "until_on")
        .join(frames.promise_lines.select("promise_id", "line_id"), on="promise_id")
        .join(still, on="line_id", how="semi")
        .sort("promise_id", "line_id")
    )


def unanswered_broken(standings: pl.DataFrame, lines: pl.DataFrame, frames: Frames) -> pl.DataFrame:
    """Those of `last_broken` that no step has followed yet: none done that was planned after its last day."""
    last = last_broken(standings, lines, frames)
    done = (
        frames.steps.filter((pl.col("kind") == "dunning") & (pl.col("state") == "done"))
        .join(last, on="customer_id", how="semi")
        .group_by("customer_id")
        .agg(last_done_on=pl.col("planned_on").max())
    )
    return (
        last.join(done, on="customer_id", how="left", maintain_order="left")
        .filter((pl.col("last_done_on") <= pl.col("until_on")).fill_null(True))
        .drop("last_done_on")
    )
