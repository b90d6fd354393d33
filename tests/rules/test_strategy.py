"""Strategies: a TOML document becomes a checked value, or the list of everything wrong with it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aldia.kernel.money import minor_per_major, round_half_up
from aldia.rules.portfolio.strategy import OUTCOMES, StrategyRefused, digest, read_strategy
from aldia.rules.portfolio.vocabulary import vocabulary

HEAD = """
[strategy]
name = "pymes"
title = "Empresas"
currency = "EUR"
minimum = 15
spacing_days = 7
"""
DOCUMENT = """
[[document]]
id = "due_today"
kind = "due_today"
title = "Vence hoy"
when = "days_to_due <= 0 AND days_to_due >= -2"
channels = ["email"]
tone = "amable"
template = "due_today"
"""
FRIENDLY = """
[[step]]
id = "friendly"
title = "Recordatorio"
when = "days_overdue >= 3"
channels = ["email"]
tone = "amable"
template = "friendly"
"""
SECOND = """
[[step]]
id = "second"
title = "Segundo recordatorio"
when = "days_overdue >= 15 AND dunnable >= 30"
requires = ["friendly"]
channels = ["email", "sms", "letter"]
tone = "cercano"
template = "second"
spacing_days = 0
minimum = 30.50
new_deadline_days = 7
approval = true
claims = true
"""
WHOLE = (
    HEAD + '[episode]\nper = "item"\n[amounts.USD]\nfactor = "1.10"\n[amounts.CLP]\nfactor = 1000\n'
    + DOCUMENT + FRIENDLY + SECOND
)  # fmt: skip


def faults(text: str) -> list[str]:
    with pytest.raises(StrategyRefused) as caught:
        read_strategy(text)
    return caught.value.faults


def test_a_whole_document_is_read_as_it_says():
    strategy = read_strategy(WHOLE)
    friendly, second = strategy.steps
    (document,) = strategy.documents
    assert (strategy.name, strategy.title, strategy.currency) == ("pymes", "Empresas", "EUR")
    assert (strategy.minimum, strategy.spacing_days, strategy.episode_per) == (Decimal(15), 7, "item")
    assert strategy.factors == {"USD": Decimal("1.10"), "CLP": Decimal(1000)}
    assert (document.id, document.kind) == ("due_today", "due_today")
    assert document.condition.columns == {"days_to_due"}
    assert (friendly.rank, friendly.requires, friendly.spacing_days, friendly.minimum) == (1, (), 7, None)
    assert (friendly.new_deadline_days, friendly.approval, friendly.claims) == (None, False, False)
    assert (second.rank, second.requires, second.spacing_days) == (2, ("friendly",), 0)
    assert (second.minimum, second.new_deadline_days) == (Decimal("30.50"), 7)
    assert (second.approval, second.claims, second.tone) == (True, True, "cercano")
    assert second.channels == ("email", "sms", "letter")
    assert second.condition.days_overdue_at_least == 15


def test_what_the_document_leaves_out_has_its_defaults():
    strategy = read_strategy('[strategy]\nname="a"\ntitle="A"\ncurrency="EUR"\n' + FRIENDLY)
    assert (strategy.minimum, strategy.spacing_days, strategy.episode_per) == (Decimal(0), 7, "customer")
    assert (strategy.factors, strategy.documents) == ({}, ())


def test_amounts_in_other_currencies_are_those_of_the_document_times_the_factor():
    strategy = read_strategy(WHOLE)
    second = strategy.steps[1]
    assert [strategy.minimum_minor(code) for code in ("EUR", "USD", "CLP", "MXN")] == [
        1500,
        1650,
        15000,
        None,
    ]
    assert strategy.step_minimum_minor(second, "USD") == 3355
    assert strategy.step_minimum_minor(second, "MXN") is None
    assert strategy.step_minimum_minor(strategy.steps[0], "EUR") is None
    assert strategy.factor("EUR") == 1
    assert strategy.factor("MXN") is None


@given(
    cents=st.integers(0, 10**12),
    factor=st.integers(1, 10**9).map(lambda n: Decimal(n).scaleb(-4)),
    currency=st.sampled_from(["USD", "CLP", "BHD"]),
)
def test_a_minimum_is_rounded_once_half_up(cents, factor, currency):
    text = HEAD.replace("minimum = 15", f'minimum = "{Decimal(cents).scaleb(-2):f}"')
    strategy = read_strategy(f'{text}\n[amounts.{currency}]\nfactor = "{factor:f}"\n{FRIENDLY}')
    exact = cents * int(factor.scaleb(4)) * minor_per_major(currency)
    assert strategy.minimum_minor(currency) == round_half_up(exact, 100 * 10**4)


NO_AMOUNT = "[strategy]: «minimum» debe ser un número no negativo con punto decimal, como 15 o 99.90."
FAULTS = {
    "a typo in a key": (
        HEAD.replace("spacing_days", "spacing_day") + FRIENDLY,
        "[strategy]: no se conoce «spacing_day». ¿Quiso decir «spacing_days»?",
    ),
    "a typo in a step's key": (
        HEAD + FRIENDLY.replace("template", "plantilla"),
        "paso «friendly»: no se conoce «plantilla».",
    ),
    "a typo in a table": (
        HEAD + FRIENDLY + "[episodes]\nper='item'\n",
        "documento: no se conoce «episodes». ¿Quiso decir «episode»?",
    ),
    "no steps": (HEAD, "documento: no hay ningún paso; añada al menos un [[step]]."),
    "an empty ladder": ("step = []\n" + HEAD, "documento: no hay ningún paso; añada al menos un [[step]]."),
    "a step as a table": (
        HEAD + FRIENDLY.replace("[[step]]", "[step]"),
        "documento: «step» debe escribirse con dobles corchetes: [[step]].",
    ),
    "no strategy table": (FRIENDLY, "[strategy]: falta «currency»."),
    "a currency that does not exist": (
        HEAD.replace("EUR", "EURO") + FRIENDLY,
        "[strategy]: la moneda «EURO» no existe: use un código ISO como EUR.",
    ),
    "a name with capitals": (
        HEAD.replace('"pymes"', '"Pymes"') + FRIENDLY,
        "[strategy]: «name» solo lleva minúsculas sin acento, cifras y «_», ",
    ),
    "an empty title": (HEAD.replace('"Empresas"', '""') + FRIENDLY, "[strategy]: «title» está vacío."),
    "a title of two lines": (
        HEAD.replace('"Empresas"', '"a\\nb"') + FRIENDLY,
        "[strategy]: «title» debe ser una línea de 1 a 120 caracteres.",
    ),
    "a negative minimum": (HEAD.replace("= 15", "= -15") + FRIENDLY, NO_AMOUNT),
    "an infinite minimum": (HEAD.replace("= 15", "= inf") + FRIENDLY, NO_AMOUNT),
    "a minimum beyond Decimal": (HEAD.replace("= 15", "= 1e99999999999999999999") + FRIENDLY, NO_AMOUNT),
    "a minimum that is true": (HEAD.replace("= 15", "= true") + FRIENDLY, NO_AMOUNT),
    "a minimum with too many decimals": (
        HEAD.replace("= 15", "= 15.001") + FRIENDLY,
        "[strategy]: «minimum» lleva más decimales que la moneda (2).",
    ),
    "a negative spacing": (
        HEAD.replace("= 7", "= -1") + FRIENDLY,
        "[strategy]: «spacing_days» debe ser un número entero de días entre 0 y 365.",
    ),
    "a spacing with decimals": (
        HEAD.replace("= 7", "= 7.5") + FRIENDLY,
        "[strategy]: «spacing_days» debe ser un número entero de días entre 0 y 365.",
    ),
    "a deadline of no days": (
        HEAD + FRIENDLY + "new_deadline_days = 0",
        "paso «friendly»: «new_deadline_days» debe ser un número entero de días entre 1 y 365.",
    ),
    "an episode per invoice": (
        HEAD + '[episode]\nper = "invoice"\n' + FRIENDLY,
        "[episode]: «per» no puede ser «invoice»: elija entre customer, item.",
    ),
    "amounts of its own currency": (
        HEAD + "[amounts.EUR]\nfactor = 1\n" + FRIENDLY,
        "[amounts.EUR]: debe nombrar otra moneda con su código ISO, como [amounts.USD].",
    ),
    "a factor of zero": (
        HEAD + "[amounts.USD]\nfactor = 0\n" + FRIENDLY,
        "[amounts.USD]: «factor» debe ser mayor que cero y como mucho mil millones.",
    ),
    "no factor": (HEAD + "[amounts.USD]\n" + FRIENDLY, "[amounts.USD]: falta «factor»."),
    "the same id twice": (
        HEAD + FRIENDLY + FRIENDLY,
        "paso «friendly»: el id «friendly» ya lo lleva otro paso o aviso.",
    ),
    "a notice's id on a step": (
        HEAD + DOCUMENT + FRIENDLY.replace('id = "friendly"', 'id = "due_today"'),
        "paso «due_today»: el id «due_today» ya lo lleva otro paso o aviso.",
    ),
    "an id with a slash": (
        HEAD + FRIENDLY.replace('id = "friendly"', 'id = "a/1"'),
        "paso «a/1»: «id» solo lleva minúsculas sin acento, cifras y «_», ",
    ),
    "no id": (HEAD + FRIENDLY.replace('id = "friendly"', ""), "paso 1: falta «id»."),
    "an unknown required step": (
        HEAD + FRIENDLY + SECOND.replace('["friendly"]', '["frendly"]'),
        "paso «second»: «requires» nombra «frendly», que no es un paso anterior. ¿Quiso decir «friendly»?",
    ),
    "a required step that comes later": (
        HEAD + SECOND + FRIENDLY,
        "paso «second»: «requires» nombra «friendly», que no es un paso anterior.",
    ),
    "a step that requires itself": (
        HEAD + FRIENDLY + 'requires = ["friendly"]',
        "paso «friendly»: «requires» nombra «friendly», que no es un paso anterior.",
    ),
    "an unknown channel": (
        HEAD + FRIENDLY.replace('["email"]', '["fax"]'),
        "paso «friendly»: «channels» no puede llevar «fax»: elija entre email, sms,",
    ),
    "no channel": (HEAD + FRIENDLY.replace('["email"]', "[]"), "paso «friendly»: «channels» está vacío."),
    "a channel twice": (
        HEAD + FRIENDLY.replace('["email"]', '["sms", "sms"]'),
        "paso «friendly»: «channels» repite un nombre.",
    ),
    "a channel alone": (
        HEAD + FRIENDLY.replace('["email"]', '"email"'),
        'paso «friendly»: «channels» debe ser una lista de textos, como ["email"].',
    ),
    "an unknown tone": (
        HEAD + FRIENDLY.replace('"amable"', '"seco"'),
        "paso «friendly»: «tone» no puede ser «seco»: elija entre amable, cercano, firme, formal.",
    ),
    "an unknown kind": (
        HEAD + DOCUMENT.replace('kind = "due_today"', 'kind = "late"') + FRIENDLY,
        "aviso «due_today»: «kind» no puede ser «late»: elija entre delivery,",
    ),
    "no condition": (
        HEAD + FRIENDLY.replace('when = "days_overdue >= 3"', ""),
        "paso «friendly»: falta «when».",
    ),
    "a condition that is none": (
        HEAD + FRIENDLY.replace(">= 3", ">= tres"),
        "paso «friendly», when: no existe la palabra «tres». ¿Quiso decir «interest»?",
    ),
    "a condition with too many decimals": (
        HEAD + FRIENDLY.replace("days_overdue >= 3", "open >= 1.005"),
        "paso «friendly», when: el importe 1.005 de «open» lleva más decimales que la moneda (2).",
    ),
    "a day met exactly": (
        HEAD + FRIENDLY.replace(">= 3", "= 3"),
        "paso «friendly»: «days_overdue» se compara con un día exacto; si ese día no hay",
    ),
    "a portfolio word on a document": (
        HEAD + DOCUMENT.replace("days_to_due <= 0", "dunnable >= 0") + FRIENDLY,
        "aviso «due_today», when: no existe la palabra «dunnable».",
    ),
    "an approval that is a word": (
        HEAD + FRIENDLY + 'approval = "yes"',
        "paso «friendly»: «approval» debe ser true o false.",
    ),
    "not TOML": (
        HEAD + "title = \n",
        "línea 8, columna 9: hasta aquí se entiende; después el texto no es TOML válido ",
    ),
    "an integer nobody can read": (
        HEAD.replace("15", "9" * 5000) + FRIENDLY,
        "documento: hasta aquí se entiende; después el texto no es TOML válido ",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_a_sentence_with_its_place(name):
    text, sentence = FAULTS[name]
    assert [fault for fault in faults(text) if fault.startswith(sentence)]


def test_all_faults_are_found_at_once_and_told_in_one_refusal():
    text = HEAD.replace("= 15", "= -1") + FRIENDLY.replace("amable", "seco") + SECOND.replace(">= 30", ">= x")
    with pytest.raises(StrategyRefused) as caught:
        read_strategy(text)
    assert len(caught.value.faults) == 3
    assert caught.value.sentence.startswith("La estrategia tiene 3 faltas:\n- [strategy]: ")
    assert caught.value.as_dict()["faults"] == caught.value.faults


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_no_step_bears_the_name_of_a_reason(outcome):
    text = HEAD + FRIENDLY.replace('id = "friendly"', f'id = "{outcome}"')
    assert faults(text) == [
        f"paso «{outcome}»: el id «{outcome}» está reservado: así se llama un motivo para no hacer nada."
    ]


def test_a_ladder_has_at_most_62_steps():
    rungs = [FRIENDLY.replace('id = "friendly"', f'id = "s{n}"') for n in range(63)]
    assert len(read_strategy(HEAD + "".join(rungs[:62])).steps) == 62
    assert faults(HEAD + "".join(rungs)) == ["documento: hay 63 pasos y el máximo son 62."]


@pytest.mark.parametrize("text", ["x = " + "[" * 5000, "a" * 200_001, "[" * 3000])
def test_a_monstrous_document_is_refused(text):
    assert len(faults(text)) == 1


def test_a_creditor_with_other_ageing_edges_writes_their_words():
    text = HEAD + FRIENDLY.replace("days_overdue >= 3", "aging_over_15 >= 3")
    assert read_strategy(text, vocabulary([0, 15])).steps[0].condition.columns == {"aging_over_15_minor"}
    assert faults(text)


@given(text=st.text(max_size=200))
def test_any_text_is_either_a_strategy_or_faults(text):
    with pytest.raises(StrategyRefused):
        read_strategy(text)


def test_the_digest_sees_what_is_said_and_not_how_lines_end():
    assert digest(WHOLE) == digest("\ufeff" + WHOLE.replace("\n", "  \r\n") + "\n\n")
    assert digest(WHOLE) != digest(WHOLE.replace("15", "16"))
    assert len(digest(WHOLE)) == 64
