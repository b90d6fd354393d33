"""Who sells: those there are, people of the house who might, and what a creditor has chosen."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from aldia.records.parties.models import Customer, SalesChoice, Salesperson
from aldia.records.tenancy.models import Membership


@dataclass(frozen=True, slots=True)
class KnownSalesperson:
    """Somebody an import may name. emails: their own, and the one a person of the house logs in with.

    is_of_the_house: with no address of their own beside it.
    """

    id: int
    name: str
    emails: tuple[str, ...]
    is_of_the_house: bool


@dataclass(frozen=True, slots=True)
class Known:
    """members: name or e-mail of those with access who are no salespeople yet → membership id, name."""

    salespeople: tuple[KnownSalesperson, ...]
    members: Mapping[str, tuple[int, str]]


@dataclass(frozen=True, slots=True)
class ListedSalesperson:
    """As the settings show it. told_at: the address they are told at, "" for in the desk alone. has_access:
    a person of the house who may come in. customers: how many they sell to."""

    id: int
    name: str
    email: str
    member: str
    has_access: bool
    customers: int


def salespeople_known(creditor_id: int) -> Known:
    """Two queries, in scope."""
    rows = Salesperson.objects.filter(creditor_id=creditor_id).select_related("member__user").order_by("pk")
    people = tuple(
        KnownSalesperson(
            each.pk,
            each.name,
            tuple(filter(None, (each.email, each.member.user.email if each.member else ""))),
            each.member is not None and not each.email,
        )
        for each in rows
    )
    taken = {each.member_id for each in rows}
    members: dict[str, tuple[int, str]] = {}
    for member in _members(creditor_id):
        if member.pk not in taken:
            who = (member.pk, member.user.name)
            members |= {member.user.name: who, member.user.email: who}
    return Known(people, members)


def customers_with_salespeople(creditor_id: int) -> list[int]:
    """Ids; in scope."""
    rows = Customer.objects.filter(creditor_id=creditor_id, salesperson__isnull=False)
    return list(rows.order_by().values_list("pk", flat=True))


def members_who_may(creditor_id: int) -> list[Membership]:
    """People with access who are no salespeople yet, by name."""
    taken = Salesperson.objects.filter(creditor_id=creditor_id, member__isnull=False).values("member_id")
    return list(_members(creditor_id).exclude(pk__in=taken).order_by("user__name", "pk"))


def listed_salespeople(creditor_id: int) -> list[ListedSalesperson]:
    """Everybody, by name; one query."""
    own = Customer.objects.filter(creditor_id=creditor_id, salesperson=OuterRef("pk"))
    count = own.order_by().values("salesperson").annotate(n=Count("pk")).values("n")
    rows = (
        Salesperson.objects.filter(creditor_id=creditor_id)
        .select_related("member__user")
        .annotate(customers=Coalesce(Subquery(count), 0))
        .order_by("name", "pk")
    )
    return [
        ListedSalesperson(
            id=each.pk,
            name=each.name,
            email=each.email,
            member=each.member.user.email if each.member else "",
            has_access=each.member is not None and each.member.ended_at is None,
            customers=each.customers,
        )
        for each in rows
    ]


def tells_salespeople_first(creditor_id: int) -> bool:
    """Whether salespeople hear of firm messages before their customers do."""
    return not SalesChoice.objects.filter(creditor_id=creditor_id, tells_first=False).exists()


def _members(creditor_id: int):  # type: ignore[no-untyped-def]
    people = Membership.objects.filter(creditor_id=creditor_id, ended_at=None, user__is_active=True)
    return people.select_related("user").order_by("-id")
