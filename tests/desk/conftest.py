"""«Papelería Luz» with one customer for each kind of answer, run on 20 November 2026, and who may look."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

PASSWORD = "cobro-sereno-2026"


def write_words(creditor: Any) -> None:
    """The words by which an import would have made the customers found."""
    from django.db import transaction

    from aldia.kernel.text import fold, sort_key
    from aldia.records.parties.models import Customer, CustomerWord
    from aldia.records.tenancy.scope import scope

    with transaction.atomic(), scope([creditor.pk]):
        for customer in Customer.objects.all():
            words = {*fold(customer.name).split(), *fold(customer.code).split()}
            CustomerWord.objects.bulk_create(
                CustomerWord(creditor=creditor, customer=customer, word=word) for word in words
            )
            Customer.objects.filter(pk=customer.pk).update(sort_name=sort_key(customer.name))


def run(creditor: Any) -> None:
    """The daily run of the day of the books."""
    from aldia.operations.run import daily_run
    from tests.cli.books import DAY, NOW

    daily_run(creditor=creditor, on=DAY, now=NOW, actor="prueba")


def person(creditor: Any, email: str, role: str = "viewer") -> Any:
    """Somebody who may log in for the creditor."""
    from aldia.operations.people import create_user
    from tests.cli.books import NOW

    return create_user(
        email=email,
        name="Inés Luz",
        password=PASSWORD,
        creditor_id=creditor.pk,
        role=role,
        actor="prueba",
        now=NOW,
    )


def founded(code: str, name: str) -> Any:
    """A creditor without customers."""
    from aldia.operations.creditors import create_creditor
    from tests.cli.books import NOW

    return create_creditor(name=name, country="ES", code=code, now=NOW, actor="prueba").creditor


@pytest.fixture(autouse=True)
def speaks_spanish() -> Iterator[None]:
    """A page in another language leaves none to the tests that come after it."""
    from django.utils import translation

    yield
    translation.deactivate()


@pytest.fixture
def luz(transactional_db: None) -> Any:
    """The creditor with its books, run."""
    from django.core.cache import cache

    from tests.cli.books import write_books

    cache.clear()  # attempts to log in count from here
    creditor = founded("luz", "Papelería Luz")
    write_books(creditor)
    write_words(creditor)
    run(creditor)
    return creditor


@pytest.fixture
def ines(luz: Any) -> Any:
    """May look at Papelería Luz, and at nothing else."""
    return person(luz, "ines@luz.example")


@pytest.fixture
def desk(client: Any, ines: Any) -> Any:
    """A browser in which Inés has logged in."""
    client.force_login(ines)
    return client


def customer_id(creditor: Any, code: str) -> int:
    """The id behind a code."""
    from django.db import transaction

    from aldia.records.parties.models import Customer
    from aldia.records.tenancy.scope import scope

    with transaction.atomic(), scope([creditor.pk]):
        return int(Customer.objects.get(code=code).pk)


def text_of(response: Any) -> str:
    """What a reader sees, fixed spaces as spaces."""
    import re

    body = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(body.replace("\u00a0", " ").split())


_AROUND = re.compile(r"\s*(BEGIN|COMMIT|SAVEPOINT|RELEASE|SELECT set_config|SELECT earlier|SELECT pg_export)")


@contextmanager
def questions() -> Iterator[list[str]]:
    """What the database is asked while open; what opens and closes a transaction and its scope is no
    question. The list is filled at the end."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    asked: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield asked
    asked += [each["sql"] for each in captured.captured_queries if not _AROUND.match(each["sql"])]
