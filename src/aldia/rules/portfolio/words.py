"""What a decision is called and how its reason is told, in Spanish: one place for the command line, the page
and the documents.

Every `Reason` has a label (for lists), a sentence without figures, and one with the facts of the day. Figures
are written here; they come in as `Facts`, which `queries/reasons.py` fills from the decided portfolio.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from aldia.kernel.money import format_money
from aldia.rules.portfolio.reasons import Reason
from aldia.rules.relation import PLAN_B
from aldia.rules.tasks import TASK_WORDS

_WEEKDAYS = ("lun", "mar", "mié", "jue", "vie", "sáb", "dom")
_MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")


@dataclass(frozen=True, slots=True)
class Words:
    """label: for lists. plain: the sentence without figures. told: with figures; dated: the same when the
    next date is known ("" where no other words are needed)."""

    label: str
    plain: str
    told: str
    dated: str = ""


REASON_WORDS: Mapping[Reason, Words] = {
    Reason.NOTHING_OPEN: Words("Sin deuda", "No debe nada.", "No debe nada."),
    Reason.NOTHING_OVERDUE: Words(
        "Nada vencido",
        "No tiene nada vencido.",
        "No tiene nada vencido; quedan {pendiente} por vencer.",
        "No tiene nada vencido; quedan {pendiente} y el próximo vencimiento es el {vence}.",
    ),
    Reason.INSOLVENT: Words(
        "En concurso",
        "Hoy no se le escribe: está en concurso de acreedores.",
        "Hoy no se le escribe: está en concurso de acreedores desde el {concurso}.",
    ),
    Reason.ON_HOLD: Words(
        "En pausa",
        "Hoy no se le escribe: está en pausa.",
        "Hoy no se le escribe: está en pausa, sin fecha de fin. Tiene {vencido} vencidos.",
        "Hoy no se le escribe: está en pausa hasta el {proxima}. Tiene {vencido} vencidos.",
    ),
    Reason.PROMISE: Words(
        "Con compromiso de pago",
        "Hoy no se le escribe: hay un compromiso de pago en curso.",
        "Hoy no se le escribe: se ha comprometido a pagar {prometido}, y se espera hasta el {compromiso}."
        " Tiene {vencido} vencidos.",
    ),
    Reason.MONEY_UNAPPLIED: Words(
        "Cobros sin aplicar",
        "Hoy no se le escribe: hay cobros sin aplicar que cubren lo vencido.",
        "Hoy no se le escribe: {motivos} cubren lo vencido ({vencido}).",
    ),
    Reason.DISPUTED: Words(
        "En incidencia",
        "Hoy no se le escribe: lo vencido está en incidencia.",
        "Hoy no se le escribe: de lo vencido ({vencido}) no queda nada por reclamar: {motivos}.",
    ),
    Reason.COVERED: Words(
        "Cubierto por efectos",
        "Hoy no se le escribe: lo vencido está cubierto por efectos o recibos en curso.",
        "Hoy no se le escribe: de lo vencido ({vencido}) no queda nada por reclamar: {motivos}.",
    ),
    Reason.NO_AMOUNT_FOR_CURRENCY: Words(
        "Moneda sin importes",
        "Hoy no se le escribe: su estrategia no tiene importes en su moneda.",
        "Hoy no se le escribe: la estrategia «{estrategia}» no tiene importes en {monedas};"
        " hay {vencido} vencidos.",
    ),
    Reason.BELOW_MINIMUM: Words(
        "Por debajo del mínimo",
        "Hoy no se le escribe: lo reclamable no llega al mínimo de su estrategia.",
        "Hoy no se le escribe: lo reclamable ({reclamable}) no llega al mínimo de la estrategia ({minimo}).",
    ),
    Reason.WAITING: Words(
        "A la espera",
        "Hoy toca esperar: ningún paso nuevo se cumple todavía.",
        "Hoy toca esperar: {dias} de retraso, {hecho}, y ningún paso nuevo se cumple.",
        "Hoy toca esperar: {dias} de retraso, {hecho}; el siguiente paso puede llegar el {proxima}.",
    ),
    Reason.SPACING: Words(
        "Entre avisos",
        "Hoy no se le escribe: el último aviso es demasiado reciente.",
        "Hoy no se le escribe: el último aviso salió el {ultimo} y es demasiado reciente.",
        "Hoy no se le escribe: el último aviso salió el {ultimo} y entre avisos pasan {espera};"
        " el siguiente puede salir el {proxima}.",
    ),
}

STEP_WORDS = Words(
    "{paso}", "Hoy toca «{paso}».", "Hoy toca «{paso}»: {dias} de retraso y {reclamable} por reclamar."
)
STEP_TOLD_HELD = "Hoy toca «{paso}»: {dias} de retraso, {pausados} en pausa, y {reclamable} por reclamar."
"""The same where some of the days were on hold."""

_AFTER_BROKEN = (
    "Hoy toca «{paso}»: el compromiso de pagar {incumplido} no se cumplió."
    " {dias} de retraso y {reclamable} por reclamar."
)
_BROUGHT_FORWARD = (
    "Hoy toca «{paso}», que se adelanta: el compromiso de pagar {incumplido} no se cumplió."
    " {dias} de retraso y {reclamable} por reclamar."
)


@dataclass(frozen=True, slots=True)
class BrokenPromise:
    """What was to be paid, and by when; is_early: the step does not wait for its days because of it."""

    amount_minor: int
    currency: str
    promised_on: date
    is_early: bool = False


@dataclass(frozen=True, slots=True)
class Amounts:
    """One customer in one currency: whole minor units. minimum_minor: of the strategy in that currency, None
    where it has no amounts for it."""

    currency: str
    open_minor: int
    overdue_minor: int
    dunnable_minor: int
    unapplied_minor: int
    disputed_minor: int
    covered_minor: int
    days_overdue: int
    minimum_minor: int | None = None
    days_on_hold: int = 0
    promised_minor: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What the sentence about one customer may speak of. Titles are Spanish; None where there is none."""

    amounts: tuple[Amounts, ...] = ()
    strategy: str = ""
    step_title: str | None = None
    last_title: str | None = None
    next_on: date | None = None
    next_due_date: date | None = None
    last_sent_on: date | None = None
    insolvent_on: date | None = None
    promise_until: date | None = None
    broken: BrokenPromise | None = None


