"""A real SMTP server for tests: counts what it takes by Message-ID in a file it flushes to disk, and can be
told to misbehave. The file is the judge: it outlives whoever sends.

A recipient's local part says what the server does: nobody, policy, later, closing, refuse-content are
refused, die and hang take the mail and never answer.
"""

import asyncio
import json
import os
import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Sink:
    """Handler of aiosmtpd. log: one JSON line per mail taken."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.log.touch()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        local = _told(address)
        refusals = {
            "nobody": "550 5.1.1 no such user",
            "policy": "554 5.7.1 not wanted here",
            "later": "451 4.7.1 greylisted, come back",
            "closing": "421 4.3.2 shutting down",
        }
        if local in refusals:
            return refusals[local]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        local = _told(envelope.rcpt_tos[0])
        if local == "refuse-content":
            return "554 5.6.0 content refused"
        content = envelope.content
        assert isinstance(content, bytes)
        self._keep(content, envelope)
        if local == "die":
            server.transport.abort()  # type: ignore[union-attr]
        if local == "hang":
            await asyncio.sleep(30)
        return "250 2.0.0 taken"

    def _keep(self, content: bytes, envelope: Envelope) -> None:
        mail = message_from_bytes(content, policy=policy.default)
        line = json.dumps(
            {
                "message_id": str(mail["Message-ID"]),
                "to": envelope.rcpt_tos,
                "subject": str(mail["Subject"]),
                "raw": content.decode("utf-8", "replace"),
                "at": time.monotonic(),
            }
        )
        with self.log.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())

    def taken(self) -> list[dict[str, Any]]:
        """All mails taken so far."""
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]

    def deliveries(self) -> Counter[str]:
        """How often each Message-ID was taken."""
        return Counter(each["message_id"] for each in self.taken())


def _told(address: str) -> str:
    """The local part without the number that tells one customer from another: later3@… is «later»."""
    return address.partition("@")[0].rstrip("0123456789")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def smtp_sink(folder: Path) -> Iterator[tuple[Sink, int]]:
    """A server on a free port of this machine, with its judge."""
    sink = Sink(folder / "deliveries.jsonl")
    controller = Controller(sink, hostname="127.0.0.1", port=_free_port(), enable_SMTPUTF8=True)
    controller.start()
    try:
        yield sink, controller.port
    finally:
        controller.stop()
