"""Who is sending right now: a session lock per worker, which dies with it and with nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from aldia.records.tenancy.models import Creditor

_WORKERS = 4_712  # first key of the advisory locks; the second is the worker's number
_CLAIMS = 4_713  # second key: the creditor's id


@contextmanager
def at_work() -> Iterator[int]:
    """A fresh worker number, alive for as long as this database session lives and the block lasts.

    The lock belongs to the session that also records: when it is free, nobody can be about to record.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('outreach_worker')::integer")
        worker = int(cursor.fetchone()[0])
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [_WORKERS, worker])
    try:
        yield worker
    finally:
        if connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_WORKERS, worker])


def is_dead(worker: int) -> bool:
    """True when no session holds that worker's lock. Inside a transaction, which keeps the lock if so."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [_WORKERS, worker])
        return bool(cursor.fetchone()[0])


def claim_alone(creditor: Creditor) -> None:
    """One claim at a time per creditor, until the end of the transaction: so caps count what others took."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_CLAIMS, creditor.pk])
