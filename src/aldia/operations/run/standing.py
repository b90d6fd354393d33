"""Keep how every customer stands, for lists. Only rows that changed are written. docs/rules/standing.md."""

import polars as pl
from django.db import connection

from aldia.operations.bulk import insert_frame, update_frame
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
    both = rows.join(stored, on=_KEY, how="left", suffix="_kept", nulls_equal=True)
    new = both.filter(pl.col("id").is_null()).select(rows.columns)
    changed = both.filter(pl.col("id").is_not_null() & _differs(rows.columns)).select("id", *rows.columns)
    gone = stored.join(rows, on=_KEY, how="anti")
    return (
        insert_frame(_TABLE, creditor_id, _writable(new))
        + update_frame(_TABLE, creditor_id, "id", _writable(changed))
        + _delete(creditor_id, gone["id"].to_list())
    )


def _differs(columns: list[str]) -> pl.Expr:
    facts = [name for name in columns if name not in _KEY]
    return pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_kept")) for name in facts)


def _writable(rows: pl.DataFrame) -> pl.DataFrame:
    """Statistics travel as text, with all their digits."""
    return rows.with_columns(
        pl.col(name).cast(pl.String) for name, kind in rows.schema.items() if kind.is_float()
    )


def _delete(creditor_id: int, ids: list[int]) -> int:
    if not ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_TABLE} WHERE creditor_id = %s AND id = ANY (%s)", [creditor_id, ids])
        return int(cursor.rowcount)
