"""Dumps see every row or say that they do not; grants follow the roles; a database takes its place whole."""

import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from aldia.connectors.postgres import DatabaseTrouble, Urls, with_database
from aldia.connectors.postgres.backup import DumpFailed, dump, load, renamed_roles, whole_view
from aldia.connectors.postgres.databases import (
    DatabaseBusy,
    drop_database,
    empty_database,
    keeper,
    put_in_place,
)
from aldia.connectors.postgres.home import credentials, current_home
from aldia.connectors.postgres.urls import SUPERUSER, socket_url, url_parts

_ROWS = """
CREATE TABLE tenancy_creditor (id bigint PRIMARY KEY);
CREATE TABLE secret (creditor_id bigint NOT NULL, told text);
ALTER TABLE secret ENABLE ROW LEVEL SECURITY;
ALTER TABLE secret FORCE ROW LEVEL SECURITY;
CREATE POLICY creditor_scope ON secret USING (
    creditor_id = ANY (string_to_array(current_setting('aldia.creditor', true), ',')::bigint[]));
REVOKE ALL ON secret FROM {app};
GRANT SELECT ON secret TO {app};
INSERT INTO tenancy_creditor VALUES (1), (2);
ALTER TABLE secret NO FORCE ROW LEVEL SECURITY;
INSERT INTO secret VALUES (1, 'uno'), (2, 'dos');
ALTER TABLE secret FORCE ROW LEVEL SECURITY;
"""


_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
HERE = f"test_aldia_{os.environ['ALDIA_TEST_RUN']}_{_WORKER}_walled"
THERE, OLD = f"{HERE}_b", f"{HERE}_old"


@pytest.fixture
def walled(server: Urls) -> Iterator[Urls]:
    """A small database of two creditors behind the wall."""
    urls = replace(
        server, app=with_database(server.app, HERE), owner_or_none=with_database(server.owner, HERE)
    )
    with keeper(urls.owner) as owner:
        owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(HERE)))
        with psycopg.connect(urls.owner) as inside:
            inside.execute(_ROWS.format(app=url_parts(urls.app)["user"]))
    yield urls
    with keeper(urls.owner) as owner:
        for name in (HERE, THERE, OLD):
            drop_database(owner, name)


def told(url: str) -> list[str]:
    """The secrets in a database, as somebody whom the walls do not bind."""
    mighty = socket_url(
        current_home(), SUPERUSER, credentials(current_home()).superuser, url_parts(url)["dbname"]
    )
    with psycopg.connect(mighty) as connection:
        return [text for (text,) in connection.execute("SELECT told FROM secret ORDER BY 1")]


def there_and_back(urls: Urls, folder: Any) -> str:
    """The address of a second database, loaded from a dump of the first."""
    with whole_view(urls) as (_view, seer, snapshot):
        dump(folder / "rows.dump", seer=seer, snapshot=snapshot)
    app, owner = (url_parts(url)["user"] for url in (urls.app, urls.owner))
    with keeper(urls.owner) as keeping, empty_database(keeping, THERE):
        load(
            folder / "rows.dump",
            owner_url=urls.owner,
            database=THERE,
            roles={owner: owner, app: app},
        )
    return with_database(urls.app, THERE)


@pytest.mark.parametrize("embedded", [True, False], ids=["superuser", "owner in everybody's scope"])
def test_a_dump_holds_the_rows_of_every_creditor(walled, tmp_path, embedded):
    if not walled.embedded:
        pytest.skip("el superusuario solo se conoce en el servidor incorporado")
    there = there_and_back(replace(walled, embedded=embedded), tmp_path)
    assert told(there) == ["dos", "uno"]
    with psycopg.connect(there) as app:  # and the wall stands again, for whom it stood
        assert app.execute("SELECT told FROM secret").fetchall() == []
        app.execute("SELECT set_config('aldia.creditor', '2', false)")
        assert app.execute("SELECT told FROM secret").fetchall() == [("dos",)]
        with pytest.raises(InsufficientPrivilege):
            app.execute("INSERT INTO secret VALUES (2, 'tres')")


