"""The program as a shell runs it: exit codes, a pure stdout, a quick start."""

import json
import os
import subprocess
import sys

import pytest


@pytest.fixture
def program(app_dsn, owner_dsn):
    environment = {**os.environ, "DATABASE_URL": app_dsn, "DATABASE_OWNER_URL": owner_dsn, "COLUMNS": "120"}

    def run(*args):
        return subprocess.run(
            [sys.executable, "-m", "aldia.cli.main", *args],
            check=False,
            capture_output=True,
            text=True,
            env=environment,
        )

    return run


@pytest.mark.slow
def test_stdout_is_one_json_object_and_nothing_else(books, program):
    ran = program("run", "--on", "2026-11-20", "--json")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout)["customers"] == 9
    assert ran.stdout.count("\n") == 1


@pytest.mark.slow
def test_a_refusal_is_one_json_object_too(books, program):
    ran = program("explain", "NADIE", "--json")
    assert ran.returncode == 1
    assert json.loads(ran.stdout)["error"] == "unknown_customer"


@pytest.mark.slow
def test_the_creditor_may_come_from_the_environment(books, program, monkeypatch):
    monkeypatch.setenv("ALDIA_CREDITOR", "otro")
    from_environment = subprocess.run(
        [sys.executable, "-m", "aldia.cli.main", "verify", "--json"],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, **_database(program)},
    )
    assert from_environment.returncode == 1
    assert json.loads(from_environment.stdout)["error"] == "unknown_creditor"


def _database(program):
    cells = dict(zip(program.__code__.co_freevars, program.__closure__, strict=True))
    environment = cells["environment"].cell_contents
    return {name: environment[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL")}


def test_help_does_not_wait_for_django():
    asked = "import sys; from aldia.cli.main import app; app(['--help'], standalone_mode=False)"
    ran = subprocess.run(
        [sys.executable, "-c", f"{asked}; print('django' in sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert ran.stdout.rstrip().endswith("False")
    assert "explain" in ran.stdout


def test_every_command_named_in_the_table_can_be_loaded():
    from aldia.cli.main import SECTIONS, LazyGroup, loaded

    for name in LazyGroup(name="aldia").commands:
        assert loaded(name).name == name
        assert SECTIONS[name].help