# A code beside the reasons that messages and tasks bear.
_CODES = {"superseded": "otro paso en su lugar"}


def outcome_label(outcome: str, titles: Mapping[str, str]) -> str:
    """The words for a list: of a reason or code, or the title of a step (its id where no title is known)."""
    known = _reason(outcome)
    return (
        REASON_WORDS[known].label
        if known
        else _CODES.get(outcome) or TASK_WORDS.get(outcome) or titles.get(outcome, outcome)
    )


def task_label(kind: str, *, title: str = "", is_call: bool = False, by_on: date | None = None) -> str:
    """What a task asks for. title: of the ladder's step it comes from, "" for none; by_on: its last day."""
    if kind == PLAN_B and by_on is not None:
        return f"Preparar un plan B antes de que venza el {day_text(by_on)}"
    if not title:
        return TASK_WORDS.get(kind, kind)
    return f"Llamar: {title}" if is_call else title


def plain_sentence(outcome: str, step_title: str | None = None) -> str:
    """The reason in one sentence without figures."""
    known = _reason(outcome)
    return (REASON_WORDS[known] if known else STEP_WORDS).plain.format(paso=step_title or outcome)


def reason_sentence(outcome: str, facts: Facts) -> str:
    """The reason in one sentence with the figures and dates of the day in it."""
    known = _reason(outcome)
    words = REASON_WORDS[known] if known else STEP_WORDS
    template = words.dated if words.dated and facts.next_on else words.told
    if known is None and _on_hold(facts.amounts):
        template = STEP_TOLD_HELD
    if known is None and facts.broken is not None:
        template = _BROUGHT_FORWARD if facts.broken.is_early else _AFTER_BROKEN
    return template.format_map(_Values(outcome, facts))


def _reason(outcome: str) -> Reason | None:
    return Reason(outcome) if outcome in Reason.__members__.values() else None


class _Values(dict[str, str]):
    """What a sentence may speak of, each put into words only when it does."""

    def __init__(self, outcome: str, facts: Facts) -> None:
        super().__init__()
        self._ways = _ways(outcome, facts)

    def __missing__(self, word: str) -> str:
        return self._ways[word]()


