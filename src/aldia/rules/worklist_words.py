"""Why a case stands where it stands in the worklist, as a Spanish sentence. docs/rules/worklist.md §6."""

from dataclasses import dataclass
from datetime import date, datetime

from aldia.rules.portfolio.words import day_text, days_text
from aldia.rules.worklist import RECENT_DAYS


@dataclass(frozen=True, slots=True)
class Told:
    """What the sentence may speak of. amount, promise, broken: written amounts («300,00 €»), "" for none.
    next_at, reply_on …: in the creditor's zone. action: of the next action, in a person's words. task:
    what an open one asks for; task_by: its last day before it is late."""

    why: str
    on: date
    chance: int = 0
    state: str = "working"
    amount: str = ""
    days_overdue: int = 0
    action: str = ""
    next_on: date | None = None
    next_at: datetime | None = None
    reply_on: date | None = None
    task: str = ""
    task_by: date | None = None
    waiting_since: date | None = None
    promise: str = ""
    promise_on: date | None = None
    broken: str = ""
    broken_on: date | None = None
    contact_on: date | None = None
    has_phone: bool = True


GOOD_CHANCE, FAIR_CHANCE = 50, 25


def reason_sentence(told: Told) -> str:
    """One sentence without a full stop, as a list shows it."""
    return _SENTENCES[told.why](told)


def chance_label(chance: int) -> str:
    """How good an occasion it is, in words."""
    if chance >= GOOD_CHANCE:
        return "buena ocasión"
    return "ocasión regular" if chance >= FAIR_CHANCE else "ocasión difícil"


def _callback(told: Told) -> str:
    assert told.next_at is not None
    hour = f"{told.next_at:%H:%M}"
    when = (
        f"hoy a las {hour}"
        if told.next_at.date() == told.on
        else f"el {_day(told.next_at.date())} a las {hour}"
    )
    return f"Se quedó en llamar {when}: {told.action}" if told.action else f"Se quedó en llamar {when}"


def _broken(told: Told) -> str:
    return f"Incumplió un compromiso de {told.broken} el {_day(told.broken_on)}"


def _reply(told: Told) -> str:
    if told.reply_on == told.on:
        return "Ha contestado hoy y nadie lo ha mirado"
    return f"Contestó el {_day(told.reply_on)} y nadie lo ha mirado"


def _next(told: Told) -> str:
    if told.next_on == told.on:
        return f"Toca hoy: {told.action}" if told.action else "Toca hoy su próxima acción"
    day = _day(told.next_on)
    return f"Tocaba el {day}: {told.action}" if told.action else f"Su próxima acción tocaba el {day}"


def _task(told: Told) -> str:
    if told.task_by is not None and told.task_by > told.on:
        return told.task
    if told.task_by == told.on:
        return f"Tarea para hoy: {told.task}"
    return f"Tarea sin hacer desde el {_day(told.task_by)}: {told.task}"


def _promise_day(told: Told) -> str:
    return f"Hoy vence su compromiso de {told.promise}: compruebe si ha llegado"


def _amount(told: Told) -> str:
    debt = f"{told.amount} por reclamar con {days_text(told.days_overdue)} de retraso"
    said = ", ".join(each for each in (debt, chance_label(told.chance), _but(told)) if each)
    return f"{_STATES[told.state]}: {said}" if told.state in _STATES else said


_STATES = {"new": "Nuevo", "escalated": "Escalado"}


def _but(told: Told) -> str:
    """What makes the chance smaller."""
    if not told.has_phone:
        return "sin teléfono"
    recent = told.contact_on is not None and (told.on - told.contact_on).days < RECENT_DAYS
    return f"contactado el {_day(told.contact_on)}" if recent else ""


def _worked(told: Told) -> str:
    return "Ya se ha trabajado hoy"


def _on_hold(told: Told) -> str:
    return "Está en pausa"


def _insolvent(told: Told) -> str:
    return "Está en concurso de acreedores"


def _promised(told: Told) -> str:
    return f"Se comprometió a pagar {told.promise} el {_day(told.promise_on)}"


def _later(told: Told) -> str:
    if told.next_at is not None and told.next_at.date() == told.on:
        when = f"Hoy a las {told.next_at:%H:%M}"
    else:
        hour = f" a las {told.next_at:%H:%M}" if told.next_at else ""
        when = f"Próxima acción el {_day(told.next_on)}{hour}"
    return f"{when}: {told.action}" if told.action else when


def _waiting(told: Told) -> str:
    return f"A la espera desde el {_day(told.waiting_since)}"


def _disputed(told: Told) -> str:
    return "Todo lo vencido está en incidencia"


def _covered(told: Told) -> str:
    return "Lo vencido está cubierto por cobros sin aplicar o efectos en curso"


_SENTENCES = {
    "callback": _callback,
    "broken": _broken,
    "reply": _reply,
    "next": _next,
    "task": _task,
    "promise_day": _promise_day,
    "amount": _amount,
    "worked": _worked,
    "on_hold": _on_hold,
    "insolvent": _insolvent,
    "promised": _promised,
    "later": _later,
    "waiting": _waiting,
    "disputed": _disputed,
    "covered": _covered,
}


def _day(day: date | None) -> str:
    return day_text(day) if day else "(sin fecha)"
