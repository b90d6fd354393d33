"""What a decided portfolio sends out: messages, their lines, and tasks for people. docs/rules/run.md.

Keys here are final: `episode:17/second/1`, `item:88/due_today/1`. Nothing carries a date in its key, so the
same decision taken again makes the same key, and the database keeps the first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from aldia.rules.portfolio.engine import Decided
from aldia.rules.portfolio.frames import Frames, Terms
from aldia.rules.portfolio.strategy import FIRM_TONES, Strategy

# How a customer is reached on each channel of a ladder.
_NEEDS = {
    "email": "has_email",
    "sms": "takes_sms",
    "whatsapp": "has_whatsapp",
    "letter": "has_post",
    "certified": "has_post",
    "call": "has_phone",
}

OUTGOING = pl.Schema(
    {
        "once_key": pl.String(),
        "bundle": pl.String(),  # rows of one bundle leave as one message
        "customer_id": pl.Int64(),
        "episode_id": pl.Int64(),
        "line_id": pl.Int64(),  # NULL where the message speaks for the whole customer
        "kind": pl.String(),
        "step": pl.String(),
        "rank": pl.Int32(),
        "occurrence": pl.Int32(),
        "strategy": pl.String(),
        "channel": pl.String(),
        "reachable": pl.Boolean(),
        "tone": pl.String(),
        "template": pl.String(),
        "approval": pl.Boolean(),
        "claims": pl.Boolean(),
        "deadline_on": pl.Date(),
        "promise_id": pl.Int64(),  # the broken promise that it speaks of
    }
)

_AFTER_BROKEN = "promise_broken"  # the text of the step after a broken promise
_TELLS_BROKEN = ("email", "sms", "whatsapp")  # channels on which that text exists


@dataclass(frozen=True, slots=True)
class Outgoing:
    """steps: OUTGOING rows that today's decisions stand for, whether or not they were planned before.

    fresh: those of them that no earlier row stands for yet, but for customers whose every way is barred: a
    message would only be cancelled, day after day. lines: per dunning message that no earlier row stands for,
    within reach or not, and due line (once_key, customer_id, line_id, currency, open_minor, days_overdue,
    interest_minor, compensation_minor, claim_from, claim_until).
    """

    steps: pl.DataFrame
    fresh: pl.DataFrame
    lines: pl.DataFrame


def outgoing(decided: Decided, frames: Frames, strategies: Mapping[str, Strategy], terms: Terms) -> Outgoing:
    """Messages and calls for the day; who may be written to and when is the gate's last look, not ours."""
    steps = pl.concat(
        [_dunning(decided, frames, strategies, terms), _notices(decided, frames, strategies, terms)]
    )
    steps = steps.sort("customer_id", "once_key")
    pending = frames.steps.filter(state="pending").select(
        "customer_id", "episode_id", "line_id", "kind", "step"
    )
    standing = _without(steps, pending)
    lines = _message_lines(standing, decided, terms.as_of)
    return Outgoing(steps=steps, fresh=_within_reach(standing, frames), lines=lines)


def _without(steps: pl.DataFrame, pending: pl.DataFrame) -> pl.DataFrame:
    """Steps no pending row stands for: a dunning step by its episode, a notice by its line."""
    by_episode = pending.filter(pl.col("kind") == "dunning").select("episode_id", "step")
    by_line = pending.filter(pl.col("kind") != "dunning").select("line_id", "step", "kind")
    dunning = steps.filter(pl.col("kind") == "dunning").join(
        by_episode, on=["episode_id", "step"], how="anti"
    )
    rest = steps.filter(pl.col("kind") != "dunning").join(by_line, on=["line_id", "step", "kind"], how="anti")
    return pl.concat([dunning, rest]).sort("customer_id", "once_key")


def _within_reach(steps: pl.DataFrame, frames: Frames) -> pl.DataFrame:
    barred = pl.col("customer_id").is_in(frames.barred["customer_id"].unique().to_list())
    return steps.filter(pl.col("reachable") | ~barred)


