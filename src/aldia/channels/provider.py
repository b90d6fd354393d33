"""A provider that takes messages over HTTP: what its answers mean is told once, for all of them.

Hardly any of them lets the house give a message its own stable key: asked again, they would send again. So
what may have been taken is Unknown, and is never handed over a second time.
"""

import re
import time
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import Enum

from aldia.channels.http import Answer, Http, NoAnswer
from aldia.channels.mail import Down, Mail, NotSent, Outcome, Sent, Unknown

_GOOD_FOR_SECONDS = 60.0  # so long a line that answered counts as open
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_ID = re.compile(r"[\x21-\x7e]{1,200}")
BAD_NUMBER = NotSent(
    "El número no está bien escrito: hace falta con su prefijo internacional, como +34 600 000 000.",
    permanent=True,
    bad_address=True,
)


class Meaning(Enum):
    """What a refusal means: for this message, for its address, from its owner, or for the whole way."""

    LATER = "later"
    NEVER = "never"
    BAD_ADDRESS = "bad_address"
    OPTED_OUT = "opted_out"
    DOWN = "down"


_FOR_GOOD = (Meaning.NEVER, Meaning.BAD_ADDRESS, Meaning.OPTED_OUT)


@dataclass(frozen=True, slots=True)
class Refusal:
    """reason: Spanish, without full stop."""

    meaning: Meaning
    reason: str


def known_refusal(codes: Mapping[int, Refusal], code: int) -> Refusal:
    """What the code means, with the code itself for whoever looks it up; one that nobody knows is final."""
    found = codes.get(code, _UNKNOWN_CODE)
    return Refusal(found.meaning, f"{found.reason} ({code})")


_UNKNOWN_CODE = Refusal(Meaning.NEVER, "lo ha rechazado")


@dataclass(frozen=True, slots=True)
class Handover:
    """What goes over the line for one message. headers: what else stands above it."""

    path: str
    content: bytes
    content_type: str
    headers: Mapping[str, str] = field(default_factory=dict)


class ProviderTransport(ABC):
    """The frame of a transport: asks whether the way is open, hands over, and reads the answer."""

    leaves_the_house = True
    name = ""
    """As people call it."""
    come_later: Collection[int] = (429, 503)
    """Statuses by which it says that it has taken nothing and wants to be asked later."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self._down: Down | None = None
        self._open_until = 0.0
        self._wait_until = 0.0

    @property
    @abstractmethod
    def probe(self) -> str:
        """A path that answers 200 to whoever may send, and changes nothing."""

    @abstractmethod
    def handover(self, mail: Mail) -> Handover | NotSent:
        """The message in the provider's own form; NotSent for one that cannot be put into it."""

    @abstractmethod
    def provider_id(self, answer: Answer) -> str:
        """What the provider calls the message that it has taken; "" where it does not say."""

    @abstractmethod
    def refusal(self, answer: Answer) -> Refusal | None:
        """What an error in the answer means; None where there is none that can be read."""

    def ready(self) -> Down | None:
        """Whether the provider answers and knows us; asked again once a minute, and after trouble."""
        now = time.monotonic()
        if self._down is not None:
            return self._down
        if now < self._wait_until:
            return Down(f"{self.name} pide esperar.")
        if now < self._open_until:
            return None
        down = self._probed(self._http.get(self.probe))
        if down is None:
            self._open_until = now + _GOOD_FOR_SECONDS
        return down

    def _probed(self, answer: Answer | NoAnswer) -> Down | None:
        if isinstance(answer, NoAnswer):
            return Down(f"No se puede conectar con {self.name}: {answer.why}.")
        if 200 <= answer.status < 300 and answer.said is not None:
            return None
        if answer.status in (401, 403, 404):
            return Down(f"{self.name} no acepta la cuenta o su clave ({answer.status}): revise los datos.")
        if answer.status == 429:
            return Down(f"{self.name} pide esperar.")
        return Down(f"{self.name} no contesta como se espera ({answer.status}).")

    def send(self, mail: Mail) -> Outcome:
        """Hand the message over and read the answer."""
        unfit = self.unfit(mail)
        if unfit is not None:
            return unfit
        handover = self.handover(mail)
        if isinstance(handover, NotSent):
            return handover
        answer = self._answer_to(handover)
        if isinstance(answer, NoAnswer):
            self._open_until = 0.0
            if answer.begun:
                return Unknown(f"{self.name} no ha contestado tras recibir el mensaje: {answer.why}.")
            return NotSent(f"No se ha podido entregar el mensaje a {self.name}: {answer.why}.")
        return self._outcome(answer)

    def unfit(self, mail: Mail) -> NotSent | None:
        """Why nobody can be written to so; None where one can."""
        return None if _PHONE.fullmatch(mail.recipient) else BAD_NUMBER

    def _answer_to(self, handover: Handover) -> Answer | NoAnswer:
        return self._http.post(handover.path, handover.content, handover.content_type, handover.headers)

    def _outcome(self, answer: Answer) -> Outcome:
        if 200 <= answer.status < 300:
            return self._taken(answer)
        if answer.status in self.come_later:
            return self._later(answer, f"{self.name} pide esperar ({answer.status}).")
        if 400 <= answer.status < 500:
            return self._refused(answer)
        return self._unclear(answer)

    def _unclear(self, answer: Answer) -> Unknown:
        self._open_until = 0.0  # whoever answers like this may have taken it
        return Unknown(f"{self.name} ha contestado algo que no se entiende ({answer.status}): {answer.words}")

    def _taken(self, answer: Answer) -> Outcome:
        named = self.provider_id(answer)
        refused = self.refusal(answer) if named else None
        if refused is not None and refused.meaning is not Meaning.DOWN:
            return self._by(refused)
        if _ID.fullmatch(named):
            return Sent(answer=str(answer.status), provider_id=named)
        self._open_until = 0.0
        return Unknown(f"{self.name} ha contestado sin decir qué ha hecho con el mensaje: {answer.words}")

    def _refused(self, answer: Answer) -> NotSent:
        refused = self.refusal(answer)
        if refused is not None:
            if refused.meaning is Meaning.LATER:
                return self._later(answer, f"{self.name} pide esperar: {refused.reason}.")
            return self._by(refused)
        if answer.status in (401, 403):
            return self._by(Refusal(Meaning.DOWN, f"no acepta la cuenta o su clave ({answer.status})"))
        self._open_until = 0.0
        return NotSent(f"{self.name} lo ha rechazado ({answer.status}): {answer.words}")

    def _by(self, refused: Refusal) -> NotSent:
        reason = f"{self.name}: {refused.reason}."
        if refused.meaning is Meaning.DOWN:
            self._down = Down(reason)
        return NotSent(
            reason,
            permanent=refused.meaning in _FOR_GOOD,
            bad_address=refused.meaning is Meaning.BAD_ADDRESS,
            opted_out=refused.meaning is Meaning.OPTED_OUT,
        )

    def _later(self, answer: Answer, reason: str) -> NotSent:
        """Nobody is asked again before the provider wants to be."""
        self._wait_until = time.monotonic() + max(answer.retry_after_seconds, 1)
        return NotSent(reason)

    def close(self) -> None:
        """Each request has closed its own line; the next one asks anew."""
        self._open_until = 0.0
