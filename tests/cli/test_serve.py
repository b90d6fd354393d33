"""`aldia serve`: page and worker in one, until they are stopped."""

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

from aldia.cli.serving import PortTaken, address, refuse_taken_port
from aldia.queries.creditors import all_creditors


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@pytest.fixture
def served(transactional_db, app_dsn, port):
    """`aldia serve` with these options, answering already; killed at the end if it still runs."""
    started = []

    def start(*options):
        environment = {**os.environ, "DATABASE_URL": app_dsn, "DATABASE_OWNER_URL": app_dsn}
        command = [sys.executable, "-m", "aldia.cli.main", "serve", "--port", str(port), *options]
        started.append(
            subprocess.Popen(
                command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
        )
        _get(port)
        return started[0]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def _get(port, path="/salud"):
    """The body, once the server is up."""
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as response:
                return response.read().decode()
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError(f"{path} does not answer")


def _children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(each) for each in file.read().split()]


def _command(pid):
    with open(f"/proc/{pid}/cmdline") as file:
        return file.read().replace("\0", " ")


def _worker(process):
    return next((pid for pid in _children(process.pid) if "main worker" in _command(pid)), None)


def test_it_says_where_it_is_works_until_ctrl_c_and_says_nothing_else(served, port):
    process = served()
    assert json.loads(_get(port))["ok"] is True
    first = _worker(process)
    os.kill(first, signal.SIGKILL)
    for _ in range(300):
        if (second := _worker(process)) not in {None, first}:
            break
        time.sleep(0.1)
    family = _children(process.pid)
    process.send_signal(signal.SIGINT)
    said, complained = process.communicate(timeout=30)
    assert process.returncode == 0
    assert said == f"Al Día está en http://127.0.0.1:{port}/ · Ctrl-C para parar\n"
    assert complained.splitlines() == [
        "Ha terminado quien atiende los trabajos (señal 9): se vuelve a poner en marcha en 1 s."
    ]
    assert second is not None
    assert not any(os.path.exists(f"/proc/{pid}") for pid in family)


def test_without_worker_there_is_the_page_alone(served, port):
    process = served("--no-worker")
    assert len(_children(process.pid)) == 1
    process.terminate()
    assert process.wait(timeout=30) == 0


def test_a_port_that_is_taken_is_said_in_a_sentence(port):
    with socket.create_server(("127.0.0.1", port)), pytest.raises(PortTaken) as refused:
        refuse_taken_port("127.0.0.1", port)
    assert refused.value.sentence == (
        f"No se puede escuchar en 127.0.0.1:{port}: otro programa ya escucha ahí."
        " Elija otro puerto con «--port», u otra dirección con «--host»."
    )


def test_the_demonstration_looks_for_its_port_before_it_loads_anything(aldia, transactional_db, port):
    with socket.create_server(("127.0.0.1", port)):
        ran = aldia("demo", "--port", str(port))
    assert (ran.exit_code, all_creditors()) == (1, [])
    assert f"No se puede escuchar en 127.0.0.1:{port}" in ran.stderr


@pytest.mark.parametrize(
    ("host", "sentence"),
    [("192.0.2.1", "esta máquina no tiene esa dirección"), ("no.invalid", "no se conoce esa dirección")],
)
def test_an_address_that_is_not_ours_is_said_so(host, sentence, port):
    with pytest.raises(PortTaken, match=sentence):
        refuse_taken_port(host, port)


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "http://127.0.0.1:80/"),
        ("0.0.0.0", "http://127.0.0.1:80/"),
        ("::", "http://[::1]:80/"),
        ("cobros.example", "http://cobros.example:80/"),
    ],
)
def test_the_address_is_one_a_browser_here_can_open(host, shown):
    assert address(host, 80) == shown
