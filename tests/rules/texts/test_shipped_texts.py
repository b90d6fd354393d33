"""The texts of the house: each kind has its own, each can be kept, and all of them are civil."""

import re
from itertools import product

import pytest

from aldia.jurisdictions.loader import load_jurisdiction
from aldia.rules.portfolio.strategy import read_strategy
from aldia.rules.portfolio.vocabulary import VOCABULARY
from aldia.rules.respect.contents import missing_contents
from aldia.rules.respect.reader import PREVIEW, findings, message_parts
from aldia.rules.respect.values import Place, Reading
from aldia.rules.shipped import shipped_strategies
from aldia.rules.texts.placeholders import Use
from aldia.rules.texts.render import faults_in, fill, names_in
from aldia.rules.texts.shipped import shipped_in, shipped_languages, shipped_text, shipped_texts
from aldia.rules.texts.short import sms_length
from aldia.rules.texts.tongues import amounts_locale
from aldia.rules.texts.uses import FORMS, KINDS, LANGUAGES, MOMENTS, is_demand, is_step_text, provided_by
from tests.rules.texts.talk import full_speech, poor_speech, said, speech

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
SPANISH = [("es", form, *use) for form in FORMS for use in shipped_texts(form)]
ALL = [*SPANISH, *(("en", "usted", *use) for use in shipped_texts("usted", "en"))]
MAILS = [each for each in ALL if each[3] == "email"]
# What a company is called and an invoice is numbered at most, in a message of one part.
LONG = {"creditor": "Academia y Servicios Alborada, S.L.", "lines": (said(123_456, number="F-2026-01166"),)}
SCRIPTS = {"wrong_person", "voicemail"}
NO_DEBT = {"courtesy", "goodwill", "fix_contact", "opt_out", "service_restored", *SCRIPTS}
SHORT = {"email", "whatsapp", "sms"}
RUNGS = {"pre_due", "due_today", "friendly", "second", "firm", "plan_offer"}
PROMISES = {
    "promise_receipt",
    "promise_reminder",
    "promise_broken",
    "plan_confirmation",
    "instalment_reminder",
    "payment_received",
}
ACCORDING_TO_KIND = {"easy_pay", "arrange_ahead", "fixed_date"}
CALLED = {"phone_call", "solve_first", *(each for each in KINDS if each.startswith("phone_call_"))}
REACHED_OTHERWISE = {"fix_contact", "opt_out"}
CALLS = {"friendly", "second", "firm", "promise_broken"}
ENGLISH = {
    "delivery": {"email"},
    "statement": {"email"},
    "pre_due": SHORT,
    "due_today": SHORT,
    "friendly": SHORT,
    "second": SHORT,
    "easy_pay": {"email"},
    "arrange_ahead": {"email"},
    "fixed_date": {"email"},
    "firm": {"email"},
    "formal_demand": {"email"},
    "payment_received": {"email", "sms"},
    "goodwill": {"email"},
}


def _needed(template: str) -> set[str]:
    """Channels on which the house has to have words in usted."""
    if template in SCRIPTS | CALLED:
        return {"call"}
    if template in ACCORDING_TO_KIND:
        return {"email", "whatsapp"}
    several = template in RUNGS | PROMISES | REACHED_OTHERWISE
    return (SHORT if several else {"email"}) | ({"call"} if template in CALLS else set())


def _text(use):
    language, form, template, channel = use
    return shipped_texts(form, language)[template, channel]


def _facts(use):
    language, form, _template, channel = use
    return {
        "language": language,
        "form": form,
        "channel": channel,
        "locale": amounts_locale(language, "ES"),
    }


@pytest.mark.parametrize("template", KINDS)
def test_every_kind_has_its_text_in_usted_on_every_channel_it_needs(template):
    missing = {channel for channel in _needed(template) if (template, channel) not in shipped_texts("usted")}
    assert missing == set()
    assert shipped_text(template, "letter", "usted") or template in SCRIPTS | CALLED


@pytest.mark.parametrize(
    ("form", "template"),
    list(
        product(
            ("tu", "vos"), sorted(RUNGS | PROMISES | REACHED_OTHERWISE | ACCORDING_TO_KIND | {"goodwill"})
        )
    ),
)
def test_what_persons_get_is_said_in_tu_and_vos_too(form, template):
    assert {
        channel for channel in _needed(template) - {"call"} if not shipped_in(form, "es", template, channel)
    } == (set())


@pytest.mark.parametrize("template", ENGLISH)
def test_the_core_of_the_ladder_is_there_in_english(template):
    assert {
        channel for channel in ENGLISH[template] if not shipped_in("usted", "en", template, channel)
    } == set()


def test_every_text_is_of_a_known_kind_and_every_kind_has_its_moment():
    assert {template for _language, _form, template, _channel in ALL} == set(KINDS)
    assert {kind.moment for kind in KINDS.values()} == set(MOMENTS)
    assert len({(template, channel) for _language, _form, template, channel in ALL}) >= 50


