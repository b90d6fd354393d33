"""Facts a customer does not have yet, invented so that a text about them can be read; labelled as such."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from aldia.rules.texts.country_words import Word, country_word
from aldia.rules.texts.placeholders import Use
from aldia.rules.texts.speech import (
    Balance,
    Disputed,
    Instalment,
    Promised,
    Received,
    Said,
    Service,
    Speech,
)

EXAMPLES: Mapping[Use, str] = {
    Use.DEBT: "una factura inventada, porque no debe nada",
    Use.STEPS: "el nuevo plazo, porque ningún paso de su estrategia lo da",
    Use.ANSWER: "la fecha de respuesta",
    Use.PROMISE: "el compromiso de pago",
    Use.PLAN: "el plan de pagos",
    Use.INSTALMENT: "el pago del plan que toca",
    Use.PAYMENT: "el pago recibido",
    Use.DISPUTE: "la incidencia",
    Use.SERVICE: "el servicio y la fecha de suspensión",
}
"""What is invented → its words, Spanish."""

_AMOUNT = 12_345
_DEADLINE_DAYS = 10
_ANSWER_DAYS = 30
_PROMISE_DAYS = 7
_INSTALMENTS = 3


def with_examples(speech: Speech, provides: frozenset[Use]) -> tuple[Speech, tuple[Use, ...]]:
    """The speech with every fact its kind of text provides, and which of them are invented.

    The deadline is asked for by STEPS: leave that out where the customer's own strategy has the step.
    """
    made: list[Use] = []
    for use in (each for each in EXAMPLES if each in provides):
        filled = _example(speech, use, provides)
        if filled is not None:
            speech = filled
            made.append(use)
    return speech, tuple(made)


def _example(speech: Speech, use: Use, provides: frozenset[Use]) -> Speech | None:
    """The speech with an example of this; None where there is a true one, or none is wanted."""
    match use:
        case Use.DEBT:
            return None if speech.lines or Use.PAYMENT in provides else _with_line(speech)
        case Use.STEPS:
            days = _ANSWER_DAYS if Use.ANSWER in provides else _DEADLINE_DAYS
            return replace(speech, deadline=speech.today + timedelta(days=days))
        case Use.ANSWER:
            return replace(speech, answer_by=speech.today + timedelta(days=_ANSWER_DAYS))
        case Use.PROMISE:
            return replace(speech, promise=_promise(speech))
        case Use.PLAN:
            return replace(speech, plan=_plan(speech))
        case Use.INSTALMENT:
            return replace(speech, instalment=1)
        case Use.PAYMENT:
            return replace(speech, payment=_payment(speech))
        case Use.DISPUTE:
            return replace(speech, dispute=Disputed("faltaba una caja", "abonamos la caja que faltaba"))
        case _:
            service = Service("el servicio contratado", speech.today + timedelta(days=_DEADLINE_DAYS))
            return replace(speech, service=service, consequence="suspension")


def with_balance(speech: Speech) -> Speech:
    """The balance of today: what the lines say, less money not yet applied."""
    owed = speech.totals or {"EUR": 0}
    return replace(speech, balance=Balance(speech.today, owed))


def _with_line(speech: Speech) -> Speech:
    due = speech.today - timedelta(days=15)
    word = country_word(Word.INVOICE, speech.country, speech.language).capitalize()
    mark = "(sample)" if speech.language == "en" else "(de ejemplo)"
    said = Said(0, "F-0000", f"{word} F-0000 {mark}", due, 15, "EUR", _AMOUNT)
    return replace(speech, lines=(said,))


def _first_total(speech: Speech) -> tuple[str, int]:
    return next(((c, minor) for c, minor in speech.totals.items() if minor > 0), ("EUR", _AMOUNT))


def _promise(speech: Speech) -> Promised:
    currency, minor = _first_total(speech)
    return Promised(minor, currency, speech.today + timedelta(days=_PROMISE_DAYS))


def _plan(speech: Speech) -> tuple[Instalment, ...]:
    currency, minor = _first_total(speech)
    share, rest = divmod(minor, _INSTALMENTS)
    return tuple(
        Instalment(n, speech.today + timedelta(days=30 * n), share + (n <= rest), currency)
        for n in range(1, _INSTALMENTS + 1)
    )


def _payment(speech: Speech) -> Received:
    currency, _minor = _first_total(speech)
    return Received(_AMOUNT, currency, speech.today - timedelta(days=1), speech.totals)
