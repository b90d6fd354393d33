"""The tests' database is what production has: the owner made it, the application works in it."""

import psycopg
import pytest
from django.db import connection


def _one(question: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(question)
        row = cursor.fetchone()
    assert row is not None
    return row[0]


@pytest.mark.django_db
def test_tests_work_as_a_role_under_row_security():
    assert _one("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user") is False


@pytest.mark.django_db
def test_tables_belong_to_another_role():
    assert (
        _one("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user") == 0
    )


@pytest.mark.django_db(transaction=True)
def test_the_addresses_for_other_processes_lead_to_the_same_database(app_dsn, owner_dsn, owner_connection):
    database = _one("SELECT current_database()")
    with psycopg.connect(app_dsn) as app:
        assert app.execute("SELECT current_database(), current_user").fetchone() == (
            database,
            _one("SELECT user"),
        )
    owner = owner_connection.execute("SELECT current_database(), current_user").fetchone()
    assert owner[0] == database
    assert owner[1] != _one("SELECT user")
    assert owner_dsn != app_dsn
