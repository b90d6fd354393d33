"""How a kind is told, in Spanish: what the customer does, what that rests on, and how one goes about it.

The words describe conduct, never the person: the customer may ask to see them. docs/rules/kinds.md §4.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from aldia.rules.portfolio.kinds import Kind
from aldia.rules.portfolio.words import day_text, days_text

KIND_LABELS: Mapping[str, str] = {
    Kind.CASUAL: "Puntual con un retraso",
    Kind.STALLING: "Retrasa el pago",
    Kind.CIRCUMSTANTIAL: "Con incidencia",
    Kind.CARELESS: "Se le pasa",
    Kind.CHRONIC: "Habitualmente tarde",
    Kind.ILLIQUID: "Con dificultades",
    Kind.GOOD_PAYER: "Buen pagador",
    Kind.UNKNOWN: "Sin señales suficientes",
}

TREATMENTS: Mapping[str, str] = {
    Kind.CASUAL: "Una sola nota amable en las primeras semanas: lo normal es que pague.",
    Kind.STALLING: "Plazos cortos y con fecha, y el aviso firme llega antes.",
    Kind.CIRCUMSTANTIAL: "Primero se resuelve lo que no está bien; hasta entonces no se le insiste.",
    Kind.CARELESS: "Copia de la factura, cita para el calendario, y domiciliar o elegir el día si quiere.",
    Kind.CHRONIC: "Se le propone domiciliar el pago o pagar por adelantado.",
    Kind.ILLIQUID: "Se le ofrece pronto pagar a plazos, y mientras se habla no se endurece el tono.",
    Kind.GOOD_PAYER: "El trato más suave: se espera más antes de recordarle nada.",
    Kind.UNKNOWN: "El camino normal de su estrategia.",
}
"""Kind → what its treatment is, in one sentence."""

_SAID = {
    "forgot": "se le había pasado o no le había llegado",
    "cannot": "ahora no puede pagar",
    "stalls": "no va a pagar por ahora",
    "disagrees": "no está conforme",
}


def kind_label(kind: str) -> str:
    """The conduct in two or three words; a kind nobody knows bears its own name."""
    return KIND_LABELS.get(kind, kind)


def treatment_of(kind: str) -> str:
    """What is done with such a customer, in one sentence."""
    return TREATMENTS.get(kind, TREATMENTS[Kind.UNKNOWN])


def evidence_sentences(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """What is known of how the customer pays, a sentence each. facts: a row of `kind_facts`."""
    told = tuple(each for part in (_paid, _now, _beside, _words, _promises) for each in part(facts))
    return told or ("Todavía no hay bastante historia para decir cómo paga.",)


def _paid(facts: Mapping[str, Any]) -> Iterator[str]:
    paid, late = facts["paid"], facts["paid_late"]
    if not paid:
        return
    if not late:
        yield "Pagó a tiempo su única factura." if paid == 1 else f"Pagó a tiempo sus {paid} facturas."
    elif facts["late_from"] == facts["late_to"]:
        yield f"Pagó {late} de {paid} facturas con {days_text(facts['late_to'])} de retraso."
    else:
        yield f"Pagó {late} de {paid} facturas entre {facts['late_from']} y {facts['late_to']} días tarde."


def _now(facts: Mapping[str, Any]) -> Iterator[str]:
    if facts["late_now"] == 1:
        yield f"Tiene 1 factura vencida desde hace {days_text(facts['days_now'])}."
    elif facts["late_now"]:
        oldest = days_text(facts["days_now"])
        yield f"Tiene {facts['late_now']} facturas vencidas; la más antigua, desde hace {oldest}."


def _beside(facts: Mapping[str, Any]) -> Iterator[str]:
    if facts["contested"] == 1:
        yield "Tiene 1 factura en incidencia, sin resolver."
    elif facts["contested"]:
        yield f"Tiene {facts['contested']} facturas en incidencia, sin resolver."
    if facts["in_parts"] == 1:
        yield "Ha pagado 1 factura poco a poco."
    elif facts["in_parts"]:
        yield f"Ha pagado {facts['in_parts']} facturas poco a poco."


def _words(facts: Mapping[str, Any]) -> Iterator[str]:
    if facts["said"]:
        yield f"El {day_text(facts['said_on'])} dijo que {_SAID[facts['said']]}."
    if facts["forgot"] > 1:
        yield f"En un año ha dicho {facts['forgot']} veces que se le pasó o que no le llegó."


def _promises(facts: Mapping[str, Any]) -> Iterator[str]:
    promises, partly, broken = facts["promises"], facts["partly_kept"], facts["broken"]
    kept = promises - partly - broken
    if promises == 1 and partly:
        yield "Cumplió en parte su compromiso de pago."
    elif promises == 1:
        yield "Cumplió su compromiso de pago." if kept else "No cumplió su compromiso de pago."
    elif partly:
        yield (
            f"De {promises} compromisos de pago en un año "
            f"cumplió {kept}, cumplió en parte {partly} e incumplió {broken}."
        )
    elif promises:
        yield f"De {promises} compromisos de pago en un año cumplió {kept}."
