"""What a program enters is there for everybody, and what is there it can read, in whole cents."""

INVOICE = {
    "customer": "NUEVO",
    "number": "2026-77",
    "issued_on": "2026-11-02",
    "currency": "EUR",
    "lines": [
        {"amount_minor": 6_050, "due_date": "2026-12-02"},
        {"amount_minor": 6_050, "due_date": "2027-01-02"},
    ],
    "net_minor": 10_000,
    "description": "Papel y sobres",
}
PAYMENT = {"customer": "NUEVO", "value_on": "2026-11-19", "currency": "EUR", "amount_minor": 6_000}


def test_customers_come_in_pages_and_the_last_id_is_where_to_go_on(program):
    codes, after = [], 0
    while after is not None:
        status, page = program.get("/customers", after=after, limit=4)
        assert status == 200
        codes += [customer["code"] for customer in page["customers"]]
        after = page["next_after"]
    assert codes == [
        *("TARDE", "PAGADO", "PRONTO", "COBRADO", "INCIDENCIA", "PAUSA", "CONCURSO", "POCO", "NUEVO"),
    ]


def test_a_customer_is_found_by_the_beginning_of_a_word_without_accents(program):
    program.post("/customers", {"code": "7", "name": "Peña Cañizares, Ángel"})
    for text in ("pena", "ANGEL can", "7"):
        _, page = program.get("/customers", search=text)
        assert [customer["code"] for customer in page["customers"]] == ["7"]
    assert program.get("/customers", search="pena x")[1]["customers"] == []


def test_a_new_customer_is_read_as_a_row_of_a_file_would_be(program):
    said = {
        "code": "A/1 ñ",
        "name": "Obras Ebro, S.L.",
        "tax_id": "b-99286320",
        "email": "pagos@ebro.example",
        "segment": "obra",
        "tags": ["vip"],
        "contract_rate_bp": 1015,
        "country": "ES",
    }
    status, made = program.post("/customers", said)
    assert status == 201
    assert made["person_kind"] == "business"  # the NIF says so
    assert (made["tax_id"], made["contract_rate_bp"], made["tags"]) == ("B99286320", 1015, ["vip"])
    assert made["contacts"] == [
        {
            "name": "Obras Ebro, S.L.",
            "role": "holder",
            "points": [{"channel": "email", "value": "pagos@ebro.example"}],
        }
    ]
    assert program.get("/customers/A/1 ñ") == (200, made)


def test_what_is_not_said_of_a_customer_stays(program):
    program.post("/customers", {"code": "7", "name": "Ana", "segment": "vip", "email": "a@ana.example"})
    status, changed = program.patch("/customers/7", {"name": "Ana Ruiz", "phone": "600 100 200"})
    assert status == 200
    assert (changed["name"], changed["segment"]) == ("Ana Ruiz", "vip")
    assert [point["value"] for contact in changed["contacts"] for point in contact["points"]] == [
        "a@ana.example",
        "600 100 200",
    ]
    assert program.get("/customers", search="ruiz")[1]["customers"][0]["code"] == "7"


def test_nobody_writes_to_a_minor(program):
    said = {"code": "N", "name": "Leo", "birth_date": "2015-05-01", "email": "leo@casa.example"}
    _, made = program.post("/customers", said)
    assert made["minor"] is True
    assert made["contacts"] == []


def test_a_code_is_one_customer(program):
    status, said = program.post("/customers", {"code": "TARDE"})
    assert (status, said["code"]) == (409, "customer_exists")
    status, said = program.patch("/customers/NADIE", {"name": "x"})
    assert (status, said["code"]) == (404, "unknown_customer")


def test_what_a_file_could_not_say_of_a_customer_a_program_cannot_either(program):
    wrong = {"email": "nada", "language": "xx", "country": "XX", "name": "  ", "phone": "seis cifras"}
    for field, value in wrong.items():
        status, said = program.post("/customers", {"code": "7", field: value})
        assert (status, [each["field"] for each in said["fields"]]) == (422, [field])
    assert program.get("/customers/7")[0] == 404


def test_an_invoice_is_there_with_its_due_dates(program):
    status, made = program.post("/documents", INVOICE)
    assert status == 201
    assert (made["total_minor"], made["net_minor"]) == (12_100, 10_000)
    assert [(line["due_date"], line["open_minor"]) for line in made["lines"]] == [
        ("2026-12-02", 6_050),
        ("2027-01-02", 6_050),
    ]
    assert program.get(f"/documents/{made['id']}") == (200, made)
    assert program.get("/documents", customer="NUEVO")[1] == {"documents": [made], "next_after": None}
    assert program.get("/documents", number="2026-77")[1]["documents"] == [made]
    assert program.get("/customers/NUEVO")[1]["balances"] == [
        {"currency": "EUR", "open_minor": 12_100, "unallocated_minor": 0}
    ]


def test_the_same_number_is_not_booked_again_whoever_booked_it(program):
    assert program.post("/documents", INVOICE | {"customer": "TARDE", "number": "F-1"})[1]["code"] == (
        "document_exists"
    )
    assert program.post("/documents", INVOICE)[0] == 201
    assert program.post("/documents", INVOICE)[1]["code"] == "document_exists"


