"""`aldia import …`: what a clerk sees of a file, good or bad, and that nothing is half done."""

import json

import pytest

GOOD = """Factura;Cliente;Nombre;Fecha;Vencimiento;Importe
F-1;C1;Bar Uno;01/02/2026;03/03/2026;1.234,56
F-2;C2;Bar Dos;15/02/2026;17/03/2026;10,00
"""
BAD = GOOD.replace("15/02/2026", "31/02/2026")


def _json(result, exit_code=0):
    assert result.exit_code == exit_code, result.stdout + result.stderr
    return json.loads(result.stdout)


@pytest.fixture
def table(tmp_path):
    def write(text, name="facturas.csv"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return str(tmp_path / name)

    return write


def _open(aldia):
    rows = json.loads(aldia("portfolio", "--on", "2026-11-20", "--json").stdout)["rows"]
    return {row["customer"]: row["open_minor"] for row in rows}


def test_a_file_is_imported_and_seen_in_the_portfolio(house, aldia, table):
    report = _json(aldia("import", "invoices", table(GOOD), "--json"))
    assert (report["counts"]["rows"], report["counts"]["new"], report["dry_run"]) == (2, 2, False)
    assert _open(aldia) == {"C1": 123_456, "C2": 1_000}
    again = _json(aldia("import", "invoices", table(GOOD), "--json"))
    assert (again["counts"]["new"], again["counts"]["unchanged"]) == (0, 2)
    assert _open(aldia) == {"C1": 123_456, "C2": 1_000}


def test_a_dry_run_shows_and_books_nothing(house, aldia, table):
    shown = aldia("import", "invoices", table(GOOD), "--dry-run")
    assert shown.exit_code == 0
    assert "2 filas" in shown.stdout
    assert "No se ha anotado nada." in shown.stdout
    assert _open(aldia) == {}


def test_a_faulty_row_is_named_and_nothing_is_booked(house, aldia, table):
    refusal = _json(aldia("import", "invoices", table(BAD), "--json"), exit_code=1)
    assert [(each["row"], each["column"]) for each in refusal["findings"]] == [(3, "Fecha")]
    shown = aldia("import", "invoices", table(BAD))
    assert shown.exit_code == 1
    assert "31/02/2026" in shown.stdout
    assert "--partial" in shown.stdout
    assert _open(aldia) == {}


def test_the_rest_of_a_faulty_file_is_importable_on_request(house, aldia, table):
    assert _json(aldia("import", "invoices", table(BAD), "--partial", "--json"))["counts"]["refused"] == 1
    assert _open(aldia) == {"C1": 123_456}


def test_columns_may_be_named_and_are_remembered_under_a_profile(house, aldia, table):
    text = GOOD.replace("Vencimiento", "Plazo final")
    mapped = ["--map", "due_date=Plazo final", "--profile", "tienda"]
    assert _json(aldia("import", "invoices", table(text), *mapped, "--json"))["counts"]["new"] == 2
    later = text.replace("F-1", "F-3").replace("F-2", "F-4")
    report = _json(aldia("import", "invoices", table(later, "2.csv"), "--profile", "tienda", "--json"))
    assert report["counts"]["new"] == 2


def test_an_import_can_be_undone_once(house, aldia, table):
    batch = str(_json(aldia("import", "invoices", table(GOOD), "--json"))["batch"])
    assert aldia("import", "undo", batch).exit_code == 0
    assert set(_open(aldia).values()) <= {0}
    assert aldia("import", "undo", batch).exit_code == 1
    assert _json(aldia("verify", "--json"))["ok"] is True


def test_batches_are_listed_newest_first(house, aldia, table):
    assert aldia("import", "list").stdout.strip() == "Todavía no se ha importado nada."
    aldia("import", "invoices", table(GOOD), "--dry-run")
    aldia("import", "invoices", table(GOOD))
    states = [batch["state"] for batch in _json(aldia("import", "list", "--json"))["batches"]]
    assert states == ["committed", "discarded"]
    assert "Importado" in aldia("import", "list").stdout


@pytest.mark.parametrize(
    "wrong", [["--map", "due_date"], ["--decimal", ";"], ["--dry-run", "otra.csv"]], ids=lambda w: w[0]
)
def test_options_that_make_no_sense_are_wrong_usage(house, aldia, table, wrong):
    assert aldia("import", "invoices", table(GOOD), *wrong).exit_code == 2


def test_an_empty_file_is_refused_with_a_sentence(house, aldia, table):
    refusal = aldia("import", "invoices", table(""))
    assert (refusal.exit_code, refusal.stdout) == (1, "")
    assert refusal.stderr.strip().endswith(".")
