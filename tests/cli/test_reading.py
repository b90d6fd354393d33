"""What the command line shows of a portfolio: decisions, one customer, all columns."""

import csv
import io
import json
from datetime import date

import polars as pl
import pytest

from aldia.cli.reading import Format, written
from aldia.rules.portfolio.vocabulary import VOCABULARY

ON = ("--on", "2026-11-20")

EXPECTED = {
    "COBRADO": "money_unapplied",
    "CONCURSO": "insolvent",
    "INCIDENCIA": "disputed",
    "NUEVO": "nothing_open",
    "PAGADO": "nothing_open",
    "PAUSA": "on_hold",
    "POCO": "below_minimum",
    "PRONTO": "nothing_overdue",
    "TARDE": "friendly",
}


def _json(result):
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_every_customer_has_one_decision_with_a_sentence(books, aldia):
    found = _json(aldia("decisions", *ON, "--json"))
    assert {each["customer"]: each["outcome"] for each in found["decisions"]} == EXPECTED
    assert found["recorded"] is False
    assert sum(found["counts"].values()) == len(EXPECTED)
    assert all(each["sentence"].endswith(".") for each in found["decisions"])


def test_decisions_for_people_carry_the_reason_with_its_figures(books, aldia):
    shown = aldia("decisions", *ON).stdout
    assert "120,00 € cobrados sin aplicar cubren lo vencido (95,00 €)" in shown
    assert "Bar Tarde, S.L." in shown
    assert "vie 20 nov 2026" in shown


def test_after_a_run_the_day_shows_its_stored_decisions(books, aldia):
    before = _json(aldia("decisions", *ON, "--json"))
    assert aldia("run", *ON).exit_code == 0
    after = _json(aldia("decisions", *ON, "--json"))
    assert after["recorded"] is True
    assert after["decisions"] == before["decisions"]


def test_a_stored_decision_stays_though_the_facts_changed(books, aldia):
    from datetime import date

    from django.db import transaction

    from aldia.records.parties.models import Customer
    from aldia.records.tenancy.scope import scope
    from tests.cli.books import Books

    assert aldia("run", *ON).exit_code == 0
    with transaction.atomic(), scope([books.pk]):
        late = Customer.objects.get(code="TARDE")
        Books(books).payment(late, 60_000, date(2026, 11, 19))
    found = {each["customer"]: each for each in _json(aldia("decisions", *ON, "--json"))["decisions"]}
    assert found["TARDE"]["outcome"] == "friendly"
    assert found["TARDE"]["sentence"] == "Hoy toca «Recordatorio amable»."  # today's figures would mislead
    explained = _json(aldia("explain", "TARDE", *ON, "--json"))["decision"]
    assert (explained["outcome"], explained["stored"]) == ("money_unapplied", "friendly")


def test_the_portfolio_as_csv_has_the_vocabulary_as_header_and_plain_numbers(books, aldia):
    rows = list(csv.DictReader(io.StringIO(aldia("portfolio", *ON).stdout)))
    assert list(rows[0]) == [column.name for column in VOCABULARY]
    late = next(row for row in rows if row["customer"] == "TARDE")
    assert (late["open_minor"], late["days_overdue"], late["oldest_due_date"]) == (
        "60000",
        "50",
        "2026-10-01",
    )
    assert late["next_due_date"] == ""


def test_the_portfolio_says_the_same_in_every_format(books, aldia, tmp_path):
    as_json = json.loads(aldia("portfolio", *ON, "--format", "json").stdout)
    assert as_json["on"] == "2026-11-20"
    target = tmp_path / "cartera.parquet"
    assert aldia("portfolio", *ON, "--format", "parquet", "--output", str(target)).exit_code == 0
    frame = pl.read_parquet(target)
    as_csv = pl.read_csv(io.StringIO(aldia("portfolio", *ON).stdout))
    assert frame.columns == list(as_json["rows"][0]) == as_csv.columns
    assert frame["open_minor"].to_list() == [row["open_minor"] for row in as_json["rows"]]
    assert as_csv["open_minor"].to_list() == frame["open_minor"].to_list()
    assert json.loads(aldia("portfolio", *ON, "--json").stdout) == as_json


def test_explain_for_people_begins_with_the_answer(books, aldia):
    lines = [line for line in aldia("explain", "TARDE", *ON).stdout.splitlines() if line.strip()]
    assert lines[0].strip() == "Bar Tarde, S.L. (TARDE)"
    assert lines[2].startswith("Hoy toca «Recordatorio amable»: 50 días de retraso y 600,00 € por reclamar.")
    assert "1.000,00 €" in "\n".join(lines)
    assert "02/10/2026" in "\n".join(lines)


@pytest.mark.slow
def test_every_customer_can_be_explained(books, aldia):
    for code, outcome in EXPECTED.items():
        explained = _json(aldia("explain", code, *ON, "--json"))
        assert explained["decision"]["outcome"] == outcome
        shown = aldia("explain", code, *ON)
        assert explained["decision"]["sentence"] in shown.stdout.replace("\n", " ")


def test_an_unknown_customer_is_answered_with_the_nearest(books, aldia):
    result = aldia("explain", "TARDES", *ON)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.strip() == "No hay ningún cliente con el código «TARDES». ¿Quiso decir «TARDE»?"
    refusal = aldia("explain", "TARDES", *ON, "--json")
    assert refusal.exit_code == 1
    assert json.loads(refusal.stdout)["near"] == ["TARDE"]


def test_letter_case_of_a_code_does_not_matter(books, aldia):
    assert _json(aldia("explain", "tarde", *ON, "--json"))["customer"] == "TARDE"


def test_a_reply_is_remembered(books, aldia):
    assert aldia("reply", "TARDE", "promises", *ON, "--note", "Paga el lunes").exit_code == 0
    explained = _json(aldia("explain", "TARDE", *ON, "--json"))
    assert explained["history"][-1]["text"] == "Promete pagar: Paga el lunes"
    assert explained["balances"][0]["last_reply_kind"] == "promises"
    assert aldia("reply", "TARDE", "canta", *ON).exit_code == 2


def test_a_code_that_a_spreadsheet_would_run_is_inert_in_csv() -> None:
    rows = pl.DataFrame(
        {"customer": ["=cmd|'/c calc'!A1", "+34", "-1", "@x", "C1", None], "open_minor": [-1] * 6}
    )
    text = written(rows, date(2026, 11, 20), Format.CSV).decode()
    first = [row["customer"] for row in csv.DictReader(io.StringIO(text))]
    assert first == ["'=cmd|'/c calc'!A1", "'+34", "'-1", "'@x", "C1", ""]
    assert "-1" in text.splitlines()[1]
