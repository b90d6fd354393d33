"""Long work handed over to whoever attends the jobs, and the page that waits for it.

The row is what counts; the job only wakes the worker, in the same transaction. Without the job the row is
found within a minute.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from procrastinate.contrib.django import app as jobs

from aldia.desk.access import Visit
from aldia.operations.errands import ask_for
from aldia.records.intake.models import Errand

_TASK = "aldia.do_errand"


def hand_over(
    visit: Visit,
    kind: str,
    *,
    now: datetime,
    batch_id: int | None = None,
    wishes: Mapping[str, Any] | None = None,
) -> Errand:
    """Ask for the work; the open errand where the same was asked for already."""
    errand = ask_for(
        creditor=visit.creditor,
        kind=kind,
        batch_id=batch_id,
        wishes=wishes or {},
        actor=visit.actor,
        now=now,
    )
    jobs.configure_task(_TASK).defer(creditor_id=visit.creditor.pk, errand_id=errand.pk)
    return errand
