"""Fields and checks that every tenant table shares."""

from typing import Any, TypeVar

from django.db import models
from django.db.models import CheckConstraint, Q

_SetT = TypeVar("_SetT")
_GetT = TypeVar("_GetT")


class TenantForeignKey(models.ForeignKey[_SetT, _GetT]):
    """A key to a row of the same creditor.

    Django makes neither constraint nor index: the migration adds a composite, immediate one
    (`CompositeForeignKey`), and Meta.indexes name the indexes, which begin with creditor_id.
    """

    def __init__(self, to: Any, on_delete: Any = models.DO_NOTHING, **kwargs: Any) -> None:
        kwargs.setdefault("related_name", "+")
        kwargs.setdefault("db_constraint", False)
        kwargs.setdefault("db_index", False)
        super().__init__(to, on_delete, **kwargs)


def one_of(field: str, choices: type[models.TextChoices], *, name: str) -> CheckConstraint:
    """The choices, held by the database too."""
    return CheckConstraint(name=name, condition=Q(**{f"{field}__in": sorted(choices.values)}))


def positive(field: str, *, name: str) -> CheckConstraint:
    """More than zero."""
    return CheckConstraint(name=name, condition=Q(**{f"{field}__gt": 0}))


def iso_currency(*, name: str) -> CheckConstraint:
    """Three capitals, as in ISO 4217."""
    return CheckConstraint(name=name, condition=Q(currency__regex="^[A-Z]{3}$"))
