"""The portfolio decided: frames in, frames out. One customer is a portfolio of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from aldia.rules.portfolio.behaviour import settled_lines
from aldia.rules.portfolio.decide import decisions, judged_units
from aldia.rules.portfolio.frames import Frames, Terms
from aldia.rules.portfolio.held import with_days_on_hold
from aldia.rules.portfolio.interest import with_interest
from aldia.rules.portfolio.kinds import debtor_kinds
from aldia.rules.portfolio.lines import lines_as_of
from aldia.rules.portfolio.notices import notices
from aldia.rules.portfolio.promises import (
    lines_at_rest,
    paused_until,
    promise_lines,
    promise_standings,
    unanswered_broken,
)
from aldia.rules.portfolio.rows import Ground, portfolio_rows
from aldia.rules.portfolio.steps import done_steps
from aldia.rules.portfolio.strategy import Strategy
from aldia.rules.portfolio.units import decision_units, with_broken_promise


@dataclass(frozen=True)
class Decided:
    """What the rules say of a frozen portfolio.

    ground: lines with their standing, what became of promises, kinds of debtors. rows: the portfolio
    (customer_id and the vocabulary). units: overdue units judged by their strategy. decisions: one per
    customer. frames, strategies, terms: from which it was decided.
    """

    frames: Frames
    strategies: Mapping[str, Strategy]
    terms: Terms

    ground: Ground
    rows: pl.DataFrame
    units: pl.DataFrame
    decisions: pl.DataFrame

    @property
    def lines(self) -> pl.DataFrame:
        """Every due line with its standing, interest and days on hold."""
        return self.ground.lines

    @property
    def done(self) -> pl.DataFrame:
        """Steps done per open episode."""
        return self.ground.done

    @property
    def promises(self) -> pl.DataFrame:
        """What became of promises to pay (PROMISE_STANDINGS)."""
        return self.ground.promises

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
    ground = _ground(frames, strategies, terms, lines)
    return ground.lines, portfolio_rows(ground, frames, terms), ground.done


def _ground(
    frames: Frames, strategies: Mapping[str, Strategy], terms: Terms, lines: pl.DataFrame | None
) -> Ground:
    lines = with_interest(lines_as_of(frames, terms) if lines is None else lines, frames, terms)
    lines = with_days_on_hold(lines, frames, terms)
    settled = settled_lines(lines, frames, terms)
    parts = promise_lines(frames, terms)
    promises = promise_standings(frames, terms, parts)
    return Ground(
        lines=lines,
        settled=settled,
        done=done_steps(frames, strategies),
        promises=promises,
        promise_lines=parts,
        kinds=debtor_kinds(lines, settled, promises, frames, terms),
    )


def decide(
    frames: Frames, strategies: Mapping[str, Strategy], terms: Terms, lines: pl.DataFrame | None = None
) -> Decided:
    """The whole of `rules/portfolio` for one creditor and one day.

    strategies: by name, the one in force under that name; every `frames.customers.strategy` is a key.
    lines: as for `standing`.
    """
    ground = _ground(frames, strategies, terms, lines)
    rows = portfolio_rows(ground, frames, terms)
    units = decision_units(rows, ground.lines, ground.done, strategies)
    units = with_broken_promise(units, unanswered_broken(ground.promises, ground.lines, frames))
    units = judged_units(units, strategies, terms)
    paused = paused_until(ground.promises, terms)
    return Decided(
        frames=frames,
        strategies=strategies,
        terms=terms,
        ground=ground,
        rows=rows,
        units=units,
        decisions=decisions(rows, units, frames, strategies, terms, paused=paused),
    )
