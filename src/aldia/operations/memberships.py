"""Who works for a creditor: letting people in, changing what they may do, taking access away.

A creditor that has an administrator keeps one: these verbs wait for each other on the creditor's row, so two
administrators cannot send each other away in the same moment.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from aldia.kernel.errors import AldiaError
from aldia.operations.audit import record_event
from aldia.operations.people import UserRefused, check_person, generated_password
from aldia.records.tenancy.models import Creditor, Membership, Role, User
from aldia.records.tenancy.scope import scope


class LastAdministrator(AldiaError):
    """Nobody would be left who may let people in. facts: membership."""

    code = "last_administrator"


class PersonElsewhere(AldiaError):
    """The person works for other creditors too, where the one who asks has no say. facts: membership."""

    code = "person_elsewhere"


class UnknownPerson(AldiaError):
    """The creditor has no such member. facts: membership."""

    code = "unknown_person"


@dataclass(frozen=True, slots=True)
class Invited:
    """password: to be told once; None for somebody who comes in with the one they have."""

    membership: Membership
    password: str | None


def invite(
    *,
    creditor: Creditor,
    email: str,
    name: str,
    role: str,
    write_off_max_minor: int | None,
    actor: str,
    now: datetime,
) -> Invited:
    """Let a person in, or in again. Raises UserRefused: who has access already is not invited."""
    password = generated_password()
    check_person(email, name, password, role)
    with _one_at_a_time(creditor):
        user, is_new = _entered(email.strip().lower(), name.strip(), password)
        terms = {"role": role, "write_off_max_minor": write_off_max_minor}
        membership, fresh = Membership.objects.get_or_create(creditor=creditor, user=user, defaults=terms)
        if not fresh and membership.ended_at is None:
            raise UserRefused(
                f"«{user.email}» ya tiene acceso: cambie su papel en su ficha.", email=user.email
            )
        _give(membership, role, write_off_max_minor)
        _record("user.invited", membership, actor, now, role=role)
    return Invited(membership, password if is_new else None)


def change_role(
    *,
    creditor: Creditor,
    membership_id: int,
    role: str,
    write_off_max_minor: int | None,
    actor: str,
    now: datetime,
) -> Membership:
    """Another role or write-off limit. Raises UnknownPerson, LastAdministrator, UserRefused."""
    with _one_at_a_time(creditor):
        membership = _member(creditor, membership_id)
        check_person(membership.user.email, membership.user.name, None, role)
        if role != Role.ADMINISTRATOR:
            _keep_an_administrator(membership)
        membership.role, membership.write_off_max_minor = role, write_off_max_minor
        membership.save(update_fields=["role", "write_off_max_minor"])
        terms = {"role": role, "write_off_max_minor": write_off_max_minor}
        _record("user.role_changed", membership, actor, now, **terms)
    return membership


def end_access(*, creditor: Creditor, membership_id: int, actor: str, now: datetime) -> Membership:
    """From now on this creditor does not exist for the person. Raises UnknownPerson, LastAdministrator."""
    with _one_at_a_time(creditor):
        membership = _member(creditor, membership_id)
        _keep_an_administrator(membership)
        membership.ended_at = now
        membership.save(update_fields=["ended_at"])
        still = Membership.objects.filter(user_id=membership.user_id, ended_at=None).exists()
        User.objects.filter(pk=membership.user_id).update(is_active=still)
        _record("user.access_ended", membership, actor, now)
    return membership


def restore_access(*, creditor: Creditor, membership_id: int, actor: str, now: datetime) -> Membership:
    """The person may come in again, in the role they had. Raises UnknownPerson."""
    with _one_at_a_time(creditor):
        membership = _member(creditor, membership_id)
        _give(membership, membership.role, membership.write_off_max_minor)
        _record("user.access_restored", membership, actor, now, role=membership.role)
    return membership


def give_password(
    *, creditor: Creditor, membership_id: int, by_user_id: int | None, actor: str, now: datetime
) -> str:
    """A new password for somebody who has lost theirs; it is told here and never again.

    Their open sessions end. by_user_id: who asks, None for whoever runs the server. Raises UnknownPerson,
    PersonElsewhere.
    """
    password = generated_password()
    with _one_at_a_time(creditor):
        membership = _within_reach(creditor, membership_id, by_user_id)
        membership.user.set_password(password)
        membership.user.save(update_fields=["password"])
        _record("user.password_set", membership, actor, now)
    return password


def remove_second_factors(
    *, creditor: Creditor, membership_id: int, by_user_id: int | None, actor: str, now: datetime
) -> int:
    """For somebody who has lost their telephone: how many factors were taken off.

    by_user_id: as in `give_password`. Raises UnknownPerson, PersonElsewhere.
    """
    with _one_at_a_time(creditor):
        membership = _within_reach(creditor, membership_id, by_user_id)
        mine = Authenticator.objects.filter(user_id=membership.user_id)
        count = int(mine.exclude(type=Authenticator.Type.RECOVERY_CODES).count())
        mine.delete()
        _record("user.second_factors_removed", membership, actor, now, count=count)
    return count


@contextmanager
def _one_at_a_time(creditor: Creditor) -> Iterator[None]:
    with transaction.atomic(), scope([creditor.pk]):
        Creditor.objects.select_for_update(no_key=True).get(pk=creditor.pk)
        yield


def _entered(email: str, name: str, password: str) -> tuple[User, bool]:
    """The person of that e-mail and whether they are new."""
    known = User.objects.filter(email=email).first()
    if known is not None:
        return known, False
    return User.objects.create_user(email=email, name=name, password=password), True


def _give(membership: Membership, role: str, write_off_max_minor: int | None) -> None:
    membership.role, membership.write_off_max_minor, membership.ended_at = role, write_off_max_minor, None
    membership.save(update_fields=["role", "write_off_max_minor", "ended_at"])
    User.objects.filter(pk=membership.user_id).update(is_active=True)


def _member(creditor: Creditor, membership_id: int) -> Membership:
    found = Membership.objects.filter(creditor=creditor, pk=membership_id).select_related("user").first()
    if found is None:
        raise UnknownPerson(
            "Esta persona no trabaja para la empresa: vuelva a la lista.", membership=membership_id
        )
    return found


def _keep_an_administrator(membership: Membership) -> None:
    """Another one must be there before an administrator stops being one."""
    if membership.role != Role.ADMINISTRATOR or membership.ended_at is not None:
        return
    administrators = Membership.objects.filter(
        creditor_id=membership.creditor_id, role=Role.ADMINISTRATOR, ended_at=None, user__is_active=True
    )
    if not administrators.exclude(pk=membership.pk).exists():
        raise LastAdministrator(
            "Es la única persona que administra: dé antes ese papel a otra.", membership=membership.pk
        )


def _within_reach(creditor: Creditor, membership_id: int, by_user_id: int | None) -> Membership:
    """Who holds somebody's key comes in everywhere they do: so one must administer all of it."""
    membership = _member(creditor, membership_id)
    if by_user_id is None:
        return membership
    active = Membership.objects.filter(ended_at=None)
    administered = active.filter(user_id=by_user_id, role=Role.ADMINISTRATOR).values("creditor_id")
    elsewhere = active.filter(user_id=membership.user_id).exclude(creditor_id=creditor.pk)
    if elsewhere.exclude(creditor_id__in=administered).exists():
        raise PersonElsewhere(
            "Esta persona trabaja también para otra empresa que usted no administra: pídalo a quien lleva el"
            " servidor, con «aldia user --new-password».",
            membership=membership_id,
        )
    return membership


def _record(verb: str, membership: Membership, actor: str, now: datetime, **payload: object) -> None:
    record_event(
        creditor_id=membership.creditor_id,
        verb=verb,
        subject=f"user:{membership.user_id}",
        actor=actor,
        payload=payload,
        at=now,
    )
