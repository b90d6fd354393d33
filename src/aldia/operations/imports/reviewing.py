"""A file looked at again and again: kept once, read under other words until it says what it should."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from aldia.formats.table import TableRefused
from aldia.kernel.errors import AldiaError
from aldia.kernel.money import UnknownCurrency
from aldia.operations.bulk import many_rows
from aldia.operations.imports.batches import must_be
from aldia.operations.imports.options import ImportOptions, Kind
from aldia.operations.imports.refusals import BatchBusy, NoSuchBatch
from aldia.operations.imports.staging import DEFAULT_SOURCE, kept_file, look_at, source_of
from aldia.records.intake.models import Errand, ImportBatch
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope


def keep_file(
    *, creditor: Creditor, kind: Kind, file_name: str, content: bytes, actor: str, now: datetime
) -> ImportBatch:
    """Keep the bytes of a file for `look_again`; nothing of it is read yet, so its counts are empty."""
    with transaction.atomic(), scope([creditor.pk]):
        batch = kept_file(creditor, kind, file_name, content, actor=actor, now=now)
        batch.save()
        return batch


def look_again(
    *,
    creditor: Creditor,
    batch_id: int,
    options: ImportOptions,
    mapping: Mapping[str, str],
    source_name: str | None,
    now: datetime,
    errand_id: int | None = None,
) -> ImportBatch:
    """Read a kept file under these words, as `stage` does; nothing is booked.

    A file of which nothing can be used stays kept, with the reason as its only finding and
    `options["facts"]["refused"]` as its code. errand_id: of the errand that does this, if one does. Raises
    NoSuchBatch, BatchState, BatchBusy while an errand is about the batch.
    """
    with transaction.atomic(), scope([creditor.pk]), many_rows():
        batch = _ours(creditor, batch_id, errand_id)
        try:
            look_at(batch, creditor, options=options, mapping=mapping, source_name=source_name, now=now)
        except (TableRefused, UnknownCurrency) as refusal:
            _keep_refusal(batch, refusal, options, source_name)
        batch.save(update_fields=["source", "options", "mapping", "counts", "findings"])
        return batch


def look_as_it_is(
    *, creditor: Creditor, batch_id: int, now: datetime, errand_id: int | None = None
) -> ImportBatch:
    """Under the same words as last time, but as the books stand now. Raises as `look_again`."""
    with transaction.atomic(), scope([creditor.pk]):
        batch = _ours(creditor, batch_id, errand_id)
    name = source_of(batch)
    return look_again(
        creditor=creditor,
        batch_id=batch_id,
        options=ImportOptions().after(batch.options),
        mapping=batch.mapping,
        source_name=None if name == DEFAULT_SOURCE else name,
        now=now,
        errand_id=errand_id,
    )


def _ours(creditor: Creditor, batch_id: int, errand_id: int | None) -> ImportBatch:
    open_ = Errand.objects.filter(creditor=creditor, batch_id=batch_id, finished_at__isnull=True)
    if any(errand.pk != errand_id for errand in open_):
        raise BatchBusy(f"La importación {batch_id} está en marcha: espere a que termine.", batch_id=batch_id)
    batch = ImportBatch.objects.select_for_update().filter(creditor=creditor, pk=batch_id).first()
    if batch is None:
        raise NoSuchBatch(f"No existe la importación {batch_id}.", batch_id=batch_id)
    must_be(batch, "staged", "cambiar")
    return batch


def _keep_refusal(
    batch: ImportBatch, refusal: AldiaError, options: ImportOptions, source_name: str | None
) -> None:
    """What was seen of the file before stays, so that its columns may be chosen anew."""
    seen = dict(batch.options.get("facts", {})) | {
        "rows": [],
        "bytes": len(batch.content),
        "refused": refusal.code,
    }
    batch.options = {**options.declared(), "source": source_name or DEFAULT_SOURCE, "facts": seen}
    batch.counts = {"rows": 0, "errors": 1, "findings": {refusal.code: 1}}
    batch.findings = [
        {
            "severity": "error",
            "code": refusal.code,
            "row": None,
            "column": None,
            "sentence": refusal.sentence,
        }
    ]
