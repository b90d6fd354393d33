"""Two connections race for the last euro: one wins; without the trigger both would."""

import threading
from contextlib import ExitStack

import psycopg
import pytest
from django.db import transaction

from aldia.records.tenancy.scope import scope
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)

_INSERT = """
INSERT INTO ledger_allocation (creditor_id, credit_id, due_line_id, customer_id, credit_customer_id, currency,
    amount_minor, effective_on)
VALUES (%(creditor_id)s, %(credit_id)s, %(due_line_id)s, %(customer_id)s, %(credit_customer_id)s, 'EUR',
    10000, %(effective_on)s)
"""


@pytest.fixture
def rivals():
    """Two credits of 100 € for one line of 100 €, as parameters of two allocations."""
    creditor = make.creditor()
    with transaction.atomic(), scope([creditor.pk]):
        customer = make.customer(creditor=creditor)
        line = make.due_line(customer=customer)
        rows = [
            make.unsaved_allocation(credit=make.credit(customer=customer), due_line=line, amount_minor=10_000)
            for _ in range(2)
        ]
    return [{name: getattr(row, name) for name in _NAMES} for row in rows]


_NAMES = ["creditor_id", "credit_id", "due_line_id", "customer_id", "credit_customer_id", "effective_on"]


def _race(dsn, rivals):
    """Both insert before either commits, the second while the first still holds its locks; the outcomes."""
    outcomes: list[str] = []
    with ExitStack() as stack:
        first, second = (stack.enter_context(psycopg.connect(dsn)) for _ in rivals)
        for connection, rival in ((first, rivals[0]), (second, rivals[1])):
            connection.execute("SELECT set_config('aldia.creditor', %s, false)", [str(rival["creditor_id"])])
        first.execute(_INSERT, rivals[0])
        rival = threading.Thread(target=_allocate, args=(second, rivals[1], outcomes))
        rival.start()
        _wait_until_blocked_or_done(first, second.info.backend_pid, rival)
        first.commit()
        rival.join(timeout=20)
        assert not rival.is_alive()
        paid = first.execute(
            "SELECT sum(amount_minor) FROM ledger_allocation WHERE due_line_id = %s",
            [rivals[0]["due_line_id"]],
        ).fetchall()
    return outcomes, paid[0][0]


def _allocate(connection, rival, outcomes):
    try:
        connection.execute(_INSERT, rival)
        connection.commit()
        outcomes.append("accepted")
    except psycopg.errors.CheckViolation as refused:
        outcomes.append(str(refused.diag.constraint_name))


def _wait_until_blocked_or_done(observer, pid, rival):
    for _ in range(500):
        waits = observer.execute(
            "SELECT cardinality(pg_blocking_pids(%s)) > 0, pg_sleep(0.01)", [pid]
        ).fetchone()
        if waits[0] or not rival.is_alive():
            return
    raise AssertionError("the second connection neither waits nor ends")


def test_the_second_waits_and_is_refused(app_dsn, rivals):
    assert _race(app_dsn, rivals) == (["item_open_is_never_negative"], 10_000)


def test_without_the_trigger_both_would_be_accepted(app_dsn, owner_dsn, rivals):
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        owner.execute("ALTER TABLE ledger_allocation DISABLE TRIGGER balances")
        try:
            assert _race(app_dsn, rivals) == (["accepted"], 20_000)
        finally:
            owner.execute("ALTER TABLE ledger_allocation ENABLE TRIGGER balances")


def test_rivals_for_one_credit_are_told_apart_too(app_dsn, rivals):
    with psycopg.connect(app_dsn) as connection:
        connection.execute("SELECT set_config('aldia.creditor', %s, false)", [str(rivals[0]["creditor_id"])])
        connection.execute(_INSERT, rivals[0])
        with pytest.raises(psycopg.errors.CheckViolation):
            connection.execute(_INSERT, rivals[0])
