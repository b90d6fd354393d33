"""Sentences of the floors below, said in English with their figures in them."""

import time

import pytest
from django.utils import translation

from aldia.ui.other_language import said, speech_of

_NAMES = ("Uno", "Dos", "Tres", "Cuatro", "Cinco", "Seis")


@pytest.fixture
def in_english():
    with translation.override("en"):
        yield


def test_on_a_spanish_screen_nothing_changes():
    with translation.override("es"):
        assert said("Hoy toca «Aviso»: 15 días de retraso.") == "Hoy toca «Aviso»: 15 días de retraso."


@pytest.mark.usefixtures("in_english")
class TestInEnglish:
    def test_a_label_and_the_same_within_a_sentence(self):
        assert said("Sin confirmar") == "Unconfirmed"
        assert said("sin confirmar") == "unconfirmed"

    def test_a_decision_with_its_figures_and_its_day(self):
        spanish = (
            "Hoy toca esperar: 15 días de retraso, ya se hizo «Recordatorio amable»; el siguiente paso puede "
            "llegar el vie 20 nov 2026."
        )
        assert said(spanish) == (
            "Today it is time to wait: 15 days overdue, «Friendly reminder» already done; the next step "
            "may come on Fri 20 Nov 2026."
        )

    def test_amounts_within_a_list_within_a_sentence(self):
        spanish = (
            "Hoy no se le escribe: 1.120,00 € cobrados sin aplicar y 80,00 € en incidencia cubren lo vencido "
            "(1.200,00 €)."
        )
        assert said(spanish) == (
            "Not written to today: €1,120.00 received, not applied and €80.00 in dispute cover what is "
            "overdue (€1,200.00)."
        )

    def test_a_refusal_and_when_it_is_looked_at_again(self):
        spanish = "No se escribe en fin de semana. Se vuelve a mirar el lun 23 nov 2026 a las 09:00."
        assert said(spanish) == (
            "Nobody is written to at the weekend. It is looked at again on Mon 23 Nov 2026 at 09:00."
        )

    def test_an_unknown_text_stays_as_its_author_wrote_it(self):
        assert said("Llamar a Marta antes de comer") == "Llamar a Marta antes de comer"

    def test_a_free_text_is_not_half_translated(self):
        assert said("Pagado, dice su hermana") == "Pagado, dice su hermana"

    def test_a_long_hostile_text_takes_no_time(self):
        hostile = "a. b; c, d y e: f · g " * 90_000
        begun = time.monotonic()
        assert said(hostile) == hostile
        assert said(hostile[:1000]).startswith("a. b; c")
        assert time.monotonic() - begun < 2

    def test_braces_in_a_text_are_no_places(self):
        assert (
            said("No hay ningún cliente con el código «{0}».") == "There is no customer with the code «{0}»."
        )

    def test_the_percent_sign_keeps_its_figure(self):
        assert said("El interés pactado 12,50 % no está entre 0 y 100.") == (
            "The agreed interest 12.50 % is not between 0 and 100."
        )

    def test_every_sentence_of_the_catalogue_is_recognised_with_names_in_its_places(self):
        """None is swallowed by a broader one."""
        told = {pattern.shape: pattern for pattern in speech_of("en").patterns}
        lost = []
        for pattern in told.values():
            spanish = _filled(pattern.spanish)
            if said(spanish) != pattern.words.format(*_NAMES):
                lost.append(f"{spanish} → {said(spanish)}")
        assert lost == []


def _filled(spanish):
    """The sentence with a name in each place."""
    pieces = spanish.split("{}")
    return "".join(piece + name for piece, name in zip(pieces, [*_NAMES[: len(pieces) - 1], ""], strict=True))
