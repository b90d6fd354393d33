"""`aldia panel`: the figures of the last close, for people and for programs."""

import json
import os

import pytest

from tests.cli.books import NOW


@pytest.fixture
def twentieth(monkeypatch):
    monkeypatch.setitem(os.environ, "ALDIA_NOW", NOW.isoformat())


def test_without_figures_it_says_what_to_do(house, aldia):
    refused = aldia("panel")
    assert refused.exit_code == 1
    assert "aldia run" in refused.stderr


def test_people_read_the_figures_with_how_they_are_reckoned(books, aldia, twentieth):
    assert aldia("run").exit_code == 0
    shown = aldia("panel").stdout
    assert "Papelería Luz · vie 20 nov 2026" in shown
    assert "Pendiente en EUR" in shown
    assert "pendiente ÷ facturado en los últimos 90 días × 90" in shown
    assert "Aún hay pocos cobros para conocer las costumbres" in shown


def test_programs_read_the_same(books, aldia, twentieth):
    assert aldia("run").exit_code == 0
    told = json.loads(aldia("panel", "--json").stdout)
    (euros,) = told["currencies"]
    assert (told["creditor"], told["on"], euros["currency"]) == ("luz", "2026-11-20", "EUR")
    assert sum(bucket["minor"] for bucket in euros["aging"]) == euros["outstanding"]["minor"]
    assert euros["overdue"]["rows"] == "currency = 'EUR' AND overdue > 0"


def test_past_fridays_are_reckoned_on_request(books, aldia, twentieth):
    told = json.loads(aldia("panel", "--rebuild", "--json").stdout)
    assert told["on"] == "2026-11-13"
    trend = told["currencies"][0]["trend"]
    assert len(trend) == 26
    assert all(point["reckoned"] for point in trend)
