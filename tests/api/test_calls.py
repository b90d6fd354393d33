"""Calls and visits by the API: written down once, listed, put right."""


def _said(**more):
    return {"customer": "TARDE", "direction": "in", "reached": "right_party", "outcome": "spoken"} | more


def test_a_call_is_written_down_listed_and_put_right(luz, program):
    status, made = program.post("/calls", _said(reason="forgot", note="Lo mira hoy"))
    assert (status, made["outcome_label"], made["by"]) == (
        201,
        "Hablado, sin acuerdo",
        "un programa, por la API",
    )
    assert (made["refusal"], made["corrected_by"]) == (None, None)
    said = _said(outcome="paid")
    del said["customer"]
    status, right = program.post(f"/calls/{made['id']}/corrections", said)
    assert (status, right["corrects_id"], right["outcome"]) == (201, made["id"], "paid")
    status, page = program.get("/calls", customer="TARDE", limit=1)
    assert (status, [each["id"] for each in page["calls"]], page["next_after"]) == (
        200,
        [right["id"]],
        right["id"],
    )
    status, page = program.get("/calls", customer="TARDE", after=page["next_after"])
    assert [(each["id"], each["corrected_by"]) for each in page["calls"]] == [(made["id"], right["id"])]
    assert page["next_after"] is None


def test_what_cannot_be_is_refused_with_its_field(luz, program):
    status, told = program.post("/calls", _said(outcome="no_answer"))
    assert (status, told["code"], told["fields"][0]["field"]) == (422, "call_refused", "outcome")
    assert program.post("/calls", _said(reached="ghost"))[0] == 422
    assert program.post("/calls", _said(at="2026-11-20T10:00:00"))[0] == 422, "an hour without a zone"
    assert program.post("/calls", _said(customer="NADIE"))[0] == 404
    said = {"reached": "right_party", "outcome": "paid"}
    assert program.post("/calls/999999999/corrections", said)[0] == 404


def test_whether_one_may_be_made_is_told_with_its_source(luz, program):
    status, told = program.get("/calls/leave", customer="TARDE")
    assert status == 200
    assert told["allowed"] is not bool(told["sentence"])
    assert bool(told["source"]) is bool(told["sentence"])
