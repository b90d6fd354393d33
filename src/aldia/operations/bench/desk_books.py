"""The house that the desk is measured in: a big portfolio, its day decided, some of it sent, a person."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import repeat

from django.db import connection, transaction

from aldia.operations.bench.portfolio import AS_OF, STRATEGY, Shape, shape_of, write_portfolio
from aldia.operations.outbox import send_everything, use_mailbox
from aldia.operations.outbox.sending import BATCH
from aldia.operations.people import create_user, generated_password
from aldia.operations.run import NothingHeld, daily_run, release_held
from aldia.records.tenancy.models import Creditor, Role
from aldia.records.tenancy.scope import scope

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
EMAIL = "bench@aldia.example"
_ACTOR = "bench"
_SENT_BATCHES = 6
_BIG_LINES_MAX = 2_000
_BIG_SHARE = 50

# A tenth and more of the messages wait for a person, as where the house decides by hand from the second on.
_STRATEGY = STRATEGY.replace('template = "second"', 'template = "second"\napproval = true')

Progress = Callable[[str, int, int], None]


@contextmanager
def at_the_day() -> Iterator[None]:
    """For this program and those it starts it is the morning of the portfolio's day."""
    before = os.environ.get("ALDIA_NOW")
    os.environ["ALDIA_NOW"] = NOW.isoformat()
    try:
        yield
    finally:
        os.environ.pop("ALDIA_NOW")
        if before is not None:
            os.environ["ALDIA_NOW"] = before


def desk_shape(lines: int) -> Shape:
    """Five lines per customer, and one customer with a fiftieth of all, 2,000 at most."""
    return replace(shape_of(lines), big=min(_BIG_LINES_MAX, lines // _BIG_SHARE))


def fill_books(creditor: Creditor, lines: int, progress: Progress, tidy: Callable[[], None]) -> str:
    """Portfolio, daily run, the brake let go, a few hundred mails in the mailbox; the person's password.

    tidy: called after what is written in bulk.
    """
    with transaction.atomic(), scope([creditor.pk]):
        write_portfolio(creditor, desk_shape(lines), NOW, progress, strategy=_STRATEGY)
    tidy()
    daily_run(creditor=creditor, on=AS_OF, now=NOW, actor=_ACTOR)
    tidy()
    _send_some(creditor)
    password = generated_password()
    create_user(
        email=EMAIL,
        name="Banco de pruebas",
        password=password,
        creditor_id=creditor.pk,
        role=Role.ADMINISTRATOR,
        actor=_ACTOR,
        now=NOW,
    )
    tidy()
    return password


def facts_of(creditor: Creditor) -> dict[str, int]:
    """How much of what the pages list is there."""
    tables = ("ledger_due_line", "parties_customer", "closing_standing", "outreach_message", "cases_task")
    with transaction.atomic(), scope([creditor.pk]), connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'messages ' || state, count(*) FROM outreach_message WHERE creditor_id = %s"
            " GROUP BY state",
            [creditor.pk],
        )
        facts = {str(name): int(count) for name, count in cursor.fetchall()}
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table} WHERE creditor_id = %s", [creditor.pk])
            facts[table] = int(cursor.fetchone()[0])
    return facts


def _send_some(creditor: Creditor) -> None:
    use_mailbox(creditor=creditor, actor=_ACTOR, now=NOW)
    with suppress(NothingHeld):
        release_held(creditor=creditor, actor=_ACTOR, now=NOW)
    send_everything(creditor=creditor, moments=repeat(NOW, _SENT_BATCHES), actor=_ACTOR, batch=BATCH)
