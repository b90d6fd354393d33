"""What comes of a call: the house's catalogue, and what a creditor makes of it. docs/rules/calls.md §2."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import count

from aldia.kernel.text import fold

_CODE_MAX = 30
UNDONE = "undone"
"""The outcome of a correcting call that says: that one did not take place."""

RIGHT_PARTY, THIRD_PARTY, VOICEMAIL, NOBODY = "right_party", "third_party", "voicemail", "nobody"
_ANYBODY = frozenset({RIGHT_PARTY, THIRD_PARTY, VOICEMAIL, NOBODY})
_THEM = frozenset({RIGHT_PARTY})


class Effect(StrEnum):
    """What follows from an outcome, whatever it is called."""

    NONE = "none"
    TALKED = "talked"
    PROMISE = "promise"
    PAID = "paid"
    DISPUTE = "dispute"
    HARDSHIP = "hardship"
    PLAN = "plan"
    COPY = "copy"
    INSOLVENCY = "insolvency"
    REFUSES = "refuses"
    CALLBACK = "callback"
    THIRD_PARTY = "third_party"
    WRONG_NUMBER = "wrong_number"
    VOICEMAIL = "voicemail"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True)
class EffectWords:
    """label: for a list of effects. follows: what the house does by itself, a Spanish sentence."""

    label: str
    follows: str


EFFECTS: Mapping[Effect, EffectWords] = {
    Effect.NONE: EffectWords("Solo se anota", "Se anota, y nada más sigue por sí solo."),
    Effect.TALKED: EffectWords("Se habló con él", "Se anota, y nada más sigue por sí solo."),
    Effect.PROMISE: EffectWords(
        "Promete pagar", "Se anota el compromiso con su fecha: hasta ella no se le reclama."
    ),
    Effect.PAID: EffectWords("Dice que ha pagado", "Queda una tarea: comprobar el pago."),
    Effect.DISPUTE: EffectWords(
        "No está conforme",
        "Queda una tarea: ver con qué no está conforme. Las partidas que se marquen quedan en incidencia.",
    ),
    Effect.HARDSHIP: EffectWords(
        "No puede pagar ahora", "Se anota la falta de liquidez como motivo, si no se anota otro."
    ),
    Effect.PLAN: EffectWords("Pide pagar a plazos", "Queda una tarea: proponerle un plan."),
    Effect.COPY: EffectWords("Pide la factura o una copia", "Queda una tarea: mandarle la copia."),
    Effect.INSOLVENCY: EffectWords(
        "Dice que está en concurso", "Queda una tarea: comprobarlo y anotar la circunstancia."
    ),
    Effect.REFUSES: EffectWords("No quiere pagar", "Se anota, y la estrategia sigue su curso."),
    Effect.CALLBACK: EffectWords(
        "Hay que volver a llamar", "El expediente vuelve a la cola el día y a la hora que se acuerden."
    ),
    Effect.THIRD_PARTY: EffectWords(
        "Contestó otra persona", "No se anotan motivos ni importes: con otra persona no se habla de la deuda."
    ),
    Effect.WRONG_NUMBER: EffectWords(
        "El número no vale", "El número queda como no válido en todas partes y no se vuelve a usar."
    ),
    Effect.VOICEMAIL: EffectWords("Buzón de voz", "Cuenta como un intento de contacto."),
    Effect.NO_ANSWER: EffectWords("No contesta", "Cuenta como un intento de contacto."),
}

REACHED_BY_EFFECT: Mapping[Effect, frozenset[str]] = {
    Effect.NONE: _ANYBODY,
    Effect.CALLBACK: frozenset({RIGHT_PARTY, THIRD_PARTY}),
    Effect.THIRD_PARTY: frozenset({THIRD_PARTY}),
    Effect.WRONG_NUMBER: frozenset({THIRD_PARTY, NOBODY, VOICEMAIL}),
    Effect.VOICEMAIL: frozenset({VOICEMAIL}),
    Effect.NO_ANSWER: frozenset({NOBODY}),
}
"""Effect → who may have answered; what is not named here takes the customer in person."""

TASKS: Mapping[Effect, str] = {
    Effect.PAID: "check_payment",
    Effect.DISPUTE: "check_dispute",
    Effect.PLAN: "offer_plan",
    Effect.COPY: "send_copy",
    Effect.INSOLVENCY: "check_insolvency",
}
"""Effect → kind of the task it leaves for a person."""
CHECK_DISPUTE = TASKS[Effect.DISPUTE]
"""Whoever opens a dispute leaves it, in a call or not."""


@dataclass(frozen=True, slots=True)
class OwnOutcome:
    """What a creditor says of an outcome: a row of its own."""

    code: str
    label: str
    effect: str
    position: int = 0
    active: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """One word for what came of a call. active: on the form. is_own: not of the house's catalogue.

    is_changed: of the house, with another label, place or none.
    """

    code: str
    label: str
    effect: Effect
    position: int = 0
    active: bool = True
    is_own: bool = False
    is_changed: bool = False

    @property
    def reached(self) -> frozenset[str]:
        """Who may have answered for it to be so."""
        return reached_by(self.effect)

    @property
    def follows(self) -> str:
        """What the house does by itself, a Spanish sentence."""
        return EFFECTS[self.effect].follows


def reached_by(effect: Effect) -> frozenset[str]:
    """Who may have answered for the effect to be so."""
    return REACHED_BY_EFFECT.get(effect, _THEM)


_HOUSE = (
    ("promise", "Compromiso de pago", Effect.PROMISE),
    ("paid", "Dice que ya ha pagado", Effect.PAID),
    ("dispute", "No está conforme", Effect.DISPUTE),
    ("no_liquidity", "Ahora no puede pagar", Effect.HARDSHIP),
    ("plan", "Pide pagar a plazos", Effect.PLAN),
    ("copy", "Pide la factura o una copia", Effect.COPY),
    ("refuses", "No quiere pagar", Effect.REFUSES),
    ("insolvency", "Dice que está en concurso", Effect.INSOLVENCY),
    ("spoken", "Hablado, sin acuerdo", Effect.TALKED),
    ("callback", "Volver a llamar", Effect.CALLBACK),
    ("third_party", "Contestó otra persona", Effect.THIRD_PARTY),
    ("voicemail", "Buzón de voz", Effect.VOICEMAIL),
    ("no_answer", "No contesta", Effect.NO_ANSWER),
    ("busy", "Comunica", Effect.NO_ANSWER),
    ("wrong_number", "El número no es suyo", Effect.WRONG_NUMBER),
)

SHIPPED: tuple[Outcome, ...] = tuple(
    Outcome(code, label, effect, position=place * 10)
    for place, (code, label, effect) in enumerate(_HOUSE, start=1)
)
"""The house's catalogue, in the order of the form."""

