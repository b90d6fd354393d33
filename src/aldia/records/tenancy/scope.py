"""The scope: which creditors' rows this transaction may see and write."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.transaction import TransactionManagementError
from psycopg.pq import TransactionStatus


@contextmanager
def scope(
    creditor_ids: Iterable[int], *, using: str = "default", until_commit: bool = False
) -> Iterator[None]:
    """See and write the rows of these creditors, inside the transaction that is open; then as before.

    until_commit: nothing comes after it in the transaction, which takes the setting away as it ends. An empty
    set sees nothing. Raises TransactionManagementError outside an atomic block, where the setting would be
    lost at once and every query would silently answer nothing.
    """
    connection = connections[using]
    if not connection.in_atomic_block:
        raise TransactionManagementError("scope() needs an atomic block")
    earlier = _exchange(connection, ",".join(str(int(each)) for each in sorted(set(creditor_ids))))
    try:
        yield
    finally:
        ends = until_commit and not connection.savepoint_ids
        if not ends and connection.connection.info.transaction_status == TransactionStatus.INTRANS:
            _set(connection, earlier)  # after a failed statement the rollback restores it


def current_scope(*, using: str = "default") -> str:
    """The creditor ids in scope, joined by commas; empty when none is set."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('aldia.creditor', true), '')")
        row = cursor.fetchone()
    return str(row[0])


def _exchange(connection: BaseDatabaseWrapper, value: str) -> str:
    """Set it; what it was before, read first in the same statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT earlier, set_config('aldia.creditor', %s, true)"
            " FROM (SELECT coalesce(current_setting('aldia.creditor', true), '') AS earlier OFFSET 0) was",
            [value],
        )
        row = cursor.fetchone()
    return str(row[0])


def _set(connection: BaseDatabaseWrapper, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('aldia.creditor', %s, true)", [value])