def _ways(outcome: str, facts: Facts) -> dict[str, Callable[[], str]]:
    overdue = [row for row in facts.amounts if row.overdue_minor > 0]
    asked = [row for row in overdue if row.dunnable_minor > 0]
    return {
        "paso": lambda: facts.step_title or outcome,
        "estrategia": lambda: facts.strategy,
        "pendiente": lambda: _sums((r.open_minor, r.currency) for r in facts.amounts if r.open_minor > 0),
        "vencido": lambda: _sums((r.overdue_minor, r.currency) for r in overdue),
        "reclamable": lambda: _sums((r.dunnable_minor, r.currency) for r in asked),
        "minimo": lambda: _sums((r.minimum_minor, r.currency) for r in asked if r.minimum_minor is not None),
        "motivos": lambda: _motives(overdue),
        "monedas": lambda: joined(sorted(r.currency for r in asked)),
        "dias": lambda: days_text(max((r.days_overdue for r in overdue), default=0)),
        "pausados": lambda: str(_on_hold(overdue)),
        "hecho": lambda: _done_so_far(overdue, facts),
        "espera": lambda: _spacing(facts),
        "proxima": lambda: _day_or_none(facts.next_on),
        "vence": lambda: _day_or_none(facts.next_due_date or facts.next_on),
        "ultimo": lambda: _day_or_none(facts.last_sent_on),
        "prometido": lambda: _promised(facts.amounts),
        "compromiso": lambda: _day_or_none(facts.promise_until),
        "incumplido": lambda: _broken(facts.broken),
        "concurso": lambda: _day_or_none(facts.insolvent_on),
    }


def _motives(overdue: Iterable[Amounts]) -> str:
    """«120,00 € cobrados sin aplicar y 80,00 € en incidencia»."""
    rows = list(overdue)
    kinds = (
        ("{} cobrados sin aplicar", [(r.unapplied_minor, r.currency) for r in rows if r.unapplied_minor]),
        ("{} en incidencia", [(r.disputed_minor, r.currency) for r in rows if r.disputed_minor]),
        (
            "{} en efectos o recibos en curso",
            [(r.covered_minor, r.currency) for r in rows if r.covered_minor],
        ),
    )
    return joined(text.format(_sums(amounts)) for text, amounts in kinds if amounts)


def _on_hold(overdue: Iterable[Amounts]) -> int:
    """Days on hold among those of the oldest row, which is the one whose days are told."""
    oldest = max(overdue, key=lambda row: row.days_overdue, default=None)
    return oldest.days_on_hold if oldest else 0


def _done_so_far(overdue: Iterable[Amounts], facts: Facts) -> str:
    """«10 en pausa, ya se hizo «Segundo recordatorio»»."""
    done = f"ya se hizo «{facts.last_title}»" if facts.last_title else "sin ningún aviso hecho"
    held = _on_hold(overdue)
    return f"{held} en pausa, {done}" if held else done


def _promised(amounts: Iterable[Amounts]) -> str:
    return _sums((r.promised_minor, r.currency) for r in amounts if r.promised_minor > 0) or "lo acordado"


def _broken(broken: BrokenPromise | None) -> str:
    """«300,00 € a más tardar el vie 20 nov 2026»."""
    if broken is None:
        return "lo acordado"
    amount = format_money(broken.amount_minor, broken.currency)
    return f"{amount} a más tardar el {day_text(broken.promised_on)}"


def _spacing(facts: Facts) -> str:
    if facts.next_on is None or facts.last_sent_on is None:
        return "unos días"
    return days_text((facts.next_on - facts.last_sent_on).days)


def _sums(amounts: Iterable[tuple[int, str]]) -> str:
    """One sum per currency, never added together."""
    return joined(format_money(minor, currency) for minor, currency in amounts)


def _day_or_none(day: date | None) -> str:
    return day_text(day) if day else "(sin fecha)"


def joined(texts: Iterable[str]) -> str:
    """«a, b y c»."""
    parts = list(texts)
    return " y ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def days_text(days: int) -> str:
    """«1 día», «15 días»."""
    return f"{days} día" if days == 1 else f"{days} días"


def day_text(day: date) -> str:
    """«vie 20 nov 2026»."""
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"
