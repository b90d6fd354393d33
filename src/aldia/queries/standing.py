"""How customers stood at the last run, as it is kept for lists (`closing_standing`)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from aldia.queries.portfolio import EVERYBODY, Part
from aldia.queries.snapshot import Snapshot
from aldia.records.closing.models import DaySnapshot
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
    """What the kept rows were reckoned under. on: the run's day. currencies: those that occur, by code."""

    on: date
    edges: tuple[int, ...]
    currencies: tuple[str, ...]


def kept_on(creditor_id: int, on: date) -> Kept | None:
    """Under what the run of that day kept its rows; None where there were none to keep."""
    rows = DaySnapshot.objects.filter(creditor_id=creditor_id, on_date=on).order_by("currency")
    found = list(rows.values_list("currency", "aging"))
    if not found:
        return None
    return Kept(on, edges_of(found[0][1]), tuple(currency for currency, _ in found))


def words_sql(kept: Kept) -> str:
    """A FROM item `s`: customer_id, is_step and every word lists may filter on, of creditor %(creditor)s."""
    stored = [name for name in stored_columns(kept.edges) if name not in ("aging", "overdue_since")]
    buckets = [f'aging[{n}] AS "{c.name}"' for n, c in enumerate(aging_columns(kept.edges), start=1)]
    days = f"greatest(DATE '{kept.on}' - overdue_since, 0) AS days_overdue"
    columns = ", ".join(["creditor_id", "customer_id", "overdue_since", *stored, days, *buckets])
    return f"(SELECT {columns} FROM closing_standing WHERE creditor_id = %(creditor)s) s"
