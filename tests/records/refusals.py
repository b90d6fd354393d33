"""How tests say that the database refuses something."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, transaction


@contextmanager
def refused(by: str) -> Iterator[None]:
    """The statements inside fail with an error that names `by`, e.g. a constraint."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        yield
    assert by in str(caught.value)
