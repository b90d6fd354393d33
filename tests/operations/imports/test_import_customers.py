"""What a customer table becomes: customers, contacts that may be reached, and those others pay for."""

from datetime import date, timedelta

import pytest

from aldia.operations.imports import ImportRefused
from tests import factories as make
from tests.laws.books import make_creditor
from tests.operations.imports.tables import INVOICES, TODAY, asked, imported, said, table

pytestmark = pytest.mark.django_db

HEAD = ("Código", "Nombre", "NIF", "Correo", "Teléfono")
ANA = ["C1", "Ana Peña", "12345678Z", "ana@ejemplo.es", "600123456"]


@pytest.fixture
def creditor():
    return make_creditor()


def _customers(creditor, *rows, head=HEAD, **more):
    return imported(creditor, table(*rows, head=head), kind="customers", **more)


def _counts(report):
    return {name: report.counts[name] for name in ("new", "unchanged", "changed")}


def _points(creditor):
    query = """SELECT u.code, c.role, c.name, p.channel FROM parties_contact_point p
        JOIN parties_contact c ON c.id = p.contact_id JOIN parties_customer u ON u.id = p.customer_id
        ORDER BY 1, 2, 4"""
    return asked(creditor, query)


def test_customers_are_new_unchanged_or_changed_by_code(creditor):
    sol = ["C2", "Sol SL", "B12345674", "", ""]
    assert _counts(_customers(creditor, ANA, sol)) == {"new": 2, "unchanged": 0, "changed": 0}
    assert _counts(_customers(creditor, ANA, sol)) == {"new": 0, "unchanged": 2, "changed": 0}
    report = _customers(creditor, ["C1", "Ana Peña Sanz", "", "", ""], ["C2", "", "", "sol@ejemplo.es", ""])
    assert _counts(report) == {"new": 0, "unchanged": 0, "changed": 2}
    query = "SELECT code, name, sort_name, tax_id, person_kind FROM parties_customer ORDER BY code"
    assert asked(creditor, query) == [
        ("C1", "Ana Peña Sanz", "ana pen~a sanz", "12345678Z", "consumer"),
        ("C2", "Sol SL", "sol sl", "B12345674", "business"),
    ]
    words = asked(creditor, "SELECT count(*) FROM parties_customer_word WHERE word = 'sanz'")
    assert words == [(1,)]


def test_addresses_hang_on_the_holder_or_on_the_contact_named(creditor):
    head = (*HEAD, "Contacto", "Cargo", "Dirección", "Código postal", "Población")
    mapping = {"contact_role": "Cargo"}
    _customers(
        creditor,
        [*ANA, "", "", "Calle Mayor 1", "28013", "Madrid"],
        ["C2", "Sol SL", "B12345674", "pagos@sol.es", "", "Luis Gil", "Cuentas a pagar", "", "", ""],
        head=head,
        mapping=mapping,
    )
    assert _points(creditor) == [
        ("C1", "holder", "Ana Peña", "email"),
        ("C1", "holder", "Ana Peña", "phone"),
        ("C1", "holder", "Ana Peña", "post"),
        ("C2", "accounts_payable", "Luis Gil", "email"),
    ]
    post = asked(creditor, "SELECT value FROM parties_contact_point WHERE channel = 'post'")
    assert post == [("Calle Mayor 1, 28013 Madrid",)]


@pytest.mark.parametrize(
    ("cells", "address"),
    [
        (("Calle Mayor 1", "", "", ""), "Calle Mayor 1"),
        (("Calle Mayor 1", "28013", "", "ES-MD"), "Calle Mayor 1, 28013"),
        (("Calle Mayor 1", "28013", "Getafe", "Madrid"), "Calle Mayor 1, 28013 Getafe, Madrid"),
    ],
)
def test_a_postal_address_says_what_a_postman_needs_and_no_more(creditor, cells, address):
    head = (*HEAD, "Dirección", "Código postal", "Población", "Región")
    _customers(creditor, [*ANA, *cells], head=head, mapping={"region": "Región"})
    assert asked(creditor, "SELECT value FROM parties_contact_point WHERE channel = 'post'") == [(address,)]


@pytest.mark.parametrize(
    ("words", "role"),
    [
        ("Directora financiera", "finance_head"),
        ("Gerente", "owner"),
        ("Madre", "parent"),
        ("Tutor legal", "guardian"),
        ("Abogada", "lawyer"),
        ("Contabilidad", "accounts_payable"),
        ("Recepción", "other"),
    ],
)
def test_a_role_is_read_from_what_people_write(creditor, words, role):
    head = (*HEAD, "Contacto", "Cargo")
    _customers(creditor, [*ANA, "Eva", words], head=head)
    assert asked(creditor, "SELECT role FROM parties_contact") == [(role,)]


