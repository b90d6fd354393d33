"""How each customer pays: one kind, the rule that gave it and what it rests on. docs/rules/kinds.md.

Reckoned per customer over all its currencies, for what is counted are lines, days and words, never money.
What a person has judged stands before what is inferred; both are kept, so that the difference can be shown.
"""

from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from aldia.rules.portfolio.frames import Frames, Terms
from aldia.rules.portfolio.kind_facts import SLIP_DAYS, kind_facts


class Kind(StrEnum):
    """How a customer pays, in words for machines; the Spanish ones describe conduct (`kind_words.py`)."""

    CASUAL = "casual"
    STALLING = "stalling"
    CIRCUMSTANTIAL = "circumstantial"
    CARELESS = "careless"
    CHRONIC = "chronic"
    ILLIQUID = "illiquid"
    GOOD_PAYER = "good_payer"
    UNKNOWN = "unknown"


class Because(StrEnum):
    """What a kind rests on, in the order in which it is asked: the first that holds gives the kind."""

    CONTESTED = "contested"
    SAID_DISAGREES = "said_disagrees"
    SAID_CANNOT = "said_cannot"
    PAYS_IN_PARTS = "pays_in_parts"
    SAID_STALLS = "said_stalls"
    BREAKS_PROMISES = "breaks_promises"
    PUTS_OFF = "puts_off"
    ALWAYS_LATE = "always_late"
    SAID_FORGOT = "said_forgot"
    SOMETIMES_LATE = "sometimes_late"
    ON_TIME = "on_time"
    ONE_DELAY = "one_delay"
    NO_EVIDENCE = "no_evidence"


DISAGREES_DAYS = 90
CANNOT_DAYS = 120
STALLS_DAYS = 180
IN_PARTS = 2
BROKEN = 2
PUTS_OFF_LATE = 3
PUTS_OFF_MEDIAN = 30
PUTS_OFF_SPREAD = 10
ALWAYS_LATE = 3
FORGOT = 2
SOMETIMES_LATE = 2
ON_TIME_ITEMS = 3
ONE_DELAY_ITEMS = 3


@dataclass(frozen=True, slots=True)
class KindRule:
    """kind: what follows where `holds`, an expression over `kind_facts` that is never NULL."""

    kind: Kind
    because: Because
    holds: pl.Expr


def _share_of_late(tenths: int) -> pl.Expr:
    """At least so many tenths of the items are late; whole numbers, so that no rounding decides."""
    return pl.col("late") * 10 >= pl.col("items") * tenths


def _said(stance: str, days: int) -> pl.Expr:
    """The last that was said of why is this, and it was said in the last so many days."""
    return ((pl.col("said") == stance) & (pl.col("said_days") < days)).fill_null(False)


def kind_rules() -> tuple[KindRule, ...]:
    """The rules in the order in which they are asked. Thresholds: docs/rules/kinds.md §2."""
    late, items = pl.col("late"), pl.col("items")
    swings = pl.col("late_variance_n2") >= PUTS_OFF_SPREAD**2 * pl.col("paid_late") ** 2
    puts_off = (
        (pl.col("paid_late") >= PUTS_OFF_LATE)
        & _share_of_late(6)
        & (pl.col("late_median") >= PUTS_OFF_MEDIAN)
        & swings
    )
    return (
        KindRule(Kind.CIRCUMSTANTIAL, Because.CONTESTED, pl.col("contested") > 0),
        KindRule(Kind.CIRCUMSTANTIAL, Because.SAID_DISAGREES, _said("disagrees", DISAGREES_DAYS)),
        KindRule(Kind.ILLIQUID, Because.SAID_CANNOT, _said("cannot", CANNOT_DAYS)),
        KindRule(
            Kind.ILLIQUID,
            Because.PAYS_IN_PARTS,
            (pl.col("in_parts") >= IN_PARTS) & (pl.col("in_parts") * 2 >= late),
        ),
        KindRule(Kind.STALLING, Because.SAID_STALLS, _said("stalls", STALLS_DAYS)),
        KindRule(Kind.STALLING, Because.BREAKS_PROMISES, pl.col("broken") >= BROKEN),
        KindRule(Kind.STALLING, Because.PUTS_OFF, puts_off.fill_null(False)),
        KindRule(Kind.CHRONIC, Because.ALWAYS_LATE, (late >= ALWAYS_LATE) & _share_of_late(8)),
        KindRule(Kind.CARELESS, Because.SAID_FORGOT, (pl.col("forgot") >= FORGOT) & _share_of_late(1)),
        KindRule(Kind.CARELESS, Because.SOMETIMES_LATE, (late >= SOMETIMES_LATE) & _share_of_late(2)),
        KindRule(
            Kind.GOOD_PAYER,
            Because.ON_TIME,
            (items >= ON_TIME_ITEMS)
            & (late * 10 <= items)
            & (pl.col("lately") == 0)
            & (pl.col("days_now") <= SLIP_DAYS),
        ),
        KindRule(
            Kind.CASUAL,
            Because.ONE_DELAY,
            (items >= ONE_DELAY_ITEMS) & (late >= 1) & ((late == 1) | ~_share_of_late(2)),
        ),
    )


def debtor_kinds(
    lines: pl.DataFrame, settled: pl.DataFrame, promises: pl.DataFrame, frames: Frames, terms: Terms
) -> pl.DataFrame:
    """One row per customer of the frames: debtor_kind (never NULL: what was judged, else what is inferred),
    inferred_kind, because (of the inferred one), judged_kind and judged_on (NULL where nobody judged), and
    `kind_facts`.

    lines: `lines_as_of(…)`. settled: `settled_lines(…)`. promises: `promise_standings(…)`.
    """
    judged = frames.judgements.rename({"kind": "judged_kind"})
    return (
        with_inferred(kind_facts(lines, settled, promises, frames, terms))
        .join(judged, on="customer_id", how="left")
        .with_columns(debtor_kind=pl.coalesce("judged_kind", "inferred_kind"))
    )


def with_inferred(facts: pl.DataFrame) -> pl.DataFrame:
    """`kind_facts` with inferred_kind and because: the first rule that holds."""
    rules = kind_rules()
    first = pl.coalesce(*(pl.when(rule.holds).then(index) for index, rule in enumerate(rules)))
    words = {index: (rule.kind.value, rule.because.value) for index, rule in enumerate(rules)}
    return (
        facts.with_columns(rule=first)
        .with_columns(
            inferred_kind=_word(words, 0, Kind.UNKNOWN),
            because=_word(words, 1, Because.NO_EVIDENCE),
        )
        .drop("rule")
    )


def _word(words: dict[int, tuple[str, str]], place: int, otherwise: str) -> pl.Expr:
    named = {index: pair[place] for index, pair in words.items()}
    return pl.col("rule").replace_strict(named, default=str(otherwise), return_dtype=pl.String)
