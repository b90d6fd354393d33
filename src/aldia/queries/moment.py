"""The portfolio's rules asked anew for a few customers at this moment, so that no rule stands twice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from aldia.kernel.clock import business_date
from aldia.queries.claimed import ClaimedMessage
from aldia.queries.portfolio import Chosen, freeze
from aldia.queries.reasons import Reading, decide_under
from aldia.queries.snapshot import snapshot_of
from aldia.queries.terms import strategies_in_force, terms_of
from aldia.records.tenancy.models import Creditor
from aldia.rules.portfolio.frames import Frames
from aldia.rules.portfolio.outgoing import outgoing
from aldia.rules.portfolio.promise_messages import REMINDER
from aldia.rules.portfolio.promises import OPEN, lines_at_rest, paused_until
from aldia.rules.portfolio.reasons import Reason
from aldia.rules.relation import GOODWILL, GOODWILL_DAYS

Row = Mapping[str, Any]
_AT_PEACE = (Reason.NOTHING_OPEN.value, Reason.NOTHING_OVERDUE.value)


@dataclass(frozen=True, slots=True)
class Moment:
    """What the rules say of these customers now.

    frozen: before what is planned was left out.
    steps: what would leave now, by (episode, step) for the ladder and by (due line, step) for notices.
    decisions, customers: by customer. lines: due lines by id. units: judged rows by customer. replied_on: day
    of the last answer by customer. held: customers in a pause. said: due lines a step speaks of, by its key.
    promises: by id, as they stand; parts: of each on its lines. resting: last day of the promises that rest
    the ladder, by customer; resting_lines: due lines they are for.
    """

    today: date
    frozen: Frames
    reading: Reading
    steps: Mapping[tuple[str, int | None, str], Row]
    decisions: Mapping[int, Row]
    lines: Mapping[int, Row]
    units: Mapping[int, tuple[Row, ...]]
    customers: Mapping[int, Row]
    replied_on: Mapping[int, date]
    held: frozenset[int]
    said: Mapping[str, tuple[Row, ...]]
    promises: Mapping[int, Row]
    parts: Mapping[int, tuple[Row, ...]]
    resting: Mapping[int, date]
    resting_lines: frozenset[int]

    def as_read(self) -> Reading:
        """As `queries/live.py` reads these customers: with what is planned."""
        if (self.frozen.steps["state"] == "pending").any():
            return decide_under(self.frozen, self.reading.strategies, self.reading.terms)
        return self.reading

    def step_of(self, message: ClaimedMessage) -> Row | None:
        """The step as it would be taken now; None where the portfolio no longer stands by it. A person's own
        words are no step: they stand as they were written."""
        if message.kind == "free":
            return {"approval": False, "reachable": True, "channel": message.channel}
        if message.kind == GOODWILL:
            return self._thanks(message)
        if message.kind == "promise":
            return self._of_promise(message)
        return self.steps.get(_key(message.kind, message.episode_id, message.due_line_id, message.step))

    def _of_promise(self, message: ClaimedMessage) -> Row | None:
        """A receipt stands while its promise does; a reminder while something is missing, up to the day."""
        promise = self.promises.get(message.promise_id or 0)
        if promise is None or promise["state"] != OPEN:
            return None
        last = promise["promised_on"] if message.step == REMINDER else promise["until_on"]
        is_due = promise["paid_minor"] < promise["required_minor"] and self.today <= last
        return {"approval": False, "reachable": True, "channel": message.channel} if is_due else None

    def _thanks(self, message: ClaimedMessage) -> Row | None:
        """For who is still up to date, and not too long after; a strategy may send none."""
        cured_on = message.cured_on
        strategy = self.reading.strategies[self.customers[message.customer_id]["strategy"]]
        at_peace = self.decisions[message.customer_id]["outcome"] in _AT_PEACE
        if not (strategy.goodwill and at_peace and cured_on is not None):
            return None
        if self.today >= cured_on + timedelta(days=GOODWILL_DAYS):
            return None
        return {"approval": False, "reachable": True, "channel": message.channel}

    def title_of(self, strategy: str) -> str:
        """How the strategy is called on screen."""
        return self.reading.strategies[strategy].title

    def overlays_of_line(self, line_id: int | None) -> frozenset[str]:
        """Kinds of circumstances in force on a due line."""
        overlays = self.reading.frames.overlays
        return frozenset(overlays.filter(pl.col("line_id") == line_id)["kind"]) if line_id else frozenset()

    def is_disputed_whole(self, line_id: int) -> bool:
        """All of the due line is contested."""
        overlays = self.reading.frames.overlays.filter(kind="dispute", line_id=line_id)
        return bool(overlays["amount_minor"].is_null().any())

    def is_owed(self, message: ClaimedMessage) -> bool:
        """True while something the message was planned to speak of is open."""
        spoken_of = message.told | ({message.due_line_id} if message.due_line_id else set())
        known = [self.lines[each] for each in spoken_of if each in self.lines]
        if not spoken_of:
            return bool(self.decisions[message.customer_id]["outcome"] != "nothing_open")
        return any(line["open_minor"] > 0 for line in known)


def moment_of(creditor: Creditor, customer_ids: Iterable[int], *, now: datetime) -> Moment:
    """Freeze and decide these customers as of now's business date. Raises NoStrategy.

    What is planned and not yet gone counts as not there, as for a run that would plan it. In a transaction
    and scope, outside savepoints; rows the open transaction wrote itself are not seen.
    """
    today = business_date(now, creditor.time_zone)
    in_force, terms = strategies_in_force(creditor), terms_of(creditor, today)
    with snapshot_of(creditor.pk) as snapshot:
        frames = freeze(snapshot, today, Chosen(ids=tuple(sorted(set(customer_ids)))))
    left = replace(frames, steps=frames.steps.filter(pl.col("state") != "pending"))
    reading = decide_under(left, in_force.strategies, terms)
    out = outgoing(reading.decided, reading.frames, in_force.strategies, terms)
    decided = reading.decided
    return Moment(
        today=today,
        frozen=frames,
        reading=reading,
        steps={
            _key(row["kind"], row["episode_id"], row["line_id"], row["step"]): row
            for row in out.steps.iter_rows(named=True)
        },
        decisions=_by(decided.decisions, "customer_id"),
        lines=_by(decided.lines, "line_id"),
        units=_several(decided.units, "customer_id"),
        customers=_by(frames.customers, "customer_id"),
        replied_on=dict(frames.replies.group_by("customer_id").agg(pl.col("received_on").max()).iter_rows()),
        held=frozenset(frames.overlays.filter(kind="hold")["customer_id"]),
        said=_several(out.lines, "once_key"),
        promises=_by(decided.promises, "promise_id"),
        parts=_several(decided.ground.promise_lines, "promise_id"),
        resting=dict(paused_until(decided.promises, terms).iter_rows()),
        resting_lines=frozenset(lines_at_rest(decided.promises, reading.frames, terms)),
    )


def _key(kind: str, episode: int | None, line: int | None, step: str) -> tuple[str, int | None, str]:
    return (kind, episode, step) if kind == "dunning" else (kind, line, step)


def _by(frame: pl.DataFrame, column: str) -> dict[int, Row]:
    return {row[column]: row for row in frame.iter_rows(named=True)}


def _several(frame: pl.DataFrame, column: str) -> dict[Any, tuple[Row, ...]]:
    found: dict[Any, list[Row]] = {}
    for row in frame.iter_rows(named=True):
        found.setdefault(row[column], []).append(row)
    return {key: tuple(rows) for key, rows in found.items()}
