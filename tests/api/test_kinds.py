"""How a customer pays, by the API."""


def test_it_is_read_changed_and_given_back(luz, program):
    status, told = program.get("/customer-kinds/INCIDENCIA", on="2026-11-20")
    assert (status, told["kind"], told["because"], told["judged_on"]) == (
        200,
        "circumstantial",
        "contested",
        None,
    )
    said = {"kind": "illiquid", "note": "Lo explicó su gestoría."}
    status, told = program.patch("/customer-kinds/TARDE", said)
    assert (status, told["kind"], told["inferred"]) == (200, "illiquid", "unknown")
    assert (told["label"], told["note"]) == ("Con dificultades", "Lo explicó su gestoría.")
    assert program.patch("/customer-kinds/TARDE", said) == (200, told), "asked twice, said once"
    status, told = program.patch("/customer-kinds/TARDE", {"kind": None})
    assert (status, told["kind"], told["judged_by"]) == (200, "unknown", "")


def test_what_cannot_be_is_refused(luz, program):
    assert program.patch("/customer-kinds/TARDE", {"kind": "rich", "note": "x"})[0] == 422
    status, said = program.patch("/customer-kinds/TARDE", {"kind": "casual"})
    assert (status, said["code"], said["fields"][0]["field"]) == (422, "kind_refused", "note")
    assert program.get("/customer-kinds/NADIE")[0] == 404
