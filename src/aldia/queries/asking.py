"""SELECTs on Django's connection, answered as dictionaries."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


def ask(query: str, **values: Any) -> list[dict[str, Any]]:
    """The rows of a SELECT that names its values `%(name)s`, inside the current transaction and scope."""
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@contextmanager
def by_index() -> Iterator[None]:
    """Inside, tables are read by index where there is one.

    Reading a whole table costs twice as much under row security, which then asks of every row whose it is; the
    planner does not know that. Ends with the block or the transaction.
    """
    _set_seqscan("off")
    yield
    _set_seqscan("on")


def _set_seqscan(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('enable_seqscan', %s, true)", [value])
