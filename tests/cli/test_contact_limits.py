"""`aldia circumstance`, `consent`, `area-hold`, `holiday`: what keeps us from writing, by the program."""

import json

import pytest
from django.db import transaction

from aldia.records.parties.models import Circumstance, Consent
from aldia.records.tenancy.scope import scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def _told(ran):
    assert ran.exit_code == 0, ran.stderr
    return json.loads(ran.stdout)


def test_a_circumstance_is_added_listed_and_ended(books, aldia):
    added = _told(
        aldia("circumstance", "add", "TARDE", "complaint", "--on", "2026-11-20", "--note", "OMIC", "--json")
    )
    assert (added["kind"], added["from"], added["until"]) == ("complaint", "2026-11-20", None)
    listed = _told(aldia("circumstance", "list", "TARDE", "--on", "2026-11-20", "--json"))
    assert [(each["circumstance"], each["in_force"]) for each in listed["circumstances"]] == [
        (added["circumstance"], True)
    ]
    again = aldia("circumstance", "add", "TARDE", "complaint", "--json")
    assert (again.exit_code, json.loads(again.stdout)["error"]) == (1, "circumstance_open")
    _told(aldia("circumstance", "end", str(added["circumstance"]), "--note", "Archivada", "--json"))
    over = aldia("circumstance", "end", str(added["circumstance"]))
    assert (over.exit_code, over.stderr.strip()) == (1, "Esa circunstancia no existe o ya está terminada.")
    with transaction.atomic(), scope([books.pk]):
        known = Circumstance.objects.get()
    assert (known.recorded_by, known.ended_by, known.end_note) == ("cli", "cli", "Archivada")
    assert "Archivada" not in aldia("circumstance", "list", "TARDE").stdout
    assert "Reclamación ante consumo" in aldia("circumstance", "list", "TARDE").stdout


def test_nobody_is_found_by_a_wrong_code_and_no_kind_is_made_up(books, aldia):
    assert "No hay ningún cliente con el código «NADIE»" in aldia("circumstance", "list", "NADIE").stderr
    assert aldia("circumstance", "add", "TARDE", "rich").exit_code == 2


def test_what_a_customer_says_of_a_channel_is_taken_down(books, aldia):
    _told(aldia("consent", "add", "TARDE", "sms", "refused", "--source", "reply", "--json"))
    _told(aldia("consent", "add", "TARDE", "email", "granted", "--address", "a@bar.example", "--json"))
    listed = _told(aldia("consent", "list", "TARDE", "--json"))["consents"]
    assert [(each["channel"], each["state"], each["address"]) for each in listed] == [
        ("email", "granted", "a@bar.example"),
        ("sms", "refused", ""),
    ]
    assert "Respuesta BAJA" in aldia("consent", "list", "TARDE").stdout
    with transaction.atomic(), scope([books.pk]):
        assert Consent.objects.count() == 2


def test_an_area_is_held_and_let_go(house, aldia):
    said = ["--reason", "Inundaciones", "--on", "2026-11-20", "--json"]
    held = _told(aldia("area-hold", "add", "46", "02", "--until", "2099-01-01", *said))
    assert (held["country"], held["prefixes"]) == ("ES", ["46", "02"])
    wrong = aldia("area-hold", "add", "46", "--until", "2026-11-20", *said)
    assert (wrong.exit_code, json.loads(wrong.stdout)["error"]) == (1, "area_refused")
    listed = _told(aldia("area-hold", "list", "--on", "2026-11-21", "--json"))["area_holds"]
    assert [each["in_force"] for each in listed] == [True]
    assert "Inundaciones" in aldia("area-hold", "list").stdout
    _told(aldia("area-hold", "end", str(held["area_hold"]), "--json"))
    assert "terminada" in aldia("area-hold", "list").stdout


def test_a_municipal_holiday_is_added_listed_and_removed(house, aldia):
    added = _told(aldia("holiday", "add", "2099-09-06", "463", "Utiel", "--name", "Feria", "--json"))
    assert "Utiel" in aldia("holiday", "list").stdout
    assert "ya está anotado" in aldia("holiday", "add", "2099-09-06", "463", "Utiel").stderr
    _told(aldia("holiday", "remove", str(added["holiday"]), "--json"))
    assert _told(aldia("holiday", "list", "--json"))["holidays"] == []