def test_a_minor_is_never_a_recipient_though_an_adult_beside_them_is(creditor):
    head = (*HEAD, "Contacto", "Cargo", "Fecha de nacimiento")
    report = _customers(
        creditor,
        ["K1", "Lía", "", "lia@ejemplo.es", "", "", "", "13/05/2015"],
        ["K2", "Noé", "", "eva@ejemplo.es", "", "Eva", "Madre", "13/05/2015"],
        head=head,
    )
    assert _points(creditor) == [("K2", "parent", "Eva", "email")]
    assert said(report, "minor_not_reached")["severity"] == "warning"
    assert asked(creditor, "SELECT count(*) FROM parties_customer WHERE minor") == [(2,)]


def test_somebody_who_turns_out_to_be_a_minor_is_reached_no_more(creditor):
    _customers(creditor, ANA)
    head = (*HEAD, "Fecha de nacimiento")
    report = _customers(creditor, [*ANA[:3], "", "", "13/05/2015"], head=head)
    assert _counts(report)["changed"] == 1
    assert _points(creditor) == []
    assert asked(creditor, "SELECT is_recipient, customer_minor FROM parties_contact") == [(False, True)]
    _customers(creditor, ANA)
    assert _points(creditor) == []


def test_who_has_a_payer_is_the_payers_beneficiary_and_their_invoices_are_the_payers(creditor):
    head = (*HEAD, "Código pagador", "Fecha de nacimiento")
    rows = [["P1", "Eva", "", "eva@ejemplo.es", "", "", ""], ["A1", "Lía", "", "", "", "P1", "13/05/2015"]]
    assert _counts(_customers(creditor, *rows, head=head)) == {"new": 2, "unchanged": 0, "changed": 0}
    assert _counts(_customers(creditor, *rows, head=head))["unchanged"] == 2
    assert asked(creditor, "SELECT code FROM parties_customer") == [("P1",)]
    assert asked(creditor, "SELECT code, name, kind, minor FROM parties_beneficiary") == [
        ("A1", "Lía", "pupil", True)
    ]
    imported(creditor, table(["F1", "A1", "13/01/2026", "13/02/2026", "10,00"], head=INVOICES))
    owed = """SELECT c.code, d.beneficiary_id IS NOT NULL
        FROM ledger_document d JOIN parties_customer c ON c.id = customer_id"""
    assert asked(creditor, owed) == [("P1", True)]


def test_a_payer_nobody_knows_is_an_error(creditor):
    head = (*HEAD, "Código pagador")
    with pytest.raises(ImportRefused) as refused:
        _customers(creditor, ["A1", "Lía", "", "", "", "P9"], head=head)
    assert refused.value.facts["findings"][0]["code"] == "payer_unknown"


def test_rate_insolvency_hold_group_and_segment_are_kept(creditor):
    head = (*HEAD, "Interés pactado", "Fecha concurso", "Pausa hasta", "Grupo", "Segmento", "Etiquetas")
    row = [*ANA, "10,15", "15/05/2026", "30/06/2026", "Familia Peña", "escuela", "vip, antiguo"]
    assert _customers(creditor, row, head=head).counts["holds"] == 1
    query = "SELECT contract_rate_bp, insolvent_on, segment, tags FROM parties_customer"
    assert asked(creditor, query) == [(1015, date(2026, 5, 15), "escuela", ["vip", "antiguo"])]
    holds = "SELECT kind, effective_on, until_on, due_line_id FROM ledger_overlay"
    assert asked(creditor, holds) == [("hold", TODAY, date(2026, 6, 30), None)]
    assert asked(creditor, "SELECT name FROM parties_customer_group") == [("Familia Peña",)]
    assert _counts(_customers(creditor, row, head=head))["unchanged"] == 1
    assert len(asked(creditor, holds)) == 1


def test_a_pause_longer_than_the_house_puts_stands_as_the_file_says_and_is_told(creditor):
    last = TODAY + timedelta(days=creditor.hold_days_max)
    head = (*HEAD, "Pausa hasta")
    report = _customers(creditor, [*ANA, f"{last:%d/%m/%Y}"], head=head)
    assert not [each for each in report.findings if each["code"] == "hold_is_long"]
    row = [*ANA, f"{last + timedelta(days=1):%d/%m/%Y}"]
    told = said(_customers(creditor, row, head=head), "hold_is_long")
    assert told["severity"] == "warning"
    assert "90 días" in told["sentence"]
    kept = asked(creditor, "SELECT max(until_on) FROM ledger_overlay")
    assert kept == [(last + timedelta(days=1),)]
    assert not [e for e in _customers(creditor, row, head=head).findings if e["code"] == "hold_is_long"]


