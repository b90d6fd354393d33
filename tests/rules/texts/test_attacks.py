"""R17: nothing in a text is executed, nothing outside the list can be named, and every value is inert."""

import re
import unicodedata
from html import unescape
from html.parser import HTMLParser

import pytest

from aldia.rules.texts.render import TEXT_MAX_BYTES, Text, faults_in, fill
from aldia.rules.texts.speech import Speech
from tests.rules.texts.attacks import BARE, BRACED, HOSTILE
from tests.rules.texts.talk import STEP, said, speech

_SECRET = "canario-4711"
_SOUND = Text(
    "Sobre {documentos}, {cliente} y {contacto}",
    "{saludo}\n\nDebe {total} a {acreedor}; {codigo}, {gestor}, {telefono}.\n\n"
    "{partidas}\n\n{como_pagar}\n\n{firma}",
)


class _Tags(HTMLParser):
    """What a browser would make of a page: its tags with their attributes' names, and its words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, tuple(sorted(name for name, _value in attrs))))

    def handle_comment(self, data):
        self.tags.append(("!--", ()))

    def handle_decl(self, decl):
        self.tags.append(("!", ()))

    def unknown_decl(self, data):
        self.tags.append(("![", ()))

    def handle_pi(self, data):
        self.tags.append(("?", ()))

    def handle_data(self, data):
        self.words.append(data)


def _read(html: str) -> _Tags:
    reader = _Tags()
    reader.feed(html)
    reader.close()
    return reader


def test_there_are_enough_attacks():
    assert len(set(BRACED)) + len(set(BARE)) >= 150
    assert len(HOSTILE) >= 100


@pytest.mark.parametrize("attack", BRACED)
def test_a_text_that_reaches_for_more_is_refused_with_a_sentence(attack):
    for text in (Text(attack, "Hola"), Text("Asunto", f"Hola {attack} fin")):
        faults = faults_in(text, provides=STEP, channel="email")
        assert faults, attack
        assert all(fault.endswith(".") and "Traceback" not in fault for fault in faults)


@pytest.mark.parametrize("attack", [*BRACED, *BARE])
def test_even_unasked_nothing_is_executed_and_nothing_foreign_is_told(attack):
    """As if it had been kept by other means: what it says beyond the list is what was written."""
    facts = speech(customer="Ana", phone="", manager="", tax_id=_SECRET)
    filled = fill(Text(f"A {attack}", f"Inicio\n\nB {attack}\n\nFin"), facts)
    for written in (filled.subject, filled.text, unescape(filled.html)):
        assert _SECRET not in written
        assert "__subclasses__" not in written or "__subclasses__" in attack
        assert written.count("49") == attack.count("49") * (2 if written.startswith("<!doctype") else 1)
    assert _read(filled.html).tags == _read(fill(Text("A", "Inicio\n\nB\n\nFin"), facts).html).tags or (
        "\n" in attack
    )


@pytest.mark.parametrize("attack", BARE)
def test_without_braces_a_text_says_just_what_it_says(attack):
    text = Text("Asunto", f"Hola.\n\n{attack}")
    assert faults_in(text, provides=STEP, channel="email") == []
    filled = fill(text, speech())
    assert filled.text == f"Hola.\n\n{attack}\n"


def _with(value: str) -> Speech:
    """The value everywhere a source of data can put one."""
    return speech(
        creditor=value,
        customer=value,
        code=value,
        contact=value,
        phone=value,
        manager=value,
        how_to_pay=value,
        lines=(said(number=value, label=f"Factura {value}"), said(number=value, label=value)),
    )


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_value_is_text_and_nothing_else(value):
    filled, plain = fill(_SOUND, _with(value)), fill(_SOUND, _with("Ana"))
    harmless = [tag for tag in _read(plain.html).tags if tag[0] != "br"]
    found = [tag for tag in _read(filled.html).tags if tag[0] != "br"]
    assert [tag for tag in found if tag not in harmless] == []
    assert "\n" not in filled.subject
    assert "\r" not in filled.subject
    hidden = {
        sign
        for sign in filled.subject + filled.text + filled.html
        if sign != "\n" and unicodedata.category(sign) in ("Cc", "Co", "Cs", "Cn")
    }
    assert hidden == set()
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f]", filled.text + filled.html)
    assert all(len(each.encode()) <= TEXT_MAX_BYTES for each in (filled.text, filled.html))


@pytest.mark.parametrize("value", ["{total}", "{{7*7}}", "{partidas}", "{cliente}{cliente}", "%(total)s"])
def test_a_value_that_looks_like_a_placeholder_stays_as_it_is(value):
    filled = fill(Text("Para {cliente}", "Estimado {cliente}."), speech(customer=value))
    assert filled.subject == f"Para {value}"
    assert filled.text == f"Estimado {value}.\n"


def test_a_name_of_ten_thousand_letters_is_cut_with_a_mark():
    filled = fill(Text("{cliente}", "{cliente}"), speech(customer="a" * 10_000))
    assert filled.text == "a" * 159 + "…\n"


def test_a_message_never_grows_beyond_its_measure():
    """Six thousand mentions of a long name: refused as a whole, not sent by halves."""
    from aldia.rules.texts.errors import TextTooLong

    text = Text("A", "{cliente} " * 6_000)
    assert faults_in(text, provides=STEP, channel="email") == []
    with pytest.raises(TextTooLong):
        fill(text, speech(customer="a" * 200))


def test_ten_thousand_invoices_are_told_as_sixty_and_a_sum():
    lines = tuple(said(100, number=f"F{n}", label=f"Factura F{n}") for n in range(10_000))
    told = fill(_SOUND, speech(lines=lines)).text.replace("\u00a0", " ")
    assert "y 9940 más: 9.940,00 €" in told
    assert "Total: 10.000,00 €" in told
