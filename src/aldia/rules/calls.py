"""Whether a call or a visit can have been as somebody says. docs/rules/calls.md.

Every check is a function of what is said and of what holds at that moment; each fault is a Spanish sentence
and the field it is about.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from aldia.rules.gate import GateFacts, GateLimits
from aldia.rules.gate.moments import hours_on, is_open
from aldia.rules.inbound.amounts import names_an_amount
from aldia.rules.outcomes import NOBODY, RIGHT_PARTY, THIRD_PARTY, VOICEMAIL, Effect, Outcome
from aldia.rules.respect.reader import note_findings
from aldia.rules.respect.values import Finding

NOTE_MAX, NEXT_ACTION_MAX, NUMBER_MAX, DISPUTE_REASON_MAX = 2_000, 200, 40, 200
"""Characters."""
OLDEST_DAYS = 31
"""A call is written down no later than so many days after it took place."""
NEXT_DAYS_MAX = 365

REACHED = frozenset({RIGHT_PARTY, THIRD_PARTY, VOICEMAIL, NOBODY})
REASONS: Mapping[str, str] = {
    "forgot": "Olvido",
    "no_liquidity": "Falta de liquidez",
    "disagrees": "Disconformidad",
    "emergency": "Emergencia",
    "stalling": "Voluntad de dilatar",
    "no_invoice": "No recibió la factura",
    "details_changed": "Cambio de datos",
    "dispute": "Incidencia abierta",
    "insolvency": "Insolvencia",
    "other": "Otro",
}
"""Why a customer has not paid, in the order of the form."""

_REACHED_WORDS = {
    RIGHT_PARTY: "habló con el titular o quien decide",
    THIRD_PARTY: "contestó otra persona",
    VOICEMAIL: "saltó el buzón de voz",
    NOBODY: "no contestó nadie",
}
_SKEW = timedelta(minutes=2)
_UNUSABLE = ("wrong", "disconnected")


@dataclass(frozen=True, slots=True)
class SaidCall:
    """What somebody says took place. Values as of `records/cases/models/calls.py`.

    at: when it took place. volunteered: the customer said the reason of their own accord. disputed_lines: due
    lines they contest. next_at: an instant of the day next_on.
    """

    at: datetime
    reached: str
    outcome: str
    kind: str = "call"
    direction: str = "out"
    number: str = ""
    number_status: str = ""
    reason: str = ""
    volunteered: bool = False
    note: str = ""
    next_action: str = ""
    next_on: date | None = None
    next_at: datetime | None = None
    disputed_lines: tuple[int, ...] = ()
    dispute_reason: str = ""


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What holds at that moment.

    outcomes: those on the form, by code. not_asked: the law that forbids asking for the reason, cited, "" for
    none. facts, limits: of the gate, for the hours in which the customer may be called.
    """

    now: datetime
    today: date
    time_zone: str
    outcomes: Mapping[str, Outcome]
    facts: GateFacts
    limits: GateLimits
    not_asked: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """field: of SaidCall. sentence: Spanish, what is wrong and what to do."""

    field: str
    sentence: str


Check = Callable[[SaidCall, CallFacts], Fault | None]


def faults_of(said: SaidCall, holds: CallFacts) -> tuple[Fault, ...]:
    """Everything that cannot be so, in the order of the form; () for a call that can be written down."""
    return tuple(_faults(said, holds))


def completed(said: SaidCall, holds: CallFacts) -> SaidCall:
    """With what the outcome says without being asked for: a number that is not theirs, want of money."""
    outcome = holds.outcomes.get(said.outcome)
    if outcome is None:
        return said
    if outcome.effect is Effect.WRONG_NUMBER and not said.number_status and said.kind == "call":
        return replace(said, number_status="wrong")
    if outcome.effect is Effect.HARDSHIP and not said.reason and said.reached == RIGHT_PARTY:
        return replace(said, reason="no_liquidity", volunteered=True)
    if outcome.effect is Effect.INSOLVENCY and not said.reason and said.reached == RIGHT_PARTY:
        return replace(said, reason="insolvency", volunteered=True)
    return said


def warnings_of(note: str) -> list[Finding]:
    """What a customer who asks for their notes should not find in this one; it only warns."""
    return note_findings(note)


def is_usable(number_status: str) -> bool:
    """False for a number that the call showed to be of no use."""
    return number_status not in _UNUSABLE


