"""Two connections append to one customer's log at the same time: the second waits and goes on from the
first. Without the lock both would take the same place: the unique key refuses one; without that too, the
chain forks."""

import threading
from contextlib import ExitStack, contextmanager

import psycopg
import pytest
from django.db import transaction

from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)

_APPEND = """
INSERT INTO outreach_contact_entry (creditor_id, customer_id, at, kind, actor, payload)
VALUES (%(creditor)s, %(customer)s, now(), 'sent', %(actor)s, '{}')
"""

_CHAIN = """
SELECT seq, prev_hash, entry_hash FROM outreach_contact_entry
WHERE customer_id = %(customer)s ORDER BY seq, id
"""

_CONSTRAINT = """
SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s
"""


@pytest.fixture(params=["first entry", "later entry"])
def log(request, app_dsn):
    """A customer without a log yet, or with one entry."""
    creditor = make.creditor()
    with transaction.atomic(), scope([creditor.pk]):
        said = {"creditor": creditor.pk, "customer": make.customer(creditor=creditor).pk, "actor": "ana"}
    if request.param == "later entry":
        with _connected(app_dsn, said) as connection:
            connection.execute(_APPEND, said)
    return said


@contextmanager
def _connected(dsn, said):
    with psycopg.connect(dsn) as connection:
        connection.execute("SELECT set_config('aldia.creditor', %s, false)", [str(said["creditor"])])
        yield connection


def _race(dsn, log):
    """Both append, the second while the first is under way; what became of the second, and the chain."""
    outcome: list[str] = []
    with ExitStack() as stack:
        first, second = (stack.enter_context(_connected(dsn, log)) for _ in range(2))
        first.execute(_APPEND, log)
        rival = threading.Thread(target=_append, args=(second, log, outcome))
        rival.start()
        _wait_until_blocked_or_done(first, second.info.backend_pid, rival)
        first.commit()
        rival.join(timeout=20)
        assert not rival.is_alive()
        return outcome, first.execute(_CHAIN, log).fetchall()


def _append(connection, log, outcome):
    try:
        connection.execute(_APPEND, {**log, "actor": "eva"})
        connection.commit()
        outcome.append("accepted")
    except psycopg.errors.UniqueViolation as refused:
        outcome.append(str(refused.diag.constraint_name))


def _wait_until_blocked_or_done(observer, pid, rival):
    for _ in range(500):
        waits = observer.execute(
            "SELECT cardinality(pg_blocking_pids(%s)) > 0, pg_sleep(0.01)", [pid]
        ).fetchone()
        if waits[0] or not rival.is_alive():
            return
    raise AssertionError("the second connection neither waits nor ends")


def _is_one_chain(rows):
    return [row[0] for row in rows] == list(range(1, len(rows) + 1)) and all(
        row[1] == before for row, before in zip(rows, ["", *(row[2] for row in rows)], strict=False)
    )


def test_the_second_waits_and_goes_on_from_the_first(app_dsn, log):
    outcome, chain = _race(app_dsn, log)
    assert outcome == ["accepted"]
    assert len(chain) >= 2
    assert _is_one_chain(chain)


@contextmanager
def _without_the_lock(owner_dsn, *, also_without=()):
    """The trigger reads the end of the chain and does not wait for whoever is about to move it."""
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        ((kept,),) = owner.execute(
            "SELECT pg_get_functiondef('outreach_contact_chained'::regproc)"
        ).fetchall()
        keys = {name: owner.execute(_CONSTRAINT, [name]).fetchall()[0] for name in also_without}
        blind = kept.replace(" FOR UPDATE", "").replace(
            "UPDATE outreach_contact_head SET",
            "UPDATE outreach_contact_head SET anchored_seq = 0 WHERE false; --",
        )
        assert blind.count("FOR UPDATE") == 0
        assert "WHERE false" in blind
        owner.execute(blind)
        for name, (table, _said) in keys.items():
            owner.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        try:
            yield
        finally:
            owner.execute(kept)
            owner.execute("TRUNCATE outreach_contact_entry, outreach_contact_anchor, outreach_contact_head")
            for name, (table, said) in reversed(keys.items()):
                owner.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {said}")


def _has_an_end(dsn, log):
    """Both writers of the control find an end to append to."""
    with _connected(dsn, log) as connection:
        connection.execute(_APPEND, log)


def test_without_the_lock_the_unique_key_refuses_the_second(app_dsn, owner_dsn, log):
    _has_an_end(app_dsn, log)
    with _without_the_lock(owner_dsn):
        outcome, chain = _race(app_dsn, log)
    assert outcome == ["contact_entry_has_one_place_in_its_chain"]
    assert _is_one_chain(chain)


def test_without_the_unique_key_too_the_chain_would_fork(app_dsn, owner_dsn, log):
    _has_an_end(app_dsn, log)
    keys = ("outreach_contact_anchor_customer_id_seq_fk", "contact_entry_has_one_place_in_its_chain")
    with _without_the_lock(owner_dsn, also_without=keys):
        outcome, chain = _race(app_dsn, log)
    assert outcome == ["accepted"]
    assert not _is_one_chain(chain)


def test_many_writers_of_many_customers_leave_whole_chains(app_dsn, log):
    """Four writers, each twenty-five transactions of two customers, in the order that the house keeps."""
    with transaction.atomic(), scope([log["creditor"]]):
        creditor = Creditor.objects.get(pk=log["creditor"])
        customers = sorted([log["customer"], make.customer(creditor=creditor).pk])
    faults: list[BaseException] = []

    def write() -> None:
        try:
            with _connected(app_dsn, log) as connection:
                for _ in range(25):
                    for customer in customers:
                        connection.execute(_APPEND, {**log, "customer": customer})
                    connection.commit()
        except psycopg.Error as fault:
            faults.append(fault)

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=60)
    assert faults == []
    with _connected(app_dsn, log) as connection:
        for customer in customers:
            chain = connection.execute(_CHAIN, {"customer": customer}).fetchall()
            assert len(chain) >= 100
            assert _is_one_chain(chain)
