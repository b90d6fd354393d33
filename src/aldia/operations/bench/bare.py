"""The bare round trip: read what the run reads, write what it wrote into twin tables, decide nothing.

A twin has the shape, keys, checks, foreign keys and row security of its original; lines point at twin
messages, everything else at the rows that were there before. So the ratio run ÷ bare says what deciding
costs, and nothing else.
"""

from datetime import date

import polars as pl
import psycopg
from django.db import connection, transaction

from aldia.kernel.clock import stopwatch
from aldia.operations.bulk import insert_frame
from aldia.queries.portfolio import Part, parts_of, read_all
from aldia.queries.runs import last_decisions, pending_steps
from aldia.queries.snapshot import snapshot_of
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

# Tables the run writes, in the order of their foreign keys, with their twins and sort order.
WRITTEN = {
    "cases_episode": ("bare_episode", "id"),
    "cases_decision": ("bare_decision", "id"),
    "outreach_message": ("bare_message", "id"),
    "outreach_message_line": ("bare_message_line", "id"),
    "cases_task": ("bare_task", "id"),
    "closing_standing": ("bare_standing", "id"),
}


def make_twins(owner_url: str) -> None:
    """Create the empty twin tables, as the owner."""
    with psycopg.connect(owner_url) as owner:
        for table, (twin, _) in WRITTEN.items():
            owner.execute(f"DROP TABLE IF EXISTS {twin} CASCADE")
            owner.execute(f"CREATE TABLE {twin} (LIKE {table} INCLUDING ALL)")
        for table, (twin, _) in WRITTEN.items():
            _copy_keys_and_walls(owner, table, twin)


def _copy_keys_and_walls(owner: psycopg.Connection[tuple[object, ...]], table: str, twin: str) -> None:
    keys = owner.execute(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'",
        [table],
    ).fetchall()
    for (definition,) in keys:
        text = str(definition).replace("REFERENCES outreach_message(", "REFERENCES bare_message(")
        owner.execute(f"ALTER TABLE {twin} ADD {text}")
    policy = owner.execute(
        "SELECT pg_get_expr(polqual, polrelid) FROM pg_policy WHERE polrelid = %s::regclass", [table]
    ).fetchone()
    assert policy is not None, f"{table} has a policy"
    owner.execute(f"ALTER TABLE {twin} ENABLE ROW LEVEL SECURITY")
    owner.execute(f"ALTER TABLE {twin} FORCE ROW LEVEL SECURITY")
    owner.execute(f"CREATE POLICY creditor_scope ON {twin} USING ({policy[0]}) WITH CHECK ({policy[0]})")


def written_by(creditor: Creditor, run_id: int, on: date) -> dict[str, pl.DataFrame]:
    """The rows that the run wrote, per table, in the columns it wrote; read before the clock runs."""
    own = {
        "cases_episode": f"opened_on = DATE '{on}'",
        "cases_decision": f"run_id = {run_id}",
        "outreach_message": f"run_id = {run_id}",
        "outreach_message_line": f"message_id IN (SELECT id FROM outreach_message WHERE run_id = {run_id})",
        "cases_task": f"run_id = {run_id}",
        "closing_standing": "true",
    }
    with transaction.atomic(), scope([creditor.pk]), snapshot_of(creditor.pk) as snapshot:
        return {
            table: snapshot.read(f"SELECT {_columns(table)} FROM {table} WHERE {condition} ORDER BY id")
            for table, condition in own.items()
        }


def _columns(table: str) -> str:
    """What is not filled in by itself; JSON, arrays and statistics as the text `insert_frame` takes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(CASE WHEN atttypid::regtype::text IN"
            " ('json', 'jsonb', 'bigint[]', 'double precision')"
            " THEN format('%%1$I::text AS %%1$I', attname) ELSE quote_ident(attname) END,"
            " ', ' ORDER BY attnum)"
            " FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
            " AND attname NOT IN ('creditor_id', 'recorded_at')",
            [table],
        )
        return str(cursor.fetchone()[0])


def bare_round_trip(
    creditor: Creditor, on: date, rows: dict[str, pl.DataFrame], customers_per_part: int
) -> dict[str, float]:
    """Seconds to read and to write, in the run's parts and in one transaction like it."""
    seconds = {"bare_read": 0.0, "bare_write": 0.0}
    start = stopwatch()
    with transaction.atomic(), scope([creditor.pk]), snapshot_of(creditor.pk) as snapshot:
        for part in parts_of(snapshot, customers_per_part):
            began = stopwatch()
            read_all(snapshot, on, part)
            last_decisions(snapshot, part)
            pending_steps(snapshot, on, part)
            read = stopwatch()
            for table, (twin, order) in WRITTEN.items():
                insert_frame(twin, creditor.pk, _of(rows[table], part), order_by=[order])
            seconds["bare_read"] += read - began
            seconds["bare_write"] += stopwatch() - read
    seconds["bare"] = stopwatch() - start
    return seconds


def _of(rows: pl.DataFrame, part: Part) -> pl.DataFrame:
    if part.lowest is None or part.highest is None:
        return rows
    return rows.filter(pl.col("customer_id").is_between(part.lowest, part.highest))
