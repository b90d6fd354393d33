"""The specimen page as a creditor's portfolio, ready to be run."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from psycopg import Connection

from aldia.operations.run import RunReport, daily_run
from aldia.records.ledger.models import Overlay
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from tests import factories
from tests.oracle.specimen import read_specimen
from tests.oracle.world import World
from tests.world_in_database import put_world_strategies, write_world

WORLD = read_specimen().world
DAY = WORLD.as_of
LATER = datetime(2027, 12, 31, 9, tzinfo=UTC)  # no day of a test lies after it
_BEYOND_EXPLICIT_IDS = 20_000_000

RECORDED = (
    "cases_case",
    "cases_case_event",
    "cases_episode",
    "cases_decision",
    "cases_daily_run",
    "cases_task",
    "cases_promise_outcome",
    "outreach_message",
    "outreach_message_line",
    "closing_day_snapshot",
    "closing_standing",
    "audit_entry",
)

_BOOKED = (
    "parties_customer",
    "ledger_document",
    "ledger_due_line",
    "ledger_credit",
    "ledger_allocation",
    "ledger_refund",
    "ledger_reversal",
    "ledger_overlay",
    "ledger_overlay_end",
    "cases_promise",
    "cases_promise_line",
)


def specimen_creditor(owner: Connection[Any]) -> Creditor:
    """A fresh creditor with the page's portfolio; ids of later rows begin beyond the page's own."""
    return world_creditor(owner, WORLD)


def world_creditor(owner: Connection[Any], world: World) -> Creditor:
    """A fresh creditor with the world's portfolio; ids of later rows begin beyond the world's own."""
    creditor = factories.creditor(
        tolerance_minor=world.settings.tolerance_minor,
        aging_edges=list(world.settings.aging_edges),
        live_from=world.settings.live_from,
        brake_messages_max=1_000,
        brake_share_percent=100,
    )
    with transaction.atomic(), scope([creditor.pk]):
        write_world(creditor, world)
    for table in (*RECORDED, *_BOOKED):
        sequence = f"pg_get_serial_sequence('{table}', 'id')"
        owner.execute(f"SELECT setval({sequence}, greatest({_BEYOND_EXPLICIT_IDS}, nextval({sequence})))")
    owner.commit()
    return creditor


def run(creditor: Creditor, **changes: Any) -> RunReport:
    """The daily run of the page's day."""
    said: dict[str, Any] = {"creditor": creditor, "on": DAY, "now": LATER, "actor": "t"}
    return daily_run(**said | changes)


def rows(creditor: Creditor, table: str, columns: str = "*") -> list[tuple[Any, ...]]:
    """The creditor's rows of a table, in order of id."""
    with transaction.atomic(), scope([creditor.pk]), connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {table} ORDER BY id")
        return list(cursor.fetchall())


def recorded(creditor: Creditor) -> dict[str, int]:
    """How many rows of each kind a run writes stand there now."""
    return {table: len(rows(creditor, table, "id")) for table in RECORDED}


def essence(creditor: Creditor) -> dict[str, list[tuple[Any, ...]]]:
    """What was recorded, without ids and instants: equal for equal runs."""
    return {
        "decisions": sorted(
            rows(creditor, "cases_decision", "customer_id, outcome, step, rank, next_on"), key=str
        ),
        "episodes": sorted(
            rows(creditor, "cases_episode", "customer_id, due_line_id, opened_on, closed_on"), key=str
        ),
        "messages": sorted(
            rows(creditor, "outreach_message", "customer_id, kind, step, channel, state, planned_on"), key=str
        ),
        "lines": sorted(
            rows(creditor, "outreach_message_line", "due_line_id, open_minor, interest_minor, claim_until"),
            key=str,
        ),
        "promises": sorted(
            rows(creditor, "cases_promise_outcome", "promise_id, verdict, paid_minor, decided_on")
        ),
        "tasks": sorted(rows(creditor, "cases_task", "customer_id, kind, step, state"), key=str),
        "runs": sorted(rows(creditor, "cases_daily_run", "on_date, sequence, digest, held"), key=str),
        "audit": rows(creditor, "audit_entry", "verb"),
        "snapshots": sorted(
            rows(creditor, "closing_day_snapshot", "currency, outstanding_minor, overdue_minor"), key=str
        ),
        "standing": sorted(
            rows(creditor, "closing_standing", "customer, currency, open_minor, outcome, next_on"), key=str
        ),
    }


def put_strategies(creditor: Creditor) -> None:
    """The page's strategies without the choices of its customers, for a creditor in scope."""
    put_world_strategies(creditor, replace(WORLD, customers=()))


def hold_of(creditor: Creditor, customer_id: int) -> Overlay:
    """From the page's day on, nobody writes to the customer."""
    return Overlay.objects.create(
        creditor=creditor, customer_id=customer_id, kind="hold", effective_on=DAY, reason="t"
    )
