"""What somebody wants the others to know of a customer."""

from datetime import datetime

from django.db import transaction

from aldia.operations.audit import record_event
from aldia.operations.cases.errors import NoteRefused
from aldia.operations.cases.workers import must_work
from aldia.records.cases.models import Case, CaseNote
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

NOTE_MAX = 4000


def add_note(*, creditor: Creditor, customer_id: int, text: str, actor: str, now: datetime) -> CaseNote:
    """Write a note, on the open case where there is one. Raises NoteRefused, MayNotWork."""
    with transaction.atomic(), scope([creditor.pk]):
        must_work(creditor, actor)
        note = write_note(creditor=creditor, customer_id=customer_id, text=text, actor=actor, now=now)
        record_event(
            creditor_id=creditor.pk,
            verb="case.noted",
            subject=f"customer:{customer_id}",
            actor=actor,
            payload={"note": note.pk, "case": note.case_id},
            at=now,
        )
    return note


def write_note(*, creditor: Creditor, customer_id: int, text: str, actor: str, now: datetime) -> CaseNote:
    """The same as part of another operation, under its audit entry. Raises NoteRefused."""
    plain = text.replace("\0", " ").strip()
    if not plain:
        raise NoteRefused("La nota está vacía: escriba algo.", field="note")
    if len(plain) > NOTE_MAX:
        raise NoteRefused(f"Una nota cabe en {NOTE_MAX} caracteres.", field="note")
    case = Case.objects.filter(creditor=creditor, customer_id=customer_id).exclude(state="closed").first()
    return CaseNote.objects.create(
        creditor=creditor, customer_id=customer_id, case=case, text=plain, at=now, actor=actor
    )
