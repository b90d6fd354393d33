"""What some customers of the demo have written overnight: raw mails through the same door as anybody's."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from django.db import transaction

from aldia.channels.composing import person
from aldia.operations.inbound.fetching import keep_raw_mail
from aldia.operations.inbound.taking_in import take_in_waiting
from aldia.records.outreach.models import Message
from aldia.records.parties.models import ContactPoint
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

_SAID = (
    (
        "Re: sus facturas",
        "Buenos días:\n\nEsa factura la pagamos la semana pasada por transferencia. Adjunto el"
        " justificante en cuanto me lo mande el banco.\n\nUn saludo",
    ),
    (
        "Re: recordatorio",
        "Hola:\n\nAhora mismo no puedo pagarlo todo de golpe. ¿Podría hacerlo en tres plazos?\n\nGracias",
    ),
    (
        "Factura equivocada",
        "No estamos conformes: en la factura nos cobran horas que no se dieron. Ya lo dijimos"
        " por teléfono.\n\nEsperamos su respuesta",
    ),
    ("Re: aviso de vencimiento", "Buenas tardes. Lo pagaremos el viernes que viene sin falta.\n\nSaludos"),
    ("Copia de la factura", "¿Nos pueden enviar otra vez la factura? Aquí no nos consta.\n\nGracias"),
    ("BAJA", "BAJA"),
    ("Fuera de la oficina", "Estoy de vacaciones hasta el lunes. Contestaré a mi vuelta."),
)


def answers_of_the_night(*, creditor: Creditor, now: datetime, actor: str) -> int:
    """Keep and sort the mails of the first customers who have something to pay; how many there were.

    now: when they are read; they were written in the hours before. Once kept, nothing is kept twice.
    """
    with transaction.atomic(), scope([creditor.pk]):
        writers = _writers(creditor)
    for number, ((name, address), (subject, words)) in enumerate(zip(writers, _SAID, strict=False)):
        at = now - timedelta(minutes=37 * (number + 1))
        mail = EmailMessage(policy=SMTP)
        mail["From"] = person("From", name, address)
        mail["Subject"] = subject
        mail["Date"] = format_datetime(at)
        mail["Message-ID"] = f"<noche-{number}@demo.aldia.example>"
        mail.set_content(words)
        keep_raw_mail(creditor=creditor, content=mail.as_bytes(), at=at)
    return take_in_waiting(creditor=creditor, actor=actor, now=now).answers


def _writers(creditor: Creditor) -> list[tuple[str, str]]:
    """Name and address of those to whom something is about to be said, by their codes."""
    points = ContactPoint.objects.filter(
        creditor_id=creditor.pk,
        channel="email",
        customer_id__in=Message.objects.filter(creditor_id=creditor.pk).values("customer_id"),
    ).order_by("customer__code", "pk")
    first = {
        code: (name, value)
        for code, name, value in reversed(points.values_list("customer__code", "customer__name", "value"))
    }
    return [first[code] for code in sorted(first)][: len(_SAID)]
