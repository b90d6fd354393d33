"""Letters from the tray to the post: printed in batches, posted on a day, put back or withdrawn before."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from aldia.kernel.clock import business_date
from aldia.kernel.errors import AldiaError
from aldia.operations.audit import record_event
from aldia.queries.letters import batch_of
from aldia.records.outreach.models import DeliveryEvent, Dispatch, Letter, PrintBatch
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

BATCH_MAX = 500
REASON_MAX = 500
_Who = tuple[Creditor, str, datetime]  # for whom, who does it, when


class LettersRefused(AldiaError):
    """What was asked of a letter or a batch cannot be so."""

    code = "letters_refused"


def make_print_batch(*, creditor: Creditor, actor: str, now: datetime) -> PrintBatch:
    """What lies in the tray becomes the next batch, BATCH_MAX letters at most. Raises LettersRefused."""
    with transaction.atomic(), scope([creditor.pk]):
        _one_at_a_time(creditor)
        tray = Letter.objects.select_for_update().filter(creditor=creditor, channel="letter", state="tray")
        ids = list(tray.order_by("pk").values_list("pk", flat=True)[:BATCH_MAX])
        if not ids:
            raise LettersRefused("La bandeja está vacía: no hay ninguna carta que imprimir.")
        last = PrintBatch.objects.filter(creditor=creditor).aggregate(last=Max("number"))["last"]
        batch = PrintBatch.objects.create(
            creditor=creditor, number=(last or 0) + 1, made_by=actor, made_at=now
        )
        Letter.objects.filter(pk__in=ids).update(state="printed", batch=batch)
        _record(
            (creditor, actor, now), "letters.batch_made", f"print_batch:{batch.number}", {"letters": len(ids)}
        )
    return batch


def note_printing(*, creditor: Creditor, number: int, duplex: bool, actor: str, now: datetime) -> PrintBatch:
    """Somebody takes the file for the printer, for the first time or again. Raises LettersRefused."""
    with transaction.atomic(), scope([creditor.pk]):
        batch = _batch(creditor, number)
        if not Letter.objects.filter(batch=batch, state__in=["printed", "posted"]).exists():
            raise LettersRefused(f"En el lote {number} no queda ninguna carta.", number=number)
        _record((creditor, actor, now), "letters.file_taken", f"print_batch:{number}", {"duplex": duplex})
    return batch


def mark_posted(*, creditor: Creditor, number: int, on: date, actor: str, now: datetime) -> int:
    """The batch went to the post on that day; how many letters. Raises LettersRefused."""
    with transaction.atomic(), scope([creditor.pk]):
        batch = _batch(creditor, number, locked=True)
        if batch.posted_on is not None:
            raise LettersRefused(
                f"El lote {number} ya consta como enviado el {batch.posted_on:%d/%m/%Y}.", number=number
            )
        _refuse_odd_day(creditor, on, business_date(batch.made_at, creditor.time_zone), now)
        posted = Letter.objects.filter(batch=batch, state="printed").update(state="posted", posted_on=on)
        if not posted:
            raise LettersRefused(f"En el lote {number} no queda ninguna carta.", number=number)
        batch.posted_on, batch.posted_by = on, actor
        batch.save(update_fields=["posted_on", "posted_by"])
        payload = {"letters": posted, "on": on.isoformat()}
        _record((creditor, actor, now), "letters.posted", f"print_batch:{number}", payload)
    return posted


def put_back(*, creditor: Creditor, letter_id: int, actor: str, now: datetime) -> None:
    """A printed letter goes back into the tray, to be printed with the next ones. Raises LettersRefused."""
    with transaction.atomic(), scope([creditor.pk]):
        letter = locked_letter(creditor, letter_id)
        if letter.state != "printed":
            raise LettersRefused("Solo vuelve a la bandeja una carta impresa que aún no se ha enviado.")
        letter.state, letter.batch = "tray", None
        letter.save(update_fields=["state", "batch"])
        _record(
            (creditor, actor, now), "letter.put_back", f"letter:{letter.pk}", {"customer": letter.customer_id}
        )


def withdraw_letter(*, creditor: Creditor, letter_id: int, reason: str, actor: str, now: datetime) -> None:
    """It will not be posted, and the timeline says why. Its step stays done. Raises LettersRefused."""
    said = " ".join(reason.replace("\0", "").split())[:REASON_MAX]
    if not said:
        raise LettersRefused("Diga por qué se retira la carta.", field="reason")
    with transaction.atomic(), scope([creditor.pk]):
        letter = locked_letter(creditor, letter_id)
        if letter.state not in ("tray", "printed"):
            raise LettersRefused("Esa carta ya se ha enviado o se ha retirado: no se puede retirar.")
        letter.state, letter.reason = "withdrawn", said
        letter.withdrawn_by, letter.withdrawn_at = actor, now
        letter.save(update_fields=["state", "reason", "withdrawn_by", "withdrawn_at"])
        note_delivery(letter, "failed", f"Retirada antes de enviarla: {said}", now)
        payload = {"customer": letter.customer_id, "characters": len(said)}
        _record((creditor, actor, now), "letter.withdrawn", f"letter:{letter.pk}", payload)


def locked_letter(creditor: Creditor, letter_id: int) -> Letter:
    """The letter, ours until the end of the transaction. Raises LettersRefused."""
    rows = Letter.objects.select_for_update().filter(creditor=creditor, pk=letter_id)
    letter = rows.first()
    if letter is None:
        raise LettersRefused("No hay ninguna carta así.", letter=letter_id)
    return letter


_WAY = ("", "queued", "delivered", "read", "failed", "bounced", "complained")


def note_delivery(letter: Letter, state: str, detail: str, at: datetime) -> None:
    """What became of the letter, for its timeline; what is known of the dispatch only goes forward."""
    DeliveryEvent.objects.get_or_create(
        creditor_id=letter.creditor_id,
        dispatch_id=letter.dispatch_id,
        state=state,
        detail=detail,
        defaults={"customer_id": letter.customer_id, "at": at},
    )
    dispatch = Dispatch.objects.select_for_update().get(pk=letter.dispatch_id)
    if _WAY.index(state) > _WAY.index(dispatch.delivery):
        Dispatch.objects.filter(pk=dispatch.pk).update(delivery=state)


def _one_at_a_time(creditor: Creditor) -> None:
    """Two that make a batch at once do not get the same number."""
    Creditor.objects.select_for_update(no_key=True).get(pk=creditor.pk)


def _batch(creditor: Creditor, number: int, *, locked: bool = False) -> PrintBatch:
    rows = PrintBatch.objects.filter(creditor=creditor, number=number)
    found = rows.select_for_update().first() if locked else batch_of(creditor, number)
    if found is None:
        raise LettersRefused(f"No hay ningún lote {number}.", number=number)
    return found


def _refuse_odd_day(creditor: Creditor, on: date, earliest: date, now: datetime) -> None:
    if on > business_date(now, creditor.time_zone):
        raise LettersRefused("La fecha de envío no puede estar por llegar.", field="on")
    if on < earliest:
        raise LettersRefused(
            f"La fecha de envío no puede ser anterior al {earliest:%d/%m/%Y}, cuando se imprimió.", field="on"
        )


def _record(who: _Who, verb: str, subject: str, payload: dict[str, Any]) -> None:
    creditor, actor, now = who
    record_event(creditor_id=creditor.pk, verb=verb, subject=subject, actor=actor, payload=payload, at=now)
