"""The portfolio decided: frames in, frames out. One customer is a portfolio of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from aldia.rules.portfolio.decide import decisions, judged_units
from aldia.rules.portfolio.frames import Frames, Terms
from aldia.rules.portfolio.held import with_days_on_hold
from aldia.rules.portfolio.interest import with_interest
from aldia.rules.portfolio.lines import lines_as_of
from aldia.rules.portfolio.notices import notices
from aldia.rules.portfolio.promises import (
    lines_at_rest,
    paused_until,
    promise_standings,
    unanswered_broken,
)
from aldia.rules.portfolio.rows import portfolio_rows
from aldia.rules.portfolio.steps import done_steps
from aldia.rules.portfolio.strategy import Strategy
from aldia.rules.portfolio.units import decision_units, with_broken_promise


@dataclass(frozen=True)
class Decided:
    """What the rules say of a frozen portfolio.

    lines: every due line with its standing (`lines_as_of`, `with_interest`, days_on_hold). rows: the
    portfolio (customer_id and the vocabulary). done: steps done per open episode. promises: what became of
    promises to pay (PROMISE_STANDINGS). units: overdue units judged by their strategy. decisions: one per
    customer. frames, strategies, terms: from which it was decided.
    """

    frames: Frames
    strategies: Mapping[str, Strategy]
    terms: Terms

    lines: pl.DataFrame
    rows: pl.DataFrame
    done: pl.DataFrame
    promises: pl.DataFrame
    units: pl.DataFrame
    decisions: pl.DataFrame

    @cached_property
    def notices(self) -> pl.DataFrame:
        """Per document (NOTICES); reckoned when asked for, since most readers do not."""
        promised = lines_at_rest(self.promises, self.frames, self.terms)
        return notices(self.lines, promised, self.frames, self.strategies, self.terms)


def standing(
    frames: Frames, strategies: Mapping[str, Strategy], terms: Terms, lines: pl.DataFrame | None = None
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Lines with interest and days on hold, portfolio rows and done steps, without deciding anything.

    lines: `lines_as_of(frames, terms)`, where the caller has them already.
    """
    lines, done, promises = _ground(frames, strategies, terms, lines)
    return lines, portfolio_rows(lines, done, promises, frames, terms), done


def _ground(
    frames: Frames, strategies: Mapping[str, Strategy], terms: Terms, lines: pl.DataFrame | None
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Lines, done steps and promises, on which all else stands."""
    lines = with_interest(lines_as_of(frames, terms) if lines is None else lines, frames, terms)
    lines = with_days_on_hold(lines, frames, terms)
    return lines, done_steps(frames, strategies), promise_standings(frames, terms)


def decide(
    frames: Frames, strategies: Mapping[str, Strategy], terms: Terms, lines: pl.DataFrame | None = None
) -> Decided:
    """The whole of `rules/portfolio` for one creditor and one day.

    strategies: by name, the one in force under that name; every `frames.customers.strategy` is a key.
    lines: as for `standing`.
    """
    lines, done, promises = _ground(frames, strategies, terms, lines)
    rows = portfolio_rows(lines, done, promises, frames, terms)
    units = decision_units(rows, lines, done, strategies)
    units = with_broken_promise(units, unanswered_broken(promises, lines, frames))
    units = judged_units(units, strategies, terms)
    return Decided(
        frames=frames,
        strategies=strategies,
        terms=terms,
        lines=lines,
        rows=rows,
        done=done,
        promises=promises,
        units=units,
        decisions=decisions(rows, units, frames, strategies, terms, paused=paused_until(promises, terms)),
    )
