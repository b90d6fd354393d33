"""`aldia serve` and `aldia user`."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from tests.cli.conftest import aldia  # noqa: F401
from tests.desk.conftest import founded


def test_a_person_is_let_in_with_a_password_that_works(aldia, transactional_db):  # noqa: F811
    from django.contrib.auth import authenticate

    founded("luz", "Papelería Luz")
    said = json.loads(aldia("user", "eva@luz.example", "--name", "Eva", "--role", "viewer", "--json").stdout)
    user = authenticate(username="eva@luz.example", password=said["password"])
    assert user is not None
    assert list(user.memberships.values_list("role", flat=True)) == ["viewer"]
    again = aldia("user", "eva@luz.example", "--name", "Eva")
    assert (again.exit_code, "Ya hay alguien" in again.stderr) == (1, True)


def test_a_port_that_is_taken_is_said_in_a_sentence(aldia, transactional_db):  # noqa: F811
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = aldia("serve", "--port", str(port))
    assert ran.exit_code == 1
    assert f"No se puede escuchar en 127.0.0.1:{port}" in ran.stderr
    assert "--port" in ran.stderr


@pytest.mark.slow
def test_the_page_is_served_until_ctrl_c_and_nothing_else_is_said(app_dsn):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {**os.environ, "DATABASE_URL": app_dsn, "DATABASE_OWNER_URL": app_dsn}
    command = [sys.executable, "-m", "aldia.cli.main", "serve", "--port", str(port)]
    server = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert "Entrar" in _read(f"http://127.0.0.1:{port}/entrar/")
        assert "--accent" in _read(f"http://127.0.0.1:{port}/static/desk/desk.css")
    finally:
        server.send_signal(signal.SIGINT)
        said, complained = server.communicate(timeout=30)
    assert f"http://127.0.0.1:{port}/" in said
    assert complained == ""
    assert server.returncode == 0


def _read(address: str) -> str:
    """The body, once the server is up."""
    for _ in range(300):
        try:
            with urllib.request.urlopen(address) as response:
                return str(response.read().decode())
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError(f"{address} does not answer")
