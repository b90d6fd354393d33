"""Long errands as a page asks for them: which are open, how far they are, whether anybody attends to them."""

import re
from dataclasses import dataclass

from django.db import connection

from aldia.records.intake.models import Errand

_AT_WORK = "SELECT application_name FROM pg_stat_activity WHERE application_name LIKE %s"
_NAME = re.compile(r"aldia errand (\d+) (\d+) (\d+)")
_ATTENDED = """
SELECT EXISTS (SELECT FROM procrastinate_workers WHERE last_heartbeat > now() - interval '45 seconds')
"""


@dataclass(frozen=True, slots=True)
class Progress:
    """done of total; total 0 while it is not known yet."""

    done: int
    total: int


def errand_of(creditor_id: int, errand_id: int) -> Errand | None:
    """An errand of the creditor, which is in scope."""
    return Errand.objects.filter(creditor_id=creditor_id, pk=errand_id).first()


def open_errands(creditor_id: int) -> list[Errand]:
    """All that are not finished, oldest first."""
    return list(Errand.objects.filter(creditor_id=creditor_id, finished_at__isnull=True).order_by("pk"))


def waiting_errands(creditor_ids: list[int]) -> list[tuple[int, int]]:
    """(creditor, errand) of every open one; all these creditors are in scope."""
    open_ = Errand.objects.filter(creditor_id__in=creditor_ids, finished_at__isnull=True)
    return list(open_.order_by("pk").values_list("creditor_id", "pk"))


def last_errand(creditor_id: int, batch_id: int) -> Errand | None:
    """The latest about an import, finished or not."""
    return Errand.objects.filter(creditor_id=creditor_id, batch_id=batch_id).order_by("-pk").first()


def progress_of(errand_id: int) -> Progress | None:
    """How far it is; None while nobody is at it."""
    with connection.cursor() as cursor:
        cursor.execute(_AT_WORK, [f"aldia errand {int(errand_id)} %"])
        row = cursor.fetchone()
    found = _NAME.fullmatch(row[0]) if row else None
    return Progress(int(found[2]), int(found[3])) if found else None


def somebody_attends() -> bool:
    """Is a worker alive? It beats every ten seconds."""
    with connection.cursor() as cursor:
        cursor.execute(_ATTENDED)
        return bool(cursor.fetchone()[0])
