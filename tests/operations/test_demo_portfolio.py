"""The demo portfolio is one and the same for a seed, and looks like a real one, told from its files alone."""

import csv
import io
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta

import pytest
from stdnum.es import nif

from aldia.formats.table import InterpretOptions, preview
from aldia.operations.demo.events import (
    Applied,
    BecameInsolvent,
    Disputed,
    Extended,
    Held,
    Refunded,
    Replied,
    ReturnedDebit,
    WrittenOff,
)
from aldia.operations.demo.portfolio import LAST_DATE, demo_tables
from aldia.operations.demo.tables import CUSTOMER_HEADINGS, INVOICE_HEADINGS, PAYMENT_HEADINGS
from aldia.operations.demo.values import DebtorKind

pytestmark = pytest.mark.slow

SEEDS = (7, 1, 2026)
CREDIT_NOTE = "Factura rectificativa"


def rows(table):
    return list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline=""), delimiter=";"))


def minor(text):
    assert text[-3] == ","
    return int(text.replace(".", "").replace(",", ""))


def day(text):
    return datetime.strptime(text, "%d/%m/%Y").date()


class Told:
    """The files of one seed, read back."""

    def __init__(self, seed):
        self.tables = demo_tables(seed=seed)
        self.customers = rows(self.tables.customers_csv)
        self.documents = rows(self.tables.invoices_csv)
        self.payments = rows(self.tables.payments_csv)
        self.after_returns = rows(self.tables.payments_after_returns_csv)
        self.lines = [row for row in self.documents if row["Tipo documento"] != CREDIT_NOTE]
        self.notes = [row for row in self.documents if row["Tipo documento"] == CREDIT_NOTE]

    def events(self, *kinds):
        return [event for event in self.tables.events if isinstance(event, kinds)]

    def left_of_lines(self):
        """(row, left) for every due line: what a document received pays its lines, oldest due first."""
        received = self.received()
        for row in sorted(self.lines, key=lambda row: day(row["Vencimiento"])):
            taken = min(minor(row["Importe total"]), received[row["Nº factura"]])
            received[row["Nº factura"]] -= taken
            yield row, minor(row["Importe total"]) - taken

    def received(self):
        """Number → everything that payments, credit notes and losses took off it."""
        received: defaultdict[str, int] = defaultdict(int)
        names = {}
        for row in [*self.payments, *self.after_returns]:
            names[row["Referencia"]] = row["Nº factura"]
            received[row["Nº factura"]] += minor(row["Importe"])
        for event in self.events(Applied, WrittenOff):
            received[event.invoice] += event.amount_minor
        for event in self.events(ReturnedDebit):
            received[names[event.payment]] -= event.amount_minor
        return received

    def overdue(self):
        """(days, left in euros' cents) of every line past due on the last day."""
        for row, left in self.left_of_lines():
            days = (LAST_DATE - day(row["Vencimiento"])).days
            if days > 0 and left and row["Moneda"] == "EUR":
                yield days, left

    def sales_of_the_year(self):
        since = LAST_DATE - timedelta(days=365)
        return sum(
            minor(row["Importe total"])
            for row in self.lines
            if day(row["Fecha factura"]) > since and row["Moneda"] == "EUR"
        )


@pytest.fixture(scope="module", params=SEEDS)
def told(request):
    return Told(request.param)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others():
    assert demo_tables(seed=7) == demo_tables(seed=7)
    assert demo_tables(seed=7).invoices_csv != demo_tables(seed=8).invoices_csv


def test_the_last_day_moves_everything_with_it():
    earlier = demo_tables(seed=7, last_date=date(2024, 2, 29))
    days = [day(row["Fecha factura"]) for row in rows(earlier.invoices_csv)]
    assert date(2022, 3, 1) <= min(days) <= date(2022, 3, 10)
    assert date(2024, 2, 20) <= max(days) <= date(2024, 2, 29)


def test_there_are_400_customers_and_6000_invoices(told):
    assert len({row["Código"] for row in told.customers}) == len(told.customers) == 400
    assert len({row["Nº factura"] for row in told.lines}) == 6_000
    assert {row["Cód. cliente"] for row in told.documents} <= {row["Código"] for row in told.customers}


def test_every_kind_of_debtor_is_there_and_no_file_betrays_it(told):
    kinds = Counter(told.tables.kinds.values())
    assert set(kinds) == set(DebtorKind)
    assert min(kinds.values()) >= 15
    assert not any(kind.value in told.tables.customers_csv.decode() for kind in DebtorKind)


