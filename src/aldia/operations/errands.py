"""Long work behind a page: asked for as a row, done by whoever attends the jobs, closed with how it ended.

Nothing here puts a job in a queue. One worker at a time is at an errand (a session lock, gone with the
process); a worker that dies leaves the row open, and the next one begins again: every kind of work finds what
an earlier attempt has done, so nothing is done twice.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from aldia.kernel.errors import AldiaError
from aldia.kernel.faults import fault_point
from aldia.operations.imports import (
    ImportOptions,
    ImportRefused,
    commit,
    look_again,
    look_as_it_is,
    undo,
)
from aldia.operations.progress import Tell, telling
from aldia.operations.run import daily_run
from aldia.records.intake.models import Errand, ImportBatch
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

ATTEMPTS_MAX = 3
_LOCK = "SELECT pg_try_advisory_lock(hashtextextended('aldia.errand', %s))"
_UNLOCK = "SELECT pg_advisory_unlock(hashtextextended('aldia.errand', %s))"
_GIVEN_UP = (
    f"Se ha intentado {ATTEMPTS_MAX} veces y el trabajo se ha interrumpido cada vez: no se ha anotado nada. "
    "Avise a quien administra Al Día."
)


def ask_for(
    *,
    creditor: Creditor,
    kind: str,
    batch_id: int | None,
    wishes: Mapping[str, Any],
    actor: str,
    now: datetime,
) -> Errand:
    """Enter an errand, or find the open one about the same batch (or the open run): two clicks ask once.

    wishes: for `read` options, mapping, source; for `import` partial; for `run` on, now.
    """
    with transaction.atomic(), scope([creditor.pk]):
        asked = Errand(
            creditor=creditor,
            kind=kind,
            batch_id=batch_id,
            wishes=dict(wishes),
            actor=actor,
            asked_at=now,
        )
        Errand.objects.bulk_create([asked], ignore_conflicts=True)
        return Errand.objects.get(creditor=creditor, batch_id=batch_id, finished_at__isnull=True)


def do_errand(*, creditor: Creditor, errand_id: int, now: datetime) -> bool:
    """Do an open errand and close it; False where it is closed already or somebody else is at it.

    A refusal of the work closes it with its sentence. Whatever else goes wrong passes through and leaves it
    open; after three attempts it is given up.
    """
    with _alone_at(errand_id) as alone:
        errand = _begun(creditor, errand_id, now) if alone else None
        if errand is None:
            return False
        fault_point("errand.begun")
        try:
            with telling(errand.pk) as tell:
                _WORK[errand.kind](creditor, errand, now, tell)
        except AldiaError as refusal:
            _close(creditor, errand.pk, now, refusal.sentence)
        else:
            fault_point("errand.done")
            _close(creditor, errand.pk, now, "")
        return True


@contextmanager
def _alone_at(errand_id: int) -> Iterator[bool]:
    """Whether this session is the only one at the errand, until the end of the block."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [errand_id])
        alone = bool(cursor.fetchone()[0])
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute(_UNLOCK, [errand_id])


def _begun(creditor: Creditor, errand_id: int, now: datetime) -> Errand | None:
    """The errand with one attempt more, or None when there is nothing to do."""
    with transaction.atomic(), scope([creditor.pk]):
        errand = Errand.objects.select_for_update().filter(creditor=creditor, pk=errand_id).first()
        if errand is None or errand.finished_at is not None:
            return None
        if errand.attempts >= ATTEMPTS_MAX:
            errand.finished_at, errand.refusal = now, _GIVEN_UP
            errand.save(update_fields=["finished_at", "refusal"])
            return None
        errand.attempts += 1
        errand.save(update_fields=["attempts"])
        return errand


def _close(creditor: Creditor, errand_id: int, now: datetime, refusal: str) -> None:
    with transaction.atomic(), scope([creditor.pk]):
        Errand.objects.filter(creditor=creditor, pk=errand_id).update(finished_at=now, refusal=refusal)


def _read(creditor: Creditor, errand: Errand, now: datetime, tell: Tell) -> None:
    assert errand.batch_id is not None
    look_again(
        creditor=creditor,
        batch_id=errand.batch_id,
        options=ImportOptions().after(errand.wishes.get("options", {})),
        mapping=errand.wishes.get("mapping", {}),
        source_name=errand.wishes.get("source"),
        now=now,
        errand_id=errand.pk,
    )


def _import(creditor: Creditor, errand: Errand, now: datetime, tell: Tell) -> None:
    assert errand.batch_id is not None
    if _state_of(creditor, errand.batch_id) == "committed":
        return
    try:
        commit(
            creditor=creditor,
            batch_id=errand.batch_id,
            actor=errand.actor,
            now=now,
            partial=bool(errand.wishes.get("partial")),
            progress=tell,
        )
    except ImportRefused:
        look_as_it_is(creditor=creditor, batch_id=errand.batch_id, now=now, errand_id=errand.pk)
        raise


def _undo(creditor: Creditor, errand: Errand, now: datetime, tell: Tell) -> None:
    assert errand.batch_id is not None
    if _state_of(creditor, errand.batch_id) == "undone":
        return
    undo(creditor=creditor, batch_id=errand.batch_id, actor=errand.actor, now=now)


def _run(creditor: Creditor, errand: Errand, now: datetime, tell: Tell) -> None:
    on, moment = date.fromisoformat(errand.wishes["on"]), datetime.fromisoformat(errand.wishes["now"])
    daily_run(creditor=creditor, on=on, now=moment, actor=errand.actor)


_WORK: Mapping[str, Callable[[Creditor, Errand, datetime, Tell], None]] = {
    "read": _read,
    "import": _import,
    "undo": _undo,
    "run": _run,
}


def _state_of(creditor: Creditor, batch_id: int) -> str:
    """What an earlier attempt may have left."""
    with transaction.atomic(), scope([creditor.pk]):
        return ImportBatch.objects.values_list("state", flat=True).get(creditor=creditor, pk=batch_id)