def test_there_is_room_for_the_other_languages_and_no_way_out_of_the_folder():
    assert shipped_languages() == ("es", "en")
    assert set(LANGUAGES) == {"es", "en", "ca", "gl", "eu"}
    for form, language in (
        ("usted", "ca"),
        ("ellos", "es"),
        ("../x", "es"),
        ("usted", "../../x"),
        ("usted", ""),
    ):
        assert shipped_texts(form, language) == {}


@pytest.mark.parametrize(("strategy", "template", "channel"), STEPS)
def test_every_step_of_every_strategy_has_its_text(strategy, template, channel):
    forms = ("tu", "vos") if strategy in ("academia", "particulares") else ("usted",)
    assert all(shipped_in(form, "es", template, channel) for form in forms)
    assert template in KINDS


@pytest.mark.parametrize("use", ALL)
def test_every_text_of_the_house_could_be_kept(use):
    _language, _form, template, channel = use
    assert faults_in(_text(use), provides=provided_by(template), channel=channel) == []


@pytest.mark.parametrize("use", SPANISH)
@pytest.mark.parametrize("person", ["consumer", "business"])
def test_the_guard_finds_nothing_in_any_text_of_the_house(use, person):
    _language, _form, template, channel = use
    text = _text(use)
    kind = "public_body" if template.startswith("public_") else person
    parts = message_parts(text.subject, text.body, channel)
    if template in SCRIPTS:
        parts = {Place.VOICEMAIL: text.body, Place.WRONG_PERSON: text.body}
    for country in ("ES", "CO"):  # elsewhere only the law that is named differs
        reading = Reading(country=country, person_kind=kind, last=template == "last_notice")
        assert [(each.code, each.excerpt) for each in findings(parts, reading)] == []


@pytest.mark.parametrize(
    "use", [each for each in MAILS if is_demand(each[2]) and not each[2].startswith("public_")]
)
@pytest.mark.parametrize("country", ["CL", "MX"])
def test_a_demand_says_what_the_country_wants_said(use, country):
    required = load_jurisdiction(country).required_contents
    assert required is not None
    assert missing_contents(_text(use).body, required, "consumer") == []
    facts = speech(**_facts(use), law_country=country)
    told = fill(_text(use), facts).text
    assert ("judicial" in told or "court" in told) == (country == "CL")
    assert ("Profeco" in told) == (country == "MX")
    assert (
        "Profeco"
        not in fill(_text(use), speech(**_facts(use), law_country=country, person_kind="business")).text
    )


@pytest.mark.parametrize("use", ALL)
def test_the_house_speaks_civilly(use):
    text = _text(use)
    words = f"{text.subject} {text.body}".lower()
    assert not set(words) & set("!¡")
    rude = (
        r"moros[oa]|deudor|deuda|impag|\bculpa|obligad[oa]|embarg|fichero|asnef|urgente|inmediatamente|debt"
    )
    assert re.findall(rude, words) == []


@pytest.mark.parametrize("use", MAILS)
def test_every_mail_greets_lists_signs_and_leaves_a_way_out(use):
    _language, _form, template, _channel = use
    body, provides = _text(use).body, provided_by(template)
    assert "firma" in names_in(body)
    asks = Use.DEBT in provides and template not in (
        "instalment_reminder",
        "plan_confirmation",
        "dispute_received",
        "copy",
    )
    assert ("partidas" in names_in(body)) == asks
    assert body.startswith(("{saludo}", "A la atención de"))
    out = r"{responder}|díganos|d[ií]noslo|d[ie]c?[ií]nos|comuniquen|indicar en qué fase|indiquen|tell us"
    assert re.search(out, body), "nobody is left without an answer to give"


@pytest.mark.parametrize("use", [each for each in MAILS if is_step_text(each[2])])
def test_who_has_paid_is_told_not_to_mind(use):
    assert re.search("pagad|pagaste|pago (?:ya )?(?:está|se ha)|already paid|been paid", _text(use).body)


@pytest.mark.parametrize("use", [each for each in ALL if each[3] == "call"])
def test_no_script_asks_why_somebody_has_not_paid(use):
    """A country may forbid the question (docs/rules/calls.md §4); the scripts are the same everywhere."""
    words = _text(use).body.lower()
    assert re.findall(r"por qué|qué (ocurre|pasa|ha pasado|pasó)|why", words) == []


@pytest.mark.parametrize("use", SPANISH)
def test_a_form_of_address_is_kept_to(use):
    """No tú in a text of usted, and the other way round."""
    _language, form, _template, _channel = use
    words = set(re.findall(r"\w+", f"{_text(use).subject} {_text(use).body}".lower()))
    familiar = {"tú", "te", "tu", "tus", "ti", "contigo", "has", "puedes", "quieres", "dinos", "disculpa"}
    formal = {"usted", "le", "su", "sus", "desea", "díganos", "disculpe", "responda"}
    of_tu = {"tú", "ti", "contigo", "has", "puedes", "quieres", "tienes", "prefieres", "dinos", "disculpa"}
    foreign = {"usted": familiar | {"vos"}, "tu": formal | {"vos", "podés"}, "vos": formal | of_tu}
    assert words & foreign[form] == set()


