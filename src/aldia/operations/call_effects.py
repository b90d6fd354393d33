"""What follows from a call, and is taken back with it: number, planned task, tasks, disputes, the case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from aldia.kernel.clock import business_date
from aldia.operations.disputes import leave_check
from aldia.operations.ledger.overlays import end_overlay, record_dispute
from aldia.queries.disputes import has_open_dispute
from aldia.records.cases.models import Call, Task, TaskState
from aldia.records.ledger.models import DueLine, Overlay, OverlayEnd, OverlayKind
from aldia.records.parties.models import ContactPoint, PointQuality, sought_by
from aldia.records.tenancy.models import Creditor, Membership
from aldia.rules.calls import is_usable
from aldia.rules.consents import is_same_address
from aldia.rules.outcomes import CHECK_DISPUTE, TASKS, UNDONE, Effect

CALLBACK = "callback"
_REASON = "Según la llamada"


@dataclass(frozen=True, slots=True)
class By:
    """Who does it, for whom, when. member: their membership, None for a program."""

    creditor: Creditor
    actor: str
    now: datetime
    member: Membership | None = None

    @property
    def today(self) -> date:
        """The creditor's day."""
        return business_date(self.now, self.creditor.time_zone)


def mark_number(by: By, call: Call) -> None:
    """What the call showed of its number stands on the customer's points from now on.

    A number out of service may still take messages elsewhere; one that is not theirs is theirs nowhere.
    """
    if call.number and call.number_status:
        _set_quality(call, _quality(call.number_status), also_whatsapp=call.number_status == "wrong")


def restore_number(by: By, call: Call) -> None:
    """The points are worth again what an earlier call that stands has shown, or nothing is known of them."""
    if not call.number or not call.number_status:
        return
    earlier = Call.objects.filter(customer_id=call.customer_id).exclude(pk=call.pk).exclude(number_status="")
    righted = Call.objects.filter(customer_id=call.customer_id, corrects__isnull=False).values("corrects_id")
    standing = earlier.exclude(outcome=UNDONE).exclude(pk__in=righted).order_by("-at", "-pk")
    statuses = (each.number_status for each in standing if is_same_address(each.number, call.number))
    status = next(statuses, "")
    quality = _quality(status) if status else PointQuality.UNKNOWN
    _set_quality(
        call, quality, also_whatsapp=call.number_status == "wrong", only=_quality(call.number_status)
    )


def _quality(number_status: str) -> PointQuality:
    return PointQuality.GOOD if is_usable(number_status) else PointQuality.BAD


def _set_quality(
    call: Call, quality: PointQuality, *, also_whatsapp: bool, only: PointQuality | None = None
) -> None:
    """only: points that are worth this now; what somebody has said of them since stays."""
    channels = ["phone", "whatsapp"] if also_whatsapp else ["phone"]
    points = ContactPoint.objects.filter(
        customer_id=call.customer_id, channel__in=channels, sought=sought_by("phone", call.number)
    )
    if only is not None:
        points = points.filter(quality=only)
    same = [point.pk for point in points.order_by("pk") if is_same_address(point.value, call.number)]
    ContactPoint.objects.filter(pk__in=same).exclude(quality=quality).update(quality=quality)


def close_planned(by: By, call: Call) -> None:
    """The planned call is done. A number of no use has done nothing: while another one is known it stays
    planned, else it is withdrawn and the next run takes the next channel of its ladder."""
    if call.task_id is None:
        return
    waiting = Task.objects.filter(pk=call.task_id, state=TaskState.OPEN)
    if is_usable(call.number_status):
        waiting.update(state=TaskState.DONE, closed_on=by.today)
    elif not _has_number(call.customer_id):
        waiting.update(state=TaskState.CANCELLED, closed_on=by.today, reason="bad_number")


def reopen_planned(by: By, call: Call) -> None:
    """The planned call waits again, if this call had closed it."""
    Task.objects.filter(pk=call.task_id or 0, state__in=(TaskState.DONE, TaskState.CANCELLED)).update(
        state=TaskState.OPEN, closed_on=None, reason=""
    )


def _has_number(customer_id: int) -> bool:
    phones = ContactPoint.objects.filter(customer_id=customer_id, channel="phone")
    return phones.exclude(quality=PointQuality.BAD).exists()


def leave_tasks(by: By, call: Call, effect: Effect) -> None:
    """What a person has to do now."""
    kind = TASKS.get(effect, "")
    if kind == CHECK_DISPUTE:
        _leave_check(by, call)
    elif kind:
        make_task(by, call, kind, due_on=by.today)


def _leave_check(by: By, call: Call) -> None:
    leave_check(creditor=by.creditor, customer_id=call.customer_id, once=f"call:{call.pk}", on=by.today)


def make_task(by: By, call: Call, kind: str, *, due_on: date, channel: str = "") -> None:
    """One task, once for this call."""
    Task.objects.get_or_create(
        creditor_id=by.creditor.pk,
        once_key=f"call:{call.pk}/{kind}/1",
        defaults={"customer_id": call.customer_id, "kind": kind, "channel": channel, "due_on": due_on},
    )


def withdraw_tasks(by: By, call: Call) -> None:
    """Those the call left and nobody has done."""
    Task.objects.filter(once_key__startswith=f"call:{call.pk}/", state=TaskState.OPEN).update(
        state=TaskState.CANCELLED, closed_on=by.today, reason="call_corrected"
    )


def own_lines(customer_id: int, lines: Sequence[int]) -> list[int] | None:
    """Those due lines, in order; None where one of them is not the customer's."""
    found = DueLine.objects.filter(customer_id=customer_id, pk__in=lines).order_by("pk")
    known = list(found.values_list("pk", flat=True))
    return known if len(known) == len(set(lines)) else None


def open_disputes(by: By, call: Call, lines: Sequence[int], *, reason: str = "") -> None:
    """The lines are contested from the day of the call, for that reason; what is contested stays as it is."""
    standing = set(_disputes(call.customer_id).values_list("due_line_id", flat=True))
    for line in lines:
        if line not in standing:
            record_dispute(
                creditor_id=by.creditor.pk,
                due_line_id=line,
                on=call.on_date,
                actor=by.actor,
                now=by.now,
                reason=reason or _REASON,
            )


def contested_in(call: Call) -> Any:
    """The disputes that stand and were opened with the call: written in the same moment by the same hand."""
    opened = _disputes(call.customer_id).filter(recorded_at=call.recorded_at, recorded_by=call.actor)
    return opened.order_by("pk")


def end_disputes(by: By, call: Call) -> None:
    """Those that were opened with the call."""
    for overlay_id in list(contested_in(call).values_list("pk", flat=True)):
        end_overlay(
            creditor_id=by.creditor.pk,
            overlay_id=overlay_id,
            on=by.today,
            actor=by.actor,
            now=by.now,
            reason="Llamada corregida",
        )


def keep_check(by: By, call: Call, wrong: Call) -> None:
    """The task that was withdrawn with the wrong call stood for every dispute of the customer: while another
    one is open, somebody has to look into it all the same."""
    withdrawn = Task.objects.filter(
        once_key__startswith=f"call:{wrong.pk}/", kind=CHECK_DISPUTE, state=TaskState.CANCELLED
    )
    if withdrawn.exists() and has_open_dispute(by.creditor, call.customer_id):
        _leave_check(by, call)


def _disputes(customer_id: int) -> Any:
    disputes = Overlay.objects.filter(customer_id=customer_id, kind=OverlayKind.DISPUTE)
    return disputes.exclude(pk__in=OverlayEnd.objects.values("overlay_id"))
