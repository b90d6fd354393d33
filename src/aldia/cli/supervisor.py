"""Programs kept running as one: started, started again when they die, stopped together.

A program that has once run steadily is started again for as long as we live, slower and slower while it
keeps dying. One that has never run steadily is given up soon: it is set up wrongly, and somebody has to
read why.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

STEADY_SECONDS = 10.0
STOP_SECONDS_MAX = 30.0
DEATHS_MAX = 3
"""So many early deaths in a row of a program that never ran steadily, and all is stopped."""

_PAUSES_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0)
_LOOK_SECONDS = 0.1
_TEND_SECONDS = 2.0
_PARENT_DEATH_SIGNAL = 1  # prctl(2): PR_SET_PDEATHSIG
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Say = Callable[[str], None]


@dataclass(slots=True)
class Program:
    """title: Spanish, with its article (`la página`). command: its words. variables: added to ours."""

    title: str
    command: Sequence[str]
    variables: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    again_at: float = 0.0
    deaths: int = 0
    proven: bool = False


@dataclass(slots=True)
class _Wish:
    """What the signals have asked for so far."""

    stop: bool = False
    at_once: bool = False

    def __call__(self, _signal: int, _frame: FrameType | None) -> None:
        """The first signal asks to stop; a second one will not wait."""
        self.at_once = self.stop
        self.stop = True


def keep_running(programs: Sequence[Program], *, say: Say, tend: Callable[[], None]) -> int:
    """Run the programs until Ctrl-C, SIGTERM or SIGHUP; then stop all of them.

    say: told, in Spanish, what dies and is started again. tend: called every two seconds, sees to what the
    programs stand on. Returns the exit code: 0 when asked to stop, 1 when a program could not be got to run.
    """
    wish = _Wish()
    before = {number: signal.signal(number, wish) for number in _STOP_SIGNALS}
    try:
        given_up = _watch(programs, wish, say, tend)
    finally:
        _stop(programs, wish)
        for number, handler in before.items():
            signal.signal(number, handler)
    if given_up is not None:
        say(f"No se consigue poner en marcha {given_up.title}: lea arriba el motivo. Se para todo.")
    return 1 if given_up else 0


def _watch(programs: Sequence[Program], wish: _Wish, say: Say, tend: Callable[[], None]) -> Program | None:
    """Until a stop is asked for, or a program (the answer) has to be given up."""
    tend_at = time.monotonic() + _TEND_SECONDS
    while not wish.stop:
        if time.monotonic() >= tend_at:
            tend()
            tend_at = time.monotonic() + _TEND_SECONDS
        for program in programs:
            if program.process is None and time.monotonic() >= program.again_at:
                _start(program)
            elif program.process is not None and program.process.poll() is not None and not wish.stop:
                _note_death(program, say)
                if program.deaths >= DEATHS_MAX and not program.proven:
                    return program
        time.sleep(_LOOK_SECONDS)
    return None


def _start(program: Program) -> None:
    """In a process group of its own: Ctrl-C reaches us alone, and we stop the programs in order."""
    program.started_at = time.monotonic()
    program.process = subprocess.Popen(
        list(program.command),
        env={**os.environ, **program.variables},
        stdin=subprocess.DEVNULL,
        process_group=0,
        preexec_fn=_die_with_parent,  # noqa: PLW1509 – this process has no threads
    )


def _die_with_parent() -> None:
    """In the child, on Linux: whoever kills us with SIGKILL shall not leave programs behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGTERM)


def _note_death(program: Program, say: Say) -> None:
    assert program.process is not None
    lived = time.monotonic() - program.started_at
    code = program.process.returncode
    program.proven = program.proven or lived >= STEADY_SECONDS
    program.deaths = 1 if lived >= STEADY_SECONDS else program.deaths + 1
    pause = _PAUSES_SECONDS[min(program.deaths, len(_PAUSES_SECONDS)) - 1]
    program.process, program.again_at = None, time.monotonic() + pause
    say(f"Ha terminado {program.title} ({_ending(code)}): se vuelve a poner en marcha en {pause:.0f} s.")


def _ending(code: int) -> str:
    return f"señal {-code}" if code < 0 else f"código {code}"


def _stop(programs: Sequence[Program], wish: _Wish) -> None:
    """Ask all, wait for all, and end those that do not listen in time or when asked a second time."""
    running = [each.process for each in programs if each.process is not None]
    for process in running:
        process.terminate()
    until = time.monotonic() + STOP_SECONDS_MAX
    while any(process.poll() is None for process in running):
        if wish.at_once or time.monotonic() > until:
            for process in running:
                process.kill()
        time.sleep(_LOOK_SECONDS)