def test_a_rate_beyond_all_bounds_is_an_error(creditor):
    with pytest.raises(ImportRefused) as refused:
        _customers(creditor, [*ANA, "110"], head=(*HEAD, "Interés pactado"))
    assert refused.value.facts["findings"][0]["row"] == 2


def test_a_gestor_nobody_knows_is_said(creditor):
    report = _customers(creditor, [*ANA, "Berta"], head=(*HEAD, "Gestor"))
    assert said(report, "owner_unknown")["severity"] == "warning"


def test_paper_covers_an_open_invoice_until_its_day(creditor):
    head = (*INVOICES, "Pagaré hasta")
    row = ["F1", "C1", "13/01/2026", "13/02/2026", "10,00"]
    imported(creditor, table([*row, "30/06/2026"], head=head))
    imported(creditor, table([*row, "30/06/2026"], head=head))
    imported(creditor, table([*row, "31/07/2026"], head=head))
    covers = "SELECT kind, effective_on, until_on FROM ledger_overlay ORDER BY id"
    assert asked(creditor, covers) == [
        ("cover", TODAY, date(2026, 6, 30)),
        ("cover", date(2026, 6, 30), date(2026, 7, 31)),
    ]


def test_a_credit_note_may_name_what_it_corrects(creditor):
    head = (*INVOICES, "Factura rectificada")
    rows = [
        ["F1", "C1", "13/01/2026", "13/02/2026", "10,00", ""],
        ["R1", "C1", "20/01/2026", "", "-4,00", "F1"],
    ]
    imported(creditor, table(*rows, head=head))
    assert asked(creditor, "SELECT open_minor FROM ledger_item_balance") == [(600,)]


def _salespeople(creditor):
    query = """SELECT u.code, s.name, s.email, s.member_id IS NOT NULL
        FROM parties_customer u JOIN parties_salesperson s ON s.id = u.salesperson_id ORDER BY 1"""
    return asked(creditor, query)


def test_the_salesperson_is_known_a_person_of_the_house_or_a_name_with_an_address(creditor):
    make.membership(creditor=creditor, user=make.user(name="Inés Luz", email="ines@luz.example"))
    head = (*HEAD, "Comercial", "Correo del comercial")
    rows = [
        [*ANA, "Eva Gil", "Eva@Agentes.example"],
        ["C2", "Sol SL", "", "", "", "EVA GIL", ""],
        ["C3", "Mar SL", "", "", "", "Inés Luz", ""],
        ["C4", "Luna SL", "", "", "", "leo@agentes.example", ""],
        ["C5", "Nube SL", "", "", "", "Nadie Conocido", ""],
        ["C6", "Río SL", "", "", "", "", ""],
    ]
    report = _customers(creditor, *rows, head=head)
    expected = [
        ("C1", "Eva Gil", "eva@agentes.example", False),
        ("C2", "Eva Gil", "eva@agentes.example", False),
        ("C3", "Inés Luz", "", True),
        ("C4", "leo@agentes.example", "leo@agentes.example", False),
    ]
    assert _salespeople(creditor) == expected
    assert "salesperson_unreachable" in report.findings_total
    again = _customers(creditor, *rows, head=head)
    assert _counts(again) == {"new": 0, "unchanged": 6, "changed": 0}
    assert _salespeople(creditor) == expected
    assert asked(creditor, "SELECT count(*) FROM parties_salesperson") == [(3,)]
    moved = _customers(creditor, ["C1", "", "", "", "", "Inés Luz", ""], head=head)
    assert _counts(moved) == {"new": 0, "unchanged": 0, "changed": 1}
    assert _salespeople(creditor)[0] == ("C1", "Inés Luz", "", True)


def test_two_salespeople_of_one_name_are_told_apart_by_their_addresses(creditor):
    head = (*HEAD, "Vendedor", "Email vendedor")
    rows = [
        [*ANA, "Eva Gil", "eva@norte.example"],
        ["C2", "Sol SL", "", "", "", "Eva Gil", "eva@sur.example"],
    ]
    _customers(creditor, *rows, head=head)
    assert [each[2] for each in _salespeople(creditor)] == ["eva@norte.example", "eva@sur.example"]
