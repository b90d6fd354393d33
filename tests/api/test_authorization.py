"""Every operation × every kind of token: generated from the operations there are, none can be forgotten."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from aldia.api.policy import POLICY
from aldia.api.urls import Api, api
from aldia.kernel import clock
from aldia.rules.api_scopes import ApiScope
from tests.api.conftest import Program, given_token
from tests.cli.books import NOW

CANARY = "CANARIO"


@dataclass(frozen=True)
class House:
    """What is Papelería Luz's own, and bears the canary's name."""

    creditor: Any
    customer: str
    document: int
    line: int
    payment: int
    hold: int
    call: int
    promise: int
    dispute: int


@pytest.fixture
def house(luz):
    """With one customer, document and payment more, all canaries."""
    program = Program(given_token(luz)[1])
    program.post("/customers", {"code": CANARY, "name": CANARY})
    document = program.post("/documents", _document(CANARY, CANARY))[1]
    payment = program.post("/payments", _payment(CANARY) | {"reference": CANARY, "external_id": CANARY})[1]
    hold = program.post("/holds", _hold(CANARY))[1]
    call = program.post("/calls", _call() | {"customer": CANARY})[1]
    promise = program.post("/promises", _promise(CANARY))[1]
    contested = program.post("/documents", _document(CANARY, f"{CANARY}-2"))[1]["lines"][0]["id"]
    said = {"outcome": "dispute", "disputed_lines": [contested], "customer": CANARY}
    program.post("/calls", _call() | said)
    dispute = program.get("/disputes", customer=CANARY)[1]["disputes"][0]
    own = (each["id"] for each in (document, document["lines"][0], payment, hold, call, promise, dispute))
    return House(luz, CANARY, *own)


def _hold(customer: str) -> dict[str, Any]:
    until = clock.now().date() + timedelta(days=20)
    return {"customer": customer, "until_on": until.isoformat(), "reason": CANARY}


def _promise(customer: str) -> dict[str, Any]:
    on = clock.now().date() + timedelta(days=5)
    said = {"amount_minor": 100, "currency": "EUR", "promised_on": on.isoformat(), "note": CANARY}
    return said | {"customer": customer}


def _call() -> dict[str, Any]:
    return {"direction": "in", "reached": "right_party", "outcome": "spoken", "note": CANARY}


def _document(customer: str, number: str) -> dict[str, Any]:
    lines = [{"amount_minor": 5_000, "due_date": "2026-12-01"}]
    return {
        "customer": customer,
        "number": number,
        "issued_on": "2026-11-01",
        "currency": "EUR",
        "lines": lines,
    }


def _payment(customer: str | None) -> dict[str, Any]:
    return {"customer": customer, "value_on": "2026-11-19", "currency": "EUR", "amount_minor": 900}


def _asked(house: House) -> dict[str, tuple[str, str, Any]]:
    """For each operation a request that names what is the house's, if it names anything."""
    here = house.customer
    return {
        "list_customers": ("GET", "/customers", None),
        "get_customer": ("GET", f"/customers/{here}", None),
        "create_a_customer": ("POST", "/customers", {"code": "OTRO"}),
        "change_a_customer": ("PATCH", f"/customers/{here}", {"name": CANARY}),
        "list_holds": ("GET", f"/holds?customer={here}", None),
        "put_a_hold": ("POST", "/holds", _hold(here)),
        "end_a_hold": ("POST", f"/holds/{house.hold}/end", {"reason": "Ya no hace falta"}),
        "list_disputes": ("GET", f"/disputes?customer={here}", None),
        "end_a_dispute": ("POST", f"/disputes/{house.dispute}/end", {"reason": CANARY}),
        "list_calls": ("GET", f"/calls?customer={here}", None),
        "may_call_customer": ("GET", f"/calls/leave?customer={here}", None),
        "create_call": ("POST", "/calls", _call() | {"customer": here}),
        "correct_a_call": ("POST", f"/calls/{house.call}/corrections", _call() | {"outcome": "copy"}),
        "list_promises": ("GET", f"/promises?customer={here}", None),
        "record_a_promise": ("POST", "/promises", _promise(here)),
        "withdraw_a_promise": ("POST", f"/promises/{house.promise}/withdraw", {"reason": CANARY}),
        "get_customer_kind": ("GET", f"/customer-kinds/{here}", None),
        "judge_customer_kind": ("PATCH", f"/customer-kinds/{here}", {"kind": "casual", "note": CANARY}),
        "list_documents": ("GET", "/documents", None),
        "get_document": ("GET", f"/documents/{house.document}", None),
        "create_document": ("POST", "/documents", _document(here, "OTRA")),
        "get_document_copy": ("GET", f"/documents/{house.document}/copy", None),
        "put_document_copy": ("PUT", f"/documents/{house.document}/copy", b"%PDF-1.7 %%EOF"),
        "put_document_copy_link": (
            "PUT",
            f"/documents/{house.document}/copy-link",
            {"url": "https://facturas.example/1.pdf"},
        ),
        "delete_document_copy": ("DELETE", f"/documents/{house.document}/copy/pdf", None),
        "list_credit_notes": ("GET", f"/credit-notes?customer={here}", None),
        "create_credit_note": ("POST", "/credit-notes", _credit_note(here) | {"adjusts": house.document}),
        "list_payments": ("GET", "/payments", None),
        "get_payment": ("GET", f"/payments/{house.payment}", None),
        "create_payment": ("POST", "/payments", _payment(here) | {"due_lines": [house.line]}),
        "allocate_payment": (
            "POST",
            f"/payments/{house.payment}/allocations",
            {"due_lines": [house.line], "amount_minor": 100},
        ),
        "reverse_payment": ("POST", f"/payments/{house.payment}/reversals", {"on": "2026-11-20"}),
        "get_portfolio": ("GET", "/portfolio", None),
        "list_decisions": ("GET", "/decisions", None),
        "explain_customer": ("GET", f"/explain/{here}", None),
        "get_cases": ("GET", f"/cases/{here}", None),
        "get_worklist": ("GET", "/worklist", None),
    }


