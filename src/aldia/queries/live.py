"""Customers as they stand this very moment, by the engine: a page of them costs a tenth of a second."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from aldia.queries.portfolio import Chosen, freeze, freeze_money
from aldia.queries.reasons import Reading, decide_under, step_titles
from aldia.queries.snapshot import snapshot_of
from aldia.queries.terms import strategies_in_force, terms_of
from aldia.records.tenancy.models import Creditor
from aldia.rules.portfolio.lines import lines_as_of
from aldia.rules.portfolio.rows import owed
from aldia.rules.portfolio.words import outcome_label


@dataclass(frozen=True, slots=True)
class Live:
    """rows: (customer_id, currency) → every word of the vocabulary. decisions: customer_id → (outcome, its
    Spanish title, next_on), as a run of this moment would decide."""

    rows: dict[tuple[int, str], dict[str, Any]]
    decisions: dict[int, tuple[str, str, date | None]]


def live(creditor: Creditor, ids: Iterable[int], as_of: date) -> Live:
    """These customers as of the day, with everything booked by now. Raises NoStrategy.

    In a transaction and the creditor's scope, outside savepoints.
    """
    chosen = tuple(sorted(set(ids)))
    if not chosen:
        return Live({}, {})
    reading = live_reading(creditor, chosen, as_of)
    titles = step_titles(reading.strategies)
    decided = reading.decided.decisions.select("customer_id", "outcome", "next_on").iter_rows()
    return Live(
        rows={
            (row["customer_id"], row["currency"]): row for row in reading.decided.rows.iter_rows(named=True)
        },
        decisions={id_: (outcome, outcome_label(outcome, titles), on) for id_, outcome, on in decided},
    )


def owed_now(creditor: Creditor, ids: Iterable[int], as_of: date) -> dict[int, list[dict[str, Any]]]:
    """Customer → what they owe in each currency (`rules.portfolio.rows.owed`) as of the day, with everything
    booked by now, and nothing decided. Inside as `live`."""
    chosen = tuple(sorted(set(ids)))
    if not chosen:
        return {}
    with snapshot_of(creditor.pk) as snapshot:
        frames = freeze_money(snapshot, as_of, Chosen(ids=chosen))
    found: dict[int, list[dict[str, Any]]] = {}
    for row in owed(lines_as_of(frames, terms_of(creditor, as_of)), frames).iter_rows(named=True):
        found.setdefault(row["customer_id"], []).append(row)
    return found


def live_reading(creditor: Creditor, ids: tuple[int, ...], as_of: date) -> Reading:
    """The same, with frames and lines."""
    in_force, terms = strategies_in_force(creditor), terms_of(creditor, as_of)
    with snapshot_of(creditor.pk) as snapshot:
        frames = freeze(snapshot, as_of, Chosen(ids=ids))
    return decide_under(frames, in_force.strategies, terms)
