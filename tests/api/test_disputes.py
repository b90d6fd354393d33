"""Disputes by the API: listed, ended once, refused where it cannot be."""


def _opened(program):
    document = {
        "customer": "TARDE",
        "number": "F-77",
        "issued_on": "2026-11-01",
        "currency": "EUR",
        "lines": [{"amount_minor": 5_000, "due_date": "2026-12-01"}],
    }
    line = program.post("/documents", document)[1]["lines"][0]["id"]
    said = {"direction": "in", "reached": "right_party", "outcome": "dispute", "disputed_lines": [line]}
    assert program.post("/calls", said | {"customer": "TARDE"})[0] == 201
    return line


def test_one_that_a_call_opened_is_listed_and_ended(luz, program):
    line = _opened(program)
    (seen,) = program.get("/disputes", customer="TARDE")[1]["disputes"]
    assert (seen["due_line_id"], seen["number"], seen["customer"]) == (line, "F-77", "TARDE")
    assert (seen["amount_minor"], seen["open_minor"], seen["in_force"]) == (None, 5_000, True)
    status, ended = program.post(f"/disputes/{seen['id']}/end", {"reason": "Se hizo un abono"})
    assert (status, ended["end_reason"], ended["in_force"]) == (201, "Se hizo un abono", False)
    assert ended["ended_by"].startswith("api")
    status, told = program.post(f"/disputes/{seen['id']}/end", {"reason": "Otra vez"})
    assert (status, told["code"]) == (409, "dispute_already_ended")


def test_the_same_key_ends_it_once_and_answers_the_same(luz, program):
    _opened(program)
    (seen,) = program.get("/disputes", customer="TARDE")[1]["disputes"]
    path, body = f"/disputes/{seen['id']}/end", {"reason": "Se hizo un abono"}
    first, again = (program.ask("POST", path, body, key="k") for _ in range(2))
    assert (first.status_code, first.content) == (201, again.content)
    assert again.headers["Idempotent-Replayed"] == "true"


def test_what_cannot_be_is_refused_with_its_field(luz, program):
    _opened(program)
    (seen,) = program.get("/disputes", customer="TARDE")[1]["disputes"]
    status, told = program.post(f"/disputes/{seen['id']}/end", {"reason": " "})
    assert (status, told["code"], told["fields"][0]["field"]) == (422, "dispute_refused", "reason")
    assert program.post(f"/disputes/{seen['id']}/end", {"reason": "x" * 201})[0] == 422
    assert program.post("/disputes/999999999/end", {"reason": "x"})[0] == 404
    assert program.get("/disputes", customer="NADIE")[0] == 404
