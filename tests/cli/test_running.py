"""`aldia init`, `run`, `run-due`, strategies, checks: exit codes, sentences, JSON."""

import json
from datetime import time

import pytest

ON = ("--on", "2026-11-20")


def _json(result, exit_code=0):
    assert result.exit_code == exit_code, result.stdout + result.stderr
    return json.loads(result.stdout)


@pytest.mark.django_db
def test_init_makes_a_creditor_with_the_strategies_of_the_house(aldia):
    made = _json(
        aldia("init", "--name", "Panadería Ñu, S.L.", "--country", "ES", "--tax-id", "b58818501", "--json")
    )
    assert made["creditor"] == "panaderia-nu-s-l"
    assert (made["currency"], made["time_zone"]) == ("EUR", "Europe/Madrid")
    scopes = {s["strategy"]: s["scope"] for s in _json(aldia("strategy", "list", "--json"))["strategies"]}
    assert scopes == {
        "academia": "",
        "administraciones": "segmento public_body",
        "particulares": "todos los demás clientes",
        "pymes": "segmento business",
    }
    assert _json(aldia("verify", "--json"))["ok"] is True


@pytest.mark.django_db
def test_init_twice_is_refused_and_changes_nothing(aldia):
    assert aldia("init", "--name", "Luz", "--country", "ES").exit_code == 0
    refusal = _json(aldia("init", "--name", "Luz", "--country", "ES", "--json"), exit_code=1)
    assert refusal["error"] == "creditor_exists"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--country", "ES", "--tax-id", "B58818502"], "dígito de control"),
        (["--country", "PE", "--tax-id", "123"], "no tiene la forma de un RUC"),
        (["--country", "XX"], "No hay datos legales"),
        (["--country", "ES", "--time-zone", "Europe/Madriz"], "huso horario"),
        (["--country", "ES", "--place", "QQ"], "calendario de festivos"),
        (["--country", "ES", "--place", "PE-LIM"], "no está en el país"),
        (["--country", "ES", "--currency", "EURO"], "no existe"),
        (["--country", "ES", "--code", "con espacio"], "El código"),
    ],
)
def test_init_refuses_what_cannot_be_right(aldia, options, words):
    result = aldia("init", "--name", "Luz", *options)
    assert result.exit_code == 1
    assert words in result.stderr


@pytest.mark.django_db
def test_a_mexican_tax_id_with_a_wrong_check_digit_is_only_warned_about(aldia):
    made = _json(aldia("init", "--name", "Sol", "--country", "MX", "--tax-id", "GODE561231GR9", "--json"))
    assert "compruébelo" in made["warnings"][0]


@pytest.mark.django_db
def test_without_a_creditor_commands_say_how_to_begin(aldia):
    result = aldia("run", *ON)
    assert (result.exit_code, "aldia init" in result.stderr) == (1, True)


@pytest.mark.slow
def test_with_several_creditors_one_must_be_named(books, aldia):
    assert aldia("init", "--name", "Sol", "--country", "ES").exit_code == 0
    unclear = aldia("run", *ON)
    assert unclear.exit_code == 2
    assert "luz, sol" in unclear.stderr
    assert _json(aldia("run", *ON, "--creditor", "luz", "--json"))["customers"] == 9
    assert _json(aldia("--creditor", "luz", "run", *ON, "--dry-run", "--json"))["customers"] == 9
    assert aldia("run", *ON, "--creditor", "mar").exit_code == 1
    assert [r["creditor"] for r in _json(aldia("run", *ON, "--all", "--json"))["runs"]] == ["luz", "sol"]


def test_a_run_reports_what_it_decided_and_a_second_one_changes_nothing(books, aldia):
    first = _json(aldia("run", *ON, "--json"))
    assert (first["on"], first["customers"], first["recorded"]) == ("2026-11-20", 9, True)
    assert sum(first["decisions"].values()) == 9
    assert first["overdue"] == {"EUR": 179_800}
    assert first["messages"] == {"planned": 1}
    again = _json(aldia("run", *ON, "--json"))
    assert (again["recorded"], again["digest"]) == (False, first["digest"])


def test_a_dry_run_records_nothing(books, aldia):
    assert _json(aldia("run", *ON, "--dry-run", "--json"))["messages"] == {"planned": 1}
    assert _json(aldia("decisions", *ON, "--json"))["recorded"] is False


def test_a_run_for_people_speaks_spanish(books, aldia):
    shown = aldia("run", *ON).stdout
    for words in ("Papelería Luz · vie 20 nov 2026", "1.798,00 € vencidos", "En incidencia", "previsto: 1"):
        assert words in shown


def test_a_run_for_an_earlier_day_is_refused(books, aldia):
    assert aldia("run", *ON).exit_code == 0
    refusal = _json(aldia("run", "--on", "2026-11-19", "--json"), exit_code=1)
    assert refusal["error"] == "later_run_recorded"


def test_run_due_runs_those_whose_hour_has_come_once(books, aldia):
    from aldia.records.tenancy.models import Creditor

    Creditor.objects.update(run_at=time(7, 30))
    assert _json(aldia("run-due", "--now", "2026-11-20T06:29:00+00:00", "--json")) == {"runs": []}
    done = _json(aldia("run-due", "--now", "2026-11-20T06:31:00+00:00", "--json"))
    assert [(run["creditor"], run["on"]) for run in done["runs"]] == [("luz", "2026-11-20")]
    assert _json(aldia("run-due", "--now", "2026-11-20T08:00:00+00:00", "--json")) == {"runs": []}