def test_tax_ids_are_valid_unique_and_from_ranges_nobody_has(told):
    ids = [row["NIF"] for row in told.customers if row["País"] == "ES"]
    assert all(nif.is_valid(number) for number in ids)
    assert len(set(ids)) == len(ids)
    assert all(number.startswith(("999", "Z999")) or number[1:3] == "00" for number in ids)


def test_addresses_lead_nowhere(told):
    emails = [row["Correo"] for row in told.customers if row["Correo"]]
    phones = [row["Teléfono"] for row in told.customers if row["Teléfono"]]
    assert all(address.endswith(".example") and address.isascii() for address in emails)
    assert all(number.startswith(("+34 600 000 ", "+34 910 000 ")) for number in phones)


def test_some_can_only_be_called_and_some_not_be_reached(told):
    reach = Counter((bool(row["Correo"]), bool(row["Teléfono"])) for row in told.customers)
    assert reach[True, True] > 250
    assert reach[False, True] >= 10
    assert reach[False, False] >= 2


def test_all_sorts_of_customers_and_contacts_occur(told):
    kinds = Counter(row["Tipo"] for row in told.customers)
    assert set(kinds) == {"Particular", "Autónomo", "Empresa", "Administración pública"}
    roles = {row["Rol contacto"] for row in told.customers}
    assert {"Madre", "Padre", "Cuentas a pagar", "Dirección financiera", "Administrador"} <= roles
    assert any(row["Interés pactado"] for row in told.customers)
    assert any(len(row["Nombre"]) > 75 for row in told.customers)
    assert any("ñ" in row["Nombre"] for row in told.customers)


def test_only_credit_notes_are_negative_and_every_row_adds_up(told):
    for row in told.documents:
        amount = minor(row["Importe total"])
        retention = minor(row["Retención"]) if row["Retención"] else 0
        assert amount == minor(row["Base"]) + minor(row["IVA"]) - retention
        assert (amount < 0) == (row["Tipo documento"] == CREDIT_NOTE)
    assert all(minor(row["Importe"]) > 0 for row in [*told.payments, *told.after_returns])


def test_a_credit_note_never_exceeds_what_it_corrects(told):
    amounts = {row["Nº factura"]: minor(row["Importe total"]) for row in told.lines}
    lowered = {row["Nº factura"]: -minor(row["Importe total"]) for row in told.notes}
    applied = {event.credit: event for event in told.events(Applied) if event.credit in lowered}
    assert len(told.notes) == len(applied) > 50
    for number, event in applied.items():
        assert event.amount_minor == lowered[number] <= amounts[event.invoice]


def test_taxes_terms_and_currencies_vary(told):
    taxes = {(row["Tipo impuesto"], row["Tipo IVA"]) for row in told.lines}
    assert taxes == {("IVA", "21,00"), ("Recargo", "26,20"), ("IGIC", "7,00"), ("Exento", "0,00")}
    assert any(row["Retención"] for row in told.lines)
    lines_of = Counter(row["Nº factura"] for row in told.lines)
    assert Counter(lines_of.values())[3] > 20
    dollars = [row for row in told.lines if row["Moneda"] == "USD"]
    assert 5 <= len(dollars) <= 200


def test_numbers_run_by_series_and_year_in_order_of_issue(told):
    last: dict[tuple[str, str], int] = {}
    for row in told.documents:
        series, year, place = row["Nº factura"].split("-")
        assert int(year) == day(row["Fecha factura"]).year
        before = last.get((series, year), 0)
        assert int(place) in {before, before + 1}
        last[series, year] = int(place)


def test_every_day_lies_in_the_two_years(told):
    first = date(LAST_DATE.year - 2, LAST_DATE.month, LAST_DATE.day) + timedelta(days=1)
    issued = [day(row["Fecha factura"]) for row in told.documents]
    paid = [day(row["Fecha valor"]) for row in [*told.payments, *told.after_returns]]
    happened = [event.on for event in told.tables.events]
    for days in (issued, paid, happened):
        assert first <= min(days)
        assert max(days) <= LAST_DATE
    assert all(day(row["Vencimiento"]) >= day(row["Fecha factura"]) for row in told.lines)


def test_august_is_quiet(told):
    months = Counter(day(row["Fecha factura"]).month for row in told.lines)
    assert months[8] == min(months.values())
    assert months[8] * 3 < months[10]


