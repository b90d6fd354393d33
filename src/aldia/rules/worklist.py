"""The worklist: which case is worked next, and why. docs/rules/worklist.md §3–5.

Pure expressions over a frame of facts, one row per open case: `queries/worklist_facts.py` fills it, tests
fill it by hand. All figures are whole numbers, so that two who reckon them agree.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import IntEnum

import polars as pl

_ID, _MINOR, _DAY, _TEXT, _FLAG = pl.Int64(), pl.Int64(), pl.Date(), pl.String(), pl.Boolean()
_MOMENT = pl.Datetime("us", "UTC")

FACTS = pl.Schema(
    {
        "case_id": _ID,
        "customer_id": _ID,
        "state": _TEXT,
        "state_since": _DAY,
        "priority": pl.Int64(),
        "next_on": _DAY,
        "next_at": _MOMENT,
        "touched_on": _DAY,  # day a person last worked it
        "days_overdue": pl.Int64(),
        "debtor_kind": _TEXT,
        "has_phone": _FLAG,
        "has_email": _FLAG,
        "has_post": _FLAG,
        "contact_on": _DAY,  # latest message sent, answer or call
        "on_hold": _FLAG,
        "insolvent": _FLAG,
        "reply_at": _MOMENT,  # oldest answer nobody has looked at
        "task_on": _DAY,  # day from which an open task is to be done
        "promise_on": _DAY,  # earliest promise that is not decided
        "broken_on": _DAY,  # day the latest promise was found broken, NULL unless it was
    }
)

AMOUNTS = pl.Schema(
    {
        "customer_id": _ID,
        "currency": _TEXT,
        "overdue_minor": _MINOR,
        "dunnable_minor": _MINOR,
        "disputed_minor": _MINOR,
    }
)


class Tier(IntEnum):
    """Worked in this order. ASIDE: nothing to be done today."""

    CALLBACK = 1
    BROKEN = 2
    REPLY = 3
    DUE = 4
    PROMISE_DAY = 5
    AMOUNT = 6
    ASIDE = 7


TIER_LABELS: Mapping[int, str] = {
    Tier.CALLBACK: "Llamadas a su hora",
    Tier.BROKEN: "Compromisos incumplidos",
    Tier.REPLY: "Respuestas sin mirar",
    Tier.DUE: "Tareas y acciones que tocan",
    Tier.PROMISE_DAY: "Compromisos que vencen hoy",
    Tier.AMOUNT: "Por importe y ocasión",
    Tier.ASIDE: "Pueden esperar",
}

WAITING_DAYS = 7
"""A case that waits without a date comes back after so many days."""

# How likely a contact moves money, in percent: the judgement of the house until figures say otherwise.
KIND_CHANCE: Mapping[str, int] = {
    "good_payer": 80,
    "casual": 80,
    "careless": 75,
    "chronic": 55,
    "unknown": 50,
    "stalling": 45,
    "circumstantial": 40,
    "illiquid": 25,
}
AGE_CHANCE: tuple[tuple[int, int], ...] = ((30, 100), (60, 90), (90, 75), (180, 55), (360, 35))
"""Days overdue up to → percent; beyond the last, OLD_CHANCE."""
OLD_CHANCE = 20
PHONE, EMAIL, POST, NO_WAY = 100, 70, 40, 20
VERY_RECENT_DAYS, RECENT_DAYS = 2, 7
VERY_RECENT, RECENT = 40, 70

_MILLION = 1_000_000


def ranked(
    facts: pl.DataFrame, amounts: pl.DataFrame, *, currency: str, now: datetime, on: date
) -> pl.DataFrame:
    """The facts in the order in which the cases are worked, with tier, why, worth_minor, overdue_worth_minor,
    chance and score_minor.

    amounts: AMOUNTS of these customers as of the last run. currency: the creditor's. on: its day at `now`.
    """
    return (
        facts.join(worth(amounts, currency), on="customer_id", how="left")
        .with_columns(pl.col("worth_minor", "overdue_worth_minor", "disputed_worth_minor").fill_null(0))
        .with_columns(why=_why(now, on), chance=_chance(on))
        .with_columns(
            tier=pl.col("why").replace_strict(_TIERS, default=int(Tier.ASIDE), return_dtype=pl.Int64),
            score_minor=pl.col("worth_minor") * pl.col("chance") // 100,
        )
        .with_columns(first=pl.when(pl.col("tier") == Tier.CALLBACK).then("next_at"))
        .sort(
            ["tier", "priority", "first", "score_minor", "days_overdue", "case_id"],
            descending=[False, True, False, True, True, False],
            nulls_last=True,
        )
        .drop("first")
    )


def worth(amounts: pl.DataFrame, currency: str) -> pl.DataFrame:
    """customer_id, worth_minor, overdue_worth_minor, disputed_worth_minor: sums over currencies, told in the
    creditor's.

    No rates are known here. Another currency counts as if its usual overdue amount (the lower median of its
    customers) were worth the usual one in the creditor's, in millionths rounded down; one to one where the
    creditor's has none.
    """
    usual = dict(
        amounts.filter(pl.col("overdue_minor") > 0)
        .group_by("currency")
        .agg(pl.col("overdue_minor").quantile(0.5, interpolation="lower").cast(pl.Int64))
        .iter_rows()
    )
    own = usual.get(currency)
    times = {code: _MILLION * own // median if own else _MILLION for code, median in usual.items()}
    times[currency] = _MILLION
    ratio = pl.col("currency").replace_strict(times, default=_MILLION, return_dtype=pl.Int64)
    columns = {
        "worth_minor": "dunnable",
        "overdue_worth_minor": "overdue",
        "disputed_worth_minor": "disputed",
    }
    told = {name: _times(pl.col(f"{column}_minor"), ratio) for name, column in columns.items()}
    return amounts.with_columns(**told).group_by("customer_id").agg(pl.col(*columns).sum())


def _times(minor: pl.Expr, millionths: pl.Expr) -> pl.Expr:
    """Without leaving 64 bits."""
    return minor // _MILLION * millionths + minor % _MILLION * millionths // _MILLION


_TIERS = {
    "callback": int(Tier.CALLBACK),
    "broken": int(Tier.BROKEN),
    "reply": int(Tier.REPLY),
    "next": int(Tier.DUE),
    "task": int(Tier.DUE),
    "promise_day": int(Tier.PROMISE_DAY),
    "amount": int(Tier.AMOUNT),
}
"""Why → tier; whatever else is why is set aside."""


def _why(now: datetime, on: date) -> pl.Expr:
    """The first of these that holds."""
    day, moment = pl.lit(on, pl.Date), pl.lit(now, _MOMENT)
    worked = (pl.col("touched_on") == day).fill_null(value=False)
    promised = pl.col("promise_on").is_not_null()
    unanswered = pl.col("broken_on").is_not_null() & (
        pl.col("touched_on").is_null() | (pl.col("touched_on") < pl.col("broken_on"))
    )
    waits = (pl.col("state") == "waiting") & (day < pl.col("state_since").dt.offset_by(f"{WAITING_DAYS}d"))
    cases = {
        "callback": pl.col("next_at") <= moment,
        "broken": unanswered & ~promised & ~pl.col("on_hold"),
        "reply": pl.col("reply_at").is_not_null(),
        "next": pl.col("next_at").is_null() & (pl.col("next_on") <= day),
        "worked": worked,
        "task": (pl.col("task_on") <= day) & ~pl.col("on_hold") & ~promised,
        "promise_day": pl.col("promise_on") == day,
        "on_hold": pl.col("on_hold"),
        "insolvent": pl.col("insolvent"),
        "promised": promised,
        "later": (pl.col("next_at") > moment) | (pl.col("next_on") > day),
        "waiting": waits,
        "disputed": (pl.col("worth_minor") == 0) & (pl.col("disputed_worth_minor") > 0),
        "covered": pl.col("worth_minor") == 0,
    }
    told = pl.lit("amount")
    for name, holds in reversed(cases.items()):
        told = pl.when(holds.fill_null(value=False)).then(pl.lit(name)).otherwise(told)
    return told


def _chance(on: date) -> pl.Expr:
    """Percent: kind × age × way × time since the last contact, rounded down at each step."""
    kind = pl.col("debtor_kind").replace_strict(
        dict(KIND_CHANCE), default=KIND_CHANCE["unknown"], return_dtype=pl.Int64
    )
    age = pl.lit(OLD_CHANCE, pl.Int64)
    for days, percent in reversed(AGE_CHANCE):
        age = pl.when(pl.col("days_overdue") <= days).then(percent).otherwise(age)
    way = (
        pl.when("has_phone")
        .then(PHONE)
        .when("has_email")
        .then(EMAIL)
        .when("has_post")
        .then(POST)
        .otherwise(NO_WAY)
    )
    since = pl.col("contact_on")
    contact = (
        pl.when(since > on - timedelta(days=VERY_RECENT_DAYS))
        .then(VERY_RECENT)
        .when(since > on - timedelta(days=RECENT_DAYS))
        .then(RECENT)
        .otherwise(100)
    )
    return kind * age // 100 * way // 100 * contact // 100
