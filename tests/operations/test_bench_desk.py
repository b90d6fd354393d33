"""Measuring the desk: the measurement itself works and says what it should. How fast it is, is no test."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from aldia.connectors.postgres import ensure_server
from aldia.operations.bench.desk_books import desk_shape

pytestmark = pytest.mark.night  # a minute for what the pages' own tests ask each time
_LINES = 150 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])  # a database of each worker's own
_MEASURE = f"bench desk --json --lines {_LINES} --clients 1 --requests 1 --workers 1"


@pytest.fixture(scope="module")
def measured() -> dict[str, Any]:
    """In a program of its own: the measurement turns Django to another database."""
    urls = ensure_server()
    told = subprocess.run(
        [sys.executable, "-m", "aldia.cli.main", *_MEASURE.split()],
        env={**os.environ, "DATABASE_URL": urls.app, "DATABASE_OWNER_URL": urls.owner},
        capture_output=True,
        check=True,
        timeout=300,
    )
    answer: dict[str, Any] = json.loads(told.stdout)
    return answer


@pytest.mark.slow
def test_every_page_of_the_desk_is_asked_for_and_none_is_missing_but_what_has_one_page_only(
    measured: dict[str, Any],
) -> None:
    titles = {page["title"] for page in measured["pages"]}
    assert {"Hoy", "Panel", "Clientes", "Partidas", "Cobros", "Buzón, enviados", "Auditoría"} <= titles
    assert {"Cliente, el mayor", "Por qué, uno corriente", "Búsqueda, una palabra"} <= titles
    assert all("página 2" in title for title in measured["missing"])


@pytest.mark.slow
def test_a_page_says_how_often_it_was_asked_for_what_it_weighs_and_what_it_asked_the_database(
    measured: dict[str, Any],
) -> None:
    for page in measured["pages"]:
        assert page["requests"] == 1, page
        assert 0 < page["p50_ms"] <= page["p95_ms"] <= page["max_ms"], page
        assert min(page["size_bytes"], page["queries"], page["ratio"]) > 0, page
    assert next(page for page in measured["pages"] if page["title"] == "Clientes")["bulk"] > 0


@pytest.mark.slow
def test_no_page_asks_more_than_fifteen_queries(measured: dict[str, Any]) -> None:
    asked = {page["title"]: page["queries"] for page in measured["pages"]}
    assert {title: queries for title, queries in asked.items() if queries > 15} == {}


@pytest.mark.slow
def test_the_first_view_keeps_its_bound_and_holds_the_styles_and_scripts(measured: dict[str, Any]) -> None:
    parts = measured["first_view"]["parts"]
    assert "/entrar/" in parts
    assert {part.rpartition(".")[2] for part in parts} >= {"css", "js"}
    assert sum(parts.values()) == measured["first_view"]["bytes"] <= 250_000


@pytest.mark.slow
def test_the_books_measured_hold_mails_that_left_and_messages_that_wait(measured: dict[str, Any]) -> None:
    facts = measured["facts"]
    assert facts["ledger_due_line"] == _LINES
    assert min(facts["messages sent"], facts["messages waiting_approval"]) > 0


def test_one_customer_has_a_fiftieth_of_the_lines_but_two_thousand_at_most() -> None:
    assert desk_shape(10_000).big == 200
    assert desk_shape(1_000_000).big == 2_000
