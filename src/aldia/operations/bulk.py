"""Frames into tables, in one statement each, on Django's connection and within its scope and transaction.

Many rows go by COPY into a temporary table and from there by INSERT … SELECT, since PostgreSQL refuses COPY
into tables with row security. A few go by plain VALUES: a temporary table costs more than they do.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import polars as pl
from django.db import connection
from psycopg import sql

from aldia.kernel.errors import AldiaError

FEW_ROWS_MAX = 50
_STAGE = "bulk_stage"
_CHUNK_BYTES = 1 << 20


class NulInText(AldiaError):
    """A text holds the character NUL, which no database text can."""

    code = "nul_in_text"


def next_ids(table: str, count: int) -> pl.Series:
    """`count` fresh ids of the table, ascending, Int64, named `id`. Gaps are harmless."""
    if count == 0:
        return pl.Series("id", [], dtype=pl.Int64)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(nextval(s.name)) FROM"
            " (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS name OFFSET 0) s, generate_series(1, %s)",
            [table, count],
        )
        return pl.Series("id", cursor.fetchone()[0], dtype=pl.Int64).sort()


@contextmanager
def many_rows() -> Iterator[None]:
    """Inside, joins go by hash. For transactions that read what was just written in bulk.

    A freshly filled table has no statistics until autovacuum comes by, so the planner takes it for tiny and
    would loop over all of its rows for each of its rows: minutes for some thousand invoices.
    """
    _execute(sql.SQL("SET LOCAL enable_nestloop = off"))
    yield
    _execute(sql.SQL("SET LOCAL enable_nestloop = on"))


def with_ids(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with a column `id` of fresh ids, in its order."""
    return frame.with_columns(next_ids(table, frame.height))


def insert_frame(
    table: str,
    creditor_id: int,
    frame: pl.DataFrame,
    *,
    order_by: Sequence[str] = (),
    unless_exists: bool = False,
) -> int:
    """Insert the rows for the creditor, in one statement; returns how many went in.

    frame: named as the columns; null is NULL, an empty text stays one; instants are aware; JSON travels as
    text, text[] as List(String). order_by: columns of the frame. unless_exists: rows that break a unique
    constraint are left out instead of refused. Raises NulInText; the database's refusals come as they are.
    """
    if frame.is_empty():
        return 0
    _refuse_unfit(frame)
    target = sql.SQL("INSERT INTO {} (creditor_id, {}) ").format(sql.Identifier(table), _names(frame.columns))
    with _source(table, frame, order_by) as rows:
        select = sql.SQL("SELECT {}, rows.* FROM {}").format(sql.Literal(creditor_id), rows)
        end = sql.SQL(" ON CONFLICT DO NOTHING" if unless_exists else "")
        return _execute(target + select + end)


def insert_rows(
    table: str, creditor_id: int, rows: Sequence[Mapping[str, Any]], *, returning: Sequence[str] = ()
) -> list[tuple[Any, ...]]:
    """Insert some hundred rows for the creditor, in their order, in one statement of one value: what each
    row has of its own, JSON can say. The columns of `returning`, row by row.

    rows: all with the same columns of the table; dates and aware instants become ISO texts. The database's
    refusals come as they are.
    """
    if not rows:
        return []
    types = _types(table)
    columns = list(rows[0])
    statement = sql.SQL(
        "INSERT INTO {table} (creditor_id, {names}) SELECT %(creditor)s, {names}"
        " FROM jsonb_to_recordset(%(rows)s::jsonb) AS r ({typed})"
    ).format(
        table=sql.Identifier(table),
        names=_names(columns),
        typed=sql.SQL(", ").join(
            sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(types[name])) for name in columns
        ),
    )
    if returning:
        statement += sql.SQL(" RETURNING ") + _names(returning)
    with connection.cursor() as cursor:
        said = json.dumps(rows, default=_iso, ensure_ascii=False)
        cursor.execute(statement, {"creditor": creditor_id, "rows": said})
        return cursor.fetchall() if returning else []


def _iso(value: date) -> str:
    return value.isoformat()


