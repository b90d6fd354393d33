"""`aldia worklist` and `aldia case`: what is worked next, by whom, and what is done next."""

import json

import pytest

from aldia.operations.run import daily_run
from aldia.operations.teams import CollectorTerms, set_collector
from aldia.records.tenancy.models import Membership
from tests.cli.books import DAY, NOW
from tests.cli.conftest import aldia, books, house  # noqa: F401
from tests.desk.conftest import person

AT = ("--now", NOW.isoformat())


@pytest.fixture
def eva(books):  # noqa: F811
    user = person(books, "eva@luz.example", "gestor")
    member = Membership.objects.get(creditor=books, user=user)
    terms = CollectorTerms(cases_per_day=2)
    set_collector(creditor=books, member_id=member.pk, terms=terms, actor="t", now=NOW)
    daily_run(creditor=books, on=DAY, now=NOW, actor="t")
    return user


def test_the_list_ranks_every_open_case_with_its_reason(aldia, eva):  # noqa: F811
    said = json.loads(aldia("worklist", *AT, "--json").stdout)
    assert said["total"] == len(said["cases"]) >= 5
    assert [each["rank"] for each in said["cases"]] == list(range(1, said["total"] + 1))
    assert all(each["reason"] and each["owner"] == eva.name for each in said["cases"])
    mine = json.loads(aldia("worklist", "--of", "eva@luz.example", *AT, "--json").stdout)
    assert mine["today"] == mine["capacity"]["per_day"] == 2
    assert "Para hoy, 2 expedientes." in aldia("worklist", "--of", "eva@luz.example", *AT).stdout
    assert json.loads(aldia("worklist", "--nobody", *AT, "--json").stdout)["total"] == 0


def test_strangers_and_contradictions_are_refused(aldia, eva):  # noqa: F811
    assert "Nadie con el correo" in aldia("worklist", "--of", "x@y.example", *AT).stderr
    assert aldia("worklist", "--of", "eva@luz.example", "--nobody").exit_code == 2


def test_a_case_is_shown_given_planned_and_noted(aldia, eva):  # noqa: F811
    assert json.loads(aldia("case", "show", "TARDE", "--json").stdout)["case"]["owner"] == eva.name
    nobody = json.loads(aldia("case", "assign", "TARDE", "--nobody", *AT, "--json").stdout)
    assert nobody["case"]["owner_id"] is None
    assert "Quién: " in aldia("case", "assign", "TARDE", "--to", "eva@luz.example", *AT).stdout
    planned = aldia("case", "next", "TARDE", "Mandar copia", "--on", "2026-11-25", *AT)
    assert "Próxima acción: Mandar copia" in planned.stdout
    assert aldia("case", "note", "TARDE", "Prefiere tardes", *AT).stdout.strip() == "Nota escrita."
    shown = aldia("case", "show", "TARDE").stdout
    assert "Prefiere tardes" in shown
    assert "Asignado" in shown


def test_what_cannot_be_is_refused_in_words(aldia, eva):  # noqa: F811
    late = aldia("case", "next", "TARDE", "Ayer", "--on", "2026-11-01", *AT)
    assert (late.exit_code, late.stderr.strip()) == (1, "La próxima acción no puede ser en el pasado.")
    assert "no tiene expediente abierto" in aldia("case", "assign", "PAGADO", "--nobody", *AT).stderr
    assert aldia("case", "next", "TARDE", "Sin día", *AT).exit_code == 2
    assert aldia("case", "assign", "TARDE", *AT).exit_code == 2


def test_the_books_hold_and_a_case_taken_away_is_named(aldia, eva, books, owner_connection):  # noqa: F811
    assert aldia("verify").exit_code == 0
    owner_connection.execute("SELECT set_config('aldia.creditor', %s, false)", [str(books.pk)])
    owner_connection.execute("ALTER TABLE cases_case DISABLE TRIGGER case_moves")
    owner_connection.execute(
        "UPDATE cases_case SET state = 'closed', closed_on = opened_on"
        " WHERE id = (SELECT min(id) FROM cases_case)"
    )
    owner_connection.execute("ALTER TABLE cases_case ENABLE TRIGGER case_moves")
    owner_connection.commit()
    said = json.loads(aldia("verify", "--json").stdout)
    assert [each["invariant"] for each in said["violations"]] == ["cases"]
    assert "no tiene expediente abierto" in said["violations"][0]["sentence"]
