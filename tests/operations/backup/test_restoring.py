"""The drill: what is put back is the house, whole and under lock; or nothing changes."""

import io
import json
import os
import re
import subprocess
import tarfile

import psycopg
import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db import transaction

from aldia.connectors.postgres import postgres_bin
from aldia.connectors.postgres.as_owner import as_owner, in_database
from aldia.connectors.postgres.client import client_variables
from aldia.connectors.postgres.databases import DatabaseBusy
from aldia.operations.backup import restore_backup
from aldia.operations.backup.errors import BackupDamaged, KeyMissing, RestoreRefused
from aldia.operations.backup.trial import violations
from aldia.operations.run import daily_run
from aldia.queries.pending import pending_migrations
from aldia.queries.reconciliation import sending_lock
from aldia.records.audit.models import AuditEntry
from aldia.records.tenancy.scope import scope
from tests.cli.books import DAY, NOW
from tests.operations.backup.conftest import EMAIL, PASSWORD, create, databases
from tests.operations.backup.test_making import copy


def restore(source, **options):
    return restore_backup(
        **{"replace": False, "without_key": False, "actor": "prueba", "now": NOW, **options}, source=source
    )


@pytest.fixture
def made(luz, tmp_path):
    return copy(tmp_path / "copia.tar")


@pytest.fixture
def moved(luz_place, elsewhere, monkeypatch):
    """Somebody has moved to the empty place, with the audit key."""
    elsewhere.lay_key(luz_place)
    elsewhere.enter(monkeypatch)
    return elsewhere


_CASTS = re.compile(r"::[a-z ]+(\[\])?|[()]")  # written otherwise each time they are read