def update_frame(table: str, creditor_id: int, key: str, frame: pl.DataFrame) -> int:
    """Set the frame's columns in the creditor's rows of equal key; returns how many rows there were.

    key: a column of the frame, unique in it. Raises NulInText.
    """
    assert not frame[key].is_duplicated().any(), "each key once"
    if frame.is_empty():
        return 0
    _refuse_unfit(frame)
    sets = sql.SQL(", ").join(
        sql.SQL("{0} = rows.{0}").format(sql.Identifier(name)) for name in frame.columns if name != key
    )
    with _source(table, frame, ()) as rows:
        return _execute(
            sql.SQL("UPDATE {} t SET {} FROM {} WHERE t.creditor_id = {} AND t.{} = rows.{}").format(
                sql.Identifier(table),
                sets,
                rows,
                sql.Literal(creditor_id),
                sql.Identifier(key),
                sql.Identifier(key),
            )
        )


@contextmanager
def _source(table: str, frame: pl.DataFrame, order_by: Sequence[str]) -> Iterator[sql.Composable]:
    """The rows as something to select from, named `rows`, with the types of the table's columns."""
    order = sql.SQL(" ORDER BY {}").format(_names(order_by)) if order_by else sql.SQL("")
    if frame.height <= FEW_ROWS_MAX:
        values = _few(table, frame)
    else:
        values = sql.Identifier("pg_temp", _STAGE)
        _stage(table, frame)
    yield sql.SQL("(SELECT * FROM {} v{}) rows").format(values, order)
    if frame.height > FEW_ROWS_MAX:
        _execute(sql.SQL("DROP TABLE {}").format(values))


def _few(table: str, frame: pl.DataFrame) -> sql.Composable:
    """A VALUES list with the table's types but not their lengths: a cast cuts what an INSERT refuses."""
    rows = sql.SQL(", ").join(
        sql.SQL("({})").format(sql.SQL(", ").join(sql.Literal(value) for value in row))
        for row in _arrays_as_text(frame).iter_rows()
    )
    types = _types(table)
    typed = sql.SQL(", ").join(
        sql.SQL("{}::{}").format(sql.Identifier(name), sql.SQL(types[name])) for name in frame.columns
    )
    return sql.SQL("(SELECT {} FROM (VALUES {}) g ({}))").format(typed, rows, _names(frame.columns))


def _types(table: str) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
            [table],
        )
        return dict(cursor.fetchall())


def _stage(table: str, frame: pl.DataFrame) -> None:
    """COPY into a temporary table of just these columns."""
    columns = _names(frame.columns)
    _execute(
        sql.SQL("CREATE TEMP TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA").format(
            sql.Identifier(_STAGE), columns, sql.Identifier(table)
        )
    )
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(
        sql.Identifier("pg_temp", _STAGE), columns
    )
    text = memoryview(_csv(frame))
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for start in range(0, len(text), _CHUNK_BYTES):
            copy.write(text[start : start + _CHUNK_BYTES])


def _csv(frame: pl.DataFrame) -> bytes:
    """Every text in quotes, NULL as nothing at all: so `""` is empty and `"\\."` ends no input."""
    return _arrays_as_text(frame).write_csv(include_header=False, quote_style="non_numeric").encode()


def _arrays_as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """List(String) columns as PostgreSQL array literals."""
    arrays = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.List)]
    return frame.with_columns(
        pl.Series(name, [_array(items) for items in frame[name].to_list()], dtype=pl.String)
        for name in arrays
    )


def _array(items: Sequence[str | None] | None) -> str | None:
    if items is None:
        return None
    quoted = (
        "NULL" if item is None else '"' + item.replace("\\", "\\\\").replace('"', '\\"') + '"'
        for item in items
    )
    return "{" + ",".join(quoted) + "}"


def _refuse_unfit(frame: pl.DataFrame) -> None:
    for name, dtype in frame.schema.items():
        assert not dtype.is_float(), f"{name}: amounts are whole numbers"
        assert not isinstance(dtype, pl.Datetime) or dtype.time_zone, f"{name}: instants are aware"
        texts = frame[name].explode() if isinstance(dtype, pl.List) else frame[name]
        if texts.dtype == pl.String and texts.str.contains("\0", literal=True).any():
            raise NulInText(
                f"Un texto de la columna «{name}» contiene un carácter nulo (NUL): bórrelo y repita.",
                column=name,
            )


def _names(columns: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _execute(statement: sql.Composable) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.rowcount)
