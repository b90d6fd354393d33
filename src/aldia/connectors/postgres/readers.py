"""Connections for reading in bulk as Arrow, kept for the next reader.

Opening one costs more than a page of customers costs to read, for the driver asks for the types of the whole
catalogue. A reader has a connection for itself; afterwards it waits, without a transaction, for the next.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from typing import Any

import adbc_driver_postgresql.dbapi as adbc

IDLE_MAX = 4

_lock = Lock()
_idle: list[tuple[tuple[int, str], Any]] = []  # (process, address) and its connection; last used comes last


@contextmanager
def bulk_reader(conninfo: str) -> Iterator[Any]:
    """A cursor in a REPEATABLE READ, READ ONLY transaction that has read nothing; rolled back at the end."""
    key = (os.getpid(), conninfo)
    connection, cursor = _begun(key)
    try:
        yield cursor
        cursor.execute("ROLLBACK")
        cursor.close()
    except BaseException:
        _close(connection)
        raise
    _put_back(key, connection)


def close_readers() -> None:
    """Close whatever waits: before its database goes, or the server stops."""
    with _lock:
        waiting, _idle[:] = list(_idle), []
    for _, connection in waiting:
        _close(connection)


def _begun(key: tuple[int, str]) -> tuple[Any, Any]:
    """A waiting connection if it still answers, else a new one."""
    while (waiting := _take(key)) is not None:
        try:
            return waiting, _begin(waiting)
        except adbc.Error:  # the server went away in the meantime
            _close(waiting)
    fresh = adbc.connect(key[1], autocommit=True)
    return fresh, _begin(fresh)


def _begin(connection: Any) -> Any:
    cursor = connection.cursor()
    cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    return cursor


def _take(key: tuple[int, str]) -> Any | None:
    with _lock:
        for place in reversed(range(len(_idle))):
            if _idle[place][0] == key:
                return _idle.pop(place)[1]
    return None


def _put_back(key: tuple[int, str], connection: Any) -> None:
    with _lock:
        _idle.append((key, connection))
        beyond = _idle.pop(0)[1] if len(_idle) > IDLE_MAX else None
    if beyond is not None:
        _close(beyond)


def _close(connection: Any) -> None:
    with suppress(Exception):
        connection.close()
