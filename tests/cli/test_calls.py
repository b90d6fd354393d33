"""`aldia call`: whether one may be made, written down with what came of it, listed."""

import json

import pytest

pytestmark = pytest.mark.slow


def test_a_call_of_the_customers_is_written_down_and_listed(books, aldia):
    said = ("TARDE", "right_party", "paid", "--incoming", "--reason", "forgot", "--note", "Pagó ayer")
    made = aldia("call", "record", *said)
    assert made.exit_code == 0
    assert "Queda una tarea: comprobar el pago." in " ".join(made.stdout.split())
    (row,) = json.loads(aldia("call", "list", "TARDE", "--json").stdout)["calls"]
    assert (row["outcome"], row["reason"], row["direction"], row["by"]) == (
        "paid",
        "forgot",
        "in",
        "la línea de comandos",
    )
    assert "Dice que ya ha pagado" in aldia("call", "list", "TARDE").stdout
    assert aldia("call", "list", "NADIE-MAS").exit_code == 1


def test_whether_one_may_be_made_now_is_said_with_its_source(books, aldia):
    told = json.loads(aldia("call", "may", "TARDE", "--json").stdout)
    assert (told["allowed"], bool(told["sentence"]), told["asks_reason"]) in {
        (True, False, True),
        (False, True, True),
    }
    assert aldia("call", "may", "TARDE").exit_code == 0


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (("nobody", "promise", "--incoming"), "reached"),
        (("nobody", "promise", "--anyway"), "outcome"),
        (("right_party", "sung", "--anyway"), "outcome"),
        (("right_party", "callback", "--anyway"), "next_on"),
        (("right_party", "spoken", "--status", "good", "--anyway"), "number"),
        (("third_party", "third_party", "--reason", "forgot", "--anyway"), "reason"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(books, aldia, said, field):
    refused = aldia("call", "record", "TARDE", *said, "--json")
    told = json.loads(refused.stdout)
    assert (refused.exit_code, told["error"], told["field"]) == (1, "call_refused", field)


def test_the_catalogue_is_listed_with_what_follows(books, aldia):
    rows = json.loads(aldia("call", "outcomes", "--json").stdout)["outcomes"]
    assert {"code": "promise", "label": "Compromiso de pago", "effect": "promise"} in rows
    assert "Compromiso de pago" in aldia("call", "outcomes").stdout
