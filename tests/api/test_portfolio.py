"""The portfolio, the decisions and their reasons, as the program `aldia` tells them."""

from decimal import Decimal
from typing import Any

import pytest

from tests.api.conftest import Program, given_token
from tests.cli.books import DAY, NOW


@pytest.fixture
def decided(luz, program):
    """After the daily run of the day."""
    from aldia.operations.run import daily_run

    daily_run(creditor=luz, on=DAY, now=NOW, actor="prueba")
    return program


def _walked(program, path, rows, **query):
    """All rows of all pages, and how many pages there were."""
    found: list[Any] = []
    after, pages = 0, 0
    while after is not None:
        status, page = program.get(path, after=after, **query)
        assert status == 200, page
        found, after, pages = found + page[rows], page["next_after"], pages + 1
    return found, pages


def test_the_portfolio_in_pages_is_the_portfolio_as_a_whole(luz, program):
    from aldia.queries.reasons import portfolio_on

    whole = portfolio_on(luz, DAY)
    rows, pages = _walked(program, "/portfolio", "rows", limit=2, on="2026-11-20")
    assert pages == 5
    assert set(rows[0]) == set(whole.columns)
    told = {(row["customer"], row["currency"], row["dunnable_minor"]) for row in rows}
    assert told == set(whole.select("customer", "currency", "dunnable_minor").iter_rows())


def test_a_condition_keeps_the_rows_for_which_it_holds(program):
    kept = {
        "days_overdue > 60": {"CONCURSO", "INCIDENCIA", "PAUSA", "POCO"},
        "dunnable >= 600 AND NOT insolvent": {"TARDE"},
        "customer IN ('PRONTO', 'PAGADO')": {"PRONTO", "PAGADO"},
    }
    for where, codes in kept.items():
        rows, _ = _walked(program, "/portfolio", "rows", where=where, limit=3)
        assert {row["customer"] for row in rows} == codes


def test_a_condition_that_is_none_is_refused_in_words(program):
    for where in ("dunnable > ", "1=1; DROP TABLE parties_customer", "secreto = 1", "(" * 500):
        status, said = program.get("/portfolio", where=where)
        assert (status, said["code"], said["fields"][0]["field"]) == (422, "condition_fault", "where")


def test_the_decisions_are_those_of_the_last_run(luz, decided):
    from aldia.queries.decisions import decisions_on

    told, pages = _walked(decided, "/decisions", "decisions", limit=4)
    assert pages == 3
    assert sorted(told, key=lambda each: each["customer"]) == [
        each.as_dict() for each in decisions_on(luz, DAY).decisions
    ]


def test_before_the_first_run_there_are_no_decisions(program):
    assert program.get("/decisions") == (200, {"on": None, "decisions": [], "next_after": None})


def test_a_customer_is_explained_to_the_last_day_of_interest_and_one_who_owes_nothing_too(decided):
    status, told = decided.get("/explain/TARDE", on="2026-11-20")
    assert status == 200
    assert told["decision"]["step"] == "friendly"
    (line,) = told["lines"]
    assert (line["number"], line["open_minor"], line["days"]) == ("F-1", 60_000, 50)
    assert line["allocated"] == [[40_000, "2026-10-21"]]
    assert sum(Decimal(row["amount"]) for row in line["interest"]) * 100 == line["interest_minor"] > 0
    for code in ("NUEVO", "PAGADO"):
        status, told = decided.get(f"/explain/{code}")
        assert (status, told["lines"]) == (200, [])


def test_an_empty_house_has_an_empty_portfolio(transactional_db):
    from aldia.operations.creditors import create_creditor

    made = create_creditor(name="Nueva", country="ES", code="nueva", now=NOW, actor="prueba").creditor
    program = Program(given_token(made)[1])
    assert program.get("/portfolio")[1]["rows"] == []
    assert program.get("/decisions")[0] == 200