def _faults(said: SaidCall, holds: CallFacts) -> Iterator[Fault]:
    for check in _CHECKS:
        fault = check(said, holds)
        if fault is not None:
            yield fault


def _when(said: SaidCall, holds: CallFacts) -> Fault | None:
    if said.at > holds.now + _SKEW:
        return Fault("at", "Una llamada que todavía no ha sido no se anota: ponga cuándo fue.")
    if said.at < holds.now - timedelta(days=OLDEST_DAYS):
        return Fault("at", f"Fue hace más de {OLDEST_DAYS} días: anótelo como una nota del cliente.")
    return None


def _kind(said: SaidCall, holds: CallFacts) -> Fault | None:
    if said.kind not in ("call", "visit"):
        return Fault("kind", "Diga si fue una llamada o una visita.")
    if said.direction not in ("out", "in"):
        return Fault("direction", "Diga quién empezó: ustedes o el cliente.")
    return None


def _reached(said: SaidCall, holds: CallFacts) -> Fault | None:
    if said.reached not in REACHED:
        return Fault("reached", "Diga quién contestó.")
    if said.direction == "in" and said.reached in (VOICEMAIL, NOBODY):
        return Fault("reached", "Si llamó el cliente, alguien habló: diga quién.")
    if said.kind == "visit" and said.reached == VOICEMAIL:
        return Fault("reached", "En una visita no hay buzón de voz: diga quién abrió, o que nadie.")
    return None


def _outcome(said: SaidCall, holds: CallFacts) -> Fault | None:
    """The outcome is of the form, and agrees with who answered."""
    outcome = holds.outcomes.get(said.outcome)
    if outcome is None or not outcome.active:
        return Fault("outcome", "Ese resultado no está en el catálogo: elija uno de la lista.")
    if said.reached in REACHED and said.reached not in outcome.reached:
        who = _REACHED_WORDS[said.reached]
        return Fault(
            "outcome", f"«{outcome.label}» no cuadra con que {who}: cambie el resultado o quién contestó."
        )
    if said.kind == "visit" and outcome.effect is Effect.WRONG_NUMBER:
        return Fault("outcome", "Una visita no dice nada de un número: elija otro resultado.")
    return None


def _number(said: SaidCall, holds: CallFacts) -> Fault | None:
    if len(said.number) > NUMBER_MAX:
        return Fault("number", f"El número no pasa de {NUMBER_MAX} caracteres.")
    if said.kind == "visit":
        spoken_of = said.number or said.number_status
        return (
            Fault("number", "Una visita no lleva número de teléfono: déjelo en blanco.")
            if spoken_of
            else None
        )
    if said.number and not any(each.isdigit() for each in said.number):
        return Fault("number", "Eso no es un teléfono: escríbalo con cifras, o déjelo en blanco.")
    if said.number_status and not said.number:
        return Fault("number", "Diga de qué número habla: el que marcó.")
    return None


def _number_status(said: SaidCall, holds: CallFacts) -> Fault | None:
    """What is said of the number agrees with who answered."""
    status, reached = said.number_status, said.reached
    if status not in ("", "good", *_UNUSABLE):
        return Fault("number_status", "Diga si el número es correcto, equivocado o está fuera de servicio.")
    if status == "good" and reached == NOBODY:
        return Fault("number_status", "Si no contestó nadie, no se sabe si el número es correcto.")
    if status == "wrong" and reached == RIGHT_PARTY:
        return Fault("number_status", "Si habló con el titular, el número no está equivocado.")
    if status == "disconnected" and reached != NOBODY:
        return Fault("number_status", "Si contestó alguien o el buzón, el número no está fuera de servicio.")
    outcome = holds.outcomes.get(said.outcome)
    if status == "good" and outcome is not None and outcome.effect is Effect.WRONG_NUMBER:
        return Fault("number_status", "El resultado dice que el número no vale: no puede ser correcto.")
    return None


def _reason(said: SaidCall, holds: CallFacts) -> Fault | None:
    """A reason comes from the customer alone, and is not asked for where the law keeps it from us."""
    if not said.reason:
        return Fault("volunteered", "Diga qué motivo contó.") if said.volunteered else None
    if said.reason not in REASONS:
        return Fault("reason", "Ese motivo no está en la lista.")
    if said.reached != RIGHT_PARTY:
        return Fault(
            "reason", "El motivo solo lo dice el titular o quien decide: de otra persona no se anota."
        )
    if holds.not_asked and not said.volunteered:
        return Fault(
            "reason",
            f"Aquí no se le pregunta por qué no ha pagado ({holds.not_asked}): anote el motivo solo si lo "
            "contó por su cuenta, y márquelo.",
        )
    return None