@pytest.mark.parametrize("use", [each for each in ALL if each[3] == "sms"])
def test_a_short_message_fits_in_the_cheap_alphabet_in_one_part_where_it_reminds(use):
    language, _form, template, _channel = use
    sent = fill(_text(use), full_speech(**_facts(use) | LONG)).text
    length = sms_length(sent)
    assert length.is_gsm7, sent
    assert length.parts <= (1 if language == "es" and template in RUNGS else 2), (length, sent)


_OWED = (
    r"pendiente|pago\b|pagar|pagad|deuda|debe|importe|total|vencid|retras|atras|overdue|paid|owed|€|\d,\d\d"
)


@pytest.mark.parametrize(
    "use", [each for each in ALL if each[2] not in SCRIPTS and not each[2].startswith("public_")]
)
def test_neither_subject_nor_the_first_words_show_others_that_something_is_owed(use):
    """To persons: what stands on a locked screen or in a list of mails."""
    facts = full_speech(**_facts(use), person_kind="consumer", lines=(said(),))
    filled = fill(_text(use), facts)
    if use[3] == "call":
        return  # read by who rings
    seen = filled.subject if use[3] in ("email", "letter") else filled.text[:PREVIEW]
    assert re.findall(_OWED, seen.lower()) == [], seen


@pytest.mark.parametrize("template", sorted(NO_DEBT))
def test_what_is_not_about_money_cannot_name_any(template):
    assert Use.DEBT not in provided_by(template)
    for use in (each for each in ALL if each[2] == template):
        told = fill(_text(use), full_speech(**_facts(use)))
        assert "340" not in told.subject + told.text
        assert "F-2026" not in told.subject + told.text


@pytest.mark.parametrize("use", SPANISH)
@pytest.mark.parametrize("kind", ["consumer", "business", "public_body"])
def test_no_text_speaks_of_interest_to_a_consumer(use, kind):
    facts = {
        "claims": True,
        "norm": "la Ley 3/2004",
        "lines": (said(interest_minor=142, compensation_minor=4_000),),
    }
    filled = fill(_text(use), full_speech(**_facts(use) | facts, person_kind=kind))
    claims = "{intereses}" in _text(use).body
    assert ("Compensación por costes" in filled.text) == (claims and kind != "consumer")
    if kind == "consumer" and not use[2].startswith("public_"):
        assert "3/2004" not in filled.text
        assert "nteres" not in filled.text


@pytest.mark.parametrize("use", ALL)
@pytest.mark.parametrize("facts", [full_speech, poor_speech])
def test_every_text_reads_well_with_the_least_and_with_the_most_there_is_to_say(use, facts):
    filled = fill(_text(use), facts(**_facts(use)))
    assert filled.text.strip()
    assert not set("{}") & set(filled.text + filled.subject)
    assert "\n\n\n" not in filled.text
    assert " ." not in filled.text
    assert " ," not in filled.text
    assert not filled.text.rstrip().endswith(":")
    assert filled.subject or use[3] != "email"


def test_a_consequence_is_named_only_where_the_strategy_really_has_it():
    for template in ("formal_demand", "last_notice", "suspension_notice"):
        text = shipped_texts("usted")[template, "email"]
        quiet, said_ = fill(text, full_speech(consequence="")).text, fill(text, full_speech()).text
        assert "empresa de cobro" in said_
        assert not re.search("demanda|empresa de cobro|fichero|suspend", quiet.lower())


def test_firmness_rises_deadlines_come_with_what_is_firm_and_no_friendly_mail_has_one():
    for form, template in product(FORMS, ("friendly", "pre_due", "due_today", "delivery")):
        assert "{plazo}" not in shipped_texts(form)[template, "email"].body
    for form, template in product(FORMS, ("firm", "formal_demand")):
        assert "{plazo}" in shipped_texts(form)[template, "email"].body
    tones = ("amable", "cercano", "firme", "formal")
    ladder = ("friendly", "second", "firm", "formal_demand", "last_notice")
    ranks = [tones.index(KINDS[each].tone) for each in ladder]
    assert ranks == sorted(ranks)


def test_no_text_puts_an_article_before_a_word_that_changes_gender():
    """«de el recibo», «la comprobante»: the words of a country stand behind «su», «tu» or nothing."""
    names = "documento|cuota|plan|incidencia|extracto"
    wrong = re.compile(rf"\b(?:el|la|los|las|un|una|del|al|este|esta) {{(?:su_)?(?:{names})}}", re.IGNORECASE)
    assert [use for use in SPANISH if wrong.search(f"{_text(use).subject}\n{_text(use).body}")] == []


def test_the_negotiation_letter_is_kept_apart_and_says_what_the_law_wants_of_it():
    assert KINDS["negotiation"].is_confidential
    assert [kind.template for kind in KINDS.values() if kind.is_confidential] == ["negotiation"]
    text = shipped_texts("usted")["negotiation", "email"]
    told = fill(text, full_speech()).text
    for words in ("Ley Orgánica 1/2025", "confidencial", "20 de diciembre de 2026", "F-2026/118"):
        assert words in told