def test_money_strays_as_it_does(told):
    received = told.received()
    owed: Counter[str] = Counter()
    for row in told.lines:
        owed[row["Nº factura"]] += minor(row["Importe total"])
    over_paid = [number for number, total in received.items() if number and total > owed[number]]
    assert len(over_paid) >= 20
    nameless = [row for row in told.payments if not row["Nº factura"]]
    unidentified = [row for row in nameless if not row["Cód. cliente"]]
    assert len(unidentified) == 6
    by_hand = {event.credit for event in told.events(Applied)}
    unapplied = [row for row in nameless if row["Cód. cliente"] and row["Referencia"] not in by_hand]
    assert len(unapplied) >= 8


def test_what_came_back_was_whole_and_was_collected_before(told):
    paid = {row["Referencia"]: row for row in told.payments}
    returned = told.events(ReturnedDebit)
    assert len(returned) > 40
    for event in returned:
        payment = paid[event.payment]
        assert payment["Medio de pago"] == "domiciliación"
        assert minor(payment["Importe"]) == event.amount_minor
        assert day(payment["Fecha valor"]) < event.on
    assert {row["Nº factura"] for row in told.after_returns} <= {
        paid[event.payment]["Nº factura"] for event in returned
    }


def test_money_given_back_was_there_in_excess(told):
    paid = {row["Referencia"]: row for row in told.payments}
    excess = told.received()
    for row in told.lines:
        excess[row["Nº factura"]] -= minor(row["Importe total"])
    for event in told.events(Refunded):
        assert event.on >= day(paid[event.payment]["Fecha valor"])
        assert event.amount_minor <= excess[paid[event.payment]["Nº factura"]]


def test_every_circumstance_is_to_come_or_was(told):
    disputes = told.events(Disputed)
    assert sum(event.ended_on is None for event in disputes) >= 5
    assert sum(event.ended_on is not None for event in disputes) >= 5
    assert all(event.ended_on is None or event.on < event.ended_on <= LAST_DATE for event in disputes)
    assert len(told.events(Held)) == 5
    assert len(told.events(BecameInsolvent)) == 2
    assert len(told.events(WrittenOff)) == 6
    assert len(told.events(Extended)) == 6
    assert len(told.events(Replied)) == 45


def test_circumstances_speak_of_invoices_with_one_due_date_once_each(told):
    lines_of = Counter(row["Nº factura"] for row in told.lines)
    named = [event.invoice for event in told.events(Disputed, WrittenOff, Extended)]
    assert len(set(named)) == len(named)
    assert all(lines_of[number] == 1 for number in named)
    issued = {row["Nº factura"]: day(row["Fecha factura"]) for row in told.lines}
    assert all(event.on >= issued[event.invoice] for event in told.events(Disputed, WrittenOff, Extended))


def test_what_is_contested_or_given_up_was_open(told):
    left = {row["Nº factura"]: left for row, left in told.left_of_lines()}
    amounts = {row["Nº factura"]: minor(row["Importe total"]) for row in told.lines}
    for event in told.events(Disputed):
        if event.ended_on is None:
            assert left[event.invoice] == amounts[event.invoice]
    for event in told.events(WrittenOff):
        assert event.amount_minor == amounts[event.invoice]
        assert left[event.invoice] == 0


def test_overdue_is_a_plausible_share_of_the_years_sales(told):
    overdue = sum(left for _, left in told.overdue())
    assert 7 <= overdue * 100 / told.sales_of_the_year() <= 14


def test_most_of_the_overdue_is_young_and_a_little_old(told):
    overdue = sum(left for _, left in told.overdue())
    young = sum(left for days, left in told.overdue() if days <= 60)
    old = sum(left for days, left in told.overdue() if days > 180)
    assert young * 2 > overdue
    assert 0 < old * 4 < overdue


def test_by_default_eight_to_fourteen_percent_are_overdue():
    told = Told(7)
    overdue = sum(left for _, left in told.overdue())
    assert 8 <= overdue * 100 / told.sales_of_the_year() <= 14


@pytest.mark.parametrize("kind", ["customers", "invoices", "payments", "payments_after_returns"])
def test_the_importer_reads_every_column_without_a_warning(kind):
    table = getattr(demo_tables(), f"{kind}_csv")
    found = preview(table, kind=kind.split("_")[0], options=InterpretOptions(currency="EUR"))
    assert set(found.findings.by_severity or {}) <= {"info"}
    assert found.headings.unknown == ()
    headings = {"customers": CUSTOMER_HEADINGS, "invoices": INVOICE_HEADINGS}.get(kind, PAYMENT_HEADINGS)
    assert set(found.headings.fields.values()) == set(headings)
