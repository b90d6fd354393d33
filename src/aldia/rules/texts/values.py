"""The words each placeholder becomes; "" where there is nothing to say."""

from collections.abc import Mapping
from datetime import date

from aldia.kernel.money import format_money
from aldia.rules.texts.clean import one_line, some_lines
from aldia.rules.texts.country_words import Word, country_word, word_of_document
from aldia.rules.texts.duties import duties_of
from aldia.rules.texts.placeholders import PLACEHOLDERS
from aldia.rules.texts.speech import Instalment, Speech, sum_by_currency
from aldia.rules.texts.tongues import Tongue, long_day, tongue

_NUMBERS_MAX = 3
_FORMS = ("tu", "usted", "vos")
_SOFT = ("amable", "cercano", "")
TABLES = frozenset({"partidas", "cuotas", "copias"})
"""Placeholders that are made elsewhere, as tables and lists."""


def values_of(speech: Speech) -> dict[str, str]:
    """Placeholder → its words, but for the TABLES."""
    found = {
        **_people(speech),
        **_country(speech),
        **_debt(speech),
        **_demanded(speech),
        **_balance(speech),
        **_promise(speech),
        **_plan(speech),
        **_payment(speech),
        **_dispute_and_service(speech),
    }
    return {name: found[name] for name in PLACEHOLDERS if name not in TABLES}


def _people(speech: Speech) -> dict[str, str]:
    spoken = tongue(speech.language)
    answers = spoken.answers.get(speech.channel, spoken.answers[""])
    return {
        "saludo": _greeting(speech, spoken),
        "cliente": one_line(speech.customer),
        "contacto": one_line(speech.contact),
        "codigo": one_line(speech.code),
        "acreedor": one_line(speech.creditor),
        "nif": one_line(speech.tax_id),
        "telefono": one_line(speech.phone),
        "gestor": one_line(speech.manager),
        "fecha": long_day(speech.today, speech.language),
        "como_pagar": some_lines(speech.how_to_pay),
        "responder": answers[_FORMS.index(speech.form)],
        "firma": _signature(speech, spoken),
        "fecha_respuesta": _day(speech, speech.answer_by),
        "derechos": _duties(speech),
    }


def _country(speech: Speech) -> dict[str, str]:
    """The names of things where the creditor is."""
    kinds = {line.kind for line in speech.main} or {"invoice"}
    several = len(kinds) > 1
    word = Word.SEVERAL_KINDS if several else word_of_document(next(iter(kinds)), familiar=speech.is_familiar)
    many = len({line.number for line in speech.main}) > 1
    document = country_word(word, speech.country, speech.language, many=many)
    possessives = tongue(speech.language).possessives
    own = possessives.get(speech.form, possessives["usted"])[many]
    return {
        "documento": document,
        "su_documento": f"{own} {document}",
        "extracto": said_there(speech, Word.STATEMENT),
        "plan": said_there(speech, Word.PLAN),
        "cuota": said_there(speech, Word.INSTALMENT),
        "incidencia": said_there(speech, Word.DISPUTE),
        "reactivacion": said_there(speech, Word.REACTIVATION),
    }


def said_there(speech: Speech, word: Word) -> str:
    """The word in the language of the message, as they say it where the creditor is."""
    return country_word(word, speech.country, speech.language)


def _debt(speech: Speech) -> dict[str, str]:
    spoken = tongue(speech.language)
    oldest = min(speech.main, key=lambda line: line.due_date, default=None)
    late = oldest is not None and oldest.days > 0
    days = spoken.days_text(oldest.days) if oldest and late else ""
    return {
        "documentos": _numbers([one_line(line.number, 40) for line in speech.main], spoken),
        "total": sums_text(speech, speech.totals),
        "vencimiento": _day(speech, oldest.due_date if oldest else None),
        "dias": days,
        "retraso": f"{days} {said_there(speech, Word.DELAY)}" if days else "",
        "plazo": _day(speech, speech.deadline),
        "consecuencia": spoken.consequences.get(speech.consequence, ""),
        "enlaces": " ".join([each.url for each in speech.copies if each.url][:_NUMBERS_MAX]),
    }


def _demanded(speech: Speech) -> dict[str, str]:
    """Interest and compensation: only where the step demands them, and never of a consumer."""
    names = ("intereses", "nombre_intereses", "compensacion", "total_con_intereses", "norma")
    if not speech.claims or speech.person_kind == "consumer":
        return dict.fromkeys(names, "")
    interest = _without_nothing(sum_by_currency((x.currency, x.interest_minor) for x in speech.main))
    fixed = _without_nothing(sum_by_currency((x.currency, x.compensation_minor) for x in speech.main))
    if not interest and not fixed:
        return dict.fromkeys(names, "")
    whole = {c: minor + interest.get(c, 0) + fixed.get(c, 0) for c, minor in speech.totals.items()}
    return {
        "intereses": sums_text(speech, interest),
        "nombre_intereses": said_there(speech, Word.LATE_INTEREST) if interest else "",
        "compensacion": sums_text(speech, fixed),
        "total_con_intereses": sums_text(speech, whole),
        "norma": one_line(speech.norm),
    }


