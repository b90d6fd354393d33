"""Cases and the worklist as programs read them."""

import pytest

from tests.cli.books import DAY, NOW


@pytest.fixture
def worked(luz, program, monkeypatch):
    """After the daily run of the day."""
    from aldia.operations.run import daily_run

    monkeypatch.setenv("ALDIA_NOW", NOW.isoformat())
    daily_run(creditor=luz, on=DAY, now=NOW, actor="prueba")
    return program


def test_the_worklist_ranks_what_is_open(worked):
    status, page = worked.get("/worklist")
    assert status == 200
    assert page["total"] == len(page["cases"]) >= 5
    assert [each["rank"] for each in page["cases"]] == list(range(1, page["total"] + 1))
    first = page["cases"][0]
    assert first["reason"]
    assert first["overdue"][0]["minor"] > 0
    assert worked.get("/worklist", owner="nobody")[1]["total"] == page["total"]
    assert worked.get("/worklist", tier=2)[1]["total"] == 0


def test_a_customers_cases_come_with_their_history(worked):
    status, said = worked.get("/cases/TARDE")
    assert status == 200
    assert [case["state"] for case in said["cases"]] == ["new"]
    assert [each["kind"] for each in said["history"]] == ["opened"]
    assert worked.get("/cases/PAGADO")[1]["cases"] == []
    assert worked.get("/cases/NADIE")[0] == 404


def test_what_is_asked_wrongly_is_refused(worked):
    assert worked.get("/worklist", owner="mine")[0] == 422
    assert worked.get("/worklist", tier=9)[0] == 422
