"""Two want the last euro at once, on two real connections: exactly one gets it.

Three runs: as built; without the operations' locks, when the database's own checks still decide; and, the
control, without locks and checks, when the euro must be given twice: else these tests prove nothing.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from psycopg import sql

from aldia.operations import ledger
from aldia.operations.ledger import credits as credits_module
from aldia.operations.ledger import placing, state
from aldia.operations.ledger.writing import write_rows
from aldia.operations.refusals import LedgerRefusal
from aldia.records.tenancy.scope import scope
from tests.laws.books import NOW, Books, make_creditor, make_customer

_ROUNDS = 8
_CHECKS = {
    "ledger_item_balance": ["item_open_is_never_negative", "item_is_settled_iff_nothing_is_open"],
    "ledger_credit_balance": ["credit_unallocated_is_never_negative"],
}
_EMPTIED = (
    "ledger_allocation, ledger_reversal, ledger_item_balance, ledger_credit_balance, audit_entry, audit_head"
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def books() -> Books:
    """Committed, for other connections to see."""
    creditor_id = make_creditor().pk
    with transaction.atomic(), scope([creditor_id]):
        return Books(creditor_id, make_customer(creditor_id=creditor_id))


def _two_at_once(books: Books, acts: list[Callable[[], Any]]) -> list[str]:
    """Run both on connections of their own, from one starting line; `won` or the refusal's code of each."""
    line, told = threading.Barrier(len(acts)), []

    def run(act: Callable[[], Any]) -> None:
        try:
            with transaction.atomic(), scope([books.creditor_id]):
                line.wait(10)
                act()
            told.append("won")
        except LedgerRefusal as refusal:
            told.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(told) == len(acts), "somebody is still waiting, or broke"
    return sorted(told)


def _last_euro_of_a_line(books: Books) -> tuple[list[Callable[[], Any]], str]:
    """Two payments of a euro each want the one euro that is open."""
    with transaction.atomic(), scope([books.creditor_id]):
        line = books.invoice(100)
        credits_ = [books.payment(100).credit_id for _ in range(2)]
    return [_allocating(books, credit, line) for credit in credits_], "more_than_open"


def _last_euro_of_a_credit(books: Books) -> tuple[list[Callable[[], Any]], str]:
    """Two invoices of a euro each want the one euro that came in."""
    with transaction.atomic(), scope([books.creditor_id]):
        lines = [books.invoice(100) for _ in range(2)]
        credit = books.payment(100).credit_id
    return [_allocating(books, credit, line) for line in lines], "more_than_left"


def _refund_against_allocation(books: Books) -> tuple[list[Callable[[], Any]], str]:
    """One gives the euro back to its payer while the other spends it."""
    with transaction.atomic(), scope([books.creditor_id]):
        line = books.invoice(100)
        credit = books.payment(100).credit_id

    def refund() -> None:
        books.do("refund", credit_id=credit, amount_minor=100, on=1)

    return [_allocating(books, credit, line), refund], "more_than_left"


_RACES = [_last_euro_of_a_line, _last_euro_of_a_credit, _refund_against_allocation]


def _allocating(books: Books, credit: int, line: int) -> Callable[[], Any]:
    return lambda: ledger.allocate_credit(
        creditor_id=books.creditor_id,
        credit_id=credit,
        due_line_ids=[line],
        amount_minor=100,
        actor="ana",
        now=NOW,
    )


@pytest.mark.parametrize("race", _RACES)
def test_exactly_one_gets_the_last_euro(books, race):
    for _ in range(_ROUNDS):
        acts, refusal = race(books)
        assert _two_at_once(books, acts) == sorted(["won", refusal])
    assert _overspent(books) == []


@pytest.mark.parametrize("race", _RACES)
def test_without_our_locks_the_database_still_gives_it_once(books, race, no_locks):
    for _ in range(_ROUNDS):
        acts, refusal = race(books)
        assert _two_at_once(books, acts) == sorted(["won", refusal])
    assert _overspent(books) == []


@pytest.mark.parametrize("race", _RACES)
def test_without_locks_and_checks_it_is_given_twice(books, race, no_locks, owner_connection, monkeypatch):
    """The control."""
    monkeypatch.setattr(credits_module, "refuse_negative_days", lambda *_: None)
    with _without_checks(owner_connection):
        acts, _ = race(books)
        assert _two_at_once(books, acts) == ["won", "won"]
        assert _overspent(books) == [-100]


@pytest.fixture
def no_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Operations read without locking, and both have read before either writes."""
    for name in ("_LOCK_CREDITS", "_LOCK_LINES"):
        monkeypatch.setattr(state, name, getattr(state, name).replace("FOR UPDATE OF b", ""))
    both_have_looked = threading.Barrier(2)

    def after_both_looked(original: Callable[..., Any]) -> Callable[..., Any]:
        def wait_and_write(*args: Any) -> Any:
            if threading.current_thread() is not threading.main_thread():
                both_have_looked.wait(10)
            return original(*args)

        return wait_and_write

    for module in (placing, credits_module):
        monkeypatch.setattr(module, "write_rows", after_both_looked(write_rows))


@contextmanager
def _without_checks(owner: Any) -> Iterator[None]:
    """The owner takes the checks off, and puts them back on emptied tables."""
    definitions = [
        (table, name, _definition(owner, name)) for table, names in _CHECKS.items() for name in names
    ]
    for table, name, _ in definitions:
        owner.execute(
            sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(sql.Identifier(table), sql.Identifier(name))
        )
    owner.commit()
    try:
        yield
    finally:
        owner.execute(f"TRUNCATE {_EMPTIED} CASCADE")
        for table, name, definition in definitions:
            owner.execute(
                sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}").format(
                    sql.Identifier(table), sql.Identifier(name), sql.SQL(definition)
                )
            )
        owner.commit()


def _definition(owner: Any, name: str) -> str:
    query = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s"
    return str(owner.execute(query, [name]).fetchone()[0])


def _overspent(books: Books) -> list[int]:
    """What is left of lines and credits of which too much is gone."""
    with transaction.atomic(), scope([books.creditor_id]), connection.cursor() as cursor:
        cursor.execute(
            "SELECT open_minor FROM ledger_item_balance WHERE open_minor < 0"
            " UNION ALL SELECT unallocated_minor FROM ledger_credit_balance WHERE unallocated_minor < 0"
        )
        return [row[0] for row in cursor.fetchall()]


def test_the_checks_are_back(owner_connection):
    """After the control, whatever came of it."""
    for names in _CHECKS.values():
        for name in names:
            assert "CHECK" in _definition(owner_connection, name)


def test_two_returns_and_an_allocation_on_crossing_rows_end(books):
    """Different verbs over the same credits and lines, again and again: no deadlock, books sound."""
    with transaction.atomic(), scope([books.creditor_id]):
        lines = [books.invoice(1_000) for _ in range(3)]
        credits_ = [books.payment(1_500, due_line_ids=lines[n:]).credit_id for n in range(2)]

    def reversing_lines() -> None:
        for line in lines:
            books.do("reverse_due_line", due_line_id=line, amount_minor=10, on=5)

    def reversing_credits() -> None:
        for credit in credits_:
            books.do("reverse_credit", credit_id=credit, amount_minor=10, on=5)

    for _ in range(3):
        assert _two_at_once(books, [reversing_credits, reversing_credits]) == ["won", "won"]
        assert _two_at_once(books, [reversing_lines, reversing_lines]) == ["won", "won"]
    assert _overspent(books) == []
