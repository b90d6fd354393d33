"""Numbers, prices and approved texts of short messages."""

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aldia.kernel.money import Money
from aldia.rules.texts.approved import Approved, faults_in_approved, filled, parameters
from aldia.rules.texts.cost import Price, cost_of, read_price
from aldia.rules.texts.phones import e164, those_that_take_messages

NUMBERS = [
    # written, country, goes to
    ("600 00 00 00", "ES", "+34600000000"),
    ("+34 600-00-00-00", "ES", "+34600000000"),
    ("0034600000000", "MX", "+34600000000"),
    ("(34) 600000000", "ES", ""),
    ("910 000 000", "ES", ""),  # a landline
    ("+34 910 000 000", "ES", ""),
    ("987 654 321", "PE", "+51987654321"),
    ("987 654 321", "ES", ""),  # somebody in Peru, whose country nobody knows
    ("55 1234 5678", "MX", "+525512345678"),
    ("300 1234567", "CO", "+573001234567"),
    ("9 8765 4321", "CL", "+56987654321"),
    ("11 1234 5678", "AR", "+5491112345678"),
    ("0171 1234567", "DE", ""),  # a plan that is not known is not guessed at
    ("+49 (0)171 1234567", "DE", "+491711234567"),
    ("600000000 / 611111111", "ES", ""),
    ("+34600000000\n+34611111111", "ES", ""),
    ("+0", "ES", ""),
    ("", "ES", ""),
    ("no tengo", "ES", ""),
    ("٦٠٠٠٠٠٠٠٠", "ES", ""),
]


@pytest.mark.parametrize(("written", "country", "goes_to"), NUMBERS)
def test_a_number_goes_where_it_certainly_belongs_or_nowhere(written, country, goes_to):
    assert e164(written, country) == goes_to


def test_what_is_e164_already_stays():
    for _written, _country, goes_to in NUMBERS:
        if goes_to:
            assert e164(goes_to, "ES") == goes_to


_PIECES = st.sampled_from(
    [*"67+-/(x٦ \u00a0\x1c\x85\u3000\n", "(0)", "00", "34", "51", "549", "91", "00112233", "987654321"]
)
_COUNTRIES = ("ES", "PE", "MX", "CO", "CL", "AR", "DE", "")


@given(st.lists(st.lists(_PIECES, max_size=12).map("".join), max_size=8))
def test_the_telephones_of_a_portfolio_are_read_by_the_same_rule(written):
    several = [*written, *(each for each, _country, _number in NUMBERS)]
    rows = [(text, country, n) for n, text in enumerate(several) for country in _COUNTRIES]
    frame = pl.DataFrame(rows, schema=["value", "country", "n"], orient="row")
    taking = those_that_take_messages(frame)
    assert set(taking.rows()) == {row for row in rows if e164(row[0], row[1])}


@pytest.mark.parametrize(
    ("text", "parts", "money"),
    [
        ("a" * 160, 1, Money(7, "EUR")),  # 7.25
        ("a" * 161, 2, Money(15, "EUR")),  # 14.50, half up
        ("€" * 80, 1, Money(7, "EUR")),
        ("á" * 70, 1, Money(7, "EUR")),
        ("á" * 71, 2, Money(15, "EUR")),
        ("😀" * 36, 2, Money(15, "EUR")),
    ],
)
def test_an_sms_costs_its_parts_and_is_rounded_once(text, parts, money):
    cost = cost_of("sms", text, Price(Decimal("7.25"), "EUR"))
    assert cost.length is not None
    assert (cost.length.parts, cost.money) == (parts, money)


def test_whatsapp_costs_per_message_and_without_a_price_nothing_is_said():
    assert cost_of("whatsapp", "a" * 999, Price(Decimal(5), "EUR")).money == Money(5, "EUR")
    assert cost_of("sms", "a", None).money is None


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [("0,0725", "EUR", "7.25"), ("0.05", "EUR", "5"), ("15", "CLP", "15"), ("1", "EUR", "100")],
)
def test_a_price_is_read_as_people_write_it(text, currency, minor):
    price = read_price(text, currency)
    assert price is not None
    assert price.minor == Decimal(minor)


@pytest.mark.parametrize("text", ["", "-1", "1.234,5", "1e3", "gratis", "٣"])
def test_what_is_no_price_is_none(text):
    assert read_price(text, "EUR") is None


GOOD = {
    "name": "aviso_1",
    "language": "es",
    "body": "Hola, {{1}}: debe {{2}}.",
    "placeholders": ["cliente", "total"],
}


def test_an_approved_text_is_filled_in_order_and_once():
    approved = Approved("aviso_1", "es", "{{2}} y {{1}} y {{2}}", ("cliente", "total"))
    values = {"cliente": "{{2}}\nLuz", "total": "5 €"}
    assert filled(approved, values) == "5 € y {{2}} Luz y 5 €"
    assert parameters(approved, values) == [("cliente", "{{2}} Luz"), ("total", "5 €")]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({}, None),
        ({"name": "a b"}, "no es el nombre"),
        ({"language": "español"}, "no es un idioma"),
        ({"body": ""}, "va de 1 a"),
        ({"body": "Hola {{1}}"}, "cada hueco necesita el suyo"),
        ({"body": "Hola {{1}} {{3}}"}, "cada hueco necesita el suyo"),
        ({"placeholders": ["cliente", "nada"]}, "No hay ningún dato"),
        ({"placeholders": ["cliente", "partidas"]}, "No hay ningún dato"),
        ({"placeholders": "cliente"}, "son una lista"),
    ],
)
def test_a_mapping_that_cannot_work_is_refused_with_a_sentence(changed, sentence):
    faults = list(faults_in_approved("friendly", GOOD | changed))
    assert (faults == []) if sentence is None else any(sentence in each for each in faults)


@pytest.mark.parametrize("kept", [None, "x", [], {}, {"name": "a"}])
def test_what_is_no_mapping_is_refused(kept):
    assert list(faults_in_approved("friendly", kept))
