"""`verify` is silent about sound books and names whatever somebody with the owner's rights did to them."""

from collections.abc import Iterator

import pytest
from django.db import connection

from aldia.connectors.postgres.as_owner import as_role_of
from aldia.queries.verify import verify
from aldia.records.cases.models import DailyRun, Task
from aldia.records.ledger.models import Allocation
from aldia.records.outreach.models import Dispatch, MailboxMail, Message
from tests.laws.books import NOW, Books, day, open_books

_OFF = "ALTER TABLE {0} DISABLE TRIGGER append_only"


def _lived_in(books: Books) -> dict[str, int]:
    """Books in which a little of everything happened; the ids the tamperings name."""
    line = books.invoice(1_000)
    paid = books.payment(800, on=5, due_line_ids=[line])
    returned = books.payment(300, on=6, due_line_ids=[line])
    books.do("refund", credit_id=books.payment(50, currency="USD").credit_id, amount_minor=20, on=4)
    books.do("reverse_credit", credit_id=returned.credit_id, amount_minor=250, on=20)
    books.do("write_off", due_line_id=line, amount_minor=70, on=60)
    return {
        "line": line,
        "credit": paid.credit_id,
        "allocation": Allocation.objects.get(credit_id=paid.credit_id).pk,
        "creditor": books.creditor_id,
        "customer": books.customer_id,
    }


@pytest.fixture
def owner_books(transactional_db: None, server) -> Iterator[Books]:
    """Books worked in by the owner of the tables, who may take guards off; rolled back."""
    with as_role_of(server.owner), open_books() as books:
        yield books


@pytest.mark.django_db
def test_sound_books_give_no_answer():
    with open_books() as books:
        _lived_in(books)
        assert verify(books.creditor_id) == []


@pytest.mark.django_db
def test_empty_books_are_sound():
    with open_books() as books:
        assert verify(books.creditor_id) == []


