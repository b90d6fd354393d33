"""Loading the demo: the ledger ends up with what the files and events say, and only once."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.db.models import Sum

from aldia.operations.demo import load_demo
from aldia.operations.demo.events import BecameInsolvent, Disputed, Extended, Held, Refunded, Replied
from aldia.operations.demo.portfolio import LAST_DATE, demo_tables
from aldia.queries.creditors import default_date
from aldia.queries.portfolio import freeze
from aldia.queries.snapshot import own_view
from aldia.queries.terms import terms_of
from aldia.records.cases.models import StrategyAssignment
from aldia.records.ledger.models import Credit, ItemBalance, Overlay, OverlayEnd, Refund, Reversal, TaxLine
from aldia.records.outreach.models import Reply
from aldia.records.parties.models import Beneficiary, Contact, ContactPoint, Customer
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.portfolio.behaviour import settled_lines
from aldia.rules.portfolio.kinds import debtor_kinds
from aldia.rules.portfolio.lines import lines_as_of
from aldia.rules.portfolio.promises import promise_standings
from tests.operations.test_demo_portfolio import Told, minor

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def told():
    return Told(7)


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The demo, loaded once for all tests here and gone after them; and the steps it told of."""
    steps: list[tuple[int, int]] = []
    with django_db_blocker.unblock(), transaction.atomic():
        report = load_demo(now=NOW, progress=lambda done, total: steps.append((done, total)))
        with scope([report.creditor_id]):
            yield report, steps
        transaction.set_rollback(True)


def test_the_report_says_what_was_loaded(loaded, told):
    report, steps = loaded
    assert (report.creditor_code, report.last_date, report.already_there) == ("demo", LAST_DATE, False)
    assert report.counts["customers"] == 400
    assert report.counts["documents"] == 6_000
    assert report.counts["due_lines"] == len(told.lines)
    assert [done for done, _ in steps] == list(range(1, steps[0][1] + 1))


def test_loading_twice_leaves_everything_as_it_is(loaded):
    report, _ = loaded
    again = load_demo(now=NOW)
    assert again.already_there
    assert (again.creditor, again.counts) == (report.creditor, report.counts)
    assert Creditor.objects.filter(code="demo").count() == 1


def test_the_demos_day_is_the_last_of_its_data(loaded):
    report, _ = loaded
    assert default_date(report.creditor, NOW) == LAST_DATE


def test_every_document_has_open_what_the_files_leave_open(loaded, told):
    left: Counter[str] = Counter()
    for row, open_minor in told.left_of_lines():
        left[row["Nº factura"]] += open_minor
    stored = ItemBalance.objects.values_list("due_line__document__number").annotate(Sum("open_minor"))
    assert dict(stored) == dict(left)


def test_no_money_is_made_or_lost(loaded, told):
    """Received = what is applied, waiting, returned or given back; losses and credit notes beside it."""
    files = sum(minor(row["Importe"]) for row in [*told.payments, *told.after_returns])
    stored = Credit.objects.filter(kind="payment").aggregate(Sum("amount_minor"))["amount_minor__sum"]
    assert stored == files
    notes = Credit.objects.filter(kind="credit_note")
    assert notes.aggregate(Sum("amount_minor"))["amount_minor__sum"] == -sum(
        minor(row["Importe total"]) for row in told.notes
    )
    assert notes.filter(balance__unallocated_minor__gt=0).count() == 0


def test_what_no_table_carries_is_there_too(loaded, told):
    events = told.tables.events
    kinds = Counter(Overlay.objects.values_list("kind", flat=True))
    assert kinds["dispute"] == len(told.events(Disputed))
    assert kinds["hold"] == len(told.events(Held))
    assert kinds["terms"] == len(told.events(Extended))
    assert OverlayEnd.objects.count() == sum(bool(getattr(event, "ended_on", None)) for event in events)
    assert Refund.objects.count() == len(told.events(Refunded))
    assert Reply.objects.count() == len(told.events(Replied))
    assert Credit.objects.filter(kind="write_off").count() == 6
    returned = Reversal.objects.filter(credit__isnull=False, kind="returned_debit")
    assert returned.count() == sum(type(event).__name__ == "ReturnedDebit" for event in events)
    insolvent = Customer.objects.filter(insolvent_on__isnull=False)
    assert set(insolvent.values_list("code", "insolvent_on")) == {
        (event.customer, event.on) for event in told.events(BecameInsolvent)
    }


def test_customers_come_with_all_the_table_says(loaded, told):
    kinds = Counter(Customer.objects.values_list("person_kind", flat=True))
    assert kinds == {"consumer": 192, "business": 194, "public_body": 14}
    roles = set(Contact.objects.values_list("role", flat=True))
    assert {"parent", "accounts_payable", "finance_head", "owner"} <= roles
    emails = ContactPoint.objects.filter(channel="email")
    assert emails.count() == sum(bool(row["Correo"]) for row in told.customers)
    assert Customer.objects.exclude(contract_rate_bp=None).exists()
    pupils = {(row["Cód. cliente"], row["Alumno"]) for row in told.lines if row["Alumno"]}
    assert set(Beneficiary.objects.values_list("customer__code", "name")) == pupils
    assert {"iva", "recargo_equivalencia", "igic", "retention"} <= set(
        TaxLine.objects.values_list("kind", flat=True)
    )


def test_the_academy_has_its_own_strategy(loaded):
    by_segment = dict(StrategyAssignment.objects.values_list("segment", "strategy_version__name"))
    assert by_segment["academia"] == "academia"
    assert Customer.objects.filter(segment="academia").count() == 152


def test_a_load_that_fails_half_way_leaves_nothing(monkeypatch):
    monkeypatch.setattr("aldia.operations.demo.load.DEMO_CODE", "another")

    def stop(done, total):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_demo(now=NOW, progress=stop)
    assert not Creditor.objects.filter(code="another").exists()


def test_the_planted_kinds_are_found(loaded):
    report, _ = loaded
    planted = demo_tables().kinds
    frames = freeze(own_view(report.creditor_id), LAST_DATE)
    terms = terms_of(report.creditor, LAST_DATE)
    lines = lines_as_of(frames, terms)
    settled = settled_lines(lines, frames, terms)
    seen = debtor_kinds(lines, settled, promise_standings(frames, terms), frames, terms)
    codes = dict(frames.customers.select("customer_id", "customer").iter_rows())
    pairs = Counter(
        (str(planted[codes[customer]]), named)
        for customer, named in seen.select("customer_id", "inferred_kind").iter_rows()
    )
    right = sum(many for (one, other), many in pairs.items() if one == other)
    assert right / pairs.total() > 0.5, "half of it: nobody says a word here, and histories are short"
    trusted = ("good_payer", "casual", "circumstantial")
    assert not any(pairs[one, other] for one in trusted for other in ("stalling", "chronic")), (
        "nobody wronged"
    )
