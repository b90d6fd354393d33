"""Export: read in one moment of the database, packed, and put into the audit chain with who asked for it."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from aldia.kernel.clock import business_date
from aldia.kernel.errors import AldiaError
from aldia.operations.audit import record_event
from aldia.operations.evidence.asked import Asked
from aldia.operations.evidence.packing import packed
from aldia.queries.customers import customer_by_code
from aldia.queries.evidence import evidence_of
from aldia.queries.people import name_of_actor
from aldia.queries.sheet import customer_sheet
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope


class PeriodUnfit(AldiaError):
    """The period begins after it ends."""

    code = "period_unfit"


class NothingLogged(AldiaError):
    """Nothing is on record for the customer."""

    code = "nothing_logged"


@dataclass(frozen=True, slots=True)
class EvidencePack:
    """A ZIP. entries: how many the chain has; shown: those within. head: the hash of its last entry. missing:
    words or files that the house no longer has."""

    name: str
    content: bytes
    sha256: str
    entries: int
    shown: int
    head: str
    missing: int


def export_evidence(
    *,
    creditor: Creditor,
    customer_code: str,
    actor: str,
    now: datetime,
    since: date | None = None,
    until: date | None = None,
) -> EvidencePack:
    """The contacts with the customer within the days from since until until (both included), as a ZIP.

    The same books, period and moment give the same bytes. Never inside a transaction: the balance is reckoned
    from a snapshot. Raises UnknownCustomer, PeriodUnfit, NothingLogged, NoStrategy.
    """
    if since is not None and until is not None and since > until:
        raise PeriodUnfit(f"El periodo empieza el {since:%d/%m/%Y} y acaba antes, el {until:%d/%m/%Y}.")
    with transaction.atomic(durable=True), scope([creditor.pk]):
        customer = customer_by_code(customer_code)
        found = evidence_of(creditor, customer.pk, since=since, until=until)
        if not found.entries:
            raise NothingLogged(
                f"No consta ningún contacto con «{customer.name or customer.code}»: no hay nada que exportar."
            )
        today = business_date(now, creditor.time_zone)
        as_of = min(until or today, today)
        sheet = customer_sheet(creditor, customer.pk, as_of)
        assert sheet is not None, "the customer is in scope"
        asked = Asked(
            creditor=creditor,
            customer=customer,
            since=since,
            until=until,
            as_of=as_of,
            now=now,
            by=name_of_actor(actor),
        )
        content = packed(asked, found, sheet.standing)
        pack = EvidencePack(
            name=f"contactos-{creditor.code}-{_plain(customer.code)}-{today:%Y%m%d}.zip",
            content=content,
            sha256=hashlib.sha256(content).hexdigest(),
            entries=len(found.entries),
            shown=sum(each.shown for each in found.entries),
            head=found.entries[-1].entry_hash,
            missing=len(found.missing),
        )
        record_event(
            creditor_id=creditor.pk,
            verb="evidence.exported",
            subject=f"customer:{customer.pk}",
            actor=actor,
            payload={
                "entries": pack.entries,
                "shown": pack.shown,
                "head": pack.head,
                "sha256": pack.sha256,
                "since": since.isoformat() if since else None,
                "until": until.isoformat() if until else None,
            },
            at=now,
        )
    return pack


def _plain(code: str) -> str:
    """The customer's code as part of a file name."""
    return "".join(each if each.isascii() and each.isalnum() else "-" for each in code)[:40] or "cliente"
