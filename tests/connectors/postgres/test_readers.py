"""Readers in bulk: a connection is used again, and carries nothing over from one reader to the next."""

from collections.abc import Iterator
from typing import Any

import adbc_driver_postgresql.dbapi as adbc
import psycopg
import pytest

from aldia.connectors.postgres.readers import IDLE_MAX, bulk_reader, close_readers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def none_waiting() -> Iterator[None]:
    close_readers()
    yield
    close_readers()


def _one(cursor: Any, query: str) -> Any:
    cursor.execute(query)
    return cursor.fetch_polars().item()


def _backend(dsn: str) -> int:
    with bulk_reader(dsn) as cursor:
        return int(_one(cursor, "SELECT pg_backend_pid()"))


def test_the_next_reader_takes_the_connection_of_the_one_before(app_dsn: str) -> None:
    assert _backend(app_dsn) == _backend(app_dsn)


def test_two_readers_at_once_have_a_connection_each(app_dsn: str) -> None:
    with bulk_reader(app_dsn) as one, bulk_reader(app_dsn) as other:
        assert _one(one, "SELECT pg_backend_pid()") != _one(other, "SELECT pg_backend_pid()")


def test_the_scope_of_one_reader_is_gone_with_it(app_dsn: str) -> None:
    with bulk_reader(app_dsn) as cursor:
        cursor.execute("SET LOCAL aldia.creditor = '17'")
        assert _one(cursor, "SELECT current_setting('aldia.creditor', true)") == "17"
    with bulk_reader(app_dsn) as cursor:
        assert not _one(cursor, "SELECT current_setting('aldia.creditor', true)")


def test_a_reader_writes_nothing_and_stays_at_one_moment(app_dsn: str) -> None:
    with bulk_reader(app_dsn) as cursor:
        assert _one(cursor, "SELECT current_setting('transaction_isolation')") == "repeatable read"
    with pytest.raises(adbc.Error, match="read-only"), bulk_reader(app_dsn) as cursor:
        cursor.execute("CREATE TABLE x (y int)")


def test_a_connection_that_was_ended_meanwhile_is_replaced(app_dsn: str) -> None:
    first = _backend(app_dsn)
    with psycopg.connect(app_dsn, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
    assert _backend(app_dsn) != first


def test_a_reader_that_failed_leaves_no_connection_behind(app_dsn: str) -> None:
    first = _backend(app_dsn)
    with pytest.raises(ZeroDivisionError), bulk_reader(app_dsn):
        raise ZeroDivisionError
    assert _backend(app_dsn) != first


def test_no_more_than_a_few_wait(app_dsn: str) -> None:
    readers = [bulk_reader(app_dsn) for _ in range(IDLE_MAX + 2)]
    backends = [int(_one(reader.__enter__(), "SELECT pg_backend_pid()")) for reader in readers]
    for reader in readers:
        reader.__exit__(None, None, None)
    with psycopg.connect(app_dsn) as other:
        still = other.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = ANY (%s)", [backends])
        assert still.fetchone() == (IDLE_MAX,)
