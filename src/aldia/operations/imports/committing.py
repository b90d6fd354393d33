"""The one commit: everything a file says, or nothing."""

from datetime import datetime
from typing import cast

from django.db import transaction

from aldia.operations.audit import record_event
from aldia.operations.bulk import many_rows
from aldia.operations.imports.batches import locked_batch, must_be
from aldia.operations.imports.booking import Booking, Progress
from aldia.operations.imports.options import ImportOptions, Kind
from aldia.operations.imports.plan import Plan
from aldia.operations.imports.planning import plan_import
from aldia.operations.imports.reading import forget, read_file
from aldia.operations.imports.refusals import ImportRefused
from aldia.operations.imports.report import ImportReport, as_dicts, report_of, totals_of
from aldia.operations.imports.staging import source_of
from aldia.operations.refusals import spoken
from aldia.operations.statistics import fresh_statistics
from aldia.queries.imports import source_named
from aldia.records.intake.models import ImportBatch, ImportSource
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

_SHOWN_MAX = 200


def commit(
    *,
    creditor: Creditor,
    batch_id: int,
    actor: str,
    now: datetime,
    partial: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Book a staged file in one transaction, compared with the ledger as it is now.

    partial: leave out the rows with errors. progress(done, total): called between chunks of rows. The mapping
    is saved for the source. Raises ImportRefused (errors; nothing is booked), BatchState, NoSuchBatch.
    """
    with spoken(), transaction.atomic(), scope([creditor.pk]), many_rows():
        batch = locked_batch(creditor.pk, batch_id)
        must_be(batch, "staged", "importar")
        plan = _planned(creditor, batch, now)
        _refuse_errors(plan, partial)
        Booking(creditor.pk, batch.pk, now, progress).book(plan)
        _save_source(creditor, batch, now)
        _close(batch, plan, actor, now)
    forget()
    fresh_statistics()
    return report_of(batch)


def _planned(creditor: Creditor, batch: ImportBatch, now: datetime) -> Plan:
    """Read again what was staged; the table itself is mostly still in memory."""
    options = ImportOptions().after(batch.options)
    kind = cast("Kind", batch.kind)
    read = read_file(
        bytes(batch.content),
        kind,
        options,
        currency=creditor.currency,
        chosen=batch.mapping,
        remembered={},
    )
    return plan_import(
        read,
        kind,
        digest=batch.file_digest,
        creditor=creditor,
        source=source_of(batch),
        file_name=batch.file_name,
        mark=str(batch.pk),
        now=now,
    )


def _refuse_errors(plan: Plan, partial: bool) -> None:
    findings = plan.notes.log.close()
    if not findings.errors or (partial and not findings.blocking):
        return
    errors = [f for f in findings.kept if f.severity == "error"]
    advice = (
        "No se ha importado nada. Corrija el archivo."
        if findings.blocking
        else "No se ha importado nada. Corrija el archivo o importe solo las filas correctas."
    )
    count = "un error" if findings.errors == 1 else f"{findings.errors} errores"
    raise ImportRefused(
        f"El archivo tiene {count}: {errors[0].sentence} {advice}",
        findings=as_dicts(errors[:_SHOWN_MAX]),
        findings_total=totals_of(findings),
        errors=findings.errors,
        blocking=bool(findings.blocking),
    )


def _save_source(creditor: Creditor, batch: ImportBatch, now: datetime) -> None:
    name = source_of(batch)
    source = source_named(creditor.pk, batch.kind, name)
    source = source or ImportSource(creditor=creditor, kind=batch.kind, name=name, recorded_at=now)
    source.mapping = batch.mapping
    source.options = {k: v for k, v in batch.options.items() if k not in {"source", "facts"}}
    source.save()
    batch.source = source


def _close(batch: ImportBatch, plan: Plan, actor: str, now: datetime) -> None:
    findings = plan.notes.log.close()
    batch.counts = plan.counts | {"findings": totals_of(findings), "errors": findings.errors}
    batch.findings = as_dicts(findings.kept)
    batch.state, batch.committed_at, batch.actor = "committed", now, actor
    batch.save(update_fields=["source", "counts", "findings", "state", "committed_at", "actor"])
    record_event(
        creditor_id=batch.creditor_id,
        verb="import.committed",
        subject=f"batch:{batch.pk}",
        actor=actor,
        payload={"kind": batch.kind, "digest": batch.file_digest, "counts": plan.counts},
        at=now,
    )