_SHIPPED = {each.code: each for each in SHIPPED}


def shipped_outcome(code: str) -> Outcome | None:
    """The house's own outcome of that code; None where there is none."""
    return _SHIPPED.get(code)


def catalogue(own: Iterable[OwnOutcome]) -> tuple[Outcome, ...]:
    """The house's outcomes as the creditor changed them, and its own; those of the form and the others.

    What an outcome of the house does is the house's: a creditor gives it another label or place, or hides it.
    """
    rows = {row.code: row for row in own}
    merged = [_changed(each, rows.get(each.code)) for each in SHIPPED]
    merged += [_new(row) for row in rows.values() if row.code not in _SHIPPED]
    return tuple(sorted(merged, key=lambda each: (each.position, each.code)))


def _changed(house: Outcome, row: OwnOutcome | None) -> Outcome:
    if row is None:
        return house
    changed = replace(house, label=row.label, position=row.position, active=row.active)
    return replace(changed, is_changed=changed != house)


def _new(row: OwnOutcome) -> Outcome:
    return Outcome(row.code, row.label, Effect(row.effect), row.position, row.active, is_own=True)


LABEL_MAX, POSITION_MAX = 80, 999
_REACHED_LABELS = {
    RIGHT_PARTY: "el titular o quien decide",
    THIRD_PARTY: "otra persona",
    VOICEMAIL: "el buzón de voz",
    NOBODY: "nadie",
}
_SEVERAL = {
    _ANYBODY: "cualquiera, o nadie",
    frozenset({RIGHT_PARTY, THIRD_PARTY}): "el titular, quien decide u otra persona",
    frozenset({THIRD_PARTY, VOICEMAIL, NOBODY}): "otra persona, el buzón de voz o nadie",
}


def who_answered(effect: Effect) -> str:
    """Who may have answered for it to be so, in words."""
    reached = reached_by(effect)
    return next((_REACHED_LABELS[who] for who in reached if len(reached) == 1), "") or _SEVERAL[reached]


def left_without(outcomes: Iterable[Outcome]) -> tuple[str, ...]:
    """Who may answer with no outcome on the form to say so, in words; () where the form has one for each."""
    covered = frozenset[str]().union(*(each.reached for each in outcomes if each.active))
    return tuple(words for who, words in _REACHED_LABELS.items() if who not in covered)


def code_for(label: str, taken: Iterable[str]) -> str:
    """A code for a new outcome, from its label: small letters, figures and low lines; none of those taken."""
    plain = re.sub(r"[^a-z0-9]+", "_", fold(label)).strip("_")[:_CODE_MAX] or "resultado"
    stem = plain if plain[0].isalpha() else f"r_{plain}"
    known = {*taken, *_SHIPPED, UNDONE}
    numbered = (stem if n == 1 else f"{stem}_{n}" for n in count(1))
    return next(each for each in numbered if each not in known)


def labels_of(outcomes: Iterable[Outcome]) -> dict[str, str]:
    """Code → label, hidden ones and a call that was taken back included."""
    return {each.code: each.label for each in outcomes} | {UNDONE: "Anulada: no tuvo lugar"}
