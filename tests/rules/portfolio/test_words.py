"""Every decision has words, and its sentence carries the day's facts."""

from datetime import date

import pytest

from aldia.rules.portfolio.reasons import Reason
from aldia.rules.portfolio.words import (
    REASON_WORDS,
    Amounts,
    Facts,
    day_text,
    days_text,
    joined,
    outcome_label,
    plain_sentence,
    reason_sentence,
)

FACTS = Facts(
    amounts=(
        Amounts("EUR", 50_000, 9_500, 3_000, 12_000, 4_000, 2_500, 15, 1_500),
        Amounts("USD", 8_000, 8_000, 8_000, 0, 0, 0, 3, None),
    ),
    strategy="Empresas",
    step_title="Segundo recordatorio",
    last_title="Recordatorio amable",
    next_on=date(2026, 11, 27),
    next_due_date=date(2026, 12, 1),
    last_sent_on=date(2026, 11, 20),
    insolvent_on=date(2026, 10, 1),
)


def _plain(text):
    """Amounts keep their sign by a fixed space; here it is an ordinary one."""
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize("reason", Reason)
def test_each_reason_has_a_label_and_sentences_that_fill_in(reason):
    words = REASON_WORDS[reason]
    assert words.label
    for facts in (FACTS, Facts()):
        sentence = reason_sentence(reason.value, facts)
        assert sentence.endswith(".")
        assert "{" not in sentence
    assert plain_sentence(reason.value).endswith(".")
    assert "!" not in words.plain + words.told + words.dated


def test_no_reason_shares_its_label_with_another():
    labels = [words.label for words in REASON_WORDS.values()]
    assert len(set(labels)) == len(Reason)


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        ("spacing", "Hoy no se le escribe: el último aviso salió el vie 20 nov 2026"
                    " y entre avisos pasan 7 días; el siguiente puede salir el vie 27 nov 2026."),
        ("waiting", "Hoy toca esperar: 15 días de retraso, ya se hizo «Recordatorio amable»;"
                    " el siguiente paso puede llegar el vie 27 nov 2026."),
        ("second", "Hoy toca «Segundo recordatorio»: 15 días de retraso y 30,00 € y 80,00 US$ por reclamar."),
        ("nothing_overdue", "No tiene nada vencido; quedan 500,00 € y 80,00 US$"
                            " y el próximo vencimiento es el mar 1 dic 2026."),
        ("on_hold", "Hoy no se le escribe: está en pausa hasta el vie 27 nov 2026."
                    " Tiene 95,00 € y 80,00 US$ vencidos."),
    ],
)  # fmt: skip
def test_a_sentence_tells_figures_and_dates(outcome, sentence):
    assert _plain(reason_sentence(outcome, FACTS)) == sentence


def test_money_that_covers_what_is_overdue_is_told_with_both_figures():
    row = Amounts("EUR", 9_500, 9_500, 0, 12_000, 0, 0, 19, 1_500)
    told = _plain(reason_sentence("money_unapplied", Facts(amounts=(row,))))
    assert told == "Hoy no se le escribe: 120,00 € cobrados sin aplicar cubren lo vencido (95,00 €)."


def test_a_step_is_labelled_by_its_title_and_else_by_its_id():
    assert outcome_label("second", {"second": "Segundo recordatorio"}) == "Segundo recordatorio"
    assert outcome_label("second", {}) == "second"
    assert outcome_label("disputed", {"disputed": "no"}) == "En incidencia"


def test_days_dates_and_lists_read_as_spanish():
    assert day_text(date(2026, 11, 20)) == "vie 20 nov 2026"
    assert (days_text(1), days_text(0), days_text(12)) == ("1 día", "0 días", "12 días")
    assert (joined([]), joined(["a"]), joined(["a", "b", "c"])) == ("", "a", "a, b y c")