_TAMPERINGS = {
    "a kept line balance changed": (
        ["UPDATE ledger_item_balance SET allocated_minor = allocated_minor + 1, open_minor = open_minor - 1"],
        {"I2"},
    ),
    "a kept line balance gone": (["DELETE FROM ledger_item_balance WHERE due_line_id = {line}"], {"I2"}),
    "a kept credit balance changed": (
        [
            "UPDATE ledger_credit_balance SET refunded_minor = refunded_minor + 1,"
            " unallocated_minor = unallocated_minor - 1 WHERE unallocated_minor > 0"
        ],
        {"I2", "I3"},
    ),
    "an allocation deleted": (
        [
            _OFF.format("ledger_allocation"),
            "DELETE FROM ledger_allocation WHERE id = {allocation}",
        ],
        {"I2", "I3", "I4"},
    ),
    "an amount changed": (
        [
            _OFF.format("ledger_credit"),
            "UPDATE ledger_credit SET amount_minor = amount_minor + 5 WHERE id = {credit}",
        ],
        {"I2", "I3", "I4"},
    ),
    "a line made smaller than what is allocated to it": (
        [
            _OFF.format("ledger_due_line"),
            "UPDATE ledger_due_line SET amount_minor = 10 WHERE id = {line}",
        ],
        {"I1", "I2", "I4"},
    ),
    "an allocation that counts a day too late": (
        [
            _OFF.format("ledger_allocation"),
            "UPDATE ledger_allocation SET effective_on = effective_on + 1 WHERE id = {allocation}",
        ],
        {"I2", "day", "I4"},
    ),
    "an allocation that counts a day too early": (
        [
            _OFF.format("ledger_allocation"),
            "UPDATE ledger_allocation SET effective_on = effective_on - 1 WHERE id = {allocation}",
        ],
        {"day", "I4"},
    ),
    "a guard disabled": ([_OFF.format("ledger_reversal")], {"I4"}),
    "a guard for replicas only": (
        ["ALTER TABLE audit_entry ENABLE REPLICA TRIGGER append_only"],
        {"I4"},
    ),
    "a guard dropped": (["DROP TRIGGER balances ON ledger_refund"], {"I4"}),
    "the guard of the kept balances dropped": (
        ["DROP TRIGGER trigger_kept ON ledger_credit_balance"],
        {"I4"},
    ),
    "an audit entry changed": (
        [
            "ALTER TABLE audit_entry DISABLE TRIGGER append_only",
            "UPDATE audit_entry SET actor = 'eva' WHERE sequence = 3",
            "ALTER TABLE audit_entry ENABLE TRIGGER append_only",
        ],
        {"audit"},
    ),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", _TAMPERINGS)
def test_tampered_books_are_named(owner_books, name):
    statements, invariants = _TAMPERINGS[name]
    ids = _lived_in(owner_books)
    before = verify(owner_books.creditor_id)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in statements:
            cursor.execute(_without_keys(statement, cursor).format(**ids))
    found = [each for each in verify(owner_books.creditor_id) if each not in before]
    assert {each.invariant for each in found} == invariants
    assert all(each.sentence.endswith(".") and each.sentence[0].isupper() for each in found)


def _without_keys(statement, cursor):
    """An allocation can only be deleted once nothing points to it."""
    if statement.startswith("DELETE FROM ledger_allocation"):
        cursor.execute(
            "ALTER TABLE ledger_reversal DROP CONSTRAINT IF EXISTS ledger_reversal_allocation_id_fk"
        )
    return statement


@pytest.mark.django_db(transaction=True)
def test_the_owner_is_told_that_they_are_too_mighty(owner_books):
    (found,) = verify(owner_books.creditor_id)
    assert (found.invariant, "propietario" in found.sentence) == ("I4", True)


@pytest.mark.django_db
def test_money_that_was_not_there_on_a_day_is_named_though_the_totals_are_right():
    """The database's checks see only totals; a row by another way in may break a day."""
    with open_books() as books:
        line = books.invoice(1_000)
        first = books.payment(1_000, on=5, due_line_ids=[line]).credit_id
        books.do("reverse_credit", credit_id=first, on=40)
        Allocation.objects.create(
            creditor_id=books.creditor_id,
            credit_id=books.payment(1_000, on=6).credit_id,
            due_line_id=line,
            customer_id=books.customer_id,
            credit_customer_id=books.customer_id,
            currency="EUR",
            amount_minor=1_000,
            effective_on=day(6),
        )
        (found,) = verify(books.creditor_id)
        assert found.invariant == "I1"
        assert found.facts == {"line": line, "on": day(6).isoformat(), "left_minor": -1_000}


def _message(books, **more):
    said = {
        "creditor_id": books.creditor_id,
        "customer_id": books.customer_id,
        "once_key": f"customer:{books.customer_id}/x/{Message.objects.count() + 1}",
        "kind": "dunning",
        "step": "first",
        "channel": "email",
        "planned_on": day(1),
    }
    return Message.objects.create(**(said | more)).pk


@pytest.mark.django_db
def test_messages_and_tasks_without_a_fate_are_named():
    with open_books() as books:
        run = DailyRun.objects.create(creditor_id=books.creditor_id, on_date=day(1), now_at=NOW)
        stuck = _message(books, state="approved")
        unexplained = _message(books, state="unknown", run_id=run.pk)
        for sound in (
            {"run_id": run.pk},
            {"state": "unknown", "reason": "timeout", "run_id": run.pk},
            {"state": "sent", "sent_on": day(2), "sent_at": NOW},
        ):
            _message(books, **sound)
        task = Task.objects.create(
            creditor_id=books.creditor_id,
            customer_id=books.customer_id,
            once_key="k",
            kind="dunning",
            due_on=day(1),
            state="skipped",
            closed_on=day(2),
        ).pk
        found = {(each.facts["id"], each.facts["fault"]) for each in verify(books.creditor_id)}
        assert found == {(stuck, "run"), (unexplained, "reason"), (task, "reason")}


@pytest.mark.django_db(transaction=True)
def test_a_state_nobody_knows_is_named(owner_books):
    message = _message(owner_books, state="sent", sent_on=day(1))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE outreach_message DROP CONSTRAINT message_state_is_known")
        cursor.execute("ALTER TABLE outreach_message DISABLE TRIGGER message_moves")
        cursor.execute("UPDATE outreach_message SET state = 'lost' WHERE id = %s", [message])
        cursor.execute("ALTER TABLE outreach_message ENABLE TRIGGER message_moves")
    faults = [each.facts for each in verify(owner_books.creditor_id) if each.invariant == "I7"]
    assert faults == [{"table": "outreach_message", "id": message, "state": "lost", "fault": "state"}]


@pytest.mark.django_db
def test_a_mail_that_left_twice_and_one_its_message_denies_are_named():
    with open_books() as books:
        own = {"creditor_id": books.creditor_id}
        for _ in range(2):
            MailboxMail.objects.create(**own, key="k", recipient="a@example.com", at=NOW)
        mail = Dispatch.objects.create(
            **own,
            customer_id=books.customer_id,
            key="k",
            unit="k",
            channel="email",
            recipient="a@example.com",
            message_id="<k@example.com>",
            worker=1,
            claimed_at=NOW,
        )
        sent = _message(books, state="sent", sent_on=day(2), dispatch=mail)
        _message(books, state="sending", dispatch=mail, once_key="k2", run_id=None)
        found = [each.facts for each in verify(books.creditor_id) if each.invariant == "I5"]
    assert found == [
        {"message": sent, "state": "sent", "dispatch": mail.pk, "dispatch_state": "claimed"},
        {"key": "k", "times": 2},
    ]


@pytest.mark.django_db
def test_one_creditors_books_say_nothing_of_anothers():
    with open_books() as ours:
        _lived_in(ours)
        with open_books() as theirs:
            assert verify(theirs.creditor_id) == []
