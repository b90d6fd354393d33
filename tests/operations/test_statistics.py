"""A table that has just been filled is looked at again, by whoever may not look at it alone."""

import time

import psycopg
import pytest
from django.db import connection

from aldia.operations.statistics import fresh_statistics

_TABLE = "schema_just_filled"
_KNOWN = f"SELECT reltuples::int FROM pg_class WHERE relname = '{_TABLE}'"


@pytest.fixture
def filled(owner_dsn):
    """A table of the owner's with a thousand rows, of which the planner knows nothing yet."""
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        owner.execute(f"CREATE TABLE {_TABLE} (n integer)")
        try:
            owner.execute(f"ANALYZE {_TABLE}")
            owner.execute(f"INSERT INTO {_TABLE} SELECT generate_series(1, 1000)")
            owner.execute("SELECT pg_stat_force_next_flush()")
            yield owner
        finally:
            owner.execute(f"DROP TABLE {_TABLE}")


def _known(owner):
    return owner.execute(_KNOWN).fetchone()[0]


def _looked():
    """Until the server has counted the rows that another session wrote."""
    for _ in range(100):
        if (looked := fresh_statistics(changes_min=999)) > 0:
            return looked
        time.sleep(0.05)
    return 0


@pytest.mark.django_db(transaction=True)
def test_the_planner_learns_how_many_rows_there_are_and_then_it_is_enough(filled):
    assert _known(filled) == 0
    assert _looked() >= 1
    assert _known(filled) == 1000
    filled.execute(f"DELETE FROM {_TABLE} WHERE n <= 500")
    filled.execute("SELECT pg_stat_force_next_flush()")
    fresh_statistics(changes_min=999)
    assert _known(filled) == 1000, "less than doubled: the server's own round will do"


@pytest.mark.django_db(transaction=True)
def test_without_the_function_the_application_may_not_look(filled, app_dsn):
    with psycopg.connect(app_dsn, autocommit=True) as app:
        app.add_notice_handler(lambda said: None)
        app.execute(f"ANALYZE {_TABLE}")
    assert _known(filled) == 0


@pytest.mark.django_db
def test_what_another_looks_at_is_left_to_it(owner_dsn, filled):
    with psycopg.connect(owner_dsn) as other, connection.cursor() as cursor:
        other.execute(f"LOCK TABLE {_TABLE} IN SHARE UPDATE EXCLUSIVE MODE")
        cursor.execute("SET LOCAL statement_timeout = '5s'")
        fresh_statistics(changes_min=999)
    assert _known(filled) == 0