def test_a_wall_the_owner_cannot_open_is_said_and_nothing_is_left_out_in_silence(walled, tmp_path):
    with psycopg.connect(walled.owner) as owner:
        owner.execute("ALTER POLICY creditor_scope ON secret RENAME TO another")
    with (
        pytest.raises(DatabaseTrouble, match=r"no vería todas las filas de secret\. .*DATABASE_BACKUP_URL"),
        whole_view(replace(walled, embedded=False)),
    ):
        pass


def test_a_role_for_copies_that_does_not_see_everything_is_refused(walled, monkeypatch):
    monkeypatch.setenv("DATABASE_BACKUP_URL", walled.owner)
    with pytest.raises(DatabaseTrouble, match="no ve todas las filas"), whole_view(walled):
        pass


def test_a_dump_that_cannot_be_loaded_says_why_and_leaves_no_database(walled, tmp_path):
    (tmp_path / "rows.dump").write_bytes(b"PGDMP and then nothing")
    with (
        keeper(walled.owner) as owner,
        pytest.raises(DumpFailed, match="pg_restore"),
        empty_database(owner, THERE),
    ):
        load(
            tmp_path / "rows.dump",
            owner_url=walled.owner,
            database=THERE,
            roles={},
        )
    with pytest.raises(psycopg.OperationalError), psycopg.connect(with_database(walled.owner, THERE)):
        pass


def test_a_database_takes_the_name_and_the_other_keeps_its_rows(walled, tmp_path):
    there_and_back(walled, tmp_path)
    with psycopg.connect(with_database(walled.owner, THERE)) as new:
        new.execute("INSERT INTO tenancy_creditor VALUES (3)")
    with keeper(walled.owner) as owner:
        put_in_place(owner, new=THERE, name=HERE, old=OLD)
    assert [_creditors(walled, each) for each in (HERE, OLD)] == [3, 2]


def test_while_somebody_is_connected_neither_name_changes(walled, tmp_path):
    there_and_back(walled, tmp_path)
    with keeper(walled.owner) as owner, psycopg.connect(walled.app), pytest.raises(DatabaseBusy):
        put_in_place(owner, new=THERE, name=HERE, old=OLD)
    assert [_creditors(walled, each) for each in (HERE, THERE)] == [2, 2]


def _creditors(urls: Urls, database: str) -> int:
    with psycopg.connect(with_database(urls.owner, database)) as connection:
        row = connection.execute("SELECT count(*) FROM tenancy_creditor").fetchone()
    assert row is not None
    return int(row[0])


def test_two_copies_at_once_of_one_database_are_refused(walled):
    with keeper(walled.owner), pytest.raises(DatabaseBusy, match="otra copia"), keeper(walled.owner):
        pass


@pytest.mark.parametrize(
    ("there", "here"),
    [
        ("GRANT ALL ON TABLE public.a TO app;\n", 'GRANT ALL ON TABLE public.a TO "tienda_app";\n'),
        ("REVOKE ALL ON TABLE public.app FROM app;\n", 'REVOKE ALL ON TABLE public.app FROM "tienda_app";\n'),
        (
            "ALTER DEFAULT PRIVILEGES FOR ROLE owner GRANT USAGE ON SCHEMAS TO app;\n",
            'ALTER DEFAULT PRIVILEGES FOR ROLE "tienda_owner" GRANT USAGE ON SCHEMAS TO "tienda_app";\n',
        ),
        ("REVOKE ALL ON FUNCTION f() FROM PUBLIC;\n", "REVOKE ALL ON FUNCTION f() FROM PUBLIC;\n"),
        ("GRANT SELECT ON TABLE public.a TO metabase;\n", ""),
        ('GRANT SELECT ON TABLE public.a TO "odd ""role";\n', 'GRANT SELECT ON TABLE public.a TO "odd";\n'),
        ("SET client_encoding = 'UTF8';\n", "SET client_encoding = 'UTF8';\n"),
    ],
)
def test_grants_follow_the_roles_and_those_of_strangers_stay_behind(there, here):
    roles = {"app": "tienda_app", "owner": "tienda_owner", 'odd "role': "odd"}
    assert renamed_roles(there, roles) == here
