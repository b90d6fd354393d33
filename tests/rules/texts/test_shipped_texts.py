"""The texts of the house: there is one for every step, each can be kept, and all of them are civil."""

import re
from itertools import product

import pytest

from aldia.rules.portfolio.strategy import read_strategy
from aldia.rules.portfolio.vocabulary import VOCABULARY
from aldia.rules.shipped import shipped_strategies
from aldia.rules.texts.render import faults_in, fill, names_in
from aldia.rules.texts.shipped import shipped_text, shipped_texts
from aldia.rules.texts.short import sms_length
from aldia.rules.texts.uses import TITLES, is_step_text
from tests.rules.texts.talk import said, speech

STRATEGIES = {name: read_strategy(toml, VOCABULARY) for name, toml in shipped_strategies().items()}
STEPS = [
    (name, template, channel)
    for name, strategy in STRATEGIES.items()
    for template, channels in [
        *((step.template, step.channels) for step in strategy.documents),
        *((step.template, step.channels) for step in strategy.steps),
    ]
    for channel in channels
]
ALL = [(form, *use) for form in ("usted", "tu") for use in shipped_texts(form)]
# What a company is called and an invoice is numbered at most, in a message of one part.
LONG = {"creditor": "Academia y Servicios Alborada, S.L.", "lines": (said(123_456, number="F-2026-01166"),)}


@pytest.mark.parametrize(("strategy", "template", "channel"), STEPS)
def test_every_step_of_every_strategy_has_its_text(strategy, template, channel):
    form = "tu" if strategy == "academia" else "usted"
    assert shipped_text(template, channel, form)
    assert template in TITLES


def test_the_academys_texts_are_written_in_tu():
    of_academy = {(template, channel) for name, template, channel in STEPS if name == "academia"}
    own = shipped_texts("tu")
    assert {use for use in of_academy if use not in own and (use[0], "email") not in own} == set()


@pytest.mark.parametrize(("form", "template", "channel"), ALL)
def test_every_text_of_the_house_could_be_kept(form, template, channel):
    text = shipped_texts(form)[template, channel]
    assert faults_in(text, is_step=is_step_text(template), channel=channel) == []


@pytest.mark.parametrize(("form", "template", "channel"), ALL)
def test_the_house_speaks_civilly(form, template, channel):
    text = shipped_texts(form)[template, channel]
    words = f"{text.subject} {text.body}".lower()
    assert not set(words) & set("!¡")
    rude = r"moros[oa]|deudor|deuda|impag|\bculpa|obligad[oa]|embarg|fichero|asnef|urgente|inmediatamente"
    assert re.findall(rude, words) == []


@pytest.mark.parametrize(("form", "template", "channel"), [each for each in ALL if each[2] == "email"])
def test_every_mail_greets_lists_signs_and_leaves_a_way_out(form, template, channel):
    body = shipped_texts(form)[template, channel].body
    assert {"partidas", "firma"} <= set(names_in(body))
    assert body.startswith(("{saludo}", "A la atención de"))
    out = r"{responder}|díganos|dínoslo|dinos|comuniquen|indicar en qué fase|indiquen"
    assert re.search(out, body), "nobody is left without an answer to give"


@pytest.mark.parametrize(
    ("form", "template"),
    [(form, template) for form, template, channel in ALL if channel == "email" and is_step_text(template)],
)
def test_who_has_paid_is_told_not_to_mind(form, template):
    assert re.search("pagad|pago (?:ya )?(?:está|se ha)", shipped_texts(form)[template, "email"].body)


@pytest.mark.parametrize(("form", "template", "channel"), ALL)
def test_a_form_of_address_is_kept_to(form, template, channel):
    """No tú in a text of usted, and the other way round."""
    text = shipped_texts(form)[template, channel]
    words = set(re.findall(r"\w+", f"{text.subject} {text.body}".lower()))
    foreign = {
        "usted": {"tú", "te", "tu", "tus", "ti", "contigo", "has", "puedes", "quieres", "dinos", "disculpa"},
        "tu": {"usted", "le", "su", "sus", "ha", "puede", "desea", "díganos", "disculpe", "responda"}
        - {"ha", "puede"},
    }
    assert words & foreign[form] == set()


@pytest.mark.parametrize(("form", "template"), [(f, t) for f, t, channel in ALL if channel == "sms"])
def test_a_short_message_fits_in_one_part_of_the_cheap_alphabet(form, template):
    text = shipped_texts(form)[template, "sms"]
    sent = fill(text, speech(channel="sms", form=form, **LONG)).text
    length = sms_length(sent)
    assert (length.parts, length.is_gsm7) == (1, True), (length, sent)


@pytest.mark.parametrize(("form", "template", "channel"), ALL)
@pytest.mark.parametrize("kind", ["consumer", "business", "public_body"])
def test_no_text_speaks_of_interest_to_a_consumer(form, template, channel, kind):
    facts = {
        "claims": True,
        "norm": "la Ley 3/2004",
        "lines": (said(interest_minor=142, compensation_minor=4_000),),
    }
    filled = fill(shipped_texts(form)[template, channel], speech(person_kind=kind, form=form, **facts))
    claims = "{intereses}" in shipped_texts(form)[template, channel].body
    assert ("Compensación por costes" in filled.text) == (claims and kind != "consumer")
    if kind == "consumer" and not template.startswith("public_"):
        assert "3/2004" not in filled.text
        assert "nteres" not in filled.text


@pytest.mark.parametrize(("form", "template"), [(f, t) for f, t, channel in ALL if channel == "email"])
def test_a_mail_reads_well_with_the_least_and_with_the_most_there_is_to_say(form, template):
    text = shipped_texts(form)[template, "email"]
    bare = speech(form=form, deadline=None, phone="", manager="", how_to_pay="", tax_id="")
    rich = speech(
        form=form,
        person_kind="business",
        claims=True,
        norm="la Ley 3/2004",
        lines=(said(interest_minor=142, compensation_minor=4_000), said(999, currency="USD")),
        unapplied={"EUR": 100},
    )
    for filled in (fill(text, facts) for facts in (bare, rich)):
        assert not set("{}") & set(filled.text + filled.subject)
        assert "\n\n\n" not in filled.text
        assert " ." not in filled.text
        assert " ," not in filled.text
        assert not filled.text.rstrip().endswith(":")


def test_firmness_rises_deadlines_come_with_what_is_firm_and_no_friendly_mail_has_one():
    for form, template in product(("usted", "tu"), ("friendly", "pre_due", "due_today", "delivery")):
        assert "{plazo}" not in shipped_texts(form)[template, "email"].body
    for form, template in product(("usted", "tu"), ("firm", "formal_demand")):
        assert "{plazo}" in shipped_texts(form)[template, "email"].body
