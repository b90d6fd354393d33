"""Who may work cases, asked again at the moment of the act: a page may be older than a lost right."""

from django.db.models import Q

from aldia.operations.cases.errors import CaseRefused, MayNotWork
from aldia.records.tenancy.models import Creditor, Membership
from aldia.rules.cases import WORKS
from aldia.rules.rights import RIGHTS, may

ROLES = sorted(role for role in RIGHTS if may(role, WORKS))


def able() -> Q:
    """Memberships whose holder may work cases now."""
    return Q(ended_at=None, role__in=ROLES, user__is_active=True)


def must_work(creditor: Creditor, actor: str) -> None:
    """Raises MayNotWork where the actor is a person who may not work the creditor's cases any more."""
    kind, _colon, number = actor.partition(":")
    if kind != "user" or not number.isdecimal():
        return
    member = Membership.objects.filter(creditor=creditor, user_id=int(number)).first()
    if member is None:  # no door lets a stranger in
        return
    if member.ended_at is not None:
        raise MayNotWork(
            f"Ya no tiene acceso a «{creditor.name}»: no se ha guardado nada. Si es un error, pídalo a quien"
            " administra.",
            actor=actor,
        )
    if not may(member.role, WORKS):
        raise MayNotWork(
            "Su papel ha cambiado y ya no permite gestionar expedientes: no se ha guardado nada.",
            actor=actor,
        )


def able_owner(creditor: Creditor, member_id: int) -> Membership:
    """The member, who may be given cases. Raises CaseRefused (field owner_id)."""
    member = Membership.objects.filter(creditor=creditor, pk=member_id).select_related("user").first()
    if member is None:
        raise CaseRefused(
            "Esa persona no trabaja para la empresa: elija otra.", field="owner_id", member=member_id
        )
    if member.ended_at is not None or not member.user.is_active:
        raise CaseRefused(
            f"«{member.user.name}» ya no tiene acceso: elija a otra persona.",
            field="owner_id",
            member=member_id,
        )
    if not may(member.role, WORKS):
        raise CaseRefused(
            f"El papel de «{member.user.name}» no permite gestionar expedientes: elija a otra persona.",
            field="owner_id",
            member=member_id,
        )
    return member
