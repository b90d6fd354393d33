"""What somebody wants the others to know of a customer."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from aldia.operations.audit import record_event
from aldia.operations.cases.errors import NoteRefused
from aldia.operations.cases.workers import must_work
from aldia.records.cases.models import Case, CaseNote
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.cases import UNDO_MINUTES

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


def withdraw_note(*, creditor: Creditor, note_id: int, actor: str, now: datetime) -> CaseNote:
    """Take a note back, within ten minutes and by who wrote it: it is shown no more, and the row stays.

    Part of another operation, under its audit entry. Raises NoteRefused.
    """
    assert connection.in_atomic_block, "part of another operation"
    note = CaseNote.objects.select_for_update(no_key=True).filter(creditor=creditor, pk=note_id).first()
    if note is None or note.withdraws_id is not None:
        raise NoteRefused("No hay ninguna nota así.", field="note")
    if note.actor != actor or now - note.at > timedelta(minutes=UNDO_MINUTES):
        raise NoteRefused(
            f"Una nota la retira quien la escribió, en los {UNDO_MINUTES} minutos siguientes.", field="note"
        )
    if CaseNote.objects.filter(creditor=creditor, withdraws=note).exists():
        raise NoteRefused("Esa nota ya se retiró.", field="note")
    return CaseNote.objects.create(
        creditor=creditor,
        customer_id=note.customer_id,
        case_id=note.case_id,
        text="Retirada",
        at=now,
        actor=actor,
        withdraws=note,
    )
