"""First look: a file is read, compared with the ledger and kept; nothing is booked."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django.db import transaction

from aldia.operations.bulk import many_rows
from aldia.operations.imports.batches import locked_batch, must_be
from aldia.operations.imports.options import ImportOptions, Kind, proved_grammar
from aldia.operations.imports.plan import Plan
from aldia.operations.imports.planning import plan_import
from aldia.operations.imports.reading import ReadFile, read_file
from aldia.operations.imports.report import ImportReport, as_dicts, report_of, totals_of
from aldia.operations.imports.sight import sight_of
from aldia.queries.imports import source_named
from aldia.records.intake.models import ImportBatch, ImportSource
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

DEFAULT_SOURCE = "default"


def stage(
    *,
    creditor: Creditor,
    kind: Kind,
    file_name: str,
    content: bytes,
    options: ImportOptions,
    mapping: Mapping[str, str],
    source_name: str | None,
    actor: str,
    now: datetime,
) -> ImportBatch:
    """Read a file, compare it with the ledger and keep it for `commit`; nothing is booked.

    mapping: field → column, or "-" to leave a field out. source_name: a table that comes again; what was
    saved for it (columns, declared grammar) holds where nothing else is said. The batch carries counts and
    findings.
    Raises TableRefused when nothing of the file can be used, UnknownCurrency; then nothing is kept.
    """
    with transaction.atomic(), scope([creditor.pk]), many_rows():
        batch = kept_file(creditor, kind, file_name, content, actor=actor, now=now)
        look_at(batch, creditor, options=options, mapping=mapping, source_name=source_name, now=now)
        batch.save()
        return batch


def kept_file(
    creditor: Creditor, kind: Kind, file_name: str, content: bytes, *, actor: str, now: datetime
) -> ImportBatch:
    """A batch that nobody has looked at; not saved yet."""
    return ImportBatch(
        creditor=creditor,
        kind=kind,
        file_name=file_name,
        file_digest=hashlib.sha256(content).hexdigest(),
        content=content,
        staged_at=now,
        actor=actor,
    )


def look_at(
    batch: ImportBatch,
    creditor: Creditor,
    *,
    options: ImportOptions,
    mapping: Mapping[str, str],
    source_name: str | None,
    now: datetime,
) -> None:
    """Read the batch's file and put into the batch what was understood and what it would book.

    Raises TableRefused, UnknownCurrency; then the batch is as before.
    """
    kind = cast("Kind", batch.kind)
    saved = source_named(creditor.pk, kind, source_name) if source_name else None
    read, used = _read(creditor, kind, bytes(batch.content), options, mapping=mapping, saved=saved)
    plan = plan_import(
        read,
        kind,
        digest=batch.file_digest,
        creditor=creditor,
        source=source_name or DEFAULT_SOURCE,
        file_name=batch.file_name,
        mark="0",
        now=now,
    )
    batch.source, batch.mapping = saved, read.mapping
    batch.options = _options(read, used, source_name)
    batch.options["facts"]["bytes"] = len(batch.content)
    _keep_counts(batch, plan)


def discard(*, creditor: Creditor, batch_id: int, actor: str, now: datetime) -> ImportReport:
    """Put a staged import aside. Raises NoSuchBatch, BatchState."""
    with transaction.atomic(), scope([creditor.pk]):
        batch = locked_batch(creditor.pk, batch_id)
        must_be(batch, "staged", "descartar")
        batch.state, batch.actor = "discarded", actor or batch.actor
        batch.save(update_fields=["state", "actor"])
        return report_of(batch)


def source_of(batch: ImportBatch) -> str:
    """The name of the source a batch belongs to, saved or not."""
    return str(batch.options.get("source") or DEFAULT_SOURCE)


def _read(
    creditor: Creditor,
    kind: Kind,
    content: bytes,
    options: ImportOptions,
    *,
    mapping: Mapping[str, str],
    saved: ImportSource | None,
) -> tuple[ReadFile, ImportOptions]:
    """With what was said, then what was saved; what an earlier file proved, only if this one proves none."""
    used = options.after(saved.options if saved else {})
    given: dict[str, Any] = {
        "currency": creditor.currency,
        "chosen": mapping,
        "remembered": saved.mapping if saved else {},
    }
    read = read_file(content, kind, used, **given)
    if saved and read.is_unproved:
        used = used.after(saved.options.get("proved", {}))
        read = read_file(content, kind, used, **given)
    return read, used


def _options(read: ReadFile, used: ImportOptions, source_name: str | None) -> dict[str, Any]:
    facts = read.table.facts
    written = {
        "file_type": facts.file_type,
        "header_row": facts.header_row,
        "encoding": facts.encoding,
        "delimiter": facts.delimiter,
        "sheet": facts.sheet,
    }
    return {
        **used.declared(),
        "source": source_name or DEFAULT_SOURCE,
        "facts": {name: value for name, value in written.items() if value is not None} | sight_of(read),
        "proved": proved_grammar(read.table, read.headings.fields, read.interpreted),
    }


def _keep_counts(batch: ImportBatch, plan: Plan) -> None:
    findings = plan.notes.log.close()
    batch.counts = plan.counts | {"findings": totals_of(findings), "errors": findings.errors}
    batch.findings = as_dicts(findings.kept)
