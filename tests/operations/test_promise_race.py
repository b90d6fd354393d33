"""Two take down a promise for the same last euro at once, on two real connections: exactly one gets it.

Three runs: as built; without the operation's locks, when the database's own trigger still decides; and, the
control, without locks and trigger, when the euro must be promised twice: else these tests prove nothing.
"""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from aldia.operations import ledger, promises
from aldia.operations.ledger import state
from aldia.operations.promises import NewPromise, PromiseRefused, record_promise
from aldia.records.cases.models import Promise, PromiseLine
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from tests.laws.books import NOW, Books, make_creditor, make_customer, open_minor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

_ROUNDS = 6


@pytest.fixture
def books() -> Books:
    """Committed, for other connections to see."""
    creditor_id = make_creditor().pk
    with transaction.atomic(), scope([creditor_id]):
        return Books(creditor_id, make_customer(creditor_id=creditor_id))


@pytest.fixture
def no_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The operation reads without locking, and both have read before either writes."""
    monkeypatch.setattr(state, "_LOCK_LINES", state._LOCK_LINES.replace("FOR UPDATE OF b", ""))
    both_have_looked = threading.Barrier(2)
    original = promises._written

    def wait_and_write(*args: Any, **named: Any) -> Promise:
        both_have_looked.wait(10)
        return original(*args, **named)

    monkeypatch.setattr(promises, "_written", wait_and_write)


@pytest.fixture
def no_trigger(owner_connection: Any) -> Iterator[None]:
    """The owner takes the database's own check off, and puts it back."""
    owner_connection.execute("ALTER TABLE cases_promise_line DISABLE TRIGGER promised_once")
    owner_connection.commit()
    yield
    owner_connection.execute("TRUNCATE cases_promise_line, cases_promise CASCADE")
    owner_connection.execute("ALTER TABLE cases_promise_line ENABLE TRIGGER promised_once")
    owner_connection.commit()


def _euro(books: Books) -> int:
    with transaction.atomic(), scope([books.creditor_id]):
        return books.invoice(100)


def _promising(books: Books, line: int) -> Callable[[], Any]:
    creditor = Creditor.objects.get(pk=books.creditor_id)
    new = NewPromise(100, "EUR", NOW.date() + timedelta(days=3), due_line_ids=(line,))
    return lambda: record_promise(
        creditor=creditor, customer_id=books.customer_id, new=new, actor="ana", now=NOW
    )


def _at_once(acts: list[Callable[[], Any]]) -> list[str]:
    """Each on a connection of its own, from one starting line: `won`, or what it was refused for."""
    line, told = threading.Barrier(len(acts)), []

    def run(act: Callable[[], Any]) -> None:
        try:
            line.wait(10)
            act()
            told.append("won")
        except PromiseRefused as refusal:
            told.append(str(refusal.facts.get("left_minor")))
        except DatabaseError as refusal:
            told.append(str(refusal).partition(":")[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(told) == len(acts), "somebody is still waiting, or broke"
    return sorted(told)


def _promised(books: Books, line: int) -> int:
    with transaction.atomic(), scope([books.creditor_id]):
        return sum(PromiseLine.objects.filter(due_line=line).values_list("amount_minor", flat=True))


def test_the_first_wins_and_the_second_sees_that_nothing_is_left(books):
    for _ in range(_ROUNDS):
        line = _euro(books)
        assert _at_once([_promising(books, line)] * 2) == ["0", "won"]
        assert _promised(books, line) == 100


def test_without_our_locks_the_database_still_lets_but_one(books, no_locks):
    line = _euro(books)
    assert _at_once([_promising(books, line)] * 2) == ["promised_once", "won"]
    assert _promised(books, line) == 100


def test_without_locks_and_trigger_it_is_promised_twice(books, no_locks, no_trigger):
    """The control."""
    line = _euro(books)
    assert _at_once([_promising(books, line)] * 2) == ["won", "won"]
    assert _promised(books, line) == 200


def test_the_trigger_is_back(owner_connection):
    """After the control, whatever came of it."""
    query = "SELECT tgenabled FROM pg_trigger WHERE tgname = 'promised_once'"
    assert owner_connection.execute(query).fetchone()[0] in ("O", b"O")


def test_promises_and_payments_at_once_stand_in_nobodys_way(books):
    """Four at once on the same two items: nobody is caught in a circle, and all of it is paid."""
    for _ in range(_ROUNDS):
        with transaction.atomic(), scope([books.creditor_id]):
            lines = [books.invoice(100), books.invoice(100)]
            credits_ = [books.payment(100).credit_id for _ in range(2)]

        def paying(credit: int, line: int) -> Callable[[], Any]:
            def pay() -> None:
                with transaction.atomic(), scope([books.creditor_id]):
                    ledger.allocate_credit(
                        creditor_id=books.creditor_id,
                        credit_id=credit,
                        due_line_ids=[line],
                        amount_minor=100,
                        actor="ana",
                        now=NOW,
                    )

            return pay

        pays = [paying(*pair) for pair in zip(credits_, reversed(lines), strict=True)]
        told = _at_once([*pays, *(_promising(books, line) for line in lines)])
        assert set(told) <= {"won", "0", "None"}
        assert told.count("won") >= 2
        with transaction.atomic(), scope([books.creditor_id]):
            assert [open_minor(line) for line in lines] == [0, 0]
