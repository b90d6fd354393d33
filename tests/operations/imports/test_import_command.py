"""`aldia import`: a rehearsal says what a real import would say, and an undo says what it took back."""

import json

import pytest
from typer.testing import CliRunner

from aldia.cli.main import app

HEAD = "Factura;Cliente;Fecha;Vencimiento;Importe\n"
GOOD = HEAD + "F-1;C1;01/02/2026;03/03/2026;1.234,56\nF-2;C2;15/02/2026;17/03/2026;10,00\n"
BAD = GOOD.replace("15/02/2026", "31/02/2026")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def aldia(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    runner = CliRunner(env={"COLUMNS": "200", "NO_COLOR": "1", "ALDIA_NOW": "2026-11-21T10:00:00+01:00"})
    assert runner.invoke(app, ["init", "--name", "Ferretería", "--country", "ES"]).exit_code == 0
    return lambda *words: runner.invoke(app, list(words), catch_exceptions=False)


def _file(tmp_path, text):
    (tmp_path / "f.csv").write_text(text, encoding="utf-8")
    return "f.csv"


def test_a_rehearsal_of_a_file_that_would_be_refused_fails_with_its_findings(aldia, tmp_path):
    file = _file(tmp_path, BAD)
    result = aldia("import", "invoices", file, "--dry-run", "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["refused"]) == (1, True)
    assert [each["row"] for each in told["findings"] if each["severity"] == "error"] == [3]
    shown = aldia("import", "invoices", file, "--dry-run")
    assert (shown.exit_code, "31/02/2026" in shown.stdout) == (1, True)
    assert "no se importaría nada" in shown.stdout
    assert aldia("import", "invoices", file, "--dry-run", "--partial").exit_code == 0
    assert aldia("import", "invoices", _file(tmp_path, GOOD), "--dry-run").exit_code == 0


def test_a_rehearsal_of_a_file_without_a_needed_column_fails_even_in_part(aldia, tmp_path):
    file = _file(tmp_path, GOOD.replace("Vencimiento", "Plazo final"))
    assert aldia("import", "invoices", file, "--dry-run", "--partial").exit_code == 1


def test_an_undo_says_what_it_took_back_and_what_stays(aldia, tmp_path):
    file = _file(tmp_path, GOOD)
    number = str(json.loads(aldia("import", "invoices", file, "--json").stdout)["batch"])
    shown = aldia("import", "undo", number)
    assert f"Importación {number} deshecha" in shown.stdout
    assert "Anulado: 2 vencimientos." in shown.stdout
    assert "clientes y contactos" in shown.stdout
    again = aldia("import", "undo", number)
    assert f"La importación {number} no se puede deshacer: ya está deshecha." in again.output
    number = str(json.loads(aldia("import", "invoices", file, "--json").stdout)["batch"])
    told = json.loads(aldia("import", "undo", number, "--json").stdout)
    assert (told["undone"], told["counts"]["due_lines"]) == (int(number), 2)
    assert told["findings"] == []
