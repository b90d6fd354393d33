"""One address, understood alike by libpq, Django and us."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.conninfo import conninfo_to_dict

from aldia.connectors.postgres import django_database, with_database
from aldia.connectors.postgres.client import client_variables
from aldia.connectors.postgres.errors import DatabaseTrouble

_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20)


def test_a_socket_address_becomes_a_django_entry():
    entry = django_database("postgresql://aldia_app:abc@/aldia?host=%2Fvar%2Flib%2Faldia%2Fsocket")
    assert entry == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "aldia",
        "USER": "aldia_app",
        "PASSWORD": "abc",
        "HOST": "/var/lib/aldia/socket",
        "PORT": "",
        "OPTIONS": {"application_name": "aldia"},
    }


def test_a_network_address_keeps_port_and_options():
    entry = django_database(
        "postgres://u:p%40ss@db.example.org:6432/cobros?sslmode=verify-full&application_name=uno"
    )
    assert (entry["HOST"], entry["PORT"], entry["PASSWORD"]) == ("db.example.org", "6432", "p@ss")
    assert entry["OPTIONS"] == {"application_name": "uno", "sslmode": "verify-full"}


def test_nonsense_is_refused_in_spanish():
    with pytest.raises(DatabaseTrouble, match="no se entiende"):
        django_database("mysql://u:p@h/d")


@given(user=_TEXT, password=_TEXT, host=_TEXT, database=_TEXT)
def test_changing_the_database_changes_nothing_else(user, password, host, database):
    first = with_database("postgresql://u:p@h:5433/d?sslmode=disable", database)
    assert conninfo_to_dict(first) == {
        "user": "u",
        "password": "p",
        "host": "h",
        "port": "5433",
        "sslmode": "disable",
        "dbname": database,
    }


def test_psql_gets_the_address_through_its_environment():
    assert client_variables("postgresql://u:p@/d?host=%2Ftmp%2Fx") == {
        "PGUSER": "u",
        "PGPASSWORD": "p",
        "PGHOST": "/tmp/x",
        "PGDATABASE": "d",
    }
