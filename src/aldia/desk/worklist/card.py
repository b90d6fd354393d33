"""One case as it is worked: who it is, what is owed, why now, what came before, and the panel."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from aldia.desk.access import Visit
from aldia.desk.promise_tones import TONES
from aldia.desk.today.page import now_for
from aldia.desk.worklist.panel import WorkForm, quick_days
from aldia.kernel.clock import business_date
from aldia.queries.calling import Calling, calling_of
from aldia.queries.calls import call_sheet_of
from aldia.queries.case_locks import Holder, holder_of
from aldia.queries.cases import CaseSeen, GroupCase, case_seen, cases_of_group
from aldia.queries.inbox import unread_of
from aldia.queries.kinds import KindSeen
from aldia.queries.live import live_reading
from aldia.queries.plans_b import WrittenPlan, plans_of
from aldia.queries.promises import PromiseSeen, promises_in
from aldia.queries.reasons import Reading, step_titles
from aldia.queries.sheet import customer_sheet
from aldia.queries.sheet_page import Sheet, Standing
from aldia.queries.tasks import OpenTask, tasks_of_customer
from aldia.queries.timeline import Entry
from aldia.queries.today_page import Balance
from aldia.queries.worklist import why_now
from aldia.records.cases.models import CaseState
from aldia.records.tenancy.models import Creditor
from aldia.rules.portfolio.plan_b import serves_until
from aldia.ui.ageing import AgeingBar, ageing_bar

LAST = 6
PROMISES = 4
TASKS = 20
_CONTACT = frozenset(
    {
        "message",
        "dispatch",
        "delivery",
        "letter",
        "inbound",
        "reply",
        "call",
        "case_note",
        "promise",
        "contact",
    }
)


@dataclass(frozen=True, slots=True)
class Card:
    """form: None for who may not work cases. tasks: (task, what it asks for), open; not the planned call,
    which is done by calling. plan: the plan B that serves. changed: why the form came back. reason: why now.
    """

    case: CaseSeen
    holder: Holder | None
    sheet: Sheet
    currencies: tuple[tuple[Standing, AgeingBar | None], ...]
    kind: KindSeen
    promises: tuple[tuple[PromiseSeen, str], ...]
    promised_numbers: frozenset[str]
    last: tuple[Entry, ...]
    group: tuple[GroupCase, ...]
    unread: tuple[Any, ...]
    form: WorkForm | None
    hold_hint: str
    first_number: str
    tasks: tuple[tuple[OpenTask, str], ...]
    plan: WrittenPlan | None
    reason: str
    changed: str = ""

    @property
    def case_id(self) -> int:
        """The one it is of."""
        return self.case.id

    @property
    def read_only(self) -> bool:
        """A colleague has it open."""
        return self.holder is not None

    @property
    def keeps_lock(self) -> bool:
        """The page takes the lock and keeps it up."""
        return self.form is not None and not self.read_only


def card_of(visit: Visit, case_id: int, *, data: Any = None, reason: str = "") -> Card | None:
    """None where there is no such open case. data: of a form that came back. reason: where it is known."""
    creditor, now = visit.creditor, now_for(visit.creditor)
    today = business_date(now, creditor.time_zone)
    case = case_seen(creditor, case_id)
    if case is None or case.state == CaseState.CLOSED:
        return None
    calling = calling_of(creditor, case.customer_id, now=now) if visit.may["note"] else None
    if calling:
        reading = calling.judging.moment.as_read()
    else:
        reading = live_reading(creditor, (case.customer_id,), today)
    sheet = customer_sheet(creditor, case.customer_id, today, reading=reading)
    assert sheet is not None
    promises = promises_in(creditor, reading)
    form = _form(visit, case, sheet, calling, data) if calling else None
    return Card(
        case=case,
        holder=holder_of(creditor, case_id, but=visit.membership.pk, now=now),
        sheet=sheet,
        currencies=tuple((each, _bar(each)) for each in sheet.standing if _has_anything(each)),
        kind=sheet.kind,
        promises=tuple((each, TONES.get(each.state, "")) for each in promises[:PROMISES]),
        promised_numbers=frozenset(number for each in promises if each.is_open for number in each.numbers),
        last=tuple(each for each in sheet.timeline.entries if each.kind in _CONTACT)[:LAST],
        group=tuple(cases_of_group(creditor, case.customer_id)),
        unread=tuple(unread_of(creditor.pk, case.customer_id)),
        form=form,
        hold_hint=_("Primer día en que se le vuelve a reclamar; como mucho, %(n)s días.")
        % {"n": creditor.hold_days_max},
        first_number=_first_number(form),
        tasks=_tasks(creditor, case.customer_id, reading, but=form.sheet.task_id if form else None),
        plan=_plan(creditor, case.customer_id, today),
        reason=reason
        or why_now(creditor, case, [each.figures for each in sheet.standing], on=today, now=now),
    )


def context_of(visit: Visit, card: Card | None) -> dict[str, Any]:
    """What the templates of a card need beside it."""
    today = business_date(now_for(visit.creditor), visit.creditor.time_zone)
    return {"card": card, "quick_days": quick_days(today)}


def _form(visit: Visit, case: CaseSeen, sheet: Sheet, calling: Calling, data: Any) -> WorkForm:
    owed = [each for each in sheet.standing if each.overdue.minor] or list(sheet.standing)
    initial: dict[str, Any] = {
        "priority": case.priority,
        "kind": "call",
        "direction": "out",
        "amount": (owed[0].dunnable.minor or None) if owed else None,
        "currency": owed[0].currency if owed else visit.creditor.currency,
    }
    calls = call_sheet_of(visit.creditor, calling)
    return WorkForm(calls, [each.currency for each in owed], data, initial=initial)


def _tasks(
    creditor: Creditor, customer_id: int, reading: Reading, *, but: int | None
) -> tuple[tuple[OpenTask, str], ...]:
    titles = step_titles(reading.strategies)
    tasks = tasks_of_customer(creditor.pk, customer_id, most=TASKS)
    return tuple((each, each.label(titles)) for each in tasks if each.id != but)


def _plan(creditor: Creditor, customer_id: int, today: date) -> WrittenPlan | None:
    plan = plans_of(creditor, customer_id).current
    return plan if plan and today <= serves_until(plan.for_on) else None


def _first_number(form: WorkForm | None) -> str:
    if form is None:
        return ""
    return next((each.value for each in form.sheet.numbers if not each.greyed), "")


def _has_anything(standing: Standing) -> bool:
    return bool(standing.open.minor or standing.unapplied.minor)


def _bar(standing: Standing) -> AgeingBar | None:
    if not standing.open.minor:
        return None
    named = tuple((name.removeprefix("aging_"), amount) for name, amount in standing.aging)
    return ageing_bar(Balance(standing.open, standing.overdue, named))
