"""«Por qué»: the explanation of one customer, figure by figure."""

import pytest

from tests.desk.conftest import customer_id, text_of


@pytest.fixture
def why(desk, luz):
    return lambda code: text_of(desk.get(f"/acreedor/luz/clientes/{customer_id(luz, code)}/por-que/"))


def test_the_answer_comes_first_and_the_way_back_is_there(why):
    text = why("TARDE")
    assert "Bar Tarde, S.L." in text
    assert "Hoy toca «Recordatorio amable»: 50 días de retraso y 600,00 € por reclamar." in text
    assert "← Bar Tarde, S.L." in text


def test_the_ladder_says_of_every_step_why_or_why_not(why):
    text = why("TARDE")
    assert "✓ Recordatorio amable hoy Es el paso de hoy. La condición se cumple: días de retraso ≥ 3" in text
    assert "✓ Segundo recordatorio Antes falta «Recordatorio amable»." in text
    assert "✗ Último aviso y propuesta de acuerdo Su condición no se cumple todavía." in text


def test_interest_is_told_by_segment_with_rate_source_and_confidence(why, luz):
    from aldia.queries.explain import explain
    from tests.cli.books import DAY

    line = explain(luz, "TARDE", DAY).lines[0]
    text = why("TARDE")
    assert "02/10/2026 21/10/2026 20 1.000,00 €" in text
    for row in line.interest:
        assert row.confidence is not None
        assert f"{row.amount:.4f}".replace(".", ",") in text
        assert row.source in text
        assert row.confidence.label in text


def test_part_payments_and_money_without_a_place_are_told(why):
    assert "400,00 € pagados el mié 21 oct 2026" in why("TARDE")
    assert "Del cobro del jue 5 nov 2026 quedan 120,00 € sin aplicar." in why("COBRADO")


def test_who_owes_nothing_has_a_page_too(why):
    text = why("NUEVO")
    assert "No debe nada." in text
    assert "No hay nada vencido que mirar." in text


def test_a_step_held_back_names_the_reason(why):
    assert "Se cumple, pero hoy no se hace: en pausa." in why("PAUSA")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("days_overdue >= 15 AND dunnable >= 100", "días de retraso ≥ 15 y reclamable ≥ 100"),
        ("NOT on_hold OR last_reply_on IS NULL", "no en pausa o fecha de la última respuesta no consta"),
        ("segment IN ('open', 'b') AND days_overdue <> 3", "segmento en («open», «b») y días de retraso ≠ 3"),
        ("last_reply_on IS NOT NULL", "fecha de la última respuesta consta"),
    ],
)
def test_conditions_are_read_in_the_words_of_the_screen(written, read):
    from aldia.desk.conditions import condition_words

    assert condition_words(written) == read


def test_reasons_of_withdrawn_messages_are_told_in_words():
    from aldia.rules.portfolio.words import outcome_label

    assert outcome_label("spacing", {}) == "Entre avisos"
    assert outcome_label("superseded", {}) == "otro paso en su lugar"
    assert outcome_label("buzón lleno", {}) == "buzón lleno"
