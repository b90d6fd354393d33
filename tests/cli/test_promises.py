"""`aldia promise`: taken down, listed, taken back; refused where it cannot be."""

import json
from datetime import timedelta

import pytest

from aldia.kernel import clock

pytestmark = pytest.mark.slow


def _day(days: int) -> str:
    return (clock.now().date() + timedelta(days=days)).isoformat()


def test_a_promise_is_taken_down_listed_and_taken_back(books, aldia):
    added = aldia("promise", "add", "TARDE", "50,00", _day(5), "--method", "transfer", "--json")
    made = json.loads(added.stdout)
    assert (made["customer"], made["amount_minor"], made["promised_on"]) == ("TARDE", 5_000, _day(5))
    assert "prometido" not in aldia("promise", "list").stderr
    (row,) = json.loads(aldia("promise", "list", "TARDE", "--json").stdout)["promises"]
    assert (row["state"], row["paid_minor"], row["until_on"]) == ("open", 0, _day(7))
    assert (row["method"], row["source"], row["promised_by"]) == ("transfer", "desk", "")
    assert "Pendiente" in aldia("promise", "list").stdout
    assert json.loads(aldia("explain", "TARDE", "--json").stdout)["decision"]["outcome"] == "promise_open"
    gone = aldia("promise", "withdraw", str(made["promise"]), "--reason", "No lo dijo")
    assert (gone.exit_code, gone.stdout) == (0, "Compromiso retirado.\n")
    (row,) = json.loads(aldia("promise", "list", "TARDE", "--json").stdout)["promises"]
    assert (row["state"], row["reason"]) == ("withdrawn", "No lo dijo")
    assert json.loads(aldia("promise", "list", "--json").stdout)["promises"] == [row]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (("99999999,00", _day(5)), "amount"),
        (("cien", _day(5)), "amount"),
        (("50,00", "2026-01-01"), "promised_on"),
        (("50,00", _day(200)), "promised_on"),
        (("50,00", _day(5), "--currency", "XXQ"), "currency"),
        (("50,00", _day(5), "--line", "999999"), "lines"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(books, aldia, said, field):
    refused = aldia("promise", "add", "TARDE", *said, "--json")
    told = json.loads(refused.stdout)
    assert refused.exit_code == 1
    assert told.get("field", "currency") == field
