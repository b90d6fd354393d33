"""Whom a person may work for."""

from aldia.records.tenancy.models import Creditor, Membership, User


def memberships_of(user_id: int) -> list[Membership]:
    """The person's roles with their creditors, by the creditor's name; those that have ended are none."""
    memberships = Membership.objects.filter(user_id=user_id, ended_at=None).select_related("creditor")
    return list(memberships.order_by("creditor__name", "creditor_id"))


def creditors_of(user_id: int) -> list[Creditor]:
    """The creditors of the person's memberships, by name."""
    return [each.creditor for each in memberships_of(user_id)]


def somebody_can_log_in() -> bool:
    """False in a house that nobody has been entered in yet."""
    return User.objects.exists()