def _credit_note(customer: str) -> dict[str, Any]:
    return {
        "customer": customer,
        "number": "R",
        "issued_on": "2026-11-10",
        "currency": "EUR",
        "amount_minor": 100,
    }


# What a neighbour gets of what is not theirs: lists of their own, and a customer of the same code as ours.
_NAMES_NOTHING = {
    "list_customers",
    "list_documents",
    "list_payments",
    "get_portfolio",
    "list_decisions",
    "get_worklist",
}
_MAKES_OWN = {"create_a_customer"}


def _operations() -> dict[str, str]:
    """Operation id → method, from the description the house gives of itself."""
    paths = api.get_openapi_schema(path_prefix="/api/v1/")["paths"].values()
    return {said["operationId"]: method for each in paths for method, said in each.items()}


def test_every_operation_declares_its_scope_and_is_asked_here(house):
    operations = _operations()
    assert set(operations) == set(POLICY) == set(_asked(house))
    assert len(operations) >= 17
    for name, method in operations.items():
        assert str(POLICY[name]).endswith(":read" if method == "get" else ":write"), name


def test_an_operation_without_a_scope_would_be_found():
    """The control: the one way around `operation.py` shows in the description and not in the policy."""
    from ninja import Router

    router = Router()

    @router.get("/forgotten", operation_id="forgotten")
    def forgotten(request):
        return {}

    other = Api(urls_namespace="other", docs_url=None)
    other.add_router("", router)
    paths = other.get_openapi_schema(path_prefix="/").get("paths", {}).values()
    assert {said["operationId"] for each in paths for said in each.values()} - set(POLICY) == {"forgotten"}


def _statuses(house: House, program: Program) -> dict[str, int]:
    return {
        name: program.ask(method, path, body).status_code
        for name, (method, path, body) in _asked(house).items()
    }


def _all(status: int) -> dict[str, int]:
    return dict.fromkeys(POLICY, status)


def test_without_a_token_that_is_in_force_nothing_is_answered(house):
    from aldia.operations.api_tokens import revoke_token

    for nonsense in (None, "", "aldia_x", "x" * 5_000, "ñ\u0000", "' OR 1=1 --"):
        assert _statuses(house, Program(nonsense)) == _all(401)
    token, secret = given_token(house.creditor)
    revoke_token(creditor=house.creditor, token_id=token.pk, actor="prueba", now=NOW)
    assert _statuses(house, Program(secret)) == _all(401)
    _, old = given_token(house.creditor, days=1, now=NOW - timedelta(days=1))
    assert _statuses(house, Program(old)) == _all(401)


def test_a_token_opens_what_its_scope_says_and_nothing_else(house):
    for scope in ApiScope:
        _, secret = given_token(house.creditor, scope.value)
        for name, status in _statuses(house, Program(secret)).items():
            assert status in ({200, 201} if POLICY[name] is scope else {403}), (name, scope)


def test_what_is_anothers_is_not_there(house, mar):
    """For a program of the neighbour, who has all scopes: 404, own rows only, and no canary anywhere."""
    neighbour = Program(given_token(mar)[1])
    for name, (method, path, body) in _asked(house).items():
        response = neighbour.ask(method, path, body)
        expected = {200} if name in _NAMES_NOTHING else {201} if name in _MAKES_OWN else {404}
        assert response.status_code in expected, name
        said = json.loads(response.content)
        assert CANARY not in json.dumps({k: v for k, v in said.items() if k != "message"}), name


def test_ids_of_others_inside_a_body_are_not_there_either(house, mar):
    neighbour = Program(given_token(mar)[1])
    own = neighbour.post("/payments", _payment("TARDE"))[1]
    assert own["unallocated_minor"] == 900
    bodies = {
        "/payments": _payment("TARDE") | {"due_lines": [house.line]},
        f"/payments/{own['id']}/allocations": {"due_lines": [house.line]},
        "/credit-notes": _credit_note("TARDE") | {"adjusts": house.document},
    }
    assert {path: neighbour.post(path, body)[0] for path, body in bodies.items()} == dict.fromkeys(
        bodies, 404
    )


def test_without_the_scope_the_neighbour_would_see_us(house, mar, monkeypatch):
    """The control: were the scope that of both, the canary would sing."""
    from aldia.api import operation
    from aldia.records.tenancy.scope import scope

    both = [house.creditor.pk, mar.pk]
    monkeypatch.setattr(operation, "creditor_scope", lambda _ids: scope(both))
    monkeypatch.setattr("aldia.queries.pages_sql.CUSTOMERS", _unscoped("CUSTOMERS"))
    said = Program(given_token(mar)[1]).get("/customers", limit=500)[1]
    assert CANARY in json.dumps(said)


def _unscoped(name: str) -> str:
    from aldia.queries import pages_sql

    return str(getattr(pages_sql, name)).replace("c.creditor_id = %(creditor)s AND", "")
