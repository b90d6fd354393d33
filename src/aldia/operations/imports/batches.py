"""One import at a time per creditor, and what may be done to it in which state."""

from django.db import connection

from aldia.operations.imports.refusals import BatchState, ImportUnderWay, NoSuchBatch
from aldia.records.intake.models import ImportBatch

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('aldia.import', %s))"
_BESIDE = "SELECT pg_try_advisory_xact_lock_shared(hashtextextended('aldia.import', %s))"
_SAID = {
    "staged": "todavía está en revisión",
    "committed": "ya está registrada",
    "undone": "ya está deshecha",
    "discarded": "está descartada",
}


def locked_batch(creditor_id: int, batch_id: int) -> ImportBatch:
    """The batch, ours until the end of the transaction; other imports of the creditor wait.

    So two commits of one file never book twice: the second finds what the first booked. Raises NoSuchBatch.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [creditor_id])
    batch = ImportBatch.objects.select_for_update().filter(creditor_id=creditor_id, pk=batch_id).first()
    if batch is None:
        raise NoSuchBatch(f"No existe la importación {batch_id}.", batch_id=batch_id)
    return batch


def beside_imports(creditor_id: int) -> None:
    """No import of the creditor books until the end of the transaction; others who ask this may go on.

    So a paper that a table is bringing at this moment is not booked a second time. Raises ImportUnderWay.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BESIDE, [creditor_id])
        if not cursor.fetchone()[0]:
            raise ImportUnderWay("Ahora se está importando un archivo: espere a que termine y repítalo.")


def must_be(batch: ImportBatch, state: str, verb: str) -> None:
    """Refuse unless the batch is in the state. verb: what somebody wanted, in the infinitive."""
    if batch.state != state:
        raise BatchState(
            f"La importación {batch.pk} no se puede {verb}: {_SAID[batch.state]}.",
            batch_id=batch.pk,
            state=batch.state,
        )
