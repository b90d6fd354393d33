"""How fast mails leave: real workers, real database, an SMTP sink beside them, and the sink's own limit."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction

from aldia.connectors.postgres import Urls, with_database
from aldia.kernel.errors import AldiaError
from aldia.operations.bench.desk_books import NOW, at_the_day
from aldia.operations.bench.portfolio import AS_OF, STRATEGY, Shape, write_portfolio
from aldia.operations.bench.scratch import bench_environment, environment, scratch_creditor, tidy
from aldia.operations.run import NothingHeld, daily_run, release_held
from aldia.records.outreach.models import Message
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

_ACTOR = "bench"
_CUSTOMERS_PER_MAIL = 3  # of whom one has an e-mail and something to be reminded of today
_LINES_PER_CUSTOMER = 5

Progress = Callable[[str, int, int], None]


class WorkerSilent(AldiaError):
    """A program of the measurement ended without its answer."""

    code = "worker_silent"


@dataclass(frozen=True, slots=True)
class OutreachCost:
    """mails: that left, each once (`different` at the sink). seconds: from the word to the last record.
    bare_*: the same number of mails of the same length from the same programs, without a house."""

    mails: int
    different: int
    workers: int
    seconds: float
    bare_seconds: float
    environment: Mapping[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """As `aldia bench outreach --json` prints it."""
        return {
            "mails": self.mails,
            "different": self.different,
            "workers": self.workers,
            "seconds": round(self.seconds, 2),
            "mails_per_second": round(self.mails / self.seconds, 1) if self.seconds else 0.0,
            "sink_seconds": round(self.bare_seconds, 2),
            "sink_mails_per_second": round(self.mails / self.bare_seconds, 1) if self.bare_seconds else 0.0,
            "environment": dict(self.environment),
        }


def measure_outreach(
    urls: Urls, mails: int, workers: int, progress: Progress, *, keep: bool = False
) -> OutreachCost:
    """Plan about so many mails in a database made for it, and let the workers send them.

    keep: leave the database behind. Raises WorkerSilent.
    """
    database = f"aldia_bench_outreach_{mails}"
    with at_the_day(), scratch_creditor(urls, database, keep=keep) as creditor:
        _fill(creditor, mails, progress, partial(tidy, with_database(urls.owner, database)))
        said = bench_environment(urls, database)
        with _program("sink", [], said) as sink:
            port = str(_answer(sink))
            seconds, sent = _timed("sender", [port], workers, said)
            _say(sink)
            taken = _answer(sink)
            each = -(-sent // workers)
            bare_seconds, _bare = _timed("sender", [port, "--bare", str(each)], workers, said)
        return OutreachCost(
            mails=int(taken["mails"]),
            different=int(taken["different"]),
            workers=workers,
            seconds=seconds,
            bare_seconds=bare_seconds,
            environment=environment(),
        )


def _fill(creditor: Creditor, mails: int, progress: Progress, tidy: Callable[[], None]) -> None:
    """A portfolio with at least so many mails for today; what is beyond is left for another day."""
    customers = mails * _CUSTOMERS_PER_MAIL
    shape = Shape(customers * _LINES_PER_CUSTOMER, customers)
    with transaction.atomic(), scope([creditor.pk]):
        strategy = STRATEGY.replace('channels = ["email", "letter"]', 'channels = ["email"]')
        write_portfolio(creditor, shape, NOW, progress, strategy=strategy)
    tidy()
    daily_run(creditor=creditor, on=AS_OF, now=NOW, actor=_ACTOR)
    with suppress(NothingHeld):
        release_held(creditor=creditor, actor=_ACTOR, now=NOW)
    with transaction.atomic(), scope([creditor.pk]):
        planned = Message.objects.filter(creditor_id=creditor.pk, state="planned", channel="email")
        beyond = list(planned.order_by("pk").values_list("pk", flat=True)[mails:])
        Message.objects.filter(pk__in=beyond).update(state="skipped")
    tidy()


def _timed(name: str, words: Sequence[str], count: int, said: Mapping[str, str]) -> tuple[float, int]:
    """So many of the program at once, all begun at one word: seconds to the last end, and their mails."""
    with _several(name, words, count, said) as programs:
        for each in programs:
            _answer(each)
        began = time.monotonic()
        for each in programs:
            _say(each)
        answers = [_answer(each) for each in programs]
        return time.monotonic() - began, sum(each["sent"] for each in answers)


@contextmanager
def _several(
    name: str, words: Sequence[str], count: int, said: Mapping[str, str]
) -> Iterator[list["subprocess.Popen[str]"]]:
    programs = [_started(name, words, said) for _each in range(count)]
    try:
        yield programs
    finally:
        for each in programs:
            _ended(each)


@contextmanager
def _program(name: str, words: Sequence[str], said: Mapping[str, str]) -> Iterator["subprocess.Popen[str]"]:
    with _several(name, words, 1, said) as programs:
        yield programs[0]


def _started(name: str, words: Sequence[str], said: Mapping[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", f"aldia.operations.bench.{name}", *words],
        env=dict(said),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _ended(program: "subprocess.Popen[str]") -> None:
    program.kill()
    program.wait()
    for pipe in (program.stdin, program.stdout):
        if pipe is not None:
            pipe.close()


def _say(program: "subprocess.Popen[str]") -> None:
    assert program.stdin is not None
    program.stdin.write("\n")
    program.stdin.flush()


def _answer(program: "subprocess.Popen[str]") -> Any:
    assert program.stdout is not None
    line = program.stdout.readline()
    if not line:
        raise WorkerSilent("Un programa de la medición ha terminado sin contestar.")
    return json.loads(line)
