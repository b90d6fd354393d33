"""Real transactions without emptying the tables after each test."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command


@pytest.fixture(scope="module")
def kept_tables(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database for a whole module, emptied once at its end: each test makes a creditor of its own.

    Emptying takes longer than most of these tests, and creditors do not see each other.
    """
    with django_db_blocker.unblock():
        yield
        call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
