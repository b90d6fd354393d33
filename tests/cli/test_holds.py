"""`aldia hold`: put, listed with its author, ended; refused where it cannot be."""

import json
from datetime import timedelta

import pytest

from aldia.kernel import clock

pytestmark = pytest.mark.slow


def test_a_hold_is_put_listed_and_ended(books, aldia):
    until = (clock.now().date() + timedelta(days=20)).isoformat()
    made = json.loads(aldia("hold", "put", "TARDE", "--until", until, "--reason", "Duelo", "--json").stdout)
    assert (made["customer"], made["until"]) == ("TARDE", until)
    (row,) = json.loads(aldia("hold", "list", "TARDE", "--json").stdout)["holds"]
    assert (row["reason"], row["by"], row["in_force"]) == ("Duelo", "cli", True)
    assert "en vigor" in aldia("hold", "list", "TARDE").stdout
    ended = aldia("hold", "end", str(made["hold"]), "--reason", "Ha llamado")
    assert (ended.exit_code, ended.stdout) == (0, "Pausa terminada.\n")
    (row,) = json.loads(aldia("hold", "list", "TARDE", "--json").stdout)["holds"]
    assert (row["end_reason"], row["in_force"]) == ("Ha llamado", False)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (("--reason", "Duelo"), "until_on"),
        (("--until", "2026-01-01", "--reason", "Duelo"), "until_on"),
        (("--until", "2099-01-01", "--reason", "Duelo"), "until_on"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(books, aldia, said, field):
    refused = aldia("hold", "put", "TARDE", *said, "--json")
    told = json.loads(refused.stdout)
    assert (refused.exit_code, told["error"], told["field"]) == (1, "hold_refused", field)
