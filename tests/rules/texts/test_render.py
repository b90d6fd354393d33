"""What a text becomes: lines that fall away, sums per currency, who is greeted how, short messages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aldia.rules.texts.addresses import is_mail_address
from aldia.rules.texts.errors import TextRefused
from aldia.rules.texts.placeholders import PLACEHOLDERS
from aldia.rules.texts.reading import read_text, written_text
from aldia.rules.texts.render import Text, faults_in, fill, names_in
from aldia.rules.texts.short import as_sms, sms_length
from aldia.rules.texts.values import TABLES, first_name, values_of
from tests.rules.texts.talk import NOTICE, STEP, full_speech, said, speech


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def body(source: str, **facts: object) -> str:
    return plain(fill(Text("", source), speech(**facts)).text)


def test_every_placeholder_of_the_list_becomes_something():
    told = [values_of(full_speech()), values_of(full_speech(person_kind="consumer", law_country="CL"))]
    told.append(values_of(full_speech(rest={"EUR": 1_000})))
    assert [name for name in told[0] if not any(values[name] for values in told)] == []
    assert set(told[0]) | TABLES == set(PLACEHOLDERS)


def test_a_line_whose_figure_is_missing_falls_away_whole():
    source = "Antes del {plazo}.\nGracias.\n\nLe pide {gestor} que llame.\n\nAdiós."
    assert body(source, deadline=None, manager="") == "Gracias.\n\nAdiós.\n"


def test_what_is_owed_is_told_line_by_line_with_its_total():
    lines = (said(30_000, label="Factura A", days=40), said(4_050, label="Factura B", days=1))
    assert body("{partidas}", lines=lines) == (
        "Factura A · venció el 11/10/2026 · 40 días de retraso · 300,00 €\n"
        "Factura B · venció el 19/11/2026 · 1 día de retraso · 40,50 €\n"
        "Total: 340,50 €\n"
    )


def test_a_name_that_ends_with_a_full_stop_ends_the_sentence():
    name = "Talleres Gómez, S.L."
    assert body("Le llamo de {cliente}. Gracias.", customer=name) == f"Le llamo de {name} Gracias.\n"
    assert body("{cliente}.", customer=name) == f"{name}\n"
    assert body("¿{cliente}? {cliente}, {cliente}...", customer=name) == f"¿{name}? {name}, {name}...\n"


def test_currencies_have_each_their_total_and_are_never_added():
    lines = (said(30_000), said(5_000, currency="USD"), said(2_000, currency="USD"))
    told = body("{partidas}\n\n{total}", lines=lines)
    assert "Total en EUR: 300,00 €" in told
    assert "Total en USD: 70,00 US$" in told
    assert told.endswith("\n\n300,00 € y 70,00 US$\n")


def test_money_not_yet_applied_is_taken_off_in_sight():
    told = body("{partidas}\n\nQuedan {total}.", unapplied={"EUR": 10_000})
    assert "Pagos recibidos sin aplicar: -100,00 €\nTotal: 240,00 €" in told
    assert told.endswith("Quedan 240,00 €.\n")


def test_notices_of_several_kinds_are_told_apart_and_only_the_first_is_summed_in_the_text():
    lines = (
        said(10_000, label="Factura A", days=0, heading="Vence en estos días"),
        said(90_000, label="Factura B", days=-20, heading="Emitido hace poco"),
    )
    told = body("{total}\n\n{partidas}", lines=lines)
    assert told == (
        "100,00 €\n\nVence en estos días:\nFactura A · vence el 20/11/2026 · 100,00 €\n"
        "Emitido hace poco:\nFactura B · vence el 10/12/2026 · 900,00 €\n"
    )


DEMANDED = (said(interest_minor=142, compensation_minor=4_000),)
_CLAIM = "Según {norma}:\nIntereses: {intereses}\nCompensación: {compensacion}\nTotal: {total_con_intereses}"


def test_interest_and_compensation_are_demanded_of_companies_with_their_law():
    claimed = {"claims": True, "norm": "la Ley 3/2004", "lines": DEMANDED}
    assert body(_CLAIM, person_kind="business", **claimed) == (
        "Según la Ley 3/2004:\nIntereses: 1,42 €\nCompensación: 40,00 €\nTotal: 381,42 €\n"
    )


@pytest.mark.parametrize(("kind", "claims"), [("consumer", True), ("business", False)])
def test_a_consumer_is_never_asked_for_them_and_nobody_where_the_step_does_not(kind, claims):
    told = body(f"Hola.\n{_CLAIM}", person_kind=kind, claims=claims, norm="la Ley 3/2004", lines=DEMANDED)
    assert told == "Hola.\n"


def test_html_is_made_from_the_same_words_with_a_table_that_can_be_read_aloud():
    html = fill(Text("Asunto", "Hola.\nAdiós.\n\n{partidas}"), speech()).html
    assert '<html lang="es">' in html
    assert "Hola.<br>Adiós." in html
    assert html.count('<th scope="col"') == 4
    assert '<th scope="row"' in html
    assert "http" not in html
    assert "src=" not in html


@pytest.mark.parametrize(
    ("facts", "greeting"),
    [
        ({}, "Hola, Marta Gómez Ruiz:"),
        ({"form": "tu"}, "Hola, Marta:"),
        ({"form": "vos", "customer": "GÓMEZ RUIZ, MARTA"}, "Hola, Marta:"),
        ({"tone": "formal"}, "A la atención de Marta Gómez Ruiz:"),
        ({"person_kind": "business", "customer": "Bar Sol, S.L."}, "A la atención de Bar Sol, S.L.:"),
        ({"person_kind": "business", "customer": "Bar Sol, S.L.", "contact": "Ana Sol"}, "Hola, Ana Sol:"),
        (
            {"person_kind": "public_body", "customer": "Ayuntamiento de Sol", "contact": "Ana", "form": "tu"},
            "A la atención de Ayuntamiento de Sol:",
        ),
    ],
)
def test_the_greeting_follows_person_form_and_tone(facts, greeting):
    assert body("{saludo}", **facts) == f"{greeting}\n"


@pytest.mark.parametrize(
    ("channel", "form", "words"),
    [
        ("email", "usted", "responda a este correo"),
        ("email", "tu", "responde a este correo"),
        ("letter", "usted", "escríbanos o llámenos"),
        ("sms", "vos", "responde a este mensaje"),
    ],
)
def test_how_to_answer_follows_channel_and_form(channel, form, words):
    told = fill(Text("", "{responder}"), speech(channel=channel, form=form)).text.strip()
    assert told == (words if form != "vos" else "respondé a este mensaje")


def test_four_invoices_are_named_as_three_and_one_more():
    lines = tuple(said(number=f"F{n}") for n in range(4))
    assert body("{documentos}", lines=lines) == "F0, F1, F2 y 1 más\n"


@pytest.mark.parametrize(
    ("name", "given"),
    [("Marta Gómez", "Marta"), ("GÓMEZ, MARTA", "Marta"), ("marta", "marta"), (",", ","), ("", "")],
)
def test_a_first_name_is_found_in_both_orders(name, given):
    assert first_name(name) == given


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (Text("A", " "), "vacío"),
        (Text("", "Hola"), "Falta el asunto"),
        (Text("A\nB", "Hola"), "una sola línea"),
        (Text("A" * 201, "Hola"), "200 caracteres"),
        (Text("A", "ñ" * 40_000), "64 KiB"),
        (Text("A", "Hola\x00"), "no se puede escribir"),
        (Text("A", "Debe {importe}"), "{importe}"),
        (Text("A", "Hola {"), "llaves"),
        (Text("{partidas}", "Hola"), "no cabe en el asunto"),
        (Text("A", "Debe {partidas}"), "solo en su línea"),
        (Text("A", "{partidas}\n{partidas}"), "una vez"),
    ],
)
def test_what_is_wrong_with_a_text_is_said_in_words(text, words):
    assert any(words in fault for fault in faults_in(text, provides=STEP, channel="email"))


def test_a_notice_names_no_delay_and_a_short_message_no_table():
    notice = faults_in(Text("A", "{dias}"), provides=NOTICE, channel="email")
    assert notice == ["{dias} solo sirve en recordatorios y reclamaciones."]
    short = faults_in(Text("", "{partidas}"), provides=STEP, channel="sms")
    assert short == ["{partidas} ocupa varias líneas: no cabe en un mensaje corto."]
    assert faults_in(Text("", "{total}"), provides=STEP, channel="sms") == []


@given(st.text(max_size=300))
def test_a_text_is_either_refused_or_told_without_a_brace_of_its_own(source):
    text = Text("Asunto", source)
    if not faults_in(text, provides=STEP, channel="email"):
        assert set(names_in(source)) <= set(PLACEHOLDERS)
        filled = fill(text, speech())
        assert "{" not in filled.text
        assert "}" not in filled.text


@given(st.text(max_size=300))
def test_what_is_read_from_a_file_and_written_back_is_the_same(source):
    text = Text("Un asunto", source.replace("\r", "").strip("\n"))
    assert read_text(written_text(text).encode()) == text


def test_a_file_without_subject_is_a_body():
    assert read_text(b"Hola.\r\n\r\nAdi\xc3\xb3s.\r\n") == Text("", "Hola.\n\nAdiós.")
    with pytest.raises(TextRefused, match="UTF-8"):
        read_text("Adiós".encode("latin-1"))
    with pytest.raises(TextRefused, match="64 KiB"):
        read_text(b"a" * 140_000)


@pytest.mark.parametrize(
    ("text", "units", "parts", "cheap"),
    [
        ("a" * 160, 160, 1, True),
        ("a" * 161, 161, 2, True),
        ("€" * 80, 160, 1, True),
        ("a" * 307, 307, 3, True),
        ("á" * 70, 70, 1, False),
        ("á" * 71, 71, 2, False),
        ("😀", 2, 1, False),
        ("", 0, 1, True),
    ],
)
def test_the_length_of_a_short_message_is_that_of_its_alphabet(text, units, parts, cheap):
    length = sms_length(text)
    assert (length.units, length.parts, length.is_gsm7) == (units, parts, cheap)


def test_a_short_message_gives_up_accents_and_keeps_its_letters():
    assert as_sms("«Papelería Ñandú»: 1.234,56\u00a0€ · él") == '"Papeleria Ñandu": 1.234,56 € - él'
    assert sms_length(as_sms("María, José, Raúl y Íñigo")).is_gsm7


@pytest.mark.parametrize(
    "address", ["a@b.es", "ana.sol+x@correo.example", "o'neil@ejemplo.com", "a@xn--espaa-rta.es"]
)
def test_plain_addresses_are_addresses(address):
    assert is_mail_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ana",
        "ana@",
        "@b.es",
        "ana@b",
        "ana@b..es",
        "ana@-b.es",
        "ana@b.es, eva@b.es",
        "ana@b.es;eva@b.es",
        "Ana <ana@b.es>",
        "ana@b.es\nBcc: eva@b.es",
        "ana@b.es\r\n",
        " ana@b.es",
        "ana @b.es",
        "ana@b.es>",
        "a\x00@b.es",
        "añ@b.es",
        "ana@[127.0.0.1]",
        "email-17",
        f"{'a' * 250}@b.es",
    ],
)
def test_anything_else_is_none(address):
    assert not is_mail_address(address)
