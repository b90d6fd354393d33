"""Promises, plans, payments, balances, disputes, services: what each becomes, in Spanish and in English."""

from datetime import date
from typing import Any

import pytest

from aldia.rules.texts.placeholders import ONLY_IN, PLACEHOLDERS, Use, allowed_in
from aldia.rules.texts.render import Text, faults_in, fill
from aldia.rules.texts.speech import Balance, Instalment, Received, Speech
from aldia.rules.texts.uses import KINDS, base_language, form_in, is_demand, provided_by
from tests.rules.texts import talk
from tests.rules.texts.attacks import HOSTILE
from tests.rules.texts.talk import said, speech


def full_speech(**changed: Any) -> Speech:
    """All there is to say but copies, which stand below whatever a text says."""
    return talk.full_speech(**{"copies": ()} | changed)


def body(source: str, facts: Speech) -> str:
    return fill(Text("", source), facts).text.replace("\u00a0", " ").strip()


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{importe_compromiso} el {fecha_compromiso}", "340,00 € el 27 de noviembre de 2026"),
        ("{numero_cuota}: {importe_cuota}, {fecha_cuota}", "1 de 2: 170,00 €, 5 de diciembre de 2026"),
        ("{total_plan} en {numero_de_cuotas}", "340,00 € en 2"),
        ("{importe_pago} del {fecha_pago}", "340,00 € del 19 de noviembre de 2026"),
        ("{saldo} a {fecha_saldo}", "340,00 € a 31 de octubre de 2026"),
        ("{motivo_incidencia}: {resultado_incidencia}", "faltaba una caja: abonamos la caja que faltaba"),
        ("{servicio}, {fecha_suspension}", "la línea 910 000 000, 5 de diciembre de 2026"),
        ("{fecha_respuesta}", "20 de diciembre de 2026"),
        ("{consecuencia}", "Encargaremos la gestión a una empresa de cobro"),
    ],
)
def test_each_fact_becomes_its_words_and_without_it_the_line_falls_away(source, words):
    assert body(source, full_speech()) == words
    assert body(f"Hola.\n{source}", speech()) == "Hola."


def test_a_plan_is_a_table_with_its_total():
    assert body("{cuotas}", full_speech()) == (
        "Plazo 1 de 2 · 05/12/2026 · 170,00 €\nPlazo 2 de 2 · 05/01/2027 · 170,00 €\nTotal: 340,00 €"
    )
    html = fill(Text("A", "{cuotas}"), full_speech(country="MX")).html
    assert html.count('<th scope="col"') == 3
    assert "Parcialidad 2 de 2" in html
    two = (Instalment(1, date(2026, 12, 5), 100, "EUR"), Instalment(2, date(2027, 1, 5), 200, "USD"))
    assert "Total en USD: 2,00 US$" in body("{cuotas}", full_speech(plan=two))


def test_who_has_paid_all_is_offered_a_certificate_and_who_has_not_is_told_the_rest():
    source = "Si necesita {certificado}, pídalo.\nQuedan {resto}."
    assert body(source, full_speech()) == "Si necesita un certificado de estar al corriente, pídalo."
    assert body(source, full_speech(country="CO")) == "Si necesita un paz y salvo, pídalo."
    assert body(source, full_speech(rest={"EUR": 1_000, "USD": 0})) == "Quedan 10,00 €."


def test_an_even_balance_is_said_and_none_falls_away():
    even = full_speech(balance=Balance(date(2026, 10, 31), {"EUR": 0}))
    assert body("Saldo: {saldo}", even) == "Saldo: 0,00 €"
    assert body("Saldo: {saldo}", speech()) == ""


def test_an_instalment_that_is_not_in_the_plan_is_not_told():
    assert body("Toca {importe_cuota}", full_speech(instalment=9)) == ""


def test_an_english_message_is_english_throughout():
    facts = full_speech(
        language="en", locale="en", lines=(said(label="Invoice F-1"),), unapplied={"EUR": 100}
    )
    filled = fill(
        Text("A", "{saludo}\n\n{partidas}\n\n{cuotas}\n\nBy {plazo}, {total}; {responder}.\n\n{firma}"), facts
    )
    assert '<html lang="en">' in filled.html
    assert filled.text == (
        "Hello Ana Sol,\n\n"
        "Invoice F-1 · was due on 5 Nov 2026 · 15 days overdue · €340.00\n"
        "Payments received, not yet applied: -€1.00\n"
        "Total: €339.00\n\n"
        "Instalment 1 of 2 · 5 Dec 2026 · €170.00\n"
        "Instalment 2 of 2 · 5 Jan 2027 · €170.00\n"
        "Total: €340.00\n\n"
        "By 27 November 2026, €339.00; reply to this email.\n\n"
        "Inés Luz\nPapelería Luz\nTelephone: 910 000 000\n"
    )
    assert ">Overdue</th>" in filled.html


@pytest.mark.parametrize(
    ("language", "day"), [("ca", "27 de novembre del 2026"), ("gl", "27 de novembro de 2026")]
)
def test_dates_follow_a_language_the_house_has_no_texts_in(language, day):
    filled = fill(Text("A", "{plazo}"), speech(language=language, locale=language))
    assert filled.text == f"{day}\n"
    assert f'<html lang="{language}">' in filled.html


@pytest.mark.parametrize(
    ("tag", "base"), [("en-GB", "en"), ("EN", "en"), ("es_MX", "es"), ("ca", "ca"), ("fr", "es"), ("", "es")]
)
def test_a_language_nobody_writes_texts_in_falls_back_to_spanish(tag, base):
    assert base_language(tag) == base
    assert form_in(base, "tu") == ("usted" if base == "en" else "tu")


@pytest.mark.parametrize("template", KINDS)
def test_a_text_may_name_just_what_its_kind_has_to_say(template):
    provides = provided_by(template)
    for name, placeholder in PLACEHOLDERS.items():
        faults = faults_in(Text("A", f"Hola.\n{{{name}}}"), provides=provides, channel="email")
        if placeholder.use is Use.EVERYWHERE or placeholder.use in provides:
            assert faults == []
        else:
            assert faults == [f"{{{name}}} solo sirve {ONLY_IN[placeholder.use]}."]


def test_every_placeholder_can_be_used_somewhere_and_has_meaning_and_example():
    used = frozenset().union(*(kind.provides for kind in KINDS.values()))
    assert allowed_in(used) == set(PLACEHOLDERS)
    assert set(ONLY_IN) == set(Use) - {Use.EVERYWHERE}
    assert [each.name for each in PLACEHOLDERS.values() if not each.meaning or not each.example] == []


def test_a_template_of_the_creditors_own_is_a_reminder():
    assert provided_by("nuestro") == provided_by("friendly")
    assert is_demand("nuestro")
    assert not is_demand("payment_received")


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_dispute_or_service_is_text_and_nothing_else(value):
    from aldia.rules.texts.speech import Disputed, Service

    facts = full_speech(dispute=Disputed(value, value), service=Service(value))
    filled = fill(Text("{servicio}", "A {motivo_incidencia}\n\nB {resultado_incidencia} {servicio}"), facts)
    assert "\n" not in filled.subject
    assert filled.text.count("\n\n") <= 1
    assert "<script" not in filled.html
    assert "<img" not in filled.html
    assert len(filled.text) < 1_000


def test_a_payment_of_another_currency_is_told_in_it():
    paid = Received(5_000, "USD", date(2026, 11, 19))
    assert body("{importe_pago}", full_speech(payment=paid)) == "50,00 US$"
