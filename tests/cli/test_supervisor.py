"""Programs kept running as one: started again when they die, stopped together, left by nobody."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

# Watches programs written in Python; each notes its process number in a file and does what its words say.
_WATCHED = """
import sys
from aldia.cli import supervisor
from aldia.cli.supervisor import Program, keep_running
supervisor.STEADY_SECONDS, supervisor._PAUSES_SECONDS = {steady}, (0.1,)
supervisor.STOP_SECONDS_MAX = 1.0
program = "import os, signal, sys, time; open(sys.argv[1], 'a').write(f'{{os.getpid()}}\\\\n'); "
notes, doing = {notes!r}, {doing!r}
programs = [
    Program(name, [sys.executable, "-c", program + words, f"{{notes}}/{{name}}"])
    for name, words in doing.items()
]
sys.exit(keep_running(programs, say=lambda text: print(text, flush=True), tend=lambda: None))
"""
_WAIT = "time.sleep(60)"
_DEAF = "signal.signal(signal.SIGTERM, signal.SIG_IGN); " + _WAIT


@pytest.fixture
def watched(tmp_path):
    """Start the watcher over programs by name; `pids(name)` are the processes each has had."""
    started = []

    def start(doing, *, steady=0.2):
        script = _WATCHED.format(notes=str(tmp_path), doing=doing, steady=steady)
        started.append(
            subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, bufsize=1)
        )
        return started[0]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def pids(folder: Path, name: str) -> list[int]:
    path = folder / name
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def wait_for(what):
    until = time.monotonic() + 20
    while not (answer := what()):
        assert time.monotonic() < until, "it does not happen"
        time.sleep(0.02)
    return answer


def is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists() and Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"


def test_what_dies_is_started_again_and_the_others_are_left_alone(watched, tmp_path):
    watched({"page": _WAIT, "worker": _WAIT})
    page, worker = (wait_for(lambda name=name: pids(tmp_path, name))[0] for name in ("page", "worker"))
    time.sleep(0.3)  # it has run steadily
    os.kill(worker, signal.SIGKILL)
    wait_for(lambda: len(pids(tmp_path, "worker")) == 2)
    assert (is_alive(page), pids(tmp_path, "page")) == (True, [page])


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_stop_it_stops_all_and_says_nothing(watched, tmp_path, asked):
    watcher = watched({"page": _WAIT, "worker": _WAIT})
    both = [wait_for(lambda name=name: pids(tmp_path, name))[0] for name in ("page", "worker")]
    watcher.send_signal(asked)
    said, _ = watcher.communicate(timeout=20)
    assert (watcher.returncode, said) == (0, "")
    assert not any(map(is_alive, both))


def test_what_does_not_listen_is_ended_when_its_time_is_up(watched, tmp_path):
    watcher = watched({"worker": _DEAF})
    (worker,) = wait_for(lambda: pids(tmp_path, "worker"))
    time.sleep(0.2)  # it has closed its ears
    watcher.terminate()
    assert watcher.wait(timeout=20) == 0
    assert not is_alive(worker)


def test_killed_itself_it_leaves_nobody_behind(watched, tmp_path):
    watcher = watched({"page": _WAIT})
    (page,) = wait_for(lambda: pids(tmp_path, "page"))
    watcher.kill()
    wait_for(lambda: not is_alive(page))


def test_a_program_that_never_ran_is_given_up_and_the_other_stopped(watched, tmp_path):
    watcher = watched({"page": "sys.exit(3)", "worker": _WAIT}, steady=60)
    said, _ = watcher.communicate(timeout=20)
    assert watcher.returncode == 1
    assert said.count("Ha terminado page (código 3)") == 3
    assert "No se consigue poner en marcha page" in said
    assert not any(map(is_alive, pids(tmp_path, "worker")))


def test_one_that_has_run_is_never_given_up(watched, tmp_path):
    watched({"worker": "time.sleep(0.3); sys.exit(1)"})
    wait_for(lambda: len(pids(tmp_path, "worker")) > 4)
