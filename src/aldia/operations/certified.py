"""Certified letters: handed over to a service, and what came of it, as a person writes it down."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from aldia.jurisdictions.certified import certified_kind
from aldia.kernel.clock import business_date
from aldia.operations.audit import record_event
from aldia.operations.letters import LettersRefused, locked_letter, note_delivery
from aldia.records.cases.models import Task
from aldia.records.outreach.models import (
    CERTIFICATE_MAX_BYTES,
    Certificate,
    CertifiedEvent,
    CertifiedEventKind,
    Letter,
)
from aldia.records.parties.models import ContactPoint, PointQuality
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

_LINE_MAX, _NOTE_MAX, _NAME_MAX = 120, 2_000, 120
_TOLD = {"delivered": "delivered", "refused": "failed", "not_collected": "failed", "returned": "bounced"}
_BEGINS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


@dataclass(frozen=True, slots=True)
class HandedOver:
    """on: the day. service: id of the kind. carrier: with whom it went. tracking_number: "" while unknown."""

    on: date
    service: str
    carrier: str
    tracking_number: str = ""


def hand_over(*, creditor: Creditor, letter_id: int, said: HandedOver, actor: str, now: datetime) -> None:
    """The certified letter went to its service. Said again, the last word counts. Raises LettersRefused."""
    carrier, number = _line(said.carrier), _line(said.tracking_number)
    if certified_kind(said.service) is None:
        raise LettersRefused("Elija qué servicio se ha usado.", field="service")
    if not carrier:
        raise LettersRefused("Diga con quién se ha enviado.", field="carrier")
    with transaction.atomic(), scope([creditor.pk]):
        letter = _certified(creditor, letter_id)
        if letter.state == "withdrawn":
            raise LettersRefused("Esa carta se ha retirado.")
        _refuse_odd_day(creditor, said.on, business_date(letter.taken_at, creditor.time_zone), now)
        if letter.state == "tray":
            letter.state, letter.posted_on = "posted", said.on
            letter.save(update_fields=["state", "posted_on"])
        _keep(
            letter,
            CertifiedEventKind.HANDED_OVER,
            said.on,
            actor,
            now,
            service=said.service,
            carrier=carrier,
            tracking_number=number,
        )


def record_result(
    *, creditor: Creditor, letter_id: int, kind: str, on: date, actor: str, now: datetime, note: str = ""
) -> None:
    """What became of it: delivered, refused, not_collected, returned. Raises LettersRefused.

    A letter that came back marks its address as bad and asks a person for another one.
    """
    if kind not in _TOLD:
        raise LettersRefused("Elija qué pasó con la carta.", field="kind")
    with transaction.atomic(), scope([creditor.pk]):
        letter = _certified(creditor, letter_id)
        if letter.posted_on is None:
            raise LettersRefused("Anote primero cuándo y con quién se envió.")
        _refuse_odd_day(creditor, on, letter.posted_on, now)
        _keep(
            letter, CertifiedEventKind(kind), on, actor, now, note=note.replace("\0", "").strip()[:_NOTE_MAX]
        )
        detail = f"{CertifiedEventKind(kind).label} el {on:%d/%m/%Y}"
        note_delivery(letter, _TOLD[kind], detail, now)
        if kind == "returned":
            _ask_for_an_address(letter, business_date(now, creditor.time_zone))


def add_certificate(
    *, creditor: Creditor, letter_id: int, name: str, content: bytes, actor: str, now: datetime
) -> Certificate:
    """Keep a certificate beside its letter, for ever; its type is what it is. Raises LettersRefused."""
    if not content:
        raise LettersRefused("El archivo está vacío.", field="file")
    if len(content) > CERTIFICATE_MAX_BYTES:
        raise LettersRefused("El archivo pasa de 10 MB.", field="file")
    content_type = next((type_ for begin, type_ in _BEGINS.items() if content.startswith(begin)), "")
    if not content_type:
        raise LettersRefused("El certificado tiene que ser un PDF, o una imagen JPEG o PNG.", field="file")
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic(), scope([creditor.pk]):
        letter = _certified(creditor, letter_id)
        if Certificate.objects.filter(letter=letter, sha256=digest).exists():
            raise LettersRefused("Ese archivo ya está guardado con esta carta.", field="file")
        kept = Certificate.objects.create(
            creditor=creditor,
            letter=letter,
            customer_id=letter.customer_id,
            name=_line(name)[-_NAME_MAX:] or "certificado",
            content_type=content_type,
            content=content,
            sha256=digest,
            recorded_by=actor,
            at=now,
        )
        _record(letter, "certificate_kept", actor, now, {"sha256": digest, "bytes": len(content)})
    return kept


def _certified(creditor: Creditor, letter_id: int) -> Letter:
    letter = locked_letter(creditor, letter_id)
    if letter.channel != "certified":
        raise LettersRefused("Esa carta no es certificada.")
    return letter


def _keep(letter: Letter, kind: CertifiedEventKind, on: date, actor: str, now: datetime, **said: str) -> None:
    CertifiedEvent.objects.create(
        creditor_id=letter.creditor_id,
        letter=letter,
        customer_id=letter.customer_id,
        kind=kind,
        on=on,
        recorded_by=actor,
        at=now,
        **said,
    )
    _record(letter, kind.value, actor, now, {"on": on.isoformat()})


def _ask_for_an_address(letter: Letter, on: date) -> None:
    Task.objects.get_or_create(
        creditor_id=letter.creditor_id,
        once_key=f"letter:{letter.pk}/returned",
        defaults={
            "customer_id": letter.customer_id,
            "kind": "bad_address",
            "channel": letter.channel,
            "due_on": on,
        },
    )
    points = ContactPoint.objects.filter(
        customer_id=letter.customer_id, channel="post", value=letter.dispatch.recipient
    )
    points.update(quality=PointQuality.BAD)


def _refuse_odd_day(creditor: Creditor, on: date, earliest: date, now: datetime) -> None:
    if on > business_date(now, creditor.time_zone):
        raise LettersRefused("La fecha no puede estar por llegar.", field="on")
    if on < earliest:
        raise LettersRefused(f"La fecha no puede ser anterior al {earliest:%d/%m/%Y}.", field="on")


def _line(text: str) -> str:
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())[:_LINE_MAX]


def _record(letter: Letter, verb: str, actor: str, now: datetime, payload: dict[str, Any]) -> None:
    record_event(
        creditor_id=letter.creditor_id,
        verb=f"certified.{verb}",
        subject=f"letter:{letter.pk}",
        actor=actor,
        payload={"customer": letter.customer_id, **payload},
        at=now,
    )
