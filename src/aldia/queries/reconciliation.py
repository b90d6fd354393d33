"""After a restore: what the books believe about mail that may have left since the copy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from aldia.kernel.clock import read_moment
from aldia.queries.creditors import all_creditors, default_date
from aldia.queries.outbox import Unit, doubts, units_not_left
from aldia.records.audit.models import AuditEntry
from aldia.records.cases.models import DailyRun
from aldia.records.outreach.models import Dispatch
from aldia.records.parties.models import Customer
from aldia.records.tenancy.models import Creditor, House
from aldia.records.tenancy.scope import scope

RESTORED_VERB = "house.restored"
"""The audit entry of a restore; in its payload `copied_at`, when the copy was made, and `last_message`, the
id of the last one in it."""


@dataclass(frozen=True, slots=True)
class Lock:
    """Nothing leaves the house since then; reason: Spanish."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Pending:
    """A unit that has not left as far as the books know. new: planned after the restore."""

    key: str
    customer_code: str
    customer_name: str
    channel: str
    state: str
    planned_on: date
    new: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """One creditor after a restore. copied_at: moment of the copy, None where it was never restored.

    last_sent_at: the last mail the books know of. doubts: keys of what was being sent when the copy was made.
    run_due_on: the day whose run since the restore is missing, None when there is nothing to run.
    """

    creditor: Creditor
    copied_at: datetime | None
    last_sent_at: datetime | None
    pending: tuple[Pending, ...]
    doubts: tuple[str, ...]
    run_due_on: date | None


def sending_lock() -> Lock | None:
    """The lock on the whole house, if it is on."""
    house = House.objects.filter(sending_locked_at__isnull=False).first()
    if house is None or house.sending_locked_at is None:
        return None
    return Lock(house.sending_locked_at, house.sending_locked_reason)


def standings(*, now: datetime) -> list[Standing]:
    """Every creditor, by code."""
    found = []
    for creditor in all_creditors():
        today = default_date(creditor, now)
        with transaction.atomic(), scope([creditor.pk]):
            found.append(_standing(creditor, today))
    return found


def _standing(creditor: Creditor, today: date) -> Standing:
    restored = AuditEntry.objects.filter(creditor=creditor, verb=RESTORED_VERB).order_by("-sequence").first()
    facts = restored.payload if restored else None
    sent = Dispatch.objects.filter(creditor=creditor, state="sent").aggregate(last=Max("finished_at"))
    return Standing(
        creditor=creditor,
        copied_at=read_moment(facts["copied_at"]) if facts else None,
        last_sent_at=sent["last"],
        pending=_pending(units_not_left(creditor), last_copied=facts["last_message"] if facts else None),
        doubts=tuple(doubts(creditor).values_list("key", flat=True)),
        run_due_on=_run_due_on(creditor, today, restored.recorded_at if restored else None),
    )


def _pending(units: Sequence[Unit], last_copied: int | None) -> tuple[Pending, ...]:
    """last_copied: id of the last message the copy held."""
    names = {pk: (code, name) for pk, code, name in _customers({unit.customer_id for unit in units})}
    return tuple(
        Pending(
            key=unit.key,
            customer_code=names[unit.customer_id][0],
            customer_name=names[unit.customer_id][1],
            channel=unit.channel,
            state=unit.state,
            planned_on=unit.planned_on,
            new=last_copied is not None and min(unit.message_ids) > last_copied,
        )
        for unit in units
    )


def _customers(ids: set[int]) -> Sequence[tuple[int, str, str]]:
    return list(Customer.objects.filter(pk__in=ids).values_list("pk", "code", "name"))


def _run_due_on(creditor: Creditor, today: date, restored_at: datetime | None) -> date | None:
    """Today, for who has ever run and not since the restore for today: what a run of today plans may have
    left already, after the copy was made, and is to be seen before anything leaves."""
    last = DailyRun.objects.filter(creditor=creditor).order_by("-on_date", "-sequence").first()
    if last is None:
        return None
    is_older = restored_at is not None and last.now_at <= restored_at
    return today if last.on_date < today or is_older else None
