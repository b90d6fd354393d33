"""Thanks after something firm: once per case, while all is well, and not for ever."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from aldia.operations.ledger import forgive, record_credit_note, record_terms, reverse_credit, write_off
from aldia.operations.run import daily_run
from aldia.operations.strategies import set_strategy
from aldia.queries.gate import last_looks
from aldia.queries.rendering import Rendered, rendered
from aldia.records.cases.models import Case, Episode
from aldia.records.ledger.models import Credit, DueLine
from aldia.records.outreach.models import Message
from aldia.records.parties.models import Contact, ContactPoint, Customer
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.gate import Allowed, Refused
from aldia.rules.shipped import shipped_strategies
from tests.cli.books import DAY, NOW, Books

pytestmark = pytest.mark.django_db(transaction=True)
MONDAY = DAY + timedelta(days=3)


@pytest.fixture
def luz() -> Creditor:
    from aldia.operations.creditors import create_creditor

    return create_creditor(name="Luz", country="ES", code="luz", now=NOW, actor="prueba").creditor


@pytest.fixture
def late(luz: Creditor) -> Customer:
    """Owes since September, and has an open case."""
    with transaction.atomic(), scope([luz.pk]):
        books = Books(luz)
        customer = books.customer("TARDE", name="Bar Tarde, S.L.")
        contact = Contact.objects.create(creditor=luz, customer=customer, name="Marta", role="holder")
        ContactPoint.objects.create(
            creditor=luz, customer=customer, contact=contact, channel="email", value="marta@tarde.example"
        )
        books.invoice(customer, 80_000, date(2026, 9, 1))
    _run(luz, DAY)
    return customer


def _run(luz: Creditor, on: date) -> Any:
    return daily_run(creditor=luz, on=on, now=NOW + (on - DAY), actor="prueba")


def _sent(luz: Creditor, late: Customer, tone: str = "firme") -> None:
    with transaction.atomic(), scope([luz.pk]):
        Message.objects.create(
            creditor=luz,
            once_key=f"episode:1/x-{tone}/1",
            customer=late,
            episode=Episode.objects.get(customer=late),
            kind="dunning",
            step="firm",
            rank=3,
            channel="email",
            tone=tone,
            template="firm",
            state="sent",
            planned_on=DAY,
            sent_on=DAY,
        )


def _pay(luz: Creditor, late: Customer, on: date = DAY) -> None:
    with transaction.atomic(), scope([luz.pk]):
        lines = list(DueLine.objects.filter(customer=late).order_by("pk").values_list("pk", flat=True))
        Books(luz).payment(late, 80_000, on, due_line_ids=lines[-1:])


def _thanks(luz: Creditor) -> list[Message]:
    with transaction.atomic(), scope([luz.pk]):
        return list(Message.objects.filter(kind="goodwill").order_by("pk"))


def _look(luz: Creditor, message: Message, on: date) -> Any:
    with transaction.atomic(), scope([luz.pk]):
        return last_looks(luz, {"k": [message.pk]}, now=NOW + (on - DAY))["k"]


def test_who_is_up_to_date_after_something_firm_is_thanked_once(luz, late):
    _sent(luz, late)
    _pay(luz, late)
    _run(luz, MONDAY)
    (message,) = _thanks(luz)
    with transaction.atomic(), scope([luz.pk]):
        case = Case.objects.get(customer=late)
    assert message.once_key == f"case:{case.pk}/goodwill/1"
    assert (message.state, message.tone, message.template) == ("planned", "amable", "goodwill")
    assert isinstance(_look(luz, message, MONDAY), Allowed)
    with transaction.atomic(), scope([luz.pk]):
        words = rendered(luz, {"k": [message.pk]}, now=NOW + (MONDAY - DAY))["k"]
    assert isinstance(words, Rendered)
    assert words.subject == "Gracias por dejarlo resuelto"
    assert (words.recipient, words.lines) == ("marta@tarde.example", ())
    assert not _run(luz, MONDAY).recorded, "the same run again plans nothing"
    _run(luz, MONDAY + timedelta(days=1))
    assert len(_thanks(luz)) == 1


def test_nobody_is_thanked_who_only_got_friendly_words(luz, late):
    _sent(luz, late, tone="cercano")
    _pay(luz, late)
    _run(luz, MONDAY)
    assert _thanks(luz) == []


def _with_ledger(luz: Creditor, late: Customer, verb: Callable[..., Any], **said: Any) -> None:
    """A verb of the ledger on the line of the customer."""
    with transaction.atomic(), scope([luz.pk]):
        line = DueLine.objects.get(customer=late)
        by = {"creditor_id": luz.pk, "actor": "prueba", "now": NOW}
        verb(**by, **{"due_line_id": line.pk} | said)


def test_nobody_is_thanked_whose_debt_was_written_off_or_forgiven(luz, late):
    _sent(luz, late)
    with transaction.atomic(), scope([luz.pk]):
        line = DueLine.objects.get(customer=late).pk
        Books(luz).payment(late, 30_000, DAY, due_line_ids=[line])
    _with_ledger(luz, late, write_off, on=DAY, amount_minor=30_000)
    _with_ledger(luz, late, forgive, on=DAY)
    _run(luz, MONDAY)
    assert _thanks(luz) == [], "though part of it was paid"


def test_nobody_is_thanked_whose_debt_a_credit_note_took_away(luz, late):
    _sent(luz, late)
    with transaction.atomic(), scope([luz.pk]):
        document = DueLine.objects.get(customer=late).document_id
        record_credit_note(
            creditor_id=luz.pk, customer_id=late.pk, number="R-1", amount_minor=80_000, currency="EUR",
            issued_on=DAY, adjusts_id=document, actor="prueba", now=NOW,
        )  # fmt: skip
    _run(luz, MONDAY)
    assert _closed(luz, late)
    assert _thanks(luz) == []


def test_nobody_is_thanked_who_has_only_been_given_longer(luz, late):
    _sent(luz, late)
    _with_ledger(luz, late, record_terms, until_on=DAY + timedelta(days=60), on=DAY)
    _run(luz, MONDAY)
    assert _closed(luz, late)
    assert _thanks(luz) == []


def test_money_that_was_taken_back_does_not_earn_thanks(luz, late):
    _sent(luz, late)
    _pay(luz, late)
    with transaction.atomic(), scope([luz.pk]):
        credit = Credit.objects.get(customer=late)
        reverse_credit(
            creditor_id=luz.pk, credit_id=credit.pk, kind="returned_debit", on=DAY, actor="prueba", now=NOW
        )
    _with_ledger(luz, late, record_terms, until_on=DAY + timedelta(days=60), on=DAY)
    _run(luz, MONDAY)
    assert _closed(luz, late)
    assert _thanks(luz) == []


def _closed(luz: Creditor, late: Customer) -> bool:
    with transaction.atomic(), scope([luz.pk]):
        return Case.objects.get(customer=late).state == "closed"


def test_a_strategy_may_send_no_thanks(luz, late):
    _sent(luz, late)
    _pay(luz, late)
    silent = shipped_strategies()["pymes"] + "\n[goodwill]\nsend = false\n"
    with transaction.atomic(), scope([luz.pk]):
        set_strategy(creditor_id=luz.pk, toml=silent, actor="prueba", now=NOW)
    _run(luz, MONDAY)
    assert _thanks(luz) == []


def test_thanks_do_not_leave_while_something_is_overdue_again_nor_long_after(luz, late):
    _sent(luz, late)
    _pay(luz, late)
    _run(luz, MONDAY)
    (message,) = _thanks(luz)
    last = _look(luz, message, MONDAY + timedelta(days=29))
    assert isinstance(last, Allowed)
    after = _look(luz, message, MONDAY + timedelta(days=30))
    assert isinstance(after, Refused)
    assert (after.rule, after.retry_at) == ("no_longer_applies", None)
    with transaction.atomic(), scope([luz.pk]):
        Books(luz).invoice(late, 80_000, MONDAY - timedelta(days=1), number="F-2")
    again = _look(luz, message, MONDAY)
    assert isinstance(again, Refused)
    assert again.rule == "no_longer_applies"
    _run(luz, MONDAY + timedelta(days=1))
    assert [each.state for each in _thanks(luz)] == ["cancelled"], "the case is taken up again"
    _pay(luz, late, MONDAY + timedelta(days=1))
    _run(luz, MONDAY + timedelta(days=2))
    assert [each.state for each in _thanks(luz)] == ["cancelled", "planned"], "and closed again"
    assert _thanks(luz)[1].once_key.endswith("/goodwill/2")


def test_thanks_are_no_contact_for_the_caps(luz, late):
    from aldia.rules.gate import GateFacts

    assert not GateFacts(now=NOW, kind="goodwill").counts_as_contact
