"""A creditor in scope, and one that is not. Models by name: this file is read before Django is set up."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction

from aldia.records.tenancy.scope import scope


def _creditor(code: str) -> Any:
    return apps.get_model("tenancy", "Creditor").objects.create(
        code=code, name=code.title(), country="ES", currency="EUR", time_zone="Europe/Madrid"
    )


@pytest.fixture
def ours(db: None) -> Iterator[Any]:
    """Our creditor, in scope for the whole test, which runs in one transaction."""
    creditor = _creditor("nosotros")
    with transaction.atomic(), scope([creditor.pk]):
        yield creditor


@pytest.fixture
def theirs(db: None) -> Any:
    """A creditor out of scope."""
    return _creditor("ellos")
