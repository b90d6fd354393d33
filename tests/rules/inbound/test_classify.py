"""Answers are read by plain rules: which kind, by which words, and the day only where it was said."""

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aldia.rules.inbound import InboundKind, because_sentence, classify
from tests.rules.inbound.sentences import SENTENCES, WRITTEN


@pytest.mark.parametrize("text, kind, day", SENTENCES)
def test_each_sentence_is_read_as_a_person_would(text, kind, day):
    reading = classify(text, on=WRITTEN)
    said = reading.pay_on.isoformat() if reading.pay_on else ""
    assert (reading.kind.value, said) == (kind, day), reading


def test_the_table_is_long_and_names_every_kind():
    assert len(SENTENCES) >= 150
    assert {kind for _text, kind, _day in SENTENCES} == {kind.value for kind in InboundKind} - {"bounce"}


def test_the_words_that_decided_are_told_as_they_were_written():
    reading = classify("Hola. Ya lo DEPOSITÉ ayer.", on=WRITTEN)
    assert reading.because == ("Ya lo DEPOSITÉ",)
    assert because_sentence(reading.kind, reading.because) == "Porque dice «Ya lo DEPOSITÉ»."
    assert because_sentence("other", ()).startswith("Ninguna regla")


@pytest.mark.parametrize(
    "text, days",
    [
        ("Pago el miércoles", (date(2026, 11, 18), date(2026, 11, 25))),  # said on a Wednesday
        ("Pagaré el próximo viernes", (date(2026, 11, 20), date(2026, 11, 27))),
        ("Pagaré el 18", (date(2026, 11, 18), date(2026, 12, 18))),
        ("Pagaremos entre el 5 y el 10", (date(2026, 12, 5), date(2026, 12, 10))),
        ("Pagaré el viernes 26", (date(2026, 11, 20), date(2026, 11, 26))),
        ("I will pay on 05/12", (date(2026, 12, 5), date(2027, 5, 12))),
        ("I will pay on 05/12/2026", (date(2026, 12, 5),)),
        ("I will pay on 01/02", (date(2027, 1, 2), date(2027, 2, 1))),
        ("Pagaré la semana que viene", ()),
    ],
)
def test_an_ambiguous_day_is_none_and_its_readings_are_told(text, days):
    reading = classify(text, on=WRITTEN)
    if len(days) == 1:
        assert reading.pay_on == days[0]
    else:
        assert reading.pay_on is None
        assert reading.readings == days


def test_days_are_counted_from_the_day_it_was_written():
    assert classify("Pago mañana", on=date(2026, 12, 31)).pay_on == date(2027, 1, 1)
    assert classify("Pago el 5", on=date(2026, 12, 31)).pay_on == date(2027, 1, 5)
    assert classify("Pago a fin de mes", on=date(2026, 11, 30)).pay_on is None
    assert classify("Pago el 30", on=date(2027, 2, 3)).pay_on is None  # February has no 30th


@pytest.mark.parametrize(
    "text, currency, minor, code",
    [
        ("Pagaré 1.250,50 € el 27", "EUR", 125_050, "EUR"),
        ("Le pago 300 soles mañana", "PEN", 30_000, "PEN"),
        ("Te deposito $1,500 el lunes", "MXN", 150_000, "MXN"),
        ("Les consigno 1.500.000 pesos mañana", "COP", 150_000_000, "COP"),
        ("Te transfiero $ 150.000 el viernes", "CLP", 150_000, "CLP"),
        ("I will pay 99.90 EUR tomorrow", "EUR", 9_990, "EUR"),
    ],
)
def test_an_amount_is_read_where_it_is_said(text, currency, minor, code):
    amount = classify(text, on=WRITTEN, currency=currency).amount
    assert amount is not None
    assert (amount.minor, amount.currency) == (minor, code)


def test_two_amounts_or_none_give_none():
    assert classify("Pago 100 € el viernes o 200 € el lunes", on=WRITTEN).amount is None
    assert classify("Pago el viernes la factura 2024/300", on=WRITTEN).amount is None


@pytest.mark.parametrize(
    "text, clear",
    [
        ("BAJA", True),
        ("Baja por favor", True),
        ("No me escriban más por aquí, ya he pagado", True),
        ("No quiero darme de baja", False),
        ("¿Cómo me doy de baja?", False),
        ("Quiero darme de baja del gimnasio", False),
        ("Estoy de baja médica, no puedo pagar", False),
        ("Si no paro de recibir mensajes, diré STOP", False),
        ("No quiero que me escriban cartas en inglés, pero sí correos", True),
    ],
)
def test_only_a_clear_end_takes_effect_by_itself(text, clear):
    assert classify(text, on=WRITTEN).opt_out is clear


def test_a_machine_is_no_customer():
    reading = classify("BAJA", on=WRITTEN, automatic="Auto-Submitted: auto-replied")
    assert reading.kind is InboundKind.OUT_OF_OFFICE
    assert not reading.opt_out


def test_several_things_at_once_are_all_told():
    reading = classify("Ya he pagado. No estoy conforme con el recargo.", on=WRITTEN)
    assert (reading.kind, reading.also) == (InboundKind.PAID, (InboundKind.DISPUTE,))


@pytest.mark.parametrize(
    "text", ["pago " * 4_000, "no " * 6_000, "el viernes " * 2_000, "de la " * 3_000, "1." * 9_000]
)
def test_long_and_strange_texts_are_read_in_time(text):
    begun = time.monotonic()
    classify(text, on=WRITTEN)
    assert time.monotonic() - begun < 3


@given(st.text(max_size=300), st.dates(date(2000, 1, 1), date(2099, 1, 1)))
def test_any_text_on_any_day_is_read(text, on):
    reading = classify(text, on=on)
    assert reading.pay_on is None or reading.pay_on >= on
    assert all(day >= on for day in reading.readings)
    assert reading.as_dict()["kind"] == reading.kind.value
