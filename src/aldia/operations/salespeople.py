"""Who sells to a customer, entered by a person; and whether they hear first."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from aldia.formats.table.texts import NAME_LENGTH_MAX
from aldia.kernel.errors import AldiaError
from aldia.operations.audit import record_event
from aldia.operations.customers import locked_customer
from aldia.records.parties.models import Customer, SalesChoice, Salesperson
from aldia.records.tenancy.models import Creditor, Membership
from aldia.records.tenancy.scope import scope
from aldia.rules.texts.addresses import is_mail_address


class SalespersonRefused(AldiaError):
    """What was said of a salesperson cannot be so. facts: field."""

    code = "salesperson_refused"


@dataclass(frozen=True, slots=True)
class Seller:
    """One of three: a known salesperson by id, a person of the house by membership id, or a new name with an
    e-mail. All of them blank: nobody."""

    salesperson_id: int | None = None
    member_id: int | None = None
    name: str = ""
    email: str = ""

    @property
    def is_nobody(self) -> bool:
        """Nothing is said."""
        return self == Seller()


def set_salesperson(
    *, creditor: Creditor, customer_id: int, seller: Seller, actor: str, now: datetime
) -> Salesperson | None:
    """Say who sells to the customer; None for nobody. Raises UnknownCustomer, SalespersonRefused."""
    with _one_of_each(), transaction.atomic(), scope([creditor.pk]):
        customer = locked_customer(creditor, customer_id)
        salesperson = None if seller.is_nobody else _found(creditor, seller, now)
        if salesperson == customer.salesperson:
            return salesperson
        Customer.objects.filter(pk=customer.pk).update(salesperson=salesperson)
        record_event(
            creditor_id=creditor.pk,
            verb="customer.salesperson_set",
            subject=f"customer:{customer.pk}",
            actor=actor,
            payload={"salesperson": salesperson.pk if salesperson else None},
            at=now,
        )
        return salesperson


def change_salesperson(
    *, creditor: Creditor, salesperson_id: int, name: str, email: str, actor: str, now: datetime
) -> Salesperson:
    """Another name or address. Raises SalespersonRefused; then nothing is changed."""
    with _one_of_each(), transaction.atomic(), scope([creditor.pk]):
        rows = Salesperson.objects.select_for_update().filter(creditor=creditor, pk=salesperson_id)
        salesperson = rows.first()
        if salesperson is None:
            raise _gone()
        salesperson.name, salesperson.email = _name(name), _email(email)
        if not salesperson.email and salesperson.member_id is None:
            raise _unreachable()
        salesperson.save(update_fields=["name", "email"])
        record_event(
            creditor_id=creditor.pk,
            verb="salesperson.changed",
            subject=f"salesperson:{salesperson.pk}",
            actor=actor,
            payload={},
            at=now,
        )
    return salesperson


def choose_tells_first(*, creditor: Creditor, on: bool, actor: str, now: datetime) -> None:
    """Whether salespeople hear of firm messages a working day before their customers do."""
    with transaction.atomic(), scope([creditor.pk]):
        SalesChoice.objects.update_or_create(creditor_id=creditor.pk, defaults={"tells_first": on})
        record_event(
            creditor_id=creditor.pk,
            verb="salesperson.tells_first_chosen",
            subject=f"creditor:{creditor.pk}",
            actor=actor,
            payload={"on": on},
            at=now,
        )


def _found(creditor: Creditor, seller: Seller, now: datetime) -> Salesperson:
    own = Salesperson.objects.filter(creditor=creditor)
    if seller.salesperson_id is not None:
        known = own.filter(pk=seller.salesperson_id).first()
        if known is None:
            raise _gone()
        return known
    if seller.member_id is not None:
        return _of_the_house(creditor, seller.member_id, now)
    name, email = _name(seller.name), _email(seller.email)
    if not email:
        raise _unreachable()
    there = own.filter(email=email).first() or own.filter(member__user__email=email).first()
    if there is not None:
        return there
    return Salesperson.objects.create(creditor=creditor, name=name, email=email, recorded_at=now)


def _of_the_house(creditor: Creditor, member_id: int, now: datetime) -> Salesperson:
    member = Membership.objects.filter(creditor=creditor, pk=member_id, ended_at=None).first()
    if member is None:
        raise SalespersonRefused("Esa persona ya no tiene acceso: elija otra.", field="who")
    known, _is_new = Salesperson.objects.get_or_create(
        creditor=creditor, member=member, defaults={"name": member.user.name, "recorded_at": now}
    )
    return known


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > NAME_LENGTH_MAX or not name.isprintable():
        raise SalespersonRefused("Escriba el nombre del comercial, en una línea.", field="name")
    return name


def _email(text: str) -> str:
    email = text.strip().lower()
    if email and not is_mail_address(email):
        raise SalespersonRefused(
            "Eso no es una dirección de correo: escriba una sola, como nombre@empresa.es.", field="email"
        )
    return email


def _gone() -> SalespersonRefused:
    return SalespersonRefused("Ese comercial ya no está. Recargue la página.", field="who")


def _unreachable() -> SalespersonRefused:
    return SalespersonRefused(
        "Sin correo no se le puede avisar: escriba uno, o elija a una persona de la casa.", field="email"
    )


@contextmanager
def _one_of_each() -> Iterator[None]:
    """One address, one salesperson: the constraint says so, and whoever comes second hears it in words."""
    try:
        yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if getattr(diagnosis, "constraint_name", None) != "salesperson_is_one_per_email":
            raise
        raise SalespersonRefused("Ese correo es ya de otro comercial.", field="email") from error
