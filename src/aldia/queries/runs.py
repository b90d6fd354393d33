"""What earlier runs left: the last run, last decisions, what is planned and not yet on its way."""

from datetime import date

import polars as pl
from django.db import connection

from aldia.queries.portfolio import EVERYBODY, Part
from aldia.queries.snapshot import Snapshot
from aldia.records.cases.models import DailyRun, Episode

_LAST_DECISIONS = """
SELECT DISTINCT ON (customer_id) customer_id, outcome, episode_id, next_on
FROM cases_decision WHERE true{within}
ORDER BY customer_id, id DESC
"""

_PENDING = """
SELECT id AS message_id, NULL::bigint AS task_id, customer_id, episode_id, step, kind
FROM outreach_message
WHERE kind = 'dunning' AND state IN ('planned', 'waiting_approval') AND planned_on <= {day}{within}
UNION ALL
SELECT NULL::bigint, id, customer_id, episode_id, step, kind
FROM cases_task WHERE kind = 'dunning' AND state = 'open' AND due_on <= {day}{within}
"""


def last_run(creditor_id: int) -> DailyRun | None:
    """The recorded run of the latest business date."""
    return DailyRun.objects.filter(creditor_id=creditor_id).order_by("-on_date", "-sequence").first()


def last_decisions(snapshot: Snapshot, part: Part = EVERYBODY) -> pl.DataFrame:
    """customer_id, outcome, episode_id, next_on of the decision last stored for each customer."""
    return snapshot.read(_LAST_DECISIONS.format(within=part.within("customer_id")))


def pending_steps(snapshot: Snapshot, as_of: date, part: Part = EVERYBODY) -> pl.DataFrame:
    """message_id or task_id, customer_id, episode_id, step, kind of what may still be withdrawn."""
    return snapshot.read(_PENDING.format(within=part.within("customer_id"), day=f"DATE '{as_of}'"))


def last_episode_id(creditor_id: int) -> int:
    """The newest episode's id, 0 where there is none: those a run opens have higher ones."""
    found = Episode.objects.filter(creditor_id=creditor_id).order_by("-pk").values_list("pk", flat=True)
    return found.first() or 0


def planned_counts(creditor_id: int, on: date) -> tuple[dict[str, int], dict[str, int]]:
    """Messages planned on the day per state, tasks due on the day per kind."""
    return (
        _counts("SELECT state, count(*) FROM outreach_message", "planned_on", "state", creditor_id, on),
        _counts("SELECT kind, count(*) FROM cases_task", "due_on", "kind", creditor_id, on),
    )


def waiting_messages(creditor_id: int) -> int:
    """Messages of any day that wait for somebody's yes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM outreach_message WHERE creditor_id = %s AND state = 'waiting_approval'",
            [creditor_id],
        )
        return int(cursor.fetchone()[0])


def _counts(select: str, day: str, group: str, creditor_id: int, on: date) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"{select} WHERE creditor_id = %s AND {day} = %s GROUP BY {group} ORDER BY {group}",
            [creditor_id, on],
        )
        return dict(cursor.fetchall())