def test_a_faulty_strategy_is_answered_fault_by_fault(books, aldia, tmp_path):
    file = tmp_path / "mala.toml"
    file.write_text('[strategy]\nname = "Mala"\n', encoding="utf-8")
    result = aldia("strategy", "check", str(file), *ON)
    assert result.exit_code == 1
    assert result.stderr.count("\n- ") >= 3
    assert _json(aldia("strategy", "check", str(file), *ON, "--json"), exit_code=1)["faults"]


@pytest.mark.slow
def test_a_strategy_is_checked_against_the_real_portfolio_and_then_set(books, aldia, tmp_path):
    toml = _json(aldia("strategy", "show", "pymes", "--json"))["toml"]
    file = tmp_path / "pymes.toml"
    file.write_text(toml.replace("minimum = 15", "minimum = 2", 1), encoding="utf-8")
    same = tmp_path / "igual.toml"
    same.write_text(toml, encoding="utf-8")
    assert _json(aldia("strategy", "check", str(same), *ON, "--json"))["changes"] == []
    found = _json(aldia("strategy", "check", str(file), *ON, "--json"))
    assert found["customers"] == 9
    assert [(each["customer"], each["from"]) for each in found["changes"]] == [("POCO", "below_minimum")]
    assert sum(found["counts"].values()) == 9
    assert aldia("strategy", "set", str(file)).exit_code == 0
    listed = {s["strategy"]: s for s in _json(aldia("strategy", "list", "--json"))["strategies"]}
    assert (listed["pymes"]["version"], listed["pymes"]["scope"]) == (2, "segmento business")
    assert listed["particulares"]["scope"] == "todos los demás clientes"
    after = {d["customer"]: d["outcome"] for d in _json(aldia("decisions", *ON, "--json"))["decisions"]}
    assert after["POCO"] == found["changes"][0]["to"]


@pytest.mark.slow
def test_a_customers_own_strategy_stays_theirs_when_it_is_set_again(books, aldia, tmp_path):
    toml = _json(aldia("strategy", "show", "academia", "--json"))["toml"]
    file = tmp_path / "academia.toml"
    for text in (toml, toml.replace('title = "Academia', 'title = "Mi academia', 1)):
        file.write_text(text, encoding="utf-8")
        to_whom = ["--customer", "TARDE"] if text == toml else []
        checked = _json(aldia("strategy", "check", str(file), *ON, *to_whom, "--json"))
        assert checked["customers"] == 1
        assert _json(aldia("strategy", "set", str(file), *to_whom, "--json"))["scope"] == "un cliente"


@pytest.mark.django_db
def test_the_vocabulary_names_every_word_of_conditions(aldia):
    words = _json(aldia("strategy", "vocabulary", "--json"))
    assert {"days_overdue", "dunnable"} <= {each["word"] for each in words["step"]}
    assert "dunnable" in aldia("strategy", "vocabulary").stdout


def test_the_doctor_finds_the_house_in_order_but_for_what_tests_may_do(books, aldia):
    found = _json(aldia("doctor", "--json"), exit_code=1)
    bad = {check["name"] for check in found["checks"] if not check["ok"]}
    assert bad == {"roles"}  # only in the tests' database may the application TRUNCATE
    assert {
        "server",
        "clock",
        "migrations",
        "policies",
        "forced",
        "keys",
        "time_zones",
        "disk",
        "home",
        "sending",
    } <= {check["name"] for check in found["checks"]}


def test_the_doctor_names_a_table_without_policy(books, aldia, owner_connection):
    owner_connection.execute("ALTER TABLE outreach_reply NO FORCE ROW LEVEL SECURITY")
    owner_connection.commit()
    try:
        checks = {c["name"]: c for c in _json(aldia("doctor", "--json"), exit_code=1)["checks"]}
    finally:
        owner_connection.execute("ALTER TABLE outreach_reply FORCE ROW LEVEL SECURITY")
        owner_connection.commit()
    assert not checks["forced"]["ok"]
    assert "outreach_reply" in checks["forced"]["sentence"]
    assert "✓" in aldia("doctor").stdout


def test_the_doctor_says_that_sending_is_locked(books, aldia):
    from aldia.records.tenancy.models import House
    from tests.cli.books import NOW

    locked = {"sending_locked_at": NOW, "sending_locked_reason": "Se ha restaurado una copia."}
    House.objects.update_or_create(pk=1, defaults=locked)
    (check,) = [c for c in _json(aldia("doctor", "--json"), exit_code=1)["checks"] if c["name"] == "sending"]
    assert not check["ok"]
    assert "Se ha restaurado una copia." in check["sentence"]
    assert "aldia reconcile" in check["remedy"]


@pytest.mark.parametrize("wrong", [["run", "--on", "ayer"], ["run", "--now", "luego"], ["nada"], ["explain"]])
def test_wrong_usage_leaves_with_two(aldia, wrong):
    assert aldia(*wrong).exit_code == 2


def test_a_creditor_without_customers_is_told_how_to_begin(house, aldia):
    for command in (["run", *ON], ["decisions", *ON]):
        shown = aldia(*command)
        assert (shown.exit_code, "aldia import invoices" in shown.stdout) == (0, True)


def test_the_database_says_where_it_stands(house, aldia):
    status = _json(aldia("db", "status", "--json"))
    assert status["running"] is True
    assert int(status["version"].split(".")[0]) >= 16
    assert _json(aldia("db", "migrate", "--json")) == {"applied": []}
    assert "en marcha" in aldia("db", "status").stdout
