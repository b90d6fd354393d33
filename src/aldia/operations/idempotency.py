"""Asked twice, done once: a key of the asker's ties every repetition of a request to its first answer.

The key and what the request does are one transaction: either both are there or neither. A request that dies
leaves no key, so it may be asked again; one that is answered is never done again under its key. The unique
constraint alone decides who comes first: whoever comes second waits for it, and reads the answer.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, connection, transaction

from aldia.kernel.errors import AldiaError
from aldia.kernel.faults import fault_point
from aldia.records.intake.models import IdempotencyKey
from aldia.records.tenancy.scope import scope

KEPT = timedelta(hours=48)  # promised: 24 hours
_WAIT = "5s"
_LOCK_NOT_AVAILABLE = "55P03"
_FORGOTTEN_AT_ONCE = 200

_RESERVE = """
INSERT INTO intake_idempotency_key (creditor_id, key, method, path, request_digest, recorded_at)
VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (creditor_id, key) DO NOTHING RETURNING id
"""

_FORGET = """
DELETE FROM intake_idempotency_key WHERE creditor_id = %s AND id IN (
    SELECT id FROM intake_idempotency_key WHERE creditor_id = %s AND recorded_at < %s
    ORDER BY recorded_at LIMIT %s FOR UPDATE SKIP LOCKED)
"""


class KeyReused(AldiaError):
    """The key was sent before with another request."""

    code = "idempotency_key_reused"


class RequestInProgress(AldiaError):
    """A request with the same key is still under way."""

    code = "request_in_progress"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it is told apart from others. digest: SHA-256 in hex of what it asks."""

    key: str
    method: str
    path: str
    digest: str


@dataclass(frozen=True, slots=True)
class Answered:
    """status: HTTP, 200 to 499. body: JSON. replayed: the answer of an earlier request."""

    status: int
    body: str
    replayed: bool = False


def answer_once(*, creditor_id: int, asked: Asked, now: datetime, act: Callable[[], Answered]) -> Answered:
    """What `act` answers, or what it answered before under this key. Opens the transaction and the scope.

    act: does it inside that transaction; a refusal is an answer too, and must have undone what it began.
    Raises KeyReused; RequestInProgress when the first is not done within five seconds.
    """
    with transaction.atomic(), scope([creditor_id]):
        row = _reserve(creditor_id, asked, now)
        if row is None:
            return _earlier(creditor_id, asked)
        fault_point("idempotency.reserved")
        answered = act()
        IdempotencyKey.objects.filter(pk=row).update(status=answered.status, body=answered.body)
        fault_point("idempotency.answered")
        return answered


def _reserve(creditor_id: int, asked: Asked, now: datetime) -> int | None:
    """The id of the new key; None if it is there already. Waits for whoever holds it."""
    values: list[Any] = [creditor_id, asked.key, asked.method, asked.path, asked.digest, now]
    try:
        with connection.cursor() as cursor:
            cursor.execute(_FORGET, [creditor_id, creditor_id, now - KEPT, _FORGOTTEN_AT_ONCE])
            cursor.execute(f"SET LOCAL lock_timeout = '{_WAIT}'")
            cursor.execute(_RESERVE, values)
            row = cursor.fetchone()
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
            raise
        raise RequestInProgress(
            "Una petición con la misma Idempotency-Key está todavía en marcha: espere y repita esta."
        ) from error
    return int(row[0]) if row else None


def _earlier(creditor_id: int, asked: Asked) -> Answered:
    row = IdempotencyKey.objects.get(creditor_id=creditor_id, key=asked.key)
    before = Asked(row.key, row.method, row.path, row.request_digest)
    if before != asked:
        raise KeyReused(
            "Esta Idempotency-Key ya se usó con otra petición: use una clave nueva para cada cosa nueva."
        )
    assert row.status is not None, "a key is committed together with its answer"
    return replace(Answered(row.status, row.body), replayed=True)
