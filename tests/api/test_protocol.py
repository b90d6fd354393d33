"""What comes in is taken strictly or refused in one shape; neither session nor copy is kept of it."""

import json
from typing import Any

from tests.api.conftest import Program
from tests.api.test_books import PAYMENT

NUMBER_OF_400_DIGITS = "9" * 400


def _refusal(response):
    said = json.loads(response.content)
    assert set(said) == {"code", "message", "fields"}
    assert response.headers["Content-Type"] == "application/json"
    assert said["message"].endswith((".", "«Authorization: Bearer …»."))
    return response.status_code, said["code"]


NO_JSON = [
    *("{", "null x", '{"code": "a", "code": "b"}', '{"code": NaN}', '{"code": ' + "9" * 5_000 + "}"),
    *("[" * 100_000, b'{"code": "\xff"}', b"\xef\xbb\xbf{}", "code=a"),
]


def test_what_is_no_strict_json_is_no_request(program):
    answers = [_refusal(program.ask("POST", "/customers", body)) for body in NO_JSON]
    assert answers == [(400, "bad_request")] * len(NO_JSON)
    for body in ("", "[]", "null", "7"):
        assert _refusal(program.ask("POST", "/customers", body)) == (422, "invalid")


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"amount_minor": 10.5}, "amount_minor"),
    ({"amount_minor": "6000"}, "amount_minor"),
    ({"amount_minor": True}, "amount_minor"),
    ({"amount_minor": 0}, "amount_minor"),
    ({"amount_minor": -1}, "amount_minor"),
    ({"amount_minor": int(NUMBER_OF_400_DIGITS)}, "amount_minor"),
    ({"currency": "ZZZ"}, "currency"),
    ({"currency": "eur"}, "currency"),
    ({"value_on": "20/11/2026"}, "value_on"),
    ({"value_on": 1_700_000_000}, "value_on"),
    ({"value_on": "2026-02-30"}, "value_on"),
    ({"value_on": "1066-10-14"}, "value_on"),
    ({"reference": "a\u0000b"}, "reference"),
    ({"reference": "a\nb"}, "reference"),
    ({"reference": "\ud800"}, "reference"),
    ({"reference": "x" * 201}, "reference"),
    ({"due_lines": [0]}, "due_lines.0"),
    ({"due_lines": [2**63]}, "due_lines.0"),
    ({"due_lines": {}}, "due_lines"),
    ({"surprise": 1}, "surprise"),
]


def test_a_field_that_is_not_right_is_named(program):
    for change, field in WRONG:
        status, said = program.post("/payments", PAYMENT | change)
        assert (status, said["code"], [each["field"] for each in said["fields"]]) == (422, "invalid", [field])
    assert program.get("/payments", customer="NUEVO")[1]["payments"] == []


NO_ADDRESS = [
    *("/customers?limit=0", "/customers?limit=501", "/customers?limit=x", "/customers?after=-1"),
    *("/customers?search=%00", "/customers?serch=luz", "/documents/0", "/documents/abc"),
    *("/documents/99999999999999999999", "/documents?number=%00", "/customers/%00", "/explain/a%00"),
    *("/portfolio?on=ayer", "/portfolio?where=%00"),
]


def test_an_address_that_cannot_be_is_refused(program):
    answers = {address: _refusal(program.ask("GET", address)) for address in NO_ADDRESS}
    assert answers == dict.fromkeys(NO_ADDRESS, (422, "invalid"))


def test_a_repeated_wrong_byte_in_the_address_harms_nobody(program):
    assert _refusal(program.ask("GET", "/customers/%ff%fe"))[0] == 404
    assert program.ask("GET", "/customers?search=%ff").status_code == 200


def test_addresses_that_are_none_and_methods_they_do_not_have(program):
    assert _refusal(program.ask("GET", "/nada")) == (404, "not_found")
    assert _refusal(program.ask("GET", "/")) == (404, "not_found")
    response = program.ask("DELETE", "/customers")
    assert _refusal(response) == (405, "method_not_allowed")
    assert set(response.headers["Allow"].split(", ")) == {"GET", "POST"}


def test_a_body_without_end_is_not_read(program):
    assert _refusal(program.ask("POST", "/customers", "x" * (256 * 1024 + 1))) == (413, "too_large")


def test_a_program_is_slowed_down_when_it_asks_too_much(program, monkeypatch):
    from aldia.api import throttle

    monkeypatch.setattr(throttle, "PER_MINUTE", 3)
    assert [program.get("/decisions")[0] for _ in range(3)] == [200] * 3
    response = program.ask("GET", "/decisions")
    assert _refusal(response) == (429, "too_many_requests")
    assert 0 < int(response.headers["Retry-After"]) <= 60


def test_a_person_who_is_logged_in_is_nobody_here(luz, client):
    from aldia.operations.people import create_user
    from tests.cli.books import NOW

    user = create_user(
        email="ines@luz.example",
        name="Inés",
        password="cobro-sereno-2026",
        creditor_id=luz.pk,
        role="administrator",
        actor="prueba",
        now=NOW,
    )
    client.force_login(user)
    response = Program(None, client).ask("GET", "/customers")
    assert _refusal(response) == (401, "unauthorized")
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="aldia"'


def test_a_program_leaves_no_session_and_no_cookie(program):
    from django.contrib.sessions.models import Session

    response = program.ask("GET", "/customers")
    assert not response.cookies
    assert not Session.objects.exists()
    assert response.headers["Cache-Control"] == "no-store"


def test_the_description_is_openapi_and_open_to_all(db):
    said = json.loads(Program(None).ask("GET", "/openapi.json").content)
    assert said["openapi"] == "3.1.0"
    assert said["components"]["securitySchemes"] == {"Bearer": {"type": "http", "scheme": "bearer"}}
    assert "/api/v1/payments/{payment_id}/allocations" in said["paths"]


def test_a_fault_of_ours_is_told_as_such_and_undoes_everything(program, monkeypatch):
    from aldia.api import payments

    def fails(*_args):
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(payments, "_payment", fails)
    program.client.raise_request_exception = False
    response = program.ask("POST", "/payments", PAYMENT, key="k")
    assert _refusal(response) == (500, "internal_error")
    assert b"RuntimeError" not in response.content
    monkeypatch.undo()
    monkeypatch.setenv("ALDIA_NOW", "2026-11-20T10:00:00+01:00")
    assert program.get("/payments", customer="NUEVO")[1]["payments"] == []
    assert program.post("/payments", PAYMENT, key="k")[0] == 201  # the key was not used up
