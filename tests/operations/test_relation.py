"""The customer for life, and what the relation card says."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from aldia.operations.relation import RelationRefused, set_for_life
from aldia.operations.replies import record_reply
from aldia.operations.run import daily_run
from aldia.queries.customers import UnknownCustomer
from aldia.queries.gate import last_looks
from aldia.queries.relation import relation_of
from aldia.queries.sheet import customer_sheet
from aldia.records.audit.models import AuditEntry
from aldia.records.cases.models import CaseNote, Episode, Promise, PromiseLine, PromiseOutcome
from aldia.records.ledger.models import DueLine
from aldia.records.outreach.models import Message
from aldia.records.parties.models import Contact, ContactPoint, Customer
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from tests.cli.books import DAY, NOW, Books

pytestmark = pytest.mark.django_db(transaction=True)
BY: dict[str, Any] = {"actor": "user:7", "now": NOW}

LADDER = """
[strategy]
name = "directa"
title = "Directa"
currency = "EUR"
[[step]]
id = "firm"
title = "Aviso firme"
when = "days_overdue >= 1"
channels = ["email"]
tone = "firme"
template = "firm"
"""


@pytest.fixture
def luz() -> Creditor:
    from aldia.operations.creditors import create_creditor
    from aldia.operations.strategies import set_strategy

    made = create_creditor(name="Luz", country="ES", code="luz", now=NOW, actor="prueba").creditor
    with transaction.atomic(), scope([made.pk]):
        set_strategy(creditor_id=made.pk, toml=LADDER, segments=("directa",), actor="prueba", now=NOW)
    return made


@pytest.fixture
def late(luz: Creditor) -> int:
    with transaction.atomic(), scope([luz.pk]):
        books = Books(luz)
        customer = books.customer("TARDE", segment="directa")
        contact = Contact.objects.create(creditor=luz, customer=customer, name="Marta", role="holder")
        ContactPoint.objects.create(
            creditor=luz, customer=customer, contact=contact, channel="email", value="marta@tarde.example"
        )
        books.invoice(customer, 80_000, date(2026, 10, 1))
        return customer.pk


def _set(luz: Creditor, late: int, **said: Any) -> None:
    wanted: dict[str, Any] = {"for_life": True, "reason": "Veinte años"} | said
    set_for_life(creditor=luz, customer_id=late, **wanted, **BY)


def _messages(luz: Creditor) -> list[Message]:
    with transaction.atomic(), scope([luz.pk]):
        return list(Message.objects.order_by("pk"))


def test_what_is_firm_waits_for_a_yes_for_a_customer_for_life(luz, late):
    _set(luz, late)
    daily_run(creditor=luz, on=DAY, now=NOW, actor="prueba")
    (message,) = _messages(luz)
    assert (message.tone, message.state) == ("firme", "waiting_approval")
    with transaction.atomic(), scope([luz.pk]):
        (note,) = CaseNote.objects.all()
        verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
        assert note.text == "Cliente para toda la vida: Veinte años"
    assert "customer.for_life_set" in verbs


def test_what_was_planned_before_asks_for_the_yes_at_the_gate(luz, late):
    daily_run(creditor=luz, on=DAY, now=NOW, actor="prueba")
    (message,) = _messages(luz)
    assert message.state == "planned"
    _set(luz, late)
    with transaction.atomic(), scope([luz.pk]):
        looked = last_looks(luz, {"k": [message.pk]}, now=NOW)["k"]
    assert getattr(looked, "rule", None) == "not_approved"
    _set(luz, late, for_life=False, reason="Se va")
    with transaction.atomic(), scope([luz.pk]):
        assert getattr(last_looks(luz, {"k": [message.pk]}, now=NOW)["k"], "rule", None) != "not_approved"


@pytest.mark.parametrize(
    ("said", "field"),
    [({"reason": " "}, "reason"), ({"reason": "x" * 2_001}, "reason"), ({"for_life": False}, "for_life")],
)
def test_what_cannot_be_is_refused_with_its_field(luz, late, said, field):
    with pytest.raises(RelationRefused) as refused:
        _set(luz, late, **said)
    assert refused.value.facts["field"] == field
    with pytest.raises(UnknownCustomer):
        _set(luz, 10**12)


def test_the_relation_says_tone_contacts_the_last_good_word_and_promises(luz, late):
    with transaction.atomic(), scope([luz.pk]):
        sheet = customer_sheet(luz, late, DAY)
        assert sheet is not None
        assert sheet.next_tone == "firme"
        nothing = relation_of(luz, late, DAY, next_tone=sheet.next_tone)
        assert (nothing.tone, nothing.tone_on, nothing.contacts) == ("firme", None, ())
        assert (nothing.last_good_word, nothing.kept_rate.decided) == (None, 0)
        customer = Customer.objects.get(pk=late)
        episode = Episode.objects.create(creditor=luz, customer=customer, opened_on=date(2026, 10, 2))
        for number, sent_on in enumerate((DAY - timedelta(days=40), DAY - timedelta(days=5), DAY)):
            Message.objects.create(
                creditor=luz,
                once_key=f"k{number}",
                customer=customer,
                episode=episode,
                kind="dunning",
                step="s",
                channel="email",
                tone=("amable", "cercano", "firme")[number],
                state="sent",
                planned_on=sent_on,
                sent_on=sent_on,
            )
        for step in ("receipt", "reminder"):
            Message.objects.create(
                creditor=luz,
                once_key=f"promise:1/{step}/1",
                customer=customer,
                kind="promise",
                step=step,
                channel="sms",
                state="sent",
                planned_on=DAY,
                sent_on=DAY,
            )
    kinds = (("paid", DAY - timedelta(days=9)), ("will_not", DAY - timedelta(days=2)))
    for kind, on in kinds:
        record_reply(
            creditor=luz, customer_code="TARDE", kind=kind, received_on=on, channel="email", note="", **BY
        )
    _promised(luz, late, "kept", DAY - timedelta(days=20))
    _promised(luz, late, "broken", DAY - timedelta(days=3))
    with transaction.atomic(), scope([luz.pk]):
        seen = relation_of(luz, late, DAY)
    assert (seen.tone, seen.tone_on) == ("firme", DAY)
    told = "the receipt of a promise is no contact, its reminder is"
    assert seen.contacts == (("Correo electrónico", 2), ("SMS", 1)), told
    assert seen.last_good_word is not None
    assert (seen.last_good_word.label, seen.last_good_word.on) == ("Dice que ha pagado", DAY - timedelta(9))
    assert (seen.kept_rate.kept, seen.kept_rate.decided) == (1, 2)


def _promised(luz: Creditor, late: int, verdict: str, decided_on: date) -> None:
    with transaction.atomic(), scope([luz.pk]):
        line = DueLine.objects.get(customer_id=late)
        promise = Promise.objects.create(
            creditor=luz,
            customer_id=late,
            amount_minor=100,
            currency="EUR",
            made_on=date(2026, 10, 5),
            promised_on=date(2026, 10, 9),
            grace_days=2,
            tolerance_minor=0,
            source="desk",
            known_allocation_id=0,
            actor="user:7",
        )
        PromiseLine.objects.create(
            creditor=luz,
            promise=promise,
            customer_id=late,
            due_line=line,
            currency="EUR",
            amount_minor=100,
            open_minor=80_000,
        )
        PromiseOutcome.objects.create(
            creditor=luz,
            promise=promise,
            customer_id=late,
            verdict=verdict,
            decided_on=decided_on,
            actor="run:1",
        )
