"""What a worker that died left behind: nothing is sent again that may have left."""

from dataclasses import dataclass
from datetime import datetime

from aldia.operations.audit import record_event
from aldia.operations.outbox.settling import arrived, give_back, in_doubt
from aldia.operations.outbox.workers import is_dead
from aldia.records.outreach.models import ON_PAPER, Dispatch, Letter
from aldia.records.tenancy.models import Creditor

ACTOR = "outbox"
_SAID = "El envío se interrumpió después de empezar: puede que haya llegado o que no."


@dataclass(frozen=True, slots=True)
class TakenOver:
    """in_doubt: ids of dispatches that may have left. in_the_tray: of letters that got there. given_back: how
    many wait again."""

    in_doubt: tuple[int, ...] = ()
    in_the_tray: tuple[int, ...] = ()
    given_back: int = 0


def take_over_dead(creditor: Creditor, *, worker: int, now: datetime) -> TakenOver:
    """Settle what dead workers had claimed: begun is in doubt, the rest waits again.

    A letter is in no doubt: it lies in the tray, or it waits again. Inside a transaction in scope, which ends
    with `record_taken_over`. worker: our own number.
    """
    claimed = Dispatch.objects.filter(creditor_id=creditor.pk, state="claimed").exclude(worker=worker)
    dead = [number for number in set(claimed.values_list("worker", flat=True)) if is_dead(number)]
    left = list(claimed.filter(worker__in=dead).select_for_update().order_by("pk")) if dead else []
    in_the_tray = _in_the_tray(left)
    for dispatch in in_the_tray:
        arrived(creditor, dispatch, now=now, actor=ACTOR)
    begun = [each for each in left if each.begun_at is not None and each.channel not in ON_PAPER]
    for dispatch in begun:
        in_doubt(creditor, dispatch, said=_SAID, now=now, actor=ACTOR)
    untouched = [each.pk for each in left if each not in begun and each not in in_the_tray]
    give_back(untouched, now=now, not_before=None)
    return TakenOver(
        in_doubt=tuple(each.pk for each in begun),
        in_the_tray=tuple(each.pk for each in in_the_tray),
        given_back=len(untouched),
    )


def record_taken_over(creditor: Creditor, taken: TakenOver, *, now: datetime) -> None:
    """The audit entry, if there was anything to take over."""
    if taken != TakenOver():
        record_event(
            creditor_id=creditor.pk,
            verb="outbox.taken_over",
            subject=f"creditor:{creditor.pk}",
            actor=ACTOR,
            payload={
                "in_doubt": list(taken.in_doubt),
                "in_the_tray": list(taken.in_the_tray),
                "given_back": taken.given_back,
            },
            at=now,
        )


def _in_the_tray(left: list[Dispatch]) -> list[Dispatch]:
    """Letters that were put there before their worker died. The rows are ours, so none can come after us."""
    taken = Letter.objects.filter(dispatch__in=left).values_list("dispatch_id", flat=True)
    found = set(taken)
    return [each for each in left if each.pk in found]
