"""The creditor's own texts: what is kept, what is refused, what the audit chain tells."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from aldia.operations.creditors import create_creditor
from aldia.operations.respect import WordsQuestioned
from aldia.operations.texts import reset_text, save_text, set_letterhead
from aldia.queries.texts import (
    TextUse,
    own_texts,
    text_for,
    texts_in_force,
    texts_said,
    use_for,
    version_of,
    versions_of,
)
from aldia.records.audit.models import AuditEntry
from aldia.records.outreach.models import CreditorText
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.texts.errors import TextRefused
from aldia.rules.texts.render import Text

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
BY: dict[str, Any] = {"actor": "ana", "now": NOW}
FRIENDLY = TextUse("friendly", "email", "usted")
OURS = Text("Recordatorio", "{saludo}\n\n{partidas}\n\n{firma}")


@pytest.fixture
def luz():
    return create_creditor(name="Papelería Luz", country="ES", code="luz", **BY).creditor


def _own(creditor):
    with transaction.atomic(), scope([creditor.pk]):
        return own_texts(creditor)


def _entries(creditor):
    with transaction.atomic(), scope([creditor.pk]):
        rows = AuditEntry.objects.filter(creditor_id=creditor.pk, verb__startswith="text.")
        return list(rows.order_by("sequence").values_list("verb", "subject", "payload"))


def test_a_text_of_ones_own_takes_the_place_of_the_houses_until_it_is_given_back(luz):
    save_text(creditor=luz, use=FRIENDLY, text=OURS, **BY)
    later = Text("  Otro  ", "\r\nHola,\r\n{total}\r\n")
    save_text(creditor=luz, use=FRIENDLY, text=later, **BY)
    assert _own(luz) == {FRIENDLY: Text("Otro", "Hola,\n{total}")}
    assert reset_text(creditor=luz, use=FRIENDLY, **BY) is True
    assert reset_text(creditor=luz, use=FRIENDLY, **BY) is False
    assert _own(luz) == {}


def test_the_audit_chain_tells_that_a_text_changed_and_nothing_of_what_it_says(luz):
    save_text(creditor=luz, use=FRIENDLY, text=OURS, **BY)
    reset_text(creditor=luz, use=FRIENDLY, **BY)
    assert _entries(luz) == [
        ("text.saved", "text:friendly/email/usted", {"characters": len(OURS.body)}),
        ("text.reset", "text:friendly/email/usted", {}),
    ]


REFUSED = [
    (FRIENDLY, Text("A", "{{7*7}}"), "llaves"),
    (FRIENDLY, Text("A", "Debe {importe}."), "{importe}"),
    (FRIENDLY, Text("", "Hola"), "asunto"),
    (TextUse("pre_due", "email", "usted"), Text("A", "{dias} de retraso"), "recordatorios"),
    (TextUse("inventada", "email", "usted"), OURS, "Ninguna estrategia"),
    (TextUse("friendly", "paloma", "usted"), OURS, "canal"),
    (TextUse("friendly", "email", "tu", "en"), OURS, "En inglés"),
    (TextUse("friendly", "email", "usted", "fr"), OURS, "idioma"),
    (TextUse("friendly", "email", "usted"), Text("A", "Para el {fecha_compromiso}"), "compromisos de pago"),
    (TextUse("voicemail", "call", "usted"), Text("", "Son {total}."), "documentos e importes"),
    (TextUse("friendly", "email", "ellos"), OURS, "tratamiento"),
]


def test_a_text_that_cannot_be_kept_is_refused_in_words_and_changes_nothing(luz):
    for use, text, words in REFUSED:
        with pytest.raises(TextRefused, match=words) as refused:
            save_text(creditor=luz, use=use, text=text, **BY)
        assert refused.value.facts["faults"]
    assert (_own(luz), _entries(luz)) == ({}, [])


def test_each_creditor_has_its_own(luz):
    other = create_creditor(name="Otra", country="ES", code="otra", **BY).creditor
    save_text(creditor=luz, use=FRIENDLY, text=OURS, **BY)
    assert (len(_own(luz)), _own(other)) == (1, {})
    assert reset_text(creditor=other, use=FRIENDLY, **BY) is False
    assert len(_own(luz)) == 1


def test_the_list_shows_every_text_once_and_whose_it_is(luz):
    save_text(creditor=luz, use=FRIENDLY, text=OURS, **BY)
    in_vos = TextUse("friendly", "email", "vos")
    save_text(creditor=luz, use=in_vos, text=Text("Che", "{saludo}"), **BY)
    with transaction.atomic(), scope([luz.pk]):
        known = texts_in_force(luz)
        own = own_texts(luz)
    assert len({each.use for each in known}) == len(known)
    assert {each.use for each in known if each.is_own} == {FRIENDLY, in_vos}
    letter = text_for(own, TextUse("friendly", "letter", "usted"))
    assert letter is not None
    assert not letter.is_own


def test_how_to_pay_is_kept_beside_the_other_answers(luz):
    Creditor.objects.filter(pk=luz.pk).update(profile={"what": "libros"})
    set_letterhead(creditor=luz, payment_instructions=" Por Bizum. ", **BY)
    set_letterhead(creditor=luz, phone="910 000 000", **BY)
    luz.refresh_from_db()
    assert luz.profile == {"what": "libros", "payment_instructions": "Por Bizum.", "phone": "910 000 000"}
    with pytest.raises(TextRefused, match="phone"):
        set_letterhead(creditor=luz, phone="9" * 61, **BY)


RUDE = Text("Su deuda", "{saludo}\n\nSi no paga, hablaremos con su jefe.\n\n{firma}")


def test_words_that_are_questioned_are_kept_only_with_a_reason_that_stands_in_the_audit(luz):
    for reason in ("", "porque sí", "x" * 501):
        with pytest.raises(WordsQuestioned) as refused:
            save_text(creditor=luz, use=FRIENDLY, text=RUDE, accepted=reason, **BY)
        assert {each["code"] for each in refused.value.facts["findings"]} == {"reveals_debt", "third_parties"}
        assert "«hablaremos con su jefe»" in refused.value.sentence
    assert _own(luz) == {}
    save_text(creditor=luz, use=FRIENDLY, text=RUDE, accepted=" Lo pide\n el abogado. ", **BY)
    assert _own(luz) == {FRIENDLY: RUDE}
    ((_, _, payload),) = _entries(luz)
    assert payload["accepted"] == "Lo pide el abogado."
    assert set(payload["findings"]) == {"reveals_debt", "third_parties"}


def test_what_only_warns_is_kept_without_asking(luz):
    save_text(creditor=luz, use=FRIENDLY, text=Text("Recordatorio", "Pague hoy mismo."), **BY)
    ((_, _, payload),) = _entries(luz)
    assert set(payload) == {"characters"}


def test_the_last_text_of_every_ladder_alone_may_call_itself_so(luz):
    text = Text("Antes de cerrar", "Este es el último aviso.\n\n{partidas}")
    with pytest.raises(WordsQuestioned):
        save_text(creditor=luz, use=FRIENDLY, text=text, **BY)


def test_in_chile_a_demand_says_what_the_law_wants():
    chile = create_creditor(name="Ferretería Sur", country="CL", code="sur", **BY).creditor
    with pytest.raises(WordsQuestioned) as refused:
        save_text(creditor=chile, use=FRIENDLY, text=OURS, **BY)
    assert "no es una actuación judicial" in refused.value.sentence
    assert "21.062" in refused.value.sentence
    delivery = TextUse("delivery", "email", "usted")
    save_text(creditor=chile, use=delivery, text=Text("Su factura", "{partidas}"), **BY)
    whole = (
        "{saludo}\n\n{partidas}\n\n{como_pagar}\n\n"
        "Tiene derecho a pedirnos una copia escrita de esta cuenta. "
        "Este mensaje no es una actuación judicial.\n\n{firma}"
    )
    save_text(creditor=chile, use=FRIENDLY, text=Text("Un recordatorio", whole), **BY)


def _versions(creditor, use=FRIENDLY):
    with transaction.atomic(), scope([creditor.pk]):
        return versions_of(creditor, use)


def test_every_version_stays_with_who_and_when_and_one_may_go_back_to_it(luz):
    save_text(creditor=luz, use=FRIENDLY, text=OURS, **BY)
    other, later = Text("Otro", "Hola, {total}"), NOW.replace(hour=11)
    save_text(creditor=luz, use=FRIENDLY, text=other, actor="eva", now=later)
    reset_text(creditor=luz, use=FRIENDLY, **BY)
    told = [(each.number, each.text, each.by, each.at) for each in _versions(luz)]
    assert told == [(3, None, "ana", NOW), (2, other, "eva", later), (1, OURS, "ana", NOW)]
    with transaction.atomic(), scope([luz.pk]):
        first = version_of(luz, FRIENDLY, 1)
        assert version_of(luz, FRIENDLY, 3) is None
        assert version_of(luz, FRIENDLY, 9) is None
    assert first is not None
    assert first.text is not None
    save_text(creditor=luz, use=FRIENDLY, text=first.text, **BY)
    assert _own(luz) == {FRIENDLY: OURS}
    assert _versions(luz)[0].number == 4
    assert _versions(luz, TextUse("firm", "email", "usted")) == []


def test_what_a_text_said_before_versions_were_kept_is_its_first(luz):
    with transaction.atomic(), scope([luz.pk]):
        CreditorText.objects.create(
            creditor=luz,
            template="friendly",
            channel="email",
            form_of_address="usted",
            subject="Antes",
            body="Hola",
            changed_by="eva",
            changed_at=NOW,
        )
    save_text(creditor=luz, use=FRIENDLY, text=OURS, **BY)
    told = [(each.number, each.text, each.by) for each in _versions(luz)]
    assert told == [(2, OURS, "ana"), (1, Text("Antes", "Hola"), "eva")]


def test_versions_of_a_refused_text_are_not_kept(luz):
    with pytest.raises(WordsQuestioned):
        save_text(creditor=luz, use=FRIENDLY, text=RUDE, **BY)
    assert _versions(luz) == []


def test_the_script_of_a_call_is_a_text_like_any_other(luz):
    script, said = TextUse("friendly", "call", "usted"), Text("", "Salude y pregunte por {su_documento}.")
    save_text(creditor=luz, use=script, text=said, **BY)
    assert _own(luz) == {script: said}


def test_a_script_that_others_may_hear_names_no_debt(luz):
    voicemail = TextUse("voicemail", "call", "usted")
    with pytest.raises(WordsQuestioned) as refused:
        save_text(creditor=luz, use=voicemail, text=Text("", "Llame: es por su deuda."), **BY)
    assert {each["code"] for each in refused.value.facts["findings"]} == {"reveals_debt"}


def test_the_customers_language_picks_the_text_and_what_is_missing_is_said_in_spanish(luz):
    in_catalan = TextUse("friendly", "email", "tu", "ca")
    save_text(creditor=luz, use=in_catalan, text=Text("Recordatori", "Bon dia.\n\n{partidas}"), **BY)
    save_text(creditor=luz, use=FRIENDLY, text=OURS, **BY)
    own = _own(luz)

    def found(template, form, language):
        text = text_for(own, use_for(template, "email", form=form, language=language))
        assert text is not None
        return text.text.subject, text.language, text.form, text.is_own

    assert found("friendly", "tu", "ca-ES") == ("Recordatori", "ca", "tu", True)
    assert found("friendly", "usted", "ca") == ("Recordatorio", "es", "usted", True)
    assert found("friendly", "tu", "en-GB") == ("A reminder about {documentos}", "en", "usted", False)
    assert found("last_notice", "tu", "en")[1:] == ("es", "usted", False)
    assert found("friendly", "tu", "fr")[1:] == ("es", "tu", False)
    assert str(in_catalan) == "friendly/email/tu/ca"


def test_a_text_of_ones_own_in_english_is_for_every_form_of_address(luz):
    english = TextUse("friendly", "email", "usted", "en")
    save_text(creditor=luz, use=english, text=Text("Ours", "Hello.\n\n{partidas}\n\n" + "word " * 60), **BY)
    found = text_for(_own(luz), use_for("friendly", "email", form="vos", language="en"))
    assert found is not None
    assert found.text.subject == "Ours"


def test_the_page_of_a_language_shows_every_text_its_customers_get(luz):
    with transaction.atomic(), scope([luz.pk]):
        english = texts_said(luz, form="tu", language="en")
        spanish = texts_said(luz, form="vos", language="es")
    assert len(english) == len(spanish) > 60
    told = {(each.use.template, each.use.channel): each.language for each in english}
    assert told["friendly", "email"] == "en"
    assert told["last_notice", "email"] == "es"
    assert {each.form for each in spanish} == {"vos", "usted"}


def test_a_country_is_not_asked_for_what_its_own_paragraph_says():
    chile = create_creditor(name="Ferretería Sur", country="CL", code="sur", **BY).creditor
    whole = Text("Un recordatorio", "{saludo}\n\n{partidas}\n\n{como_pagar}\n\n{derechos}\n\n{firma}")
    save_text(creditor=chile, use=FRIENDLY, text=whole, **BY)
    assert _own(chile) == {FRIENDLY: whole}
