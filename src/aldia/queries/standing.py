"""How customers stood at the last run, as it is kept for lists (`closing_standing`)."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from aldia.queries.asking import ask
from aldia.queries.portfolio import EVERYBODY, Part
from aldia.queries.snapshot import Snapshot
from aldia.records.tenancy.models import Creditor
from aldia.rules.portfolio.standing import edges_of, stored_columns
from aldia.rules.portfolio.vocabulary import aging_columns

_STORED = "SELECT {columns} FROM closing_standing WHERE true{within}"


def stored_standing(snapshot: Snapshot, edges: Iterable[int], part: Part = EVERYBODY) -> pl.DataFrame:
    """The kept rows: id, customer_id and `stored_columns`."""
    schema = pl.Schema({"id": pl.Int64(), "customer_id": pl.Int64(), **stored_columns(edges)})
    columns = ", ".join("aging::text AS aging" if name == "aging" else name for name in schema)
    return snapshot.read(_STORED.format(columns=columns, within=part.within("customer_id")), schema)


@dataclass(frozen=True, slots=True)
class Kept:
    """The last recorded run, and what its kept rows were reckoned under.

    on: the run's day. edges: of the ageing buckets. currencies: those that occur, by code; none, and no rows,
    where nothing was ever booked.
    """

    run_id: int
    recorded_at: datetime
    on: date
    edges: tuple[int, ...]
    currencies: tuple[str, ...]


_LAST = """
SELECT r.id, r.recorded_at, r.on_date, d.currency, d.aging
FROM (SELECT id, recorded_at, on_date FROM cases_daily_run WHERE creditor_id = %(creditor)s
      ORDER BY on_date DESC, sequence DESC LIMIT 1) r
LEFT JOIN closing_day_snapshot d ON d.creditor_id = %(creditor)s AND d.on_date = r.on_date
ORDER BY d.currency
"""


def last_kept(creditor: Creditor) -> Kept | None:
    """What the lists read; None before the first run."""
    rows = ask(_LAST, creditor=creditor.pk)
    if not rows:
        return None
    first = rows[0]
    return Kept(
        run_id=first["id"],
        recorded_at=first["recorded_at"],
        on=first["on_date"],
        edges=edges_of(json.loads(first["aging"])) if first["aging"] else tuple(creditor.aging_edges),
        currencies=tuple(row["currency"] for row in rows if row["currency"]),
    )


def words_sql(kept: Kept) -> str:
    """A FROM item `s`: customer_id, is_step and every word lists may filter on, of creditor %(creditor)s."""
    stored = [name for name in stored_columns(kept.edges) if name not in ("aging", "overdue_since")]
    buckets = [f'aging[{n}] AS "{c.name}"' for n, c in enumerate(aging_columns(kept.edges), start=1)]
    days = f"greatest(DATE '{kept.on}' - overdue_since, 0) AS days_overdue"
    columns = ", ".join(["creditor_id", "customer_id", "overdue_since", *stored, days, *buckets])
    return f"(SELECT {columns} FROM closing_standing WHERE creditor_id = %(creditor)s) s"
