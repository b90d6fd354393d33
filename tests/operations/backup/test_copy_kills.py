"""kill −9 at every named point: never half a file under its name, never a house that is half or unlocked."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

import aldia
from aldia.operations.backup.archive import open_archive
from tests.operations.backup.conftest import databases
from tests.operations.backup.test_making import copy
from tests.operations.backup.test_restoring import restore

BEFORE = ["backup.dump_written", "backup.manifest_written", "backup.archive_written", "backup.proven"]
AFTER = ["backup.renamed"]
NOT_YET = ["restore.loaded", "restore.locked"]
DONE = ["restore.in_place", "restore.keys_laid"]


def aldia_at(place, *words, fault=""):
    """`aldia …` in that place; killed where the fault says."""
    environment = {**os.environ, **place.variables, "ALDIA_FAULT": fault}
    command = [sys.executable, "-m", "aldia.cli.main", *map(str, words)]
    ran = subprocess.run(command, check=False, env=environment, capture_output=True, text=True)
    print(ran.stdout, ran.stderr)
    return ran.returncode


def lock_of(place):
    """Since when nothing leaves, None where it may, «no house» where there is none."""
    with psycopg.connect(place.owner) as owner:
        if owner.execute("SELECT to_regclass('tenancy_house')").fetchone() == (None,):
            return "no house"
        ((moment,),) = owner.execute("SELECT sending_locked_at FROM tenancy_house").fetchall()
    return moment


def test_every_named_point_is_listed():
    source = Path(aldia.__file__).parent / "operations" / "backup"
    named = {
        name
        for path in source.glob("*.py")
        for name in re.findall(r'fault_point\("(.+?)"\)', path.read_text())
    }
    assert named == {*BEFORE, *AFTER, *NOT_YET, *DONE}


@pytest.mark.parametrize("fault", BEFORE)
def test_killed_before_the_end_there_is_no_copy_and_the_next_one_is_whole(luz, luz_place, tmp_path, fault):
    target = tmp_path / "copia.tar"
    assert aldia_at(luz_place, "backup", target, fault=fault) == -signal.SIGKILL
    assert not target.exists()
    made = copy(target)
    assert [path.name for path in tmp_path.iterdir()] == ["copia.tar"]
    assert open_archive(target, tmp_path).manifest == made.manifest


@pytest.mark.parametrize("fault", AFTER)
def test_killed_after_the_end_the_copy_is_whole(luz, luz_place, tmp_path, fault):
    target = tmp_path / "copia.tar"
    assert aldia_at(luz_place, "backup", target, fault=fault) == -signal.SIGKILL
    assert open_archive(target, tmp_path).manifest.facts.rows["tenancy_creditor"] == 1


@pytest.mark.parametrize("fault", NOT_YET)
def test_killed_before_it_is_in_place_the_house_is_as_it_was(luz, elsewhere, tmp_path, fault, monkeypatch):
    made = copy(tmp_path / "copia.tar", with_keys=True)
    assert aldia_at(elsewhere, "restore", made.path, fault=fault) == -signal.SIGKILL
    assert lock_of(elsewhere) == "no house"
    assert not (elsewhere.home / "audit_key").exists()
    elsewhere.enter(monkeypatch)
    assert restore(made.path).violations == {}
    assert databases(elsewhere) == [elsewhere.database]


@pytest.mark.parametrize("fault", DONE)
def test_killed_once_it_is_in_place_sending_is_locked(luz, elsewhere, tmp_path, fault, monkeypatch):
    made = copy(tmp_path / "copia.tar", with_keys=True)
    assert aldia_at(elsewhere, "restore", made.path, fault=fault) == -signal.SIGKILL
    assert lock_of(elsewhere) not in {None, "no house"}
    elsewhere.enter(monkeypatch)
    assert restore(made.path, replace=True).violations == {}
