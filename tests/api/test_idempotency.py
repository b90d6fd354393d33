"""Asked twice, done once; two at the same instant too; killed in the middle, not at all."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from aldia.operations import idempotency
from aldia.queries.creditors import the_creditor
from tests.api.conftest import Program, given_token
from tests.api.test_books import INVOICE, PAYMENT


def _payments(program):
    return program.get("/payments", customer="NUEVO")[1]["payments"]


def test_the_same_key_gives_the_same_answer_and_does_nothing(program):
    first = program.ask("POST", "/payments", PAYMENT, key="k")
    again = program.ask("POST", "/payments", PAYMENT, key="k")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert ("Idempotent-Replayed" in first.headers, again.headers["Idempotent-Replayed"]) == (False, "true")
    assert len(_payments(program)) == 1


def test_neither_spaces_nor_the_order_of_fields_make_another_request(program):
    program.ask("POST", "/payments", '{"value_on":"2026-11-19","currency":"EUR","amount_minor":5}', key="k")
    again = program.ask(
        "POST", "/payments", '{ "amount_minor": 5, "currency": "EUR", "value_on": "2026-11-19" }', key="k"
    )
    assert again.headers["Idempotent-Replayed"] == "true"


def test_another_request_under_the_same_key_is_refused(program):
    program.post("/payments", PAYMENT, key="k")
    for path, body in (
        ("/payments", PAYMENT | {"amount_minor": 1}),
        ("/customers", {"code": "7"}),
        (f"/payments/{_payments(program)[0]['id']}/reversals", {"on": "2026-11-20"}),
    ):
        status, said = program.post(path, body, key="k")
        assert (status, said["code"]) == (409, "idempotency_key_reused")
    assert len(_payments(program)) == 1


def test_a_document_beside_an_import_is_asked_for_again_under_the_same_key(program, app_dsn):
    creditor = the_creditor("luz").pk
    with psycopg.connect(app_dsn) as importing:
        importing.execute("SELECT pg_advisory_xact_lock(hashtextextended('aldia.import', %s))", [creditor])
        status, said = program.post("/documents", INVOICE, key="k")
        assert (status, said["code"]) == (409, "import_under_way")
    assert program.post("/documents", INVOICE, key="k")[0] == 201


def test_a_refusal_is_an_answer_too(program):
    """As the first of its kind does it: what was begun is answered the same for ever."""
    late = PAYMENT | {"customer": "LLEGA"}
    assert program.post("/payments", late, key="k")[0] == 404
    program.post("/customers", {"code": "LLEGA"})
    again = program.ask("POST", "/payments", late, key="k")
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (404, "true")
    assert program.post("/payments", late, key="k2")[0] == 201


def test_what_was_not_begun_leaves_the_key_free(program):
    assert program.post("/payments", PAYMENT | {"amount_minor": 0}, key="k")[0] == 422
    assert program.post("/payments", PAYMENT, key="k")[0] == 201


def test_a_post_without_a_sound_key_is_no_request(program):
    for key in ("x" * 256, "a b", "ñ"):
        status, said = program.post("/payments", PAYMENT, key=key)
        assert (status, said["fields"][0]["field"]) == (422, "Idempotency-Key")
    said = program.client.post(
        "/api/v1/payments", PAYMENT, content_type="application/json", headers=program.headers
    )
    assert said.status_code == 422
    assert program.post("/payments", PAYMENT, key="x" * 255)[0] == 201


def test_two_creditors_may_use_the_same_key(program, mar):
    neighbour = Program(given_token(mar)[1])
    assert program.post("/payments", PAYMENT, key="k")[0] == 201
    response = neighbour.ask("POST", "/payments", PAYMENT, key="k")
    assert (response.status_code, "Idempotent-Replayed" in response.headers) == (201, False)


def test_keys_are_kept_more_than_a_day_and_not_for_ever(program, monkeypatch):
    program.post("/payments", PAYMENT, key="k")
    monkeypatch.setenv("ALDIA_NOW", "2026-11-21T23:00:00+01:00")
    program.post("/payments", PAYMENT | {"amount_minor": 1})
    assert program.ask("POST", "/payments", PAYMENT, key="k").headers["Idempotent-Replayed"] == "true"
    monkeypatch.setenv("ALDIA_NOW", "2026-11-22T11:00:00+01:00")
    program.post("/payments", PAYMENT | {"amount_minor": 2})
    assert "Idempotent-Replayed" not in program.ask("POST", "/payments", PAYMENT, key="k").headers


@pytest.fixture
def slow(monkeypatch):
    """Whoever holds a key holds it for a while."""
    monkeypatch.setattr(idempotency, "fault_point", lambda _name: time.sleep(0.3))


def _at_once(luz, count, key="k"):
    """The same request, so many times at the same instant; the answers."""
    _, secret = given_token(luz)
    together, answers = threading.Barrier(count), []

    def ask():
        program = Program(secret)
        together.wait(10)
        answers.append(program.ask("POST", "/payments", PAYMENT, key=key))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(answers) == count, "somebody is still waiting, or broke"
    return answers


def test_of_many_at_once_one_is_done_and_all_hear_the_same(luz, program, slow):
    for round_ in range(3):
        answers = _at_once(luz, 4, key=f"k{round_}")
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.content for answer in answers}) == 1
        assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == 3
    assert len(_payments(program)) == 3


def test_without_the_constraint_it_is_done_by_each(luz, program, slow, owner_connection, monkeypatch):
    """The control."""
    clause = "ON CONFLICT (creditor_id, key) DO NOTHING"
    assert clause in idempotency._RESERVE
    monkeypatch.setattr(idempotency, "_RESERVE", idempotency._RESERVE.replace(clause, ""))
    table, name = "intake_idempotency_key", "idempotency_key_is_unique"
    owner_connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    owner_connection.commit()
    try:
        _at_once(luz, 2)
        assert len(_payments(program)) == 2
    finally:
        owner_connection.execute(f"TRUNCATE {table}")
        owner_connection.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE (creditor_id, key)")
        owner_connection.commit()


def test_who_would_wait_too_long_is_told_to_ask_again(luz, program, slow, monkeypatch):
    monkeypatch.setattr(idempotency, "_WAIT", "20ms")
    answers = sorted(_at_once(luz, 2), key=lambda answer: answer.status_code)
    assert [answer.status_code for answer in answers] == [201, 409]
    assert b"request_in_progress" in answers[1].content
    again = program.ask("POST", "/payments", PAYMENT, key="k")
    assert again.content == answers[0].content


def test_killed_in_the_middle_neither_key_nor_payment_is_there(program, app_dsn):
    for point in ("idempotency.reserved", "idempotency.answered"):
        assert _process(program, app_dsn, point).returncode == -signal.SIGKILL
        assert _payments(program) == []
    first, again = (program.ask("POST", "/payments", PAYMENT, key="k") for _ in range(2))
    assert (first.status_code, "Idempotent-Replayed" in first.headers) == (201, False)
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")
    assert len(_payments(program)) == 1


def _process(program, dsn, fault):
    """Another process asks under the program's token; fault: where it is killed."""
    environment = os.environ | {
        "DATABASE_URL": dsn,
        "ALDIA_FAULT": fault,
        "ALDIA_ALLOWED_HOSTS": "testserver",
        "DJANGO_SETTINGS_MODULE": "aldia.project.settings",
    }
    secret = program.headers["Authorization"].removeprefix("Bearer ")
    command = [sys.executable, "-m", "tests.api.post_once", secret, "k"]
    root = Path(__file__).parents[2]
    return subprocess.run(command, env=environment, cwd=root, text=True, capture_output=True, check=False)
