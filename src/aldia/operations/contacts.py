"""How a customer is reached, mended by a person: what is wrong with an address, who receives, new ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from aldia.formats.table import FIELDS
from aldia.formats.table.texts import reader_of
from aldia.kernel.errors import AldiaError
from aldia.operations.audit import record_event
from aldia.operations.customers import locked_customer
from aldia.records.parties.models import Contact, ContactPoint, ContactRole, Customer, PointQuality
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.texts.addresses import is_mail_address

_READERS = {each.name: reader_of(each) for each in FIELDS["customers"] if each.name in ("email", "phone")}
_NO_ADDRESS = {
    "email": "Eso no es una dirección de correo: escriba una sola, como nombre@empresa.es.",
    "phone": "Eso no es un teléfono: escriba uno solo, con cifras.",
}


class ContactRefused(AldiaError):
    """What was said of a customer's contacts cannot be so. facts: field."""

    code = "contact_refused"


@dataclass(frozen=True, slots=True)
class NewAddress:
    """channel: email or phone. contact_id: whose it is; None for somebody by name and role.

    Without name it is of the customer in person.
    """

    channel: str
    value: str
    contact_id: int | None = None
    name: str = ""
    role: str = ContactRole.HOLDER


@dataclass(frozen=True, slots=True)
class ContactChanges:
    """qualities: point id → what experience says of it. gone: points to be forgotten.

    recipients: contact id → may be written to or called. What is not said stays.
    """

    qualities: Mapping[int, str] = field(default_factory=dict)
    gone: frozenset[int] = frozenset()
    recipients: Mapping[int, bool] = field(default_factory=dict)
    new: tuple[NewAddress, ...] = ()


def change_contacts(
    *, creditor: Creditor, customer_id: int, changes: ContactChanges, actor: str, now: datetime
) -> bool:
    """Mend how the customer is reached, all or nothing; False where it was so already.

    A point is forgotten altogether, and so are all of somebody who is no longer to receive; a point that is
    bad stays, lest the next file bring it back as a good one. Raises UnknownCustomer, ContactRefused.
    """
    with transaction.atomic(), scope([creditor.pk]):
        customer = locked_customer(creditor, customer_id)
        done = {
            "forgotten": _forget(customer, changes.gone),
            "marked": _mark(customer, changes.qualities),
            "recipients": sum(_receive(customer, *each) for each in changes.recipients.items()),
            "added": sum(_add(customer, each, now) for each in changes.new),
        }
        if any(done.values()):
            record_event(
                creditor_id=creditor.pk,
                verb="customer.contacts_changed",
                subject=f"customer:{customer.pk}",
                actor=actor,
                payload=done,
                at=now,
            )
        return any(done.values())


def _forget(customer: Customer, gone: frozenset[int]) -> int:
    deleted, _by_table = ContactPoint.objects.filter(customer=customer, pk__in=gone).delete()
    return deleted


def _mark(customer: Customer, qualities: Mapping[int, str]) -> int:
    points = ContactPoint.objects.filter(customer=customer)
    return sum(
        points.filter(pk=point).exclude(quality=quality).update(quality=PointQuality(quality))
        for point, quality in qualities.items()
    )


def _receive(customer: Customer, contact_id: int, receives: bool) -> int:
    contact = _known(customer, contact_id)
    if contact.is_recipient == receives:
        return 0
    if receives:
        _refuse_a_minor(customer, contact)
    else:
        ContactPoint.objects.filter(contact=contact).delete()
    return Contact.objects.filter(pk=contact.pk).update(is_recipient=receives)


def _add(customer: Customer, new: NewAddress, now: datetime) -> int:
    """A point; one that is known already, of whomever, is theirs from now on and not tried yet."""
    value = _READERS[new.channel](new.value)
    if not isinstance(value, str) or (new.channel == "email" and not is_mail_address(value)):
        raise ContactRefused(_NO_ADDRESS[new.channel], field="value")
    contact = _whose(customer, new, now)
    _point, _is_new = ContactPoint.objects.update_or_create(
        creditor_id=customer.creditor_id,
        customer=customer,
        channel=new.channel,
        value=value,
        defaults={"contact": contact, "quality": PointQuality.UNKNOWN},
        create_defaults={"contact": contact, "recorded_at": now},
    )
    return 1


def _whose(customer: Customer, new: NewAddress, now: datetime) -> Contact:
    known = new.contact_id
    contact = _named(customer, new, now) if known is None else _known(customer, known)
    if not contact.is_recipient:
        raise ContactRefused("A esa persona no se le escribe: cámbielo antes, o elija otra.", field="whose")
    return contact


def _named(customer: Customer, new: NewAddress, now: datetime) -> Contact:
    """The contact of that name and role, or a new one; without a name, the customer in person."""
    role = new.role if new.name else ContactRole.HOLDER
    there = Contact.objects.filter(customer=customer, role=role)
    found = (there.filter(name=new.name) if new.name else there).order_by("pk").first()
    if found is not None:
        return found
    contact = Contact(
        creditor_id=customer.creditor_id,
        customer=customer,
        name=new.name or customer.name,
        role=role,
        customer_minor=customer.minor,
        recorded_at=now,
    )
    _refuse_a_minor(customer, contact)
    contact.save()
    return contact


def _known(customer: Customer, contact_id: int) -> Contact:
    contact = Contact.objects.filter(customer=customer, pk=contact_id).first()
    if contact is None:
        raise ContactRefused("Ese contacto ya no está. Recargue la página.", field="whose")
    return contact


def _refuse_a_minor(customer: Customer, contact: Contact) -> None:
    if contact.is_minor or (contact.role == ContactRole.HOLDER and customer.minor):
        raise ContactRefused(
            "Es menor de edad: no se le escribe ni se le llama. Añada a la persona que responde por él.",
            field="whose",
        )
