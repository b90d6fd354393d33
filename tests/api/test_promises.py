"""Promises to pay, by the API."""

from datetime import timedelta

from aldia.kernel import clock


def _day(days: int) -> str:
    return (clock.now().date() + timedelta(days=days)).isoformat()


def _said(**changes):
    return {"customer": "TARDE", "amount_minor": 5_000, "currency": "EUR", "promised_on": _day(4)} | changes


def test_it_is_taken_down_once_listed_and_taken_back(luz, program):
    status, made = program.post("/promises", _said(method="transfer", promised_by="Ana"))
    assert (status, made["state"], made["required_minor"], made["paid_minor"]) == (201, "open", 5_000, 0)
    assert (made["until_on"], made["promised_by"], made["customer"]) == (_day(6), "Ana", "TARDE")
    assert (made["method"], made["source"], made["taken_by"]) == ("transfer", "desk", "")
    assert program.get("/promises", customer="TARDE") == (200, {"promises": [made]})
    status, gone = program.post(f"/promises/{made['id']}/withdraw", {"reason": "No lo dijo"})
    assert (status, gone["state"], gone["reason"]) == (201, "withdrawn", "No lo dijo")
    status, told = program.post(f"/promises/{made['id']}/withdraw", {"reason": "Otra vez"})
    assert (status, told["code"]) == (409, "promise_decided")


def test_what_cannot_be_is_refused_by_its_field(luz, program):
    for changes, field in (
        ({"amount_minor": 10**12}, "amount_minor"),
        ({"promised_on": "2026-01-01"}, "promised_on"),
        ({"due_line_ids": [999_999]}, "due_line_ids"),
    ):
        status, told = program.post("/promises", _said(**changes))
        assert (status, told["code"], told["fields"][0]["field"]) == (422, "promise_refused", field)
    assert program.post("/promises", _said(amount_minor=0))[0] == 422
    assert program.post("/promises", _said(customer="NADIE"))[0] == 404
    assert program.post("/promises/999999/withdraw", {"reason": "x"})[0] == 404
