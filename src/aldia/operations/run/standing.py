"""Keep how every customer stands, for lists. Only rows that changed are written. docs/rules/standing.md."""

import polars as pl
from django.db import connection

from aldia.operations.bulk import upsert_frame
from aldia.rules.portfolio.engine import Decided
from aldia.rules.portfolio.frames import Terms
from aldia.rules.portfolio.standing import standing_rows

_TABLE = "closing_standing"
_KEY = ["customer_id", "currency"]


def keep_standing(creditor_id: int, decided: Decided, terms: Terms, stored: pl.DataFrame) -> int:
    """Make the kept rows of these customers those of today; how many rows changed.

    stored: the rows kept so far (`queries.standing.stored_standing`).
    """
    rows = standing_rows(decided, terms)
    changed = _changed(rows, stored)
    gone = stored.join(rows, on=_KEY, how="anti")
    texts = [pl.col(name).cast(pl.String) for name, kind in changed.schema.items() if kind.is_float()]
    written = upsert_frame(_TABLE, creditor_id, _KEY, changed.with_columns(texts))
    return written + _delete(creditor_id, gone)


def _changed(rows: pl.DataFrame, stored: pl.DataFrame) -> pl.DataFrame:
    """Rows that are new or differ in any column."""
    both = rows.join(stored, on=_KEY, how="left", suffix="_kept", nulls_equal=True)
    names = [name for name in rows.columns if name not in _KEY]
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_kept")) for name in names)
    return both.filter(differs).select(rows.columns)


def _delete(creditor_id: int, gone: pl.DataFrame) -> int:
    if gone.is_empty():
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {_TABLE} s USING unnest(%s::bigint[], %s::text[]) AS g (customer_id, currency)"
            " WHERE s.creditor_id = %s AND s.customer_id = g.customer_id AND s.currency = g.currency",
            [gone["customer_id"].to_list(), gone["currency"].to_list(), creditor_id],
        )
        return int(cursor.rowcount)
