"""The way out of the house, with troubles: it hands on to the mailbox, or pretends what servers do."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from aldia.channels.mail import Down, Mail, NotSent, Outcome, Sent, Unknown
from aldia.channels.mailbox import MailboxTransport
from aldia.operations.outbox import account


@dataclass(frozen=True, slots=True)
class Attempt:
    """One handing over. fate: taken, refused, put_off, lost (broke off before it was taken), unheard (taken,
    but the answer never came)."""

    key: str
    recipient: str
    at: datetime
    fate: str


@dataclass(slots=True)
class Wire:
    """What became of every attempt, as only the other side knows it. trouble: share of attempts that go
    wrong; which ones follows from the seed and the mail alone."""

    seed: int
    trouble: float
    bad_addresses: set[str] = field(default_factory=set)
    attempts: list[Attempt] = field(default_factory=list)
    is_down: bool = False

    def fate_of(self, mail: Mail) -> str:
        """Drawn anew for each attempt; an address that does not exist is refused each time."""
        if mail.recipient in self.bad_addresses:
            return "refused"
        rng = random.Random(f"{self.seed} {mail.recipient} {mail.subject} {mail.at}")
        if rng.random() >= self.trouble:
            return "taken"
        return rng.choice(["put_off", "put_off", "lost", "unheard"])

    def note(self, mail: Mail, fate: str) -> None:
        """Remember the attempt."""
        self.attempts.append(Attempt(mail.key, mail.recipient, mail.at, fate))

    def sendings_of(self, key: str) -> list[Attempt]:
        """Attempts under this key that reached somebody, or may have."""
        return [each for each in self.attempts if each.key == key and each.fate in _MAY_HAVE_ARRIVED]

    def may_have_arrived_since(self, until: datetime, day: date, zone: str = "Europe/Madrid") -> int:
        """How many mails may have reached anybody on that day of the house, up to that moment."""
        return sum(
            each.fate in _MAY_HAVE_ARRIVED
            and each.at <= until
            and each.at.astimezone(ZoneInfo(zone)).date() == day
            for each in self.attempts
        )


_MAY_HAVE_ARRIVED = ("taken", "lost", "unheard")
_ANSWERS: dict[str, Outcome] = {
    "taken": Sent("250 tomado"),
    "refused": NotSent("550 5.1.1 no existe", permanent=True, bad_address=True),
    "put_off": NotSent("451 4.7.1 más tarde", permanent=False),
    "lost": Unknown("Se cortó tras DATA."),
    "unheard": Unknown("No llegó la respuesta."),
}


@contextmanager
def connected(wire: Wire) -> Iterator[None]:
    """While it lasts, the house's mail leaves over this wire."""

    class Line(MailboxTransport):
        def ready(self) -> Down | None:
            return Down("No hay línea.") if wire.is_down else super().ready()

        def send(self, mail: Mail) -> Outcome:
            fate = wire.fate_of(mail)
            wire.note(mail, fate)
            if fate in ("taken", "unheard"):
                super().send(mail)
            return _ANSWERS[fate]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(account, "MailboxTransport", Line)
        yield