def _dunning(
    decided: Decided, frames: Frames, strategies: Mapping[str, Strategy], terms: Terms
) -> pl.DataFrame:
    taken = decided.decisions.filter(pl.col("step").is_not_null()).select("customer_id")
    acting = decided.units.filter(pl.col("candidate") > 0).join(taken, on="customer_id", how="semi")
    one_each = (
        acting.with_columns(has_broken=pl.col("broken_promise_id").is_not_null())
        .sort("candidate", "has_broken", descending=True, maintain_order=True)
        .unique(["customer_id", "line_id"], keep="first", maintain_order=True)
        .select("customer_id", "line_id", "episode_id", "strategy", "broken_promise_id", rank="candidate")
        .join(_step_facts(strategies), on=["strategy", "rank"])
    )
    void = (
        frames.steps.filter((pl.col("kind") == "dunning") & (pl.col("state") == "void"))
        .group_by("episode_id", "step")
        .agg(tries=pl.len().cast(pl.Int32))
    )
    numbered = one_each.join(void, on=["episode_id", "step"], how="left", nulls_equal=True).with_columns(
        kind=pl.lit("dunning"),
        occurrence=pl.col("tries").fill_null(0) + 1,
        subject=pl.format("episode:{}", pl.col("episode_id").cast(pl.String).fill_null("new")),
        bundle=pl.format("dunning:{}:{}", "customer_id", pl.lit(terms.as_of.isoformat())),
    )
    return _finished(numbered, frames, strategies, terms)


def _notices(
    decided: Decided, frames: Frames, strategies: Mapping[str, Strategy], terms: Terms
) -> pl.DataFrame:
    numbered = (
        decided.notices.join(frames.customers.select("customer_id", "strategy"), on="customer_id")
        .rename({"position": "rank"})
        .drop("kind", "step")
        .join(_notice_facts(strategies), on=["strategy", "rank"])
        .with_columns(
            episode_id=pl.lit(None, pl.Int64),
            broken_promise_id=pl.lit(None, pl.Int64),
            subject=pl.format("item:{}", "line_id"),
            bundle=pl.format("documents:{}:{}", "customer_id", pl.lit(terms.as_of.isoformat())),
        )
    )
    return _finished(numbered, frames, strategies, terms)


def _finished(
    numbered: pl.DataFrame, frames: Frames, strategies: Mapping[str, Strategy], terms: Terms
) -> pl.DataFrame:
    """With key, channel and deadline, in the shape of OUTGOING."""
    ways = frames.customers.select("customer_id", "for_life", **_reach(frames))
    day = pl.lit(terms.as_of).cast(pl.Int32)
    key = pl.format("{}/{}/{}", "subject", "step", "occurrence")
    return (
        _with_channel(numbered.join(ways, on="customer_id"))
        .with_columns(says_broken=_says_broken())
        .with_columns(
            template=pl.when("says_broken").then(pl.lit(_AFTER_BROKEN)).otherwise("template"),
            promise_id=pl.when("says_broken").then("broken_promise_id"),
        )
        .with_columns(
            once_key=key,
            approval=pl.col("approval") | _asks_for_life(),
            deadline_on=(day + pl.col("deadline_days")).cast(pl.Int32).cast(pl.Date),
        )
        .select(pl.col(n).cast(t) for n, t in OUTGOING.items())
    )


def _asks_for_life() -> pl.Expr:
    """A customer for life gets nothing firm that nobody has said yes to."""
    return pl.col("for_life").fill_null(value=False) & pl.col("tone").is_in(sorted(FIRM_TONES))


def _says_broken() -> pl.Expr:
    """The step speaks of the broken promise, unless it is formal, demands interest or goes on paper."""
    soft = (pl.col("tone") != "formal") & ~pl.col("claims") & pl.col("channel").is_in(_TELLS_BROKEN)
    return pl.col("broken_promise_id").is_not_null() & soft


def _reach(frames: Frames) -> dict[str, pl.Expr]:
    """`to_email` … → whether the customer has an address there that may be used."""
    barred = {
        str(channel): part["customer_id"].to_list()
        for (channel,), part in frames.barred.partition_by(["channel"], as_dict=True).items()
    }
    return {
        f"to_{channel}": pl.col(has) & ~pl.col("customer_id").is_in(barred.get(channel, []))
        for channel, has in _NEEDS.items()
    }