def test_a_credit_note_pays_what_it_adjusts(program):
    _, invoice = program.post("/documents", INVOICE)
    note = {
        "customer": "NUEVO",
        "number": "R-1",
        "issued_on": "2026-11-10",
        "currency": "EUR",
        "amount_minor": 7_000,
        "adjusts": invoice["id"],
    }
    status, made = program.post("/credit-notes", note)
    assert (status, made["unallocated_minor"], made["adjusts"]) == (201, 0, invoice["id"])
    assert [each["amount_minor"] for each in made["allocations"]] == [6_050, 950]
    assert program.get("/credit-notes")[1]["credit_notes"] == [made]
    assert program.post("/credit-notes", note)[1]["code"] == "credit_note_exists"
    assert program.post("/credit-notes", note | {"customer": "POCO", "number": "R-2"})[1]["code"] == (
        "another_customer"
    )


def test_a_payment_pays_the_document_it_names_and_its_rest_can_be_allocated(program):
    _, invoice = program.post("/documents", INVOICE)
    first, second = (line["id"] for line in invoice["lines"])
    status, paid = program.post("/payments", PAYMENT | {"document": "2026-77", "external_id": "banco-1"})
    assert (status, paid["unallocated_minor"], paid["external_id"]) == (201, 0, "banco-1")
    assert [(a["due_line"], a["amount_minor"], a["on"]) for a in paid["allocations"]] == [
        (first, 6_000, "2026-11-19")
    ]
    _, loose = program.post("/payments", PAYMENT)
    assert loose["unallocated_minor"] == 6_000
    path = f"/payments/{loose['id']}/allocations"
    status, placed = program.post(path, {"due_lines": [first, second], "amount_minor": 1_000})
    assert (status, placed["unallocated_minor"]) == (201, 5_000)
    assert [(a["due_line"], a["amount_minor"]) for a in placed["allocations"]] == [(first, 50), (second, 950)]
    assert program.get("/payments", customer="NUEVO")[1]["payments"] == [paid, placed]


def test_a_payment_taken_back_leaves_open_what_it_paid(program):
    _, invoice = program.post("/documents", INVOICE)
    _, paid = program.post("/payments", PAYMENT | {"document": "2026-77"})
    said = {"on": "2026-11-20", "kind": "returned_debit", "amount_minor": 2_000}
    status, left = program.post(f"/payments/{paid['id']}/reversals", said)
    assert (status, left["reversed_minor"], left["allocations"][0]["amount_minor"]) == (201, 2_000, 4_000)
    assert program.get(f"/documents/{invoice['id']}")[1]["lines"][0]["open_minor"] == 2_050
    status, said = program.post(f"/payments/{paid['id']}/reversals", said | {"amount_minor": 4_001})
    assert (status, said["code"]) == (409, "more_than_left")


def test_a_payment_of_the_bank_is_entered_once_for_ever(program):
    assert program.post("/payments", PAYMENT | {"external_id": "banco-1"})[0] == 201
    status, said = program.post("/payments", PAYMENT | {"external_id": "banco-1", "amount_minor": 1})
    assert (status, said["code"]) == (409, "source_key_taken")


def test_money_of_nobody_yet_is_taken_too(program):
    status, paid = program.post("/payments", PAYMENT | {"customer": None, "payer_name": "J. Ruiz"})
    assert (status, paid["customer"], paid["unallocated_minor"]) == (201, None, 6_000)


def test_credits_of_other_kinds_are_no_payments(program):
    _, note = program.post(
        "/credit-notes",
        {
            "customer": "NUEVO",
            "number": "R-1",
            "issued_on": "2026-11-10",
            "currency": "EUR",
            "amount_minor": 7_000,
        },
    )
    assert program.get(f"/payments/{note['id']}")[0] == 404
    reversal = {"on": "2026-11-20"}
    assert program.post(f"/payments/{note['id']}/reversals", reversal)[0] == 404


def test_a_write_off_can_neither_be_applied_nor_taken_back_by_a_program(program, luz):
    from django.db import transaction

    from aldia.operations.ledger import write_off
    from aldia.records.tenancy.scope import scope
    from tests.cli.books import DAY, NOW

    _, invoice = program.post("/documents", INVOICE)
    line = invoice["lines"][0]["id"]
    said = {"creditor_id": luz.pk, "actor": "prueba", "now": NOW, "on": DAY}
    with transaction.atomic(), scope([luz.pk]):
        credit = write_off(**said, due_line_id=line).credit_id
    for path, body in (("allocations", {"due_lines": [line]}), ("reversals", {"on": "2026-11-20"})):
        assert program.post(f"/payments/{credit}/{path}", body)[0] == 404


def test_currencies_are_never_mixed(program):
    _, invoice = program.post("/documents", INVOICE | {"currency": "USD"})
    _, paid = program.post("/payments", PAYMENT)
    lines = {"due_lines": [invoice["lines"][0]["id"]]}
    status, said = program.post(f"/payments/{paid['id']}/allocations", lines)
    assert (status, said["code"]) == (422, "currencies_differ")


def test_what_a_program_did_is_in_the_audit_chain_under_its_token(program, luz):
    from django.db import transaction

    from aldia.records.audit.models import AuditEntry
    from aldia.records.tenancy.models import ApiToken
    from aldia.records.tenancy.scope import scope

    program.post("/customers", {"code": "7", "name": "Ana"})
    program.post("/payments", PAYMENT)
    with transaction.atomic(), scope([luz.pk]):
        entries = list(AuditEntry.objects.order_by("sequence").values_list("verb", "actor", "payload"))
    actor = f"api:{ApiToken.objects.get().prefix}"
    assert [entry[:2] for entry in entries[-2:]] == [
        ("customer.created", actor),
        ("ledger.payment_recorded", actor),
    ]
    assert entries[-2][2] == {"said": ["name"]}
