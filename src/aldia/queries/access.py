"""Whom a person may work for."""

from aldia.records.tenancy.models import Creditor, Membership, User


def creditors_of(user_id: int) -> list[Creditor]:
    """The creditors of the person's memberships, by name."""
    memberships = Membership.objects.filter(user_id=user_id).select_related("creditor")
    return [each.creditor for each in memberships.order_by("creditor__name", "creditor_id")]


def somebody_can_log_in() -> bool:
    """False in a house that nobody has been entered in yet."""
    return User.objects.exists()
