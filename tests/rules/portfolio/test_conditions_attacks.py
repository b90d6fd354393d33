"""Conditions: whatever is not on the whitelist is refused with a sentence, and quickly."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aldia.rules.portfolio.conditions import LENGTH_MAX, NESTING_MAX, ConditionFault, parse_condition
from aldia.rules.portfolio.vocabulary import VOCABULARY

REFUSED = {
    "pg_sleep(10) IS NULL": "función",
    "abs(open) > 1": "función",
    "open(1) > 1": "función",
    "days_overdue > 1 AND current_setting('aldia.creditor') = '1'": "función",
    "DATE(last_sent_on) > DATE '2026-01-01'": "solo se admiten",
    "open > (SELECT 1)": "SELECT",
    "EXISTS (SELECT 1)": "función",
    "segment IN (SELECT segment)": "SELECT",
    "open > 1; DROP TABLE x": "«;»",
    "open > 1;": "«;»",
    "open > 1 -- y nada más": "comentarios",
    "open > 1 /* y nada más */": "comentarios",
    "open /*+ x */ > 1": "comentarios",
    "open > 1 {# x #}": "comentarios",
    "-- solo un comentario": "vacía",
    "": "vacía",
    " \n ": "vacía",
    '"open_minor" > 1': "sin comillas",
    '"open" > 1': "sin comillas",
    "`open` > 1": "sin comillas",
    "segment = “pymes”": "comillas simples rectas",
    "segment = ‘pymes’": "comillas simples rectas",
    'segment = "pymes"': "sin comillas",
    "segment = 'pymes": "comilla sin cerrar",
    "segment = 'a\nb'": "saltos de línea",
    "segment = 'a\x00b'": "saltos de línea",
    r"segment = 'a\'": "barras",
    "segment = E'x'": "comillas simples rectas",
    "segment = $$x$$": "no se admite",
    "segment = U&'x'": "comillas simples rectas",
    "segment = E'segment'": "comillas simples rectas",
    "open > $$open$$": "«$$open$$»",
    "on_hold = B'1'": "comillas simples rectas",
    "segment = 'a' 'b'": "solo se admiten",
    "segment = 'a' || 'b'": "«||»",
    "public.open > 1": "public",
    "t.open > 1": "«t»",
    "on_hold.open > 1": "«.»",
    "open::int > 1": "«::»",
    "CAST(open AS int) > 1": "función",
    "CASE WHEN on_hold THEN TRUE END": "CASE",
    "segment LIKE 'p%'": "LIKE",
    "segment ILIKE 'p%'": "ILIKE",
    "segment ~ 'p'": "«~»",
    "segment SIMILAR TO 'p'": "SIMILAR",
    "segment COLLATE on_hold = 'x'": "COLLATE",
    "open + 1 > 2": "«+»",
    "open - 1 > 2": "solo se admiten",
    "open * 2 > 2": "«*»",
    "open / 2 > 2": "«/»",
    "open % 2 = 0": "«%»",
    "- open > 2": "columna del vocabulario",
    "open > - - 5": "se compara con un importe",
    "open > -(5)": "se compara con un importe",
    "open > :x": "«:»",
    "open > $1": "«$»",
    "open > ?": "«?»",
    "open > @x": "«@»",
    "open > 1e3": "solo con cifras",
    "open > 5.": "solo con cifras",
    "open > .5": "«.»",
    "open > 0x10": "no se admite",
    "open > 1_000": "«_000»",
    "open > 1.000,50": "decimales van con punto",
    "open > 15,50": "decimales van con punto",
    "open > 10 €": "«€»",
    "open > 'x'": "un importe",
    "open > '100'": "un importe",
    "open > days_overdue": "un importe",
    "open > TRUE": "un importe",
    "open > DATE '2026-01-01'": "un importe",
    "open > 1000000000001": "demasiado grande",
    "open > 1.001": "más decimales",
    "dunnable_minor > 100": "escriba «dunnable»",
    "days_overdue > 1.5": "enteros",
    "days_overdue > 1000001": "demasiado grande",
    "days_overdue > overdue": "número de días",
    "late_share > 50": "de 0 a 1",
    "late_share > -0.1": "de 0 a 1",
    "last_sent_on > '2026-01-01'": "una fecha",
    "last_sent_on > DATE '2026-02-30'": "no existe",
    "last_sent_on > DATE '20260130'": "no existe",
    "last_sent_on > DATE '2026-01-30 10:00'": "no existe",
    "segment > 'pymes'": "no tiene orden",
    "segment BETWEEN 'a' AND 'b'": "no tiene orden",
    "segment = 3": "un texto",
    "on_hold > FALSE": "no tiene orden",
    "on_hold = 1": "TRUE o FALSE",
    "on_hold IS TRUE": "IS solo va seguido",
    "on_hold IS NOT TRUE": "IS solo va seguido",
    "open IS DISTINCT FROM 3": "DISTINCT",
    "segment = NULL": "IS NULL",
    "segment IN ('a', NULL)": "IS NULL",
    "segment IN ()": "vacía",
    "segment IN ('a', segment)": "solo lleva valores",
    "segment IN segment": "solo se admiten",
    "segment": "sola no dice",
    "days_overdue AND on_hold": "sola no dice",
    "TRUE": "valor suelto",
    "1": "valor suelto",
    "NULL": "valor suelto",
    "1 = 1": "columna del vocabulario",
    "'a' = 'a' OR on_hold": "columna del vocabulario",
    "open > 1 = TRUE": "columna del vocabulario",
    "IN": "no es una columna",
    "open > DATE": "no es una columna",
    "open > 1 open": "solo se admiten",
    "open > 1 AND": "falta o sobra",
    "(open > 1": "falta o sobra",
    "open > 1)": "falta o sobra",
    "open > 1 XOR on_hold": "XOR",
    "days_overdue BETWEEN SYMMETRIC 5 AND 1": "SYMMETRIC",
    "open > ALL (1)": "función",
    "dıas > 1": "«dıas»",
    "ｏpen > 1": "no se admite",
}


def fault(text: str) -> str:
    with pytest.raises(ConditionFault) as caught:
        parse_condition(text, VOCABULARY, where="paso «x»", currency_digits=2)
    return caught.value.sentence


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_on_the_whitelist_is_refused_with_its_reason(text):
    sentence = fault(text)
    assert sentence.startswith("paso «x»: ")
    assert REFUSED[text].replace("función", "funciones") in sentence


def test_an_overlong_condition_is_refused_unread():
    assert f"el máximo son {LENGTH_MAX}" in fault("open > 1 AND " * 250 + "on_hold")


@pytest.mark.parametrize(
    "text",
    [
        "(" * 900 + "open > 1" + ")" * 900,
        "open > " + "(" * 300 + "1" + ")" * 300,
        "NOT " * 400 + "on_hold",
        ("NOT " * 15 + "(") * 6 + "on_hold" + ")" * 6,
        "(" * 1900,
        "(on_hold AND (insolvent OR " * 11 + "on_hold" + "))" * 11,
    ],
)
def test_a_deep_condition_is_refused_at_once(text):
    before = perf_counter()
    fault(text)
    assert perf_counter() - before < 2


@pytest.mark.parametrize(
    "text",
    [
        "(" * NESTING_MAX + "open > 1" + ")" * NESTING_MAX,
        "NOT " * NESTING_MAX + "on_hold",
        "(on_hold AND (insolvent OR " * (NESTING_MAX // 2 - 1) + "on_hold" + "))" * (NESTING_MAX // 2 - 1),
        " AND ".join(["open > 1"] * 150),
        f"segment IN ({', '.join(repr(str(n)) for n in range(250))})",
    ],
)
def test_what_the_limits_allow_is_compiled(text):
    parse_condition(text, VOCABULARY, where="x").expression(100)


_WORDS = ["open", "on_hold", "segment", "days_overdue", "AND", "OR", "NOT", "IN", "BETWEEN", "IS", "NULL"]
_VALUES = ["TRUE", "DATE", "3", "2.5", "'x'", "''", "'2026-01-01'", "-"]
_SIGNS = ["=", "<>", ">=", "--", ";", ".", "(", ")", ","]
_PIECES = st.sampled_from([*_WORDS, *_VALUES, *_SIGNS])


@given(text=st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=14).map(" ".join)))
def test_any_text_is_either_a_condition_or_a_fault(text):
    try:
        condition = parse_condition(text, VOCABULARY, where="x")
    except ConditionFault:
        return
    again = parse_condition(condition.text, VOCABULARY, where="x")
    assert again == condition
    condition.expression(100)
