"""`aldia dispute`: listed, ended with what came of it; refused where it cannot be."""

import json

import pytest

pytestmark = pytest.mark.slow


def _rows(aldia, *customer):
    return json.loads(aldia("dispute", "list", *customer, "--json").stdout)["disputes"]


def test_a_dispute_is_listed_and_ended(books, aldia):
    (row,) = _rows(aldia)
    assert (row["customer"], row["amount_minor"], row["open_minor"]) == ("INCIDENCIA", None, 20_000)
    shown = aldia("dispute", "list")
    assert (shown.exit_code, "toda" in shown.stdout, "abierta" in shown.stdout) == (0, True, True)
    ended = aldia("dispute", "end", str(row["dispute"]), "--reason", "Se hizo un abono")
    assert (ended.exit_code, ended.stdout) == (
        0,
        "Incidencia resuelta: la partida vuelve a reclamarse desde el próximo proceso diario.\n",
    )
    assert aldia("dispute", "list").stdout == "Ninguna.\n"
    (row,) = _rows(aldia, "INCIDENCIA")
    assert (row["end_reason"], row["ended_by"], row["in_force"]) == ("Se hizo un abono", "cli", False)
    assert ": Se hizo un abono" in aldia("dispute", "list", "INCIDENCIA").stdout


def test_what_cannot_be_is_refused(books, aldia):
    number = str(_rows(aldia)[0]["dispute"])
    refused = aldia("dispute", "end", number, "--json")
    told = json.loads(refused.stdout)
    assert (refused.exit_code, told["error"], told["field"]) == (1, "dispute_refused", "reason")
    assert aldia("dispute", "end", number, "--reason", "Un abono").exit_code == 0
    again = aldia("dispute", "end", number, "--reason", "Otra vez", "--json")
    assert (again.exit_code, json.loads(again.stdout)["error"]) == (1, "dispute_already_ended")
    assert aldia("dispute", "end", "999999", "--reason", "x").exit_code == 1
    assert aldia("dispute", "end", "abc").exit_code == 2
    assert aldia("dispute", "list", "NADIE").exit_code == 1
