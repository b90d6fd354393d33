"""The daily runs that are due now, one creditor after the other; one that refuses does not stop the rest."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from aldia.kernel.clock import business_date
from aldia.kernel.errors import AldiaError
from aldia.operations.run import RunReport, daily_run
from aldia.queries.creditors import due_creditors
from aldia.records.tenancy.models import Creditor

_BROKE = "El proceso se ha interrumpido por un fallo del programa; está en el registro del servidor."
_log = logging.getLogger(__name__)


class RunBroke(AldiaError):
    """A defect, not a refusal: nothing of the run stands."""

    code = "run_broke"


@dataclass(frozen=True, slots=True)
class DueRun:
    """One creditor's run: its report, or why there was none."""

    creditor_id: int
    creditor_code: str
    report: RunReport | None
    refusal: AldiaError | None = None

    def as_dict(self) -> dict[str, Any]:
        """As `aldia run-due --json` prints it."""
        found = self.report.as_dict() if self.report else {}
        refusal = self.refusal.as_dict() if self.refusal else {}
        return {"creditor": self.creditor_code, **found, **refusal}


def run_each(
    days: Iterable[tuple[Creditor, date, datetime]], *, actor: str, dry_run: bool = False
) -> list[DueRun]:
    """One run after the other (creditor, business date, moment); who refuses does not stop the rest, nor
    does who breaks."""
    done = []
    for creditor, on, now in days:
        try:
            report = daily_run(creditor=creditor, on=on, now=now, actor=actor, dry_run=dry_run)
            done.append(DueRun(creditor.pk, creditor.code, report))
        except AldiaError as refusal:
            done.append(DueRun(creditor.pk, creditor.code, None, refusal))
        except Exception:  # noqa: BLE001 – whatever is wrong with one creditor's books, the others' day goes on
            _log.exception("creditor %d: the run broke off", creditor.pk)
            connection.close_if_unusable_or_obsolete()
            done.append(DueRun(creditor.pk, creditor.code, None, RunBroke(_BROKE)))
    return done


def run_due(*, now: datetime, actor: str) -> list[DueRun]:
    """Run every creditor whose hour has come today and who has no run for today."""
    days = ((each, business_date(now, each.time_zone), now) for each in due_creditors(now))
    return run_each(days, actor=actor)