def _note(said: SaidCall, holds: CallFacts) -> Fault | None:
    if len(said.note) > NOTE_MAX:
        return Fault("note", f"La nota no pasa de {NOTE_MAX:_} caracteres.".replace("_", "."))
    return None


def _next(said: SaidCall, holds: CallFacts) -> Fault | None:
    """The next action is ahead of us, and says nothing a third party must not have heard."""
    if len(said.next_action) > NEXT_ACTION_MAX:
        return Fault("next_action", f"La próxima acción no pasa de {NEXT_ACTION_MAX} caracteres.")
    if said.reached == THIRD_PARTY and names_an_amount(said.next_action):
        return Fault(
            "next_action",
            "Contestó otra persona, y con ella no se habla de importes: déjelos fuera de la próxima acción.",
        )
    if said.next_at is not None and said.next_on is None:
        return Fault("next_on", "Una hora sin día no dice cuándo: ponga también el día.")
    if said.next_on is not None and said.next_on < holds.today:
        return Fault("next_on", "El día de la próxima acción ya ha pasado.")
    if said.next_on is not None and said.next_on > holds.today + timedelta(days=NEXT_DAYS_MAX):
        return Fault("next_on", "La próxima acción queda a más de un año: elija un día más cercano.")
    if said.next_at is None:
        return None
    if said.next_at <= holds.now:
        return Fault("next_at", "Esa hora ya ha pasado.")
    if said.next_at.astimezone(ZoneInfo(holds.time_zone)).date() != said.next_on:
        return Fault("next_at", "La hora y el día de la próxima acción no son del mismo día.")
    return None


def _callback(said: SaidCall, holds: CallFacts) -> Fault | None:
    """Who is to be called again is called on a day, and at hours in which they may be called."""
    outcome = holds.outcomes.get(said.outcome)
    if outcome is None or outcome.effect is not Effect.CALLBACK:
        return None
    if said.next_on is None:
        return Fault("next_on", "Diga qué día hay que volver a llamar y, si lo dijo, a qué hora.")
    if hours_on(said.next_on, _calm(holds), holds.limits) is None:
        return Fault("next_on", "Ese día no se llama donde vive el cliente: elija otro.")
    if said.next_at is not None and not is_open(replace(_calm(holds), now=said.next_at), holds.limits):
        return Fault("next_at", _hours_sentence(said.next_at, holds))
    return None


def _calm(holds: CallFacts) -> GateFacts:
    """The customer asked for it: no tone, so no eve of a holiday."""
    return replace(holds.facts, tone="")


def _hours_sentence(at: datetime, holds: CallFacts) -> str:
    local = at.astimezone(ZoneInfo(holds.facts.time_zone)).date()
    hours = hours_on(local, _calm(holds), holds.limits)
    if hours is None:
        return "Ese día no se llama donde vive el cliente: elija otro."
    return (
        f"A esa hora no se le llama: el horario es de {hours.opens:%H:%M} a {hours.closes:%H:%M}, hora del "
        "cliente."
    )


def _lines(said: SaidCall, holds: CallFacts) -> Fault | None:
    outcome = holds.outcomes.get(said.outcome)
    if said.disputed_lines and (outcome is None or outcome.effect is not Effect.DISPUTE):
        return Fault("disputed_lines", "Solo se marcan partidas cuando el resultado es que no está conforme.")
    return None


def _dispute_reason(said: SaidCall, holds: CallFacts) -> Fault | None:
    """What they do not accept is kept with the lines it is about, and nowhere else."""
    if len(said.dispute_reason) > DISPUTE_REASON_MAX:
        return Fault("dispute_reason", f"Lo que no acepta no pasa de {DISPUTE_REASON_MAX} caracteres.")
    if said.dispute_reason and not said.disputed_lines:
        return Fault(
            "dispute_reason",
            "Dice qué no acepta, pero no de qué partidas: márquelas, o escríbalo en la nota.",
        )
    return None


_CHECKS: tuple[Check, ...] = (
    _when,
    _kind,
    _reached,
    _outcome,
    _number,
    _number_status,
    _reason,
    _note,
    _next,
    _callback,
    _lines,
    _dispute_reason,
)
