"""`/salud`: for whoever watches over the house from outside."""

import pytest

HERE = {"HTTP_HOST": "127.0.0.1"}


def test_while_the_database_answers_all_is_well(client, transactional_db, app_dsn, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", app_dsn)
    answer = client.get("/salud", **HERE)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert set(answer.json()) == {"ok", "version"}


def test_without_a_database_it_says_so_and_does_not_break(client, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody:x@127.0.0.1:1/aldia")
    answer = client.get("/salud", **HERE)
    assert (answer.status_code, answer.json()["ok"]) == (503, False)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_is_for_reading_alone(client, method):
    assert getattr(client, method)("/salud", **HERE).status_code == 405
