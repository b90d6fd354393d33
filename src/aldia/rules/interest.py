"""Late interest of one due line, explained to the day and segment (docs/rules/interest.md §2).

The portfolio computes the figure for every line at once; here is the same figure with its rows, for a reader.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from aldia.kernel.money import minor_units, round_half_up
from aldia.rules.law import DAYS_PER_YEAR, Confidence, RateSeries, Segment, fixed_rate_segments

DENOMINATOR = DAYS_PER_YEAR * 10_000  # days of a year × basis points of a whole
_DECIMALS = 4  # of the major unit, in each row


@dataclass(frozen=True, slots=True)
class InterestRow:
    """Days on which neither principal nor rate changed; first and last included.

    amount: four decimals of the major unit. confidence: None for an agreed rate.
    """

    first: date
    last: date
    days: int
    principal_minor: int
    rate_bp: int
    amount: Decimal
    source: str
    confidence: Confidence | None


@dataclass(frozen=True, slots=True)
class InterestExplanation:
    """The rows in order of time and the rounded figure, in minor units, to which they add up exactly."""

    rows: tuple[InterestRow, ...]
    total_minor: int


def explain_interest(
    *,
    allocations: Sequence[tuple[int, date]],
    open_minor: int,
    start: date,
    end: date,
    rate: RateSeries | int,
    currency: str,
) -> InterestExplanation:
    """Simple interest of one line from the day after `start` to `end` included, actual/365, rounded once.

    allocations: (minor units, day paid), net of reversals; money bears interest until the day it was paid,
    that day included. open_minor: what is still unpaid. rate: a series, or an agreed rate in basis points.
    Which rate, start and end apply and whether the line counts is the caller's: interest.md §1 and §2.
    The last row carries the remainder of the rounding, so for a few cents of interest it may fall below zero.
    """
    assert open_minor >= 0, "an open amount is not negative"
    assert all(amount > 0 for amount, _ in allocations), "net allocations are positive"
    stretches = [
        (principal, segment)
        for principal, begin, finish in _principal_levels(allocations, open_minor, start, end)
        for segment in _segments(rate, begin, finish)
    ]
    weights = [principal * segment.days * segment.rate_bp for principal, segment in stretches]
    total_minor = round_half_up(sum(weights), DENOMINATOR)
    amounts = _amounts(weights, total_minor, minor_units(currency))
    rows = (_row(*stretch, amount) for stretch, amount in zip(stretches, amounts, strict=True))
    return InterestExplanation(tuple(rows), total_minor)


def _principal_levels(
    allocations: Sequence[tuple[int, date]], open_minor: int, start: date, end: date
) -> Iterator[tuple[int, date, date]]:
    """(principal, day before it begins, last day) for each level above zero between start and end."""
    if start >= end:
        return
    begin = start
    for finish in sorted({paid for _, paid in allocations if start < paid < end} | {end}):
        principal = open_minor + sum(amount for amount, paid in allocations if paid >= finish)
        if principal:
            yield principal, begin, finish
        begin = finish


def _segments(rate: RateSeries | int, start: date, end: date) -> tuple[Segment, ...]:
    if isinstance(rate, RateSeries):
        return rate.segments(start, end)
    return fixed_rate_segments(rate, start, end)


def _amounts(weights: Sequence[int], total_minor: int, digits: int) -> list[Decimal]:
    """Each row's amount to four decimals; the last is what the rows before it leave of the total."""
    if not weights:
        return []
    unit = 10 ** (_DECIMALS - digits)
    shown = [round_half_up(weight * unit, DENOMINATOR) for weight in weights[:-1]]
    shown.append(total_minor * unit - sum(shown))
    return [Decimal(amount).scaleb(-_DECIMALS) for amount in shown]


def _row(principal: int, segment: Segment, amount: Decimal) -> InterestRow:
    return InterestRow(
        first=segment.first,
        last=segment.last,
        days=segment.days,
        principal_minor=principal,
        rate_bp=segment.rate_bp,
        amount=amount,
        source=segment.source,
        confidence=segment.confidence,
    )