def schema(place):
    """Tables, walls, triggers and grants, as PostgreSQL writes them down."""
    said = subprocess.run(
        [str(postgres_bin() / "pg_dump"), "--schema-only"],
        env={**os.environ, **client_variables(place.owner)},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    lines = [line for line in said.splitlines() if not line.startswith(("\\restrict", "\\unrestrict"))]
    return [_CASTS.sub("", line) for line in lines]


def rows(place, table):
    with psycopg.connect(place.owner) as owner:
        return owner.execute(f"SELECT 1 FROM {table}").rowcount


def test_the_house_comes_back_whole_and_under_lock(made, luz, luz_place, moved):
    done = restore(made.path)
    assert (done.kept_as, done.violations) == (None, {})
    assert databases(moved) == [moved.database]
    assert schema(moved) == schema(luz_place)
    assert violations() == {}
    assert authenticate(username=EMAIL, password=PASSWORD) is not None
    again = daily_run(creditor=luz, on=DAY, now=NOW, actor="prueba")
    lock = sending_lock()
    with transaction.atomic(), scope([luz.pk]):
        entry = AuditEntry.objects.get(verb="house.restored")
    assert (entry.actor, entry.payload["copied_at"]) == ("prueba", "2026-11-20T09:00:00+00:00")
    assert (again.customers, again.withdrawn, again.recorded) == (9, 0, True)  # under lock it leaves its mark
    assert lock is not None
    assert lock.reason == "Se ha restaurado la copia del 20/11/2026 a las 09:00 (UTC)."


def test_neither_jobs_nor_sessions_of_the_day_come_back(luz, luz_place, elsewhere, tmp_path, monkeypatch):
    with psycopg.connect(luz_place.app) as app:
        app.execute("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('default', 'x')")
        app.execute("INSERT INTO django_session VALUES ('clave', 'datos', '2026-11-21')")
    made = copy(tmp_path / "copia.tar", with_keys=True)
    elsewhere.enter(monkeypatch)
    restore(made.path)
    assert [rows(luz_place, each) for each in ("procrastinate_jobs", "django_session")] == [1, 1]
    assert [rows(elsewhere, each) for each in ("procrastinate_jobs", "django_session")] == [0, 0]


def test_where_there_are_data_it_is_refused(made, luz_place):
    with pytest.raises(RestoreRefused, match="ya hay datos"):
        restore(made.path)
    assert databases(luz_place) == [luz_place.database]


def test_what_was_there_is_kept_under_another_name(made, moved):
    restore(made.path)
    with psycopg.connect(moved.owner) as owner:
        owner.execute("UPDATE tenancy_creditor SET name = 'Papelería Sombra'")
    done = restore(made.path, replace=True)
    assert done.kept_as == f"{moved.database}_before_20261120_090000"
    assert databases(moved) == [moved.database, done.kept_as]
    assert [_name(moved.database), _name(done.kept_as)] == ["Papelería Luz", "Papelería Sombra"]


def _name(database):
    from aldia.queries.creditors import all_creditors

    with in_database(database):
        return all_creditors()[0].name


def test_while_somebody_works_there_it_is_refused(made, moved):
    with psycopg.connect(moved.app), pytest.raises(DatabaseBusy, match="pare «aldia serve»"):
        restore(made.path)
    assert databases(moved) == [moved.database]
    assert restore(made.path).violations == {}


def test_an_older_house_is_copied_as_it_is_and_brought_up_to_date(template, elsewhere, tmp_path, monkeypatch):
    create(elsewhere, template)
    elsewhere.enter(monkeypatch)
    with as_owner():
        call_command("migrate", "closing", "zero", verbosity=0)
    made = copy(tmp_path / "copia.tar", prove=True)
    assert "closing_day_snapshot" not in made.manifest.facts.rows
    assert "closing.0001_initial" in pending_migrations()
    restore(made.path)
    assert pending_migrations() == []


def _altered(source, target, **manifest):
    """The same copy with these words in its manifest."""
    with tarfile.open(source) as there, tarfile.open(target, "w") as here:
        for entry in there.getmembers():
            member = there.extractfile(entry)
            content = member.read() if member else b""
            if entry.name == "manifest.json":
                content = json.dumps({**json.loads(content), **manifest}).encode()
                entry.size = len(content)
            here.addfile(entry, io.BytesIO(content))
    return target


def _with_a_byte_changed(source, target):
    content = bytearray(source.read_bytes())
    content[-20_000] ^= 1
    target.write_bytes(content)
    return target


@pytest.mark.parametrize(
    "case",
    [
        (lambda source, target: target, BackupDamaged, "No existe"),
        (lambda source, target: target.write_text("hola") and target, BackupDamaged, "no es una copia"),
        (
            lambda source, target: target.write_bytes(source.read_bytes()[:50_000]) and target,
            BackupDamaged,
            "cortada",
        ),
        (_with_a_byte_changed, BackupDamaged, "está dañada"),
        (lambda source, target: _altered(source, target, format=2), BackupDamaged, "más nuevo que este"),
        (
            lambda source, target: _altered(source, target, migrations=["ledger.9999_later"]),
            RestoreRefused,
            "instale esa versión",
        ),
    ],
    ids=["missing", "other", "cut", "changed", "newer format", "newer tables"],
)
def test_what_is_no_sound_copy_changes_nothing(made, untouched, tmp_path, monkeypatch, case):
    spoil, refusal, sentence = case
    untouched.enter(monkeypatch)
    source = spoil(made.path, tmp_path / "otra.tar")
    with pytest.raises(refusal, match=sentence):
        restore(source)
    assert databases(untouched) == [untouched.database]


def test_without_the_audit_key_it_is_refused_unless_the_key_is_lost(made, luz, elsewhere, monkeypatch):
    elsewhere.enter(monkeypatch)
    with pytest.raises(KeyMissing, match="audit_key"):
        restore(made.path)
    assert list(elsewhere.home.iterdir()) == []
    assert [each.invariant for each in restore(made.path, without_key=True).violations["luz"]] == ["audit"]


def test_keys_in_the_copy_are_laid_down_and_one_that_was_there_is_kept(
    luz, luz_place, elsewhere, tmp_path, monkeypatch
):
    made = copy(tmp_path / "copia.tar", with_keys=True)
    (elsewhere.home / "audit_key").write_text("otra")
    elsewhere.enter(monkeypatch)
    done = restore(made.path)
    assert (done.keys, done.violations) == (("audit_key",), {})
    key = elsewhere.home / "audit_key"
    assert key.read_text() == (luz_place.home / "audit_key").read_text()
    assert key.stat().st_mode & 0o777 == 0o600
    assert (elsewhere.home / "audit_key.before_20261120_090000").read_text() == "otra"
