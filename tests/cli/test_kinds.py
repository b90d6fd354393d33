"""`aldia kind`: how a customer pays, by the program."""

import json

import pytest

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def _told(ran):
    assert ran.exit_code == 0, ran.stderr
    return json.loads(ran.stdout)


def test_it_is_shown_said_and_given_back(books, aldia):
    shown = _told(aldia("kind", "show", "INCIDENCIA", "--on", "2026-11-20", "--json"))
    assert (shown["kind"], shown["because"], shown["judged"]) == ("circumstantial", "contested", None)
    said = _told(aldia("kind", "judge", "TARDE", "stalling", "--note", "Lo dijo por teléfono.", "--json"))
    assert (said["kind"], said["judged"]["note"]) == ("stalling", "Lo dijo por teléfono.")
    told = aldia("kind", "show", "TARDE").stdout
    assert "Retrasa el pago" in told
    assert "Lo dijo por teléfono." in told
    assert _told(aldia("kind", "release", "TARDE", "--json"))["judged"] is None


def test_what_cannot_be_is_refused_in_words(books, aldia):
    refused = aldia("kind", "judge", "TARDE", "stalling", "--json")
    assert (refused.exit_code, json.loads(refused.stdout)["error"]) == (1, "kind_refused")
    assert aldia("kind", "judge", "TARDE", "rich").exit_code == 2
    assert "No hay nada que devolver" in aldia("kind", "release", "TARDE").stderr
    assert "No hay ningún cliente con el código «NADIE»" in aldia("kind", "show", "NADIE").stderr
