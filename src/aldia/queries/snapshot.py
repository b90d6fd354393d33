"""One frozen moment of the database, read in bulk as Arrow.

The snapshot is exported from the open transaction of Django and taken over by an ADBC connection, so what is
read in bulk and what is written belong to the same moment. Row security holds there too: the creditor is set
for that transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.db import connection
from psycopg.conninfo import make_conninfo

from aldia.connectors.postgres.readers import bulk_reader

# PostgreSQL's numbers of the types that a freeze reads → how they are held.
_POLARS = {
    16: pl.Boolean(),
    20: pl.Int64(),
    21: pl.Int16(),
    23: pl.Int32(),
    25: pl.String(),
    701: pl.Float64(),
    1009: pl.List(pl.String()),
    1015: pl.List(pl.String()),
    1043: pl.String(),
    1082: pl.Date(),
    1184: pl.Datetime(time_zone="UTC"),
}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A reader of one creditor's rows as they were at one moment."""

    cursor: Any
    creditor_id: int

    def read(self, sql: str, schema: pl.Schema | None = None) -> pl.DataFrame:
        """The rows of a SELECT; cast to `schema` (same names, its order) where one is given."""
        self.cursor.execute(sql)
        frame: pl.DataFrame = self.cursor.fetch_polars()
        return frame if schema is None else frame.select(pl.col(n).cast(t) for n, t in schema.items())


@dataclass(frozen=True, slots=True)
class OwnView(Snapshot):
    """The same on Django's own connection: within a savepoint too, and with the rows that the open
    transaction has written. For a few customers; many are read faster from a snapshot."""

    def read(self, sql: str, schema: pl.Schema | None = None) -> pl.DataFrame:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            known = {column.name: _POLARS[column.type_code] for column in cursor.description}
            frame = pl.DataFrame(cursor.fetchall(), schema=known, orient="row")
        return frame if schema is None else frame.select(pl.col(n).cast(t) for n, t in schema.items())


def own_view(creditor_id: int) -> OwnView:
    """What the current transaction sees of the creditor, which is in scope."""
    assert connection.in_atomic_block, "what is read together belongs to one transaction"
    return OwnView(None, creditor_id)


@contextmanager
def snapshot_of(creditor_id: int) -> Iterator[Snapshot]:
    """Freeze the database as Django's current transaction sees it; commits of that transaction end it.

    Must be called inside `transaction.atomic()`. Rows written by the open transaction itself are not seen.
    Within a savepoint the server exports nothing: what is committed at this moment is read, which is what a
    statement of the transaction sees as well.
    """
    assert connection.in_atomic_block, "a snapshot needs an open transaction"
    name = None if any(connection.savepoint_ids) else _exported()
    with bulk_reader(_conninfo()) as cursor:
        if name is not None:
            cursor.execute(f"SET TRANSACTION SNAPSHOT '{name}'")
        cursor.execute(f"SET LOCAL aldia.creditor = '{creditor_id:d}'")
        yield Snapshot(cursor, creditor_id)


def _exported() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        return str(cursor.fetchone()[0])


def _conninfo() -> str:
    wanted = ("host", "hostaddr", "port", "user", "password", "dbname", "sslmode")
    return make_conninfo(**{k: v for k, v in connection.get_connection_params().items() if k in wanted})
