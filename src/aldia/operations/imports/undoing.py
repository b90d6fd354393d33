"""Taking a whole import back: as of any day, what it booked never was."""

from datetime import datetime
from typing import Any

import polars as pl
from django.db import transaction

from aldia.operations.bulk import many_rows
from aldia.operations.imports.batches import locked_batch, must_be
from aldia.operations.imports.refusals import UndoRefused
from aldia.operations.imports.report import ImportReport, Notes, as_dicts, report_of, totals_of
from aldia.operations.imports.restoring import restore
from aldia.operations.ledger import undo_rows
from aldia.operations.ledger.writing import write_rows
from aldia.operations.refusals import spoken
from aldia.queries.import_undo import (
    booked_by,
    dependants_of,
    overlays_of,
    taken_by,
)
from aldia.records.intake.models import ImportBatch
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope


def undo(*, creditor: Creditor, batch_id: int, actor: str, now: datetime) -> ImportReport:
    """Take back everything an import booked; the same file may be imported again afterwards.

    Each row is taken back on its own day, circumstances never were, what it had sent back or corrected is
    there again from the day it went. Other money that paid its lines is unapplied. Customers stay. Raises
    UndoRefused (money was refunded, or later rows depend on its own), BatchState, NoSuchBatch.
    """
    with spoken(), transaction.atomic(), scope([creditor.pk]), many_rows():
        batch = locked_batch(creditor.pk, batch_id)
        must_be(batch, "committed", "deshacer")
        lines, credits_ = booked_by(creditor.pk, batch.pk)
        _refuse_dependants(creditor.pk, batch.pk)
        counts = {
            "due_lines": len(lines),
            "credits": len(credits_),
            "overlays": _end_overlays(creditor.pk, batch.pk, actor, now),
            "unapplied": taken_by(creditor.pk, lines, credits_),
        }
        counts["reversals"] = undo_rows(
            creditor_id=creditor.pk,
            due_line_ids=lines,
            credit_ids=credits_,
            now=now,
            batch_id=batch.pk,
            reason=f"Importación {batch.pk} deshecha.",
            actor=actor,
        )
        restore(creditor.pk, batch.pk, now)
        return _closed(batch, counts, now)


def _refuse_dependants(creditor_id: int, batch_id: int) -> None:
    for kind, id_, later in dependants_of(creditor_id, batch_id).iter_rows():
        first = f"; deshaga antes la importación {later}." if later else "."
        what = {
            "reversal": "una posterior anula o devuelve apuntes suyos",
            "refund": f"del cobro {id_} se devolvió dinero al cliente",
            "document": f"el documento {id_} ajusta una de sus facturas",
            "credit": f"el abono {id_} corrige una de sus facturas",
        }[kind]
        raise UndoRefused(
            f"La importación {batch_id} no se puede deshacer: {what}{first}",
            batch_id=batch_id,
            **{kind: id_},
        )


def _end_overlays(creditor_id: int, batch_id: int, actor: str, now: datetime) -> int:
    """A circumstance that ends on its first day never stood."""
    overlays = overlays_of(creditor_id, batch_id)
    if overlays.height:
        reason = pl.lit(f"Importación {batch_id} deshecha.")
        ends = overlays.with_columns(reason=reason, recorded_by=pl.lit(actor))
        write_rows("ledger_overlay_end", creditor_id, ends, now)
    return overlays.height


def _closed(batch: ImportBatch, counts: dict[str, int], now: datetime) -> ImportReport:
    notes = Notes({})
    told: dict[str, Any] = batch.counts
    if told.get("customers") or batch.kind == "customers":
        notes.log.add(
            "info",
            "customers_stay",
            "Los clientes y contactos del archivo se quedan como están; solo se deshacen facturas, cobros y "
            "circunstancias.",
        )
    if counts["unapplied"]:
        notes.log.add(
            "info",
            "money_unapplied",
            "un cobro de otro origen pagaba estas facturas y queda sin aplicar."
            if counts["unapplied"] == 1
            else f"{counts['unapplied']} cobros de otro origen pagaban estas facturas y quedan sin aplicar.",
        )
    findings = notes.log.close()
    batch.state, batch.undone_at = "undone", now
    batch.save(update_fields=["state", "undone_at"])
    report = report_of(batch)
    return ImportReport(
        batch_id=report.batch_id,
        kind=report.kind,
        counts=counts,
        findings=as_dicts(findings.kept),
        findings_total=totals_of(findings),
        source_name=report.source_name,
    )
