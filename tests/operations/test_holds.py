"""Holds: with an end, a reason and an author, or not at all."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from aldia.operations.holds import HoldRefused, UnknownHold, end_hold, put_on_hold
from aldia.queries.customers import UnknownCustomer
from aldia.queries.holds import holds_of
from aldia.records.audit.models import AuditEntry
from aldia.records.ledger.models import Overlay, OverlayEnd
from aldia.records.parties.models import Customer
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from tests.cli.books import DAY, NOW, Books

pytestmark = pytest.mark.django_db
BY: dict[str, Any] = {"actor": "user:7", "now": NOW}


@pytest.fixture
def luz():
    from aldia.operations.creditors import create_creditor

    return create_creditor(name="Luz", country="ES", code="luz", now=NOW, actor="prueba").creditor


@pytest.fixture
def late(luz):
    with transaction.atomic(), scope([luz.pk]):
        books = Books(luz)
        customer = books.customer("TARDE")
        books.invoice(customer, 80_000, date(2026, 10, 1))
        return customer.pk


def _put(luz: Creditor, late: int, **said: Any) -> Any:
    wanted: dict[str, Any] = {"until_on": DAY + timedelta(days=10), "reason": "Espera la subvención"} | said
    return put_on_hold(creditor=luz, customer_id=late, **wanted, **BY)


def test_a_hold_has_an_end_a_reason_and_an_author_and_leaves_one_entry(luz, late):
    with scope([luz.pk]):
        before = AuditEntry.objects.filter(creditor_id=luz.pk).count()
    made = _put(luz, late)
    with scope([luz.pk]):
        hold = Overlay.objects.get(pk=made.hold_id)
        assert (hold.until_on, hold.effective_on) == (DAY + timedelta(days=10), DAY)
        assert (hold.reason, hold.recorded_by) == ("Espera la subvención", "user:7")
        entries = AuditEntry.objects.filter(creditor_id=luz.pk).order_by("pk")
        assert entries.count() == before + 1
        assert [entry.verb for entry in entries][-1] == "ledger.hold_recorded"


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"until_on": None}, "until_on", "Una pausa necesita una fecha de fin."),
        ({"until_on": DAY}, "until_on", "La pausa tiene que terminar después de hoy."),
        ({"until_on": DAY - timedelta(days=3)}, "until_on", "después de hoy"),
        ({"until_on": DAY + timedelta(days=91)}, "until_on", "como mucho 90 días: hasta el 18/02/2027"),
        ({"on": DAY - timedelta(days=1)}, "on", "no puede empezar en el pasado"),
        ({"on": DAY + timedelta(days=10)}, "until_on", "posterior a la inicial"),
        ({"reason": "  \0 "}, "reason", "Diga por qué se pone en pausa."),
        ({"reason": "x" * 2_001}, "reason", "acórtelo"),
    ],
)
def test_a_hold_that_cannot_be_is_refused_with_its_field(luz, late, said, field, sentence):
    with pytest.raises(HoldRefused) as refused:
        _put(luz, late, **said)
    assert refused.value.facts["field"] == field
    assert sentence in refused.value.sentence
    with scope([luz.pk]):
        assert not Overlay.objects.exists()


def test_the_longest_hold_is_the_creditors_own(luz, late):
    assert _put(luz, late, until_on=DAY + timedelta(days=90)).until_on == DAY + timedelta(days=90)
    Creditor.objects.filter(pk=luz.pk).update(hold_days_max=5)
    luz.refresh_from_db()
    with pytest.raises(HoldRefused, match="como mucho 5 días"):
        _put(luz, late, until_on=DAY + timedelta(days=6))


def test_nobody_holds_a_customer_of_another(luz, late):
    from aldia.operations.creditors import create_creditor

    mar = create_creditor(name="Mar", country="ES", code="mar", now=NOW, actor="prueba").creditor
    made = _put(luz, late)
    with pytest.raises(UnknownCustomer):
        _put(mar, late)
    with pytest.raises(UnknownHold):
        end_hold(creditor=mar, hold_id=made.hold_id, reason="x", **BY)


def test_a_hold_is_ended_once_with_a_reason_and_an_author(luz, late):
    made = _put(luz, late)
    with pytest.raises(HoldRefused) as refused:
        end_hold(creditor=luz, hold_id=made.hold_id, reason=" ", **BY)
    assert refused.value.facts["field"] == "reason"
    later = BY | {"now": NOW + timedelta(days=4)}
    assert end_hold(creditor=luz, hold_id=made.hold_id, reason="Ha contestado", **later) == DAY + timedelta(4)
    with scope([luz.pk]):
        end = OverlayEnd.objects.get(overlay_id=made.hold_id)
        assert (end.reason, end.recorded_by) == ("Ha contestado", "user:7")
    with pytest.raises(HoldRefused, match="ya había terminado"):
        end_hold(creditor=luz, hold_id=made.hold_id, reason="x", **later)


def test_what_is_over_by_itself_cannot_be_ended_and_what_has_not_begun_never_stands(luz, late):
    made = _put(luz, late, until_on=DAY + timedelta(days=2))
    with pytest.raises(HoldRefused, match="ya había terminado"):
        end_hold(creditor=luz, hold_id=made.hold_id, reason="x", **BY | {"now": NOW + timedelta(days=2)})
    coming = _put(luz, late, on=DAY + timedelta(days=5))
    with transaction.atomic(), scope([luz.pk]):
        assert [each.coming for each in holds_of(luz, late, DAY)] == [True, False]
    assert end_hold(creditor=luz, hold_id=coming.hold_id, reason="x", **BY) == DAY + timedelta(days=5)
    with transaction.atomic(), scope([luz.pk]):
        never, _first = holds_of(luz, late, DAY + timedelta(days=6))
        assert (never.in_force, never.can_end, never.last_on) == (False, False, never.from_on)


@pytest.mark.django_db(transaction=True)
def test_past_holds_and_circumstances_are_frozen_and_told(luz, late):
    """From the database to the sentence: the days of both count once."""
    from aldia.operations.circumstances import NewCircumstance, record_circumstance
    from aldia.queries.explain import explain

    with transaction.atomic(), scope([luz.pk]):
        rows = [(date(2026, 10, 10), date(2026, 10, 20)), (date(2026, 10, 15), date(2026, 10, 25))]
        for first, last in rows:
            Overlay.objects.create(
                creditor=luz,
                customer=Customer.objects.get(pk=late),
                kind="hold",
                effective_on=first,
                until_on=last,
                recorded_at=NOW,
            )
    new = NewCircumstance("complaint", date(2026, 11, 1), date(2026, 11, 6))
    record_circumstance(creditor=luz, customer_id=late, new=new, **BY)
    found = explain(luz, "TARDE", DAY)
    assert [(row["days_overdue"], row["days_on_hold"]) for row in found.balances] == [(50, 20)]
    assert "50 días de retraso, 20 en pausa, y" in found.decision.sentence


@pytest.mark.django_db(transaction=True)
def test_the_open_case_waits_and_is_under_way_again(luz, late):
    from aldia.operations.run import daily_run
    from aldia.records.cases.models import Case

    daily_run(creditor=luz, on=DAY, now=NOW, actor="prueba")
    made = _put(luz, late)
    with transaction.atomic(), scope([luz.pk]):
        assert Case.objects.get(customer_id=late).state == "waiting"
    other = _put(luz, late)
    end_hold(creditor=luz, hold_id=made.hold_id, reason="Ha contestado", **BY)
    with transaction.atomic(), scope([luz.pk]):
        assert Case.objects.get(customer_id=late).state == "waiting", "the other hold stands"
    end_hold(creditor=luz, hold_id=other.hold_id, reason="Ha contestado", **BY)
    with transaction.atomic(), scope([luz.pk]):
        assert Case.objects.get(customer_id=late).state == "working"
        Case.objects.filter(customer_id=late).update(state="promised", version=10)
    _put(luz, late)
    with transaction.atomic(), scope([luz.pk]):
        assert Case.objects.get(customer_id=late).state == "promised", "a promise is more than a pause"
