"""One worker of the measurement of outreach, a program of its own.

`python -m aldia.operations.bench.sender PORT` prints «ready», and after one line of input either sends all
that may leave of the bench's creditor, or with `--bare N` hands N ready mails straight to the sink; then it
prints {sent, seconds}.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import repeat
from typing import Any

import django

from aldia.channels.email import SmtpServer, SmtpTransport
from aldia.channels.mail import Mail, Sender, Sent

_BATCHES_MAX = 10_000
_SAMPLE_LINES = 40


class ToTheSink(SmtpTransport):
    """The line to a server of this measurement, from which nothing goes on: also at a simulated hour."""

    leaves_the_house = False


def main() -> None:
    """Read the arguments, be ready, begin at the word."""
    said = argparse.ArgumentParser()
    said.add_argument("port", type=int)
    said.add_argument("--bare", type=int, default=0)
    said.add_argument("--batch", type=int, default=0)
    options = said.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aldia.project.settings")
    django.setup()
    line = ToTheSink(SmtpServer("127.0.0.1", options.port, security="none"))
    work = _bare(line, options.bare) if options.bare else _whole(line, options.batch)
    next(work)
    _print("ready")
    sys.stdin.readline()
    began = time.monotonic()
    sent = next(work)
    _print({"sent": sent, "seconds": time.monotonic() - began})


def _whole(line: SmtpTransport, batch: int) -> Iterator[Any]:
    """Claim, gate, render, send, record, as `aldia send` does."""
    from aldia.operations.bench.desk_books import NOW
    from aldia.operations.outbox import send_everything
    from aldia.operations.outbox.sending import BATCH
    from aldia.operations.outbox.ways import Way, Ways
    from aldia.records.tenancy.models import Creditor

    creditor = Creditor.objects.get(code="bench")

    @contextmanager
    def over_the_sink(of: Creditor) -> Iterator[Ways]:
        yield Ways({"email": Way(line, Sender("cobros@bench.example", of.name))}, "bench.example")
        line.close()

    yield None
    moments = repeat(NOW, _BATCHES_MAX)
    yield send_everything(
        creditor=creditor, moments=moments, actor="bench", batch=batch or BATCH, ways=over_the_sink
    ).sent


def _bare(line: SmtpTransport, count: int) -> Iterator[Any]:
    """The sink's own limit: mails as long as real ones, without a house behind them."""
    from aldia.operations.bench.desk_books import NOW

    body = "\n".join(f"Factura F-{n:06d} · venció el 05/11/2026 · 340,00 €" for n in range(_SAMPLE_LINES))
    mails = [
        Mail(
            key=f"bare:{n}",
            message_id=f"<bare.{os.getpid()}.{n}@bench.example>",
            sender=Sender("cobros@bench.example", "Banco de pruebas"),
            recipient=f"c{n}@cliente.example",
            recipient_name="",
            subject="Recordatorio",
            text=body,
            html=f"<pre>{body}</pre>",
            language="es",
            at=NOW,
        )
        for n in range(count)
    ]
    yield None
    taken = 0
    for mail in mails:
        assert line.ready() is None
        taken += isinstance(line.send(mail), Sent)
    line.close()
    yield taken


def _print(said: object) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