def _without_nothing(sums: Mapping[str, int]) -> dict[str, int]:
    return {currency: minor for currency, minor in sums.items() if minor}


def _balance(speech: Speech) -> dict[str, str]:
    if speech.balance is None:
        return {"saldo": "", "fecha_saldo": ""}
    return {
        "saldo": sums_text(speech, speech.balance.owed),
        "fecha_saldo": _day(speech, speech.balance.on),
    }


def _promise(speech: Speech) -> dict[str, str]:
    promise = speech.promise
    return {
        "importe_compromiso": money(speech, promise.amount_minor, promise.currency) if promise else "",
        "fecha_compromiso": _day(speech, promise.on if promise else None),
    }


def _plan(speech: Speech) -> dict[str, str]:
    turn = next((each for each in speech.plan if each.number == speech.instalment), None)
    total = sum_by_currency((each.currency, each.amount_minor) for each in speech.plan)
    return {
        "numero_de_cuotas": str(len(speech.plan)) if speech.plan else "",
        "total_plan": sums_text(speech, total),
        "importe_cuota": money(speech, turn.amount_minor, turn.currency) if turn else "",
        "fecha_cuota": _day(speech, turn.due_on if turn else None),
        "numero_cuota": part_of_plan(speech, turn) if turn else "",
    }


def part_of_plan(speech: Speech, instalment: Instalment) -> str:
    """«1 de 6»."""
    return tongue(speech.language).part_of.format(instalment.number, len(speech.plan))


def _payment(speech: Speech) -> dict[str, str]:
    paid = speech.payment
    if paid is None:
        return dict.fromkeys(("importe_pago", "fecha_pago", "resto", "certificado"), "")
    rest = _without_nothing(paid.rest)
    return {
        "importe_pago": money(speech, paid.amount_minor, paid.currency),
        "fecha_pago": _day(speech, paid.on),
        "resto": sums_text(speech, rest),
        "certificado": "" if rest else said_there(speech, Word.CLEARANCE),
    }


def _dispute_and_service(speech: Speech) -> dict[str, str]:
    dispute, service = speech.dispute, speech.service
    return {
        "motivo_incidencia": one_line(dispute.subject) if dispute else "",
        "resultado_incidencia": one_line(dispute.outcome) if dispute else "",
        "servicio": one_line(service.name) if service else "",
        "fecha_suspension": _day(speech, service.stops_on if service else None),
    }


def money(speech: Speech, minor: int, currency: str) -> str:
    """One amount as the reader writes it."""
    return format_money(minor, currency, speech.locale)


def sums_text(speech: Speech, sums: Mapping[str, int]) -> str:
    """«340,00 € y 20,00 US$»: one sum per currency."""
    return tongue(speech.language).joined(money(speech, minor, currency) for currency, minor in sums.items())


def _day(speech: Speech, day: date | None) -> str:
    return long_day(day, speech.language) if day else ""


def _numbers(numbers: list[str], spoken: Tongue) -> str:
    rest = len(numbers) - _NUMBERS_MAX
    shown = numbers if rest <= 0 else [*numbers[:_NUMBERS_MAX], spoken.more.format(rest)]
    return spoken.joined(shown)


def _greeting(speech: Speech, spoken: Tongue) -> str:
    """By name: softly to a person, to the attention of a company, an office, or where the tone is formal."""
    name = one_line(speech.contact or speech.customer)
    if speech.person_kind == "public_body":
        return spoken.addressed.format(one_line(speech.customer))
    if speech.form in ("tu", "vos") and (speech.contact or speech.person_kind == "consumer"):
        return spoken.greeting.format(first_name(name))
    if speech.tone in _SOFT and (speech.contact or speech.person_kind == "consumer"):
        return spoken.greeting.format(name)
    return spoken.addressed.format(one_line(speech.customer))


def first_name(name: str) -> str:
    """«Marta» of «Marta Gómez Ruiz» and of «GÓMEZ RUIZ, MARTA»."""
    given = name.rpartition(",")[2].split() or name.split() or [name]
    return given[0].capitalize() if given[0].isupper() else given[0]


def _signature(speech: Speech, spoken: Tongue) -> str:
    phone = spoken.phone.format(one_line(speech.phone)) if speech.phone else ""
    lines = (one_line(speech.manager), one_line(speech.creditor), phone)
    return "\n".join(line for line in lines if line)


def _duties(speech: Speech) -> str:
    """Only persons are protected so."""
    if speech.person_kind != "consumer":
        return ""
    country = speech.law_country or speech.country
    return duties_of(country, speech.language, speech.form, one_line(speech.creditor))
