"""The one yes after the brake: what a held run planned may go its way."""

from datetime import datetime

from django.db import connection, transaction

from aldia.kernel.errors import AldiaError
from aldia.operations.audit import record_event
from aldia.records.cases.models import DailyRun, StrategyVersion
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.portfolio.strategy import read_strategy
from aldia.rules.portfolio.vocabulary import vocabulary


class NothingHeld(AldiaError):
    """No run waits for a yes."""

    code = "nothing_held"


def release_held(*, creditor: Creditor, actor: str, now: datetime) -> int:
    """Let go what the brake held, of every held run; how many messages may leave now.

    Messages of steps that ask for a person's approval by themselves go on waiting for it. Raises NothingHeld.
    """
    with transaction.atomic(), scope([creditor.pk]):
        held = list(DailyRun.objects.select_for_update().filter(held=True, released_at=None).order_by("pk"))
        if not held:
            raise NothingHeld("Ningún proceso está frenado: no hay nada que soltar.")
        released = sum(_release(creditor, run) for run in held)
        for run in held:
            run.released_at, run.released_by = now, actor
            run.save(update_fields=["released_at", "released_by"])
        record_event(
            creditor_id=creditor.pk,
            verb="run.released",
            subject=f"run:{held[-1].pk}",
            actor=actor,
            payload={"runs": [run.pk for run in held], "messages": released},
            at=now,
        )
    return released


def _release(creditor: Creditor, run: DailyRun) -> int:
    asking = [key for version in run.strategies.values() for key in _steps_that_ask(creditor, version)]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE outreach_message SET state = 'planned' WHERE creditor_id = %s AND run_id = %s"
            " AND state = 'waiting_approval' AND NOT (strategy_version_id || '/' || step = ANY(%s))",
            [creditor.pk, run.pk, asking],
        )
        return int(cursor.rowcount)


def _steps_that_ask(creditor: Creditor, version_id: int) -> list[str]:
    """`version/step` of the steps whose messages a person approves one by one."""
    version = StrategyVersion.objects.get(pk=version_id)
    strategy = read_strategy(version.toml, vocabulary(creditor.aging_edges))
    asking = [each.id for each in strategy.documents if each.approval]
    asking += [step.id for step in strategy.steps if step.approval]
    return [f"{version_id}/{name}" for name in asking]
