"""What a worker that died left behind: nothing is sent again that may have left."""

from dataclasses import dataclass
from datetime import datetime

from aldia.operations.audit import record_event
from aldia.operations.outbox.settling import give_back, in_doubt
from aldia.operations.outbox.workers import is_dead
from aldia.records.outreach.models import Dispatch
from aldia.records.tenancy.models import Creditor

ACTOR = "outbox"
_SAID = "El envío se interrumpió después de empezar: puede que haya llegado o que no."


@dataclass(frozen=True, slots=True)
class TakenOver:
    """in_doubt: ids of dispatches that may have left. given_back: how many wait again."""

    in_doubt: tuple[int, ...] = ()
    given_back: int = 0


def take_over_dead(creditor: Creditor, *, worker: int, now: datetime) -> TakenOver:
    """Settle what dead workers had claimed: begun is in doubt, the rest waits again.

    Inside a transaction in scope, which ends with `record_taken_over`. worker: our own number.
    """
    claimed = Dispatch.objects.filter(creditor_id=creditor.pk, state="claimed").exclude(worker=worker)
    dead = [number for number in set(claimed.values_list("worker", flat=True)) if is_dead(number)]
    left = list(claimed.filter(worker__in=dead).select_for_update().order_by("pk")) if dead else []
    begun = [each for each in left if each.begun_at is not None]
    for dispatch in begun:
        in_doubt(creditor, dispatch, said=_SAID, now=now, actor=ACTOR)
    untouched = [each.pk for each in left if each.begun_at is None]
    give_back(untouched, now=now, not_before=None)
    return TakenOver(tuple(each.pk for each in begun), len(untouched))


def record_taken_over(creditor: Creditor, taken: TakenOver, *, now: datetime) -> None:
    """The audit entry, if there was anything to take over."""
    if taken.in_doubt or taken.given_back:
        record_event(
            creditor_id=creditor.pk,
            verb="outbox.taken_over",
            subject=f"creditor:{creditor.pk}",
            actor=ACTOR,
            payload={"in_doubt": list(taken.in_doubt), "given_back": taken.given_back},
            at=now,
        )
