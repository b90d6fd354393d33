"""People who log in: entering them with their role, and the one of the demonstration."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from aldia.kernel.errors import AldiaError
from aldia.operations.audit import record_event
from aldia.records.tenancy.models import Membership, Role, User
from aldia.records.tenancy.scope import scope

DEMO_EMAIL = "demo@aldia.example"
_DEMO_NAME = "Marta Demostración"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike


class UserExists(AldiaError):
    """Somebody logs in with this e-mail already. facts: email."""

    code = "user_exists"


class UserRefused(AldiaError):
    """Something about the user cannot be right."""

    code = "user_refused"


@transaction.atomic
def create_user(
    *, email: str, name: str, password: str, creditor_id: int, role: str, actor: str, now: datetime
) -> User:
    """Enter a person who may log in for one creditor. Raises UserExists, UserRefused."""
    check_person(email, name, password, role)
    folded = email.strip().lower()
    if User.objects.filter(email=folded).exists():
        raise UserExists(f"Ya hay alguien que entra con el correo «{folded}».", email=folded)
    user = User.objects.create_user(email=folded, name=name.strip(), password=password)
    membership = Membership.objects.create(creditor_id=creditor_id, user=user, role=role)
    _record("user.created", membership, actor, now)
    return user


@transaction.atomic
def set_password(*, user: User, password: str, creditor_id: int, actor: str, now: datetime) -> None:
    """Give a person of that creditor a new password; their open sessions end. Raises UserRefused."""
    check_person(user.email, user.name, password, Role.VIEWER)
    membership = Membership.objects.get(creditor_id=creditor_id, user=user)
    user.set_password(password)
    user.save(update_fields=["password"])
    _record("user.password_set", membership, actor, now)


def note_account_change(*, user_id: int, verb: str, payload: Mapping[str, str], at: datetime) -> None:
    """What a person has changed about their own way in, in the chain of every creditor they work for."""
    creditor_ids = Membership.objects.filter(user_id=user_id, ended_at=None).values_list(
        "creditor_id", flat=True
    )
    for creditor_id in sorted(creditor_ids):  # always in this order: chains are locked one after the other
        with transaction.atomic(), scope([creditor_id]):
            record_event(
                creditor_id=creditor_id,
                verb=verb,
                subject=f"user:{user_id}",
                actor=f"user:{user_id}",
                payload=payload,
                at=at,
            )


def prefer_language(*, user_id: int, language: str) -> None:
    """Keep which language the person reads the screens in; a taste, so nothing is written to the chain."""
    User.objects.filter(pk=user_id).update(language=language)


def generated_password() -> str:
    """Three groups of four, easy to type, 59 bits: `kd7m-x2pa-wq9t`."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))


@transaction.atomic
def ensure_demo_user(creditor_id: int, *, now: datetime, actor: str = "demo") -> tuple[str, str]:
    """The e-mail and a fresh password of the person who may look at the demonstration."""
    password = generated_password()
    user = User.objects.filter(email=DEMO_EMAIL, memberships__creditor_id=creditor_id).first()
    if user is None:
        create_user(
            email=DEMO_EMAIL,
            name=_DEMO_NAME,
            password=password,
            creditor_id=creditor_id,
            role=Role.MANAGER,
            actor=actor,
            now=now,
        )
    else:
        set_password(user=user, password=password, creditor_id=creditor_id, actor=actor, now=now)
    return DEMO_EMAIL, password


def check_person(email: str, name: str, password: str | None, role: str) -> None:
    """Whether all of it can be right; a password of None is not looked at. Raises UserRefused."""
    try:
        validate_email(email.strip())
    except ValidationError:
        raise UserRefused(f"«{email}» no es una dirección de correo.", email=email) from None
    if not name.strip():
        raise UserRefused("Falta el nombre de la persona.")
    if role not in Role.values:
        raise UserRefused(f"El papel «{role}» no existe: elija entre {', '.join(Role.values)}.", role=role)
    try:
        if password is not None:
            validate_password(password)
    except ValidationError as error:
        raise UserRefused(f"La contraseña no sirve. {' '.join(error.messages)}") from None


def _record(verb: str, membership: Membership, actor: str, now: datetime) -> None:
    with scope([membership.creditor_id]):
        record_event(
            creditor_id=membership.creditor_id,
            verb=verb,
            subject=f"user:{membership.user_id}",
            actor=actor,
            payload={"role": membership.role},
            at=now,
        )
