"""A server of its own for the tests that start, stop and kill one."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from aldia.connectors.postgres import cluster
from aldia.connectors.postgres.account import server_account
from aldia.connectors.postgres.home import Home

_OURS = ("ALDIA_HOME", "DATABASE_URL", "DATABASE_OWNER_URL")


@pytest.fixture
def own_home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """An empty ALDIA_HOME with a short path; whatever runs in it at the end is stopped."""
    yield from _homes(monkeypatch)


@pytest.fixture(scope="module")
def module_home() -> Iterator[Home]:
    """The same, one for all tests of a file."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield from _homes(monkeypatch)


def _homes(monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    folder = Path(tempfile.mkdtemp(prefix="aldia-", dir="/tmp"))
    for name in _OURS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ALDIA_HOME", str(folder))
    home = Home(folder)
    try:
        yield home
    finally:
        if cluster.is_listening(home):
            cluster.stop_cluster(home, server_account())
        shutil.rmtree(folder)


@pytest.fixture
def only_root() -> None:
    """Some safeguards concern root alone, whose server runs as another account."""
    if os.geteuid() != 0:
        pytest.skip("solo se aplica cuando se ejecuta como root")
