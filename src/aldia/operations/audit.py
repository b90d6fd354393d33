"""One thing done, one entry in the creditor's audit chain. Reliability: D21."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from aldia.connectors.audit_key import audit_key
from aldia.records.audit.models import AuditEntry, AuditHead
from aldia.rules.audit_chain import Sealed, seal


def record_event(
    *, creditor_id: int, verb: str, subject: str, actor: str, payload: Mapping[str, Any], at: datetime
) -> int:
    """Append to the chain within the current transaction and scope; returns the entry's sequence.

    verb: `ledger.payment_recorded`. subject: `credit:17`. payload: ids, counts, amounts, digests; never a
    name, address or text a person wrote, for entries outlive the right to keep those. at: aware. Writers of
    one creditor wait for each other until the end of the transaction, so call it last.
    """
    assert connection.in_atomic_block, "an entry belongs to the transaction of what it tells"
    assert at.tzinfo is not None, "instants are aware"
    head = _locked_head(creditor_id)
    entry = Sealed(
        creditor_id=creditor_id,
        sequence=head.sequence + 1,
        at=at.astimezone(UTC),
        actor=actor,
        verb=verb,
        subject=subject,
        payload=payload,
        previous=head.digest,
    )
    _append(entry, head)
    return entry.sequence


def _locked_head(creditor_id: int) -> AuditHead:
    """The end of the chain, ours until commit. Two that both begin it: one waits and finds the other's."""
    heads = AuditHead.objects.select_for_update().filter(creditor_id=creditor_id)
    head = heads.first()
    if head is None:
        AuditHead.objects.bulk_create([AuditHead(creditor_id=creditor_id)], ignore_conflicts=True)
        head = heads.get()
    return head


@transaction.atomic
def _append(entry: Sealed, head: AuditHead) -> None:
    digest = seal(entry, audit_key())
    AuditEntry.objects.create(
        creditor_id=entry.creditor_id,
        sequence=entry.sequence,
        recorded_at=entry.at,
        actor=entry.actor,
        verb=entry.verb,
        subject=entry.subject,
        payload=dict(entry.payload),
        previous_digest=entry.previous,
        digest=digest,
    )
    head.sequence, head.digest = entry.sequence, digest
    head.save(update_fields=["sequence", "digest"])