def way_to(frames: Frames, channels: Sequence[str]) -> pl.DataFrame:
    """customer_id, channel: the first of these by which each customer may be written to; who cannot be
    reached is left out."""
    reached = pl.coalesce(pl.when(pl.col(f"to_{each}")).then(pl.lit(each)) for each in channels)
    ways = frames.customers.select("customer_id", **_reach(frames)).with_columns(channel=reached)
    return ways.select("customer_id", "channel").drop_nulls("channel")


def _with_channel(steps: pl.DataFrame) -> pl.DataFrame:
    """The first channel of each ladder on which the customer is reached, else its first."""
    parts = []
    for (ladder,), part in steps.partition_by(["ladder"], as_dict=True).items():
        channels = str(ladder).split(" ")
        reached = pl.coalesce(pl.when(pl.col(f"to_{c}")).then(pl.lit(c)) for c in channels)
        parts.append(
            part.with_columns(channel=reached).with_columns(
                reachable=pl.col("channel").is_not_null(),
                channel=pl.col("channel").fill_null(channels[0]),
            )
        )
    empty = steps.with_columns(channel=pl.lit(None, pl.String), reachable=pl.lit(None, pl.Boolean))
    return pl.concat(parts) if parts else empty


def _step_facts(strategies: Mapping[str, Strategy]) -> pl.DataFrame:
    rows = [
        (
            name,
            s.rank,
            s.id,
            s.tone,
            s.template,
            s.approval,
            s.claims,
            s.new_deadline_days,
            " ".join(s.channels),
        )
        for name, strategy in strategies.items()
        for s in strategy.steps
    ]
    return _facts(rows, with_kind=False)


def _notice_facts(strategies: Mapping[str, Strategy]) -> pl.DataFrame:
    rows = [
        (name, n, d.id, d.tone, d.template, d.approval, False, None, " ".join(d.channels), d.kind)
        for name, strategy in strategies.items()
        for n, d in enumerate(strategy.documents, start=1)
    ]
    return _facts(rows, with_kind=True)


def _facts(rows: Sequence[tuple[object, ...]], *, with_kind: bool) -> pl.DataFrame:
    schema = {
        "strategy": pl.String,
        "rank": pl.Int32,
        "step": pl.String,
        "tone": pl.String,
        "template": pl.String,
        "approval": pl.Boolean,
        "claims": pl.Boolean,
        "deadline_days": pl.Int32,
        "ladder": pl.String,
    } | ({"kind": pl.String} if with_kind else {})
    return pl.DataFrame(rows, schema=schema, orient="row")


def _message_lines(standing: pl.DataFrame, decided: Decided, as_of: date) -> pl.DataFrame:
    """What each dunning message says of each due line it asks for."""
    asked = decided.lines.filter(
        pl.col("overdue") & (pl.col("open_minor") > pl.col("disputed_minor") + pl.col("covered_minor"))
    ).select(
        "customer_id",
        "line_id",
        "currency",
        "open_minor",
        "interest_minor",
        "compensation_minor",
        "effective_due_date",
        days_overdue="days",
    )
    messages = standing.filter((pl.col("kind") == "dunning") & (pl.col("channel") != "call"))
    whole = messages.filter(pl.col("line_id").is_null()).select("once_key", "customer_id", "claims")
    single = messages.filter(pl.col("line_id").is_not_null()).select(
        "once_key", "customer_id", "claims", "line_id"
    )
    said = pl.concat(
        [
            whole.join(asked, on="customer_id"),
            single.join(asked, on=["customer_id", "line_id"]).select(
                "once_key", "customer_id", "claims", *asked.columns[1:]
            ),
        ]
    )
    first = (pl.col("effective_due_date").cast(pl.Int32) + 1).cast(pl.Date)
    return said.with_columns(
        claim_from=pl.when("claims").then(first),
        claim_until=pl.when("claims").then(pl.lit(as_of)),
    ).drop("claims", "effective_due_date")
