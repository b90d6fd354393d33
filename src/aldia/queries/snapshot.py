"""One frozen moment of the database, read in bulk as Arrow.

The snapshot is exported from the open transaction of Django and taken over by an ADBC connection, so what is
read in bulk and what is written belong to the same moment. Row security holds there too: the creditor travels
in the options of the connection.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import adbc_driver_postgresql.dbapi as adbc
import polars as pl
from django.db import connection
from psycopg.conninfo import make_conninfo


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


@contextmanager
def snapshot_of(creditor_id: int) -> Iterator[Snapshot]:
    """Freeze the database as Django's current transaction sees it; commits of that transaction end it.

    Must be called inside `transaction.atomic()`. Rows written by the open transaction itself are not seen.
    """
    assert connection.in_atomic_block, "a snapshot needs an open transaction"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        name = cursor.fetchone()[0]
    with adbc.connect(_conninfo(creditor_id)) as bulk, bulk.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute(f"SET TRANSACTION SNAPSHOT '{name}'")
        yield Snapshot(cursor, creditor_id)
        bulk.rollback()


def _conninfo(creditor_id: int) -> str:
    wanted = ("host", "hostaddr", "port", "user", "password", "dbname", "sslmode")
    params = {k: v for k, v in connection.get_connection_params().items() if k in wanted}
    return make_conninfo(**params, options=f"-c aldia.creditor={creditor_id:d}")
