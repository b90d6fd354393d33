"""The scope: which creditors' rows this transaction may see and write."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

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


def ask_alone(
    creditor_ids: Iterable[int], statement: str, values: Mapping[str, Any], *, using: str = "default"
) -> tuple[Any, ...]:
    """The one row that a statement answers in a transaction of its own, in this scope: one way to the server
    and back, and it stands as it answers. Never inside a transaction."""
    connection = connections[using]
    assert not connection.in_atomic_block, "it would end with the transaction around it"
    named = ",".join(str(int(each)) for each in sorted(set(creditor_ids)))
    with connection.cursor() as cursor:
        # One message with two statements is one transaction (PostgreSQL, simple query protocol).
        cursor.execute(
            "SELECT set_config('aldia.creditor', %(scope_)s, true);" + statement, {**values, "scope_": named}
        )
        cursor.nextset()
        row: tuple[Any, ...] = cursor.fetchone()
    return row


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
