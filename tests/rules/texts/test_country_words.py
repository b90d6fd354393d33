"""The same thing, as each country calls it."""

import pytest

from aldia.jurisdictions.loader import available_countries
from aldia.rules.texts.country_words import COUNTRIES, Word, country_word, word_of_document
from aldia.rules.texts.duties import duties_of
from aldia.rules.texts.render import Text, fill
from aldia.rules.texts.values import values_of
from tests.rules.texts.talk import said, speech


def test_the_countries_are_those_whose_law_we_know():
    assert sorted(COUNTRIES) == sorted(available_countries())


@pytest.mark.parametrize("word", Word)
@pytest.mark.parametrize("many", [False, True])
def test_every_word_is_there_for_every_country_and_in_english(word, many):
    for country in COUNTRIES:
        told = country_word(word, country, many=many)
        assert told.strip() == told != ""
        assert "/" not in told
    assert country_word(word, "ES", "en", many=many)
    assert country_word(word, "FR", many=many) == country_word(word, "ES", many=many)


@pytest.mark.parametrize(
    ("country", "facts", "words"),
    [
        ("ES", {}, "su factura"),
        ("PE", {}, "su comprobante"),
        ("CL", {"form": "tu"}, "tu boleta"),
        ("ES", {"form": "tu"}, "tu recibo"),
        ("AR", {"form": "vos"}, "tu factura"),
        ("ES", {"form": "tu", "person_kind": "business"}, "tu factura"),
        ("MX", {"lines": (said(kind="fee"),)}, "su mensualidad"),
        ("ES", {"lines": (said(), said(number="F-2"))}, "sus facturas"),
        ("ES", {"lines": (said(), said(number="F-2", kind="fee"))}, "sus documentos"),
        ("AR", {"lines": (said(kind="charge_note"),)}, "su nota de débito"),
        ("ES", {"lines": ()}, "su factura"),
        ("PE", {"language": "en", "lines": (said(), said(number="F-2"))}, "your invoices"),
    ],
)
def test_what_the_creditor_issues_is_called_as_they_say_it_there(country, facts, words):
    assert values_of(speech(country=country, **facts))["su_documento"] == words


@pytest.mark.parametrize(
    ("country", "delay"),
    [("ES", "retraso"), ("PE", "atraso"), ("CO", "mora"), ("CL", "mora"), ("AR", "atraso")],
)
def test_delay_is_told_in_text_and_table_as_they_say_it_there(country, delay):
    filled = fill(Text("", "Con {retraso}.\n\n{partidas}"), speech(country=country))
    assert f"Con 15 días de {delay}." in filled.text
    assert f"· 15 días de {delay} ·" in filled.text
    assert f">{delay.capitalize()}</th>" in filled.html


def test_a_word_that_begins_a_line_has_a_capital_and_elsewhere_none():
    filled = fill(Text("{su_documento} {documentos}", "Es {su_documento}.\n{documento}: {total}"), speech())
    assert filled.subject == "Su factura F-2026/118"
    assert filled.text.startswith("Es su factura.\nFactura: 340,00")


def test_every_known_kind_of_document_has_its_word():
    for kind in ("invoice", "fee", "charge_note", "opening_balance"):
        assert word_of_document(kind, familiar=False) == Word(kind)


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("form", ["tu", "usted", "vos"])
def test_duties_are_told_where_the_law_file_asks_for_them(country, form):
    from aldia.jurisdictions.loader import load_jurisdiction

    told = duties_of(country, "es", form, "{Luz}")
    assert bool(told) == (load_jurisdiction(country).required_contents is not None)
    assert told.count("{Luz}") == (2 if country == "MX" else 0)
    assert duties_of(country, "ca", form, "Luz") == duties_of(country, "es", form, "Luz")
