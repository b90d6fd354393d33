"""What somebody who calls a customer has before them, and the calls that were made. docs/rules/calls.md."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet

from aldia.queries import calls_sql as sql
from aldia.queries.asking import ask
from aldia.queries.calling import Calling, Leave, calling_of, may_call
from aldia.queries.dialled import ShownUp, numbers_shown_up, why_bad
from aldia.queries.people import names_of_actors
from aldia.queries.recipients import recipients_of, recipients_on
from aldia.queries.speeches import Told, speech_of, told_documents, told_of_customer
from aldia.queries.texts import Own, TextInForce, own_texts, text_for, use_for
from aldia.records.cases.models import (
    Call,
    CallKind,
    NonPaymentReason,
    OutcomeCode,
    Reached,
    Task,
)
from aldia.records.parties.models import ContactPoint, PointQuality
from aldia.records.tenancy.models import Creditor
from aldia.rules.call_points import points_for
from aldia.rules.call_scripts import SCRIPT, THIRD_PARTY, VOICEMAIL, scripts_for
from aldia.rules.calls import REASONS
from aldia.rules.outcomes import Outcome, OwnOutcome, catalogue, labels_of
from aldia.rules.portfolio.promises import last_broken
from aldia.rules.texts.render import fill
from aldia.rules.texts.speech import Promised
from aldia.rules.texts.uses import TITLES

__all__ = [
    "CallSheet",
    "KnownCall",
    "call_of",
    "call_sheet",
    "calls_of",
    "calls_to_correct",
    "may_call",
    "outcomes_of",
    "times_used",
]
_OF_A_DAY = 50


@dataclass(frozen=True, slots=True)
class DialledNumber:
    """A telephone of the customer. person, role: whose it is. quality: of the contact point. greyed: not to
    be dialled; why: a Spanish sentence, "" where it may be."""

    value: str
    person: str
    role: str
    quality: str
    quality_label: str
    greyed: bool
    why: str


@dataclass(frozen=True, slots=True)
class CallSheet:
    """The call pad of one customer at one moment.

    numbers: the best first, the greyed last. reasons: (code, label); reason_source: the law that keeps the
    question from us where asks_reason is False. script: with this customer's figures; script_title: which
    one; points: to bear in mind. task_id: the planned call that waits, None for none. tone: of the step the
    customer is at.
    """

    leave: Leave
    numbers: tuple[DialledNumber, ...]
    asks_reason: bool
    reason_source: str
    reasons: tuple[tuple[str, str], ...]
    outcomes: tuple[Outcome, ...]
    tone: str
    debtor_kind: str
    script: str
    script_title: str
    script_language: str
    points: tuple[str, ...]
    third_party_script: str
    voicemail_script: str
    task_id: int | None
    time_zone: str
    calls: tuple["KnownCall", ...] = ()


@dataclass(frozen=True, slots=True)
class KnownCall:
    """A call or visit as it was written down; labels in Spanish. by: who wrote it down. corrected_by: the
    call that puts this one right, None while it stands. refusal: what the gate said against it."""

    id: int
    kind: str
    kind_label: str
    direction: str
    number: str
    number_status: str
    reached: str
    reached_label: str
    outcome: str
    outcome_label: str
    reason: str
    reason_label: str
    volunteered: bool
    note: str
    next_action: str
    next_on: date | None
    next_at: datetime | None
    at: datetime
    on_date: date
    by: str
    task_id: int | None
    corrects_id: int | None
    corrected_by: int | None
    refusal: Mapping[str, Any] | None
    recorded_at: datetime


def outcomes_of(creditor: Creditor, *, hidden: bool = False) -> tuple[Outcome, ...]:
    """The catalogue as the creditor has it; one SELECT, in scope. hidden: those too that are off the form."""
    rows = OutcomeCode.objects.filter(creditor_id=creditor.pk)
    own = [OwnOutcome(row.code, row.label, row.effect, row.position, row.active) for row in rows]
    return tuple(each for each in catalogue(own) if hidden or each.active)


def times_used(creditor: Creditor) -> dict[str, int]:
    """Outcome → how many calls bear it; one SELECT, in scope."""
    rows = Call.objects.filter(creditor_id=creditor.pk).values_list("outcome")
    return dict(rows.annotate(times=Count("pk")).order_by())


def call_sheet(creditor: Creditor, customer_id: int, *, now: datetime) -> CallSheet:
    """Everything on the call pad; the customer is known. Raises NoStrategy. In a transaction and scope."""
    return call_sheet_of(creditor, calling_of(creditor, customer_id, now=now))


def call_sheet_of(creditor: Creditor, calling: Calling) -> CallSheet:
    """The same of what is read already."""
    customer_id = calling.customer_id
    kind = _debtor_kind(calling)
    asks = not calling.not_asked
    scripts = _Scripts(creditor, calling, own_texts(creditor))
    task_id, planned = _planned(calling)
    script = scripts.own_party(kind, planned)
    return CallSheet(
        leave=calling.leave(),
        numbers=_numbers(creditor, calling),
        asks_reason=asks,
        reason_source=calling.not_asked,
        reasons=tuple(REASONS.items()),
        outcomes=outcomes_of(creditor),
        tone=calling.tone,
        debtor_kind=kind,
        script=script.text,
        script_title=TITLES.get(script.template, TITLES[SCRIPT]),
        script_language=script.language,
        points=points_for(kind, asks_reason=asks),
        third_party_script=scripts.other_ears(THIRD_PARTY),
        voicemail_script=scripts.other_ears(VOICEMAIL),
        task_id=task_id,
        time_zone=calling.place.time_zone,
        calls=calls_of(creditor, customer_id, most=5),
    )


def planned_call(customer_id: int) -> int | None:
    """The call that a strategy wants made and nobody has made yet, the oldest; None for none. In scope."""
    return _calls_planned(customer_id).values_list("pk", flat=True).first()


def _calls_planned(customer_id: int) -> QuerySet[Task]:
    waiting = Task.objects.filter(customer_id=customer_id, channel="call", state="open")
    return waiting.order_by("due_on", "pk")


def _planned(calling: Calling) -> tuple[int | None, str]:
    """The planned call that waits, and the text its step gives it; None and "" for none."""
    found = _calls_planned(calling.customer_id).values_list("pk", "step").first()
    if found is None:
        return None, ""
    task_id, step_id = found
    return task_id, next((each.template for each in calling.strategy.steps if each.id == step_id), "")


def calls_of(
    creditor: Creditor, customer_id: int, *, most: int = 50, before: int | None = None
) -> tuple[KnownCall, ...]:
    """Calls and visits of the customer, latest first, those put right included. before: an id; older ones.

    In a transaction and scope.
    """
    beyond = " AND (c.at, c.id) < (SELECT b.at, b.id FROM cases_call b WHERE b.id = %(before)s)"
    which = f"c.customer_id = %(customer)s{beyond if before else ''}"
    return _found(creditor, which, customer=customer_id, most=most, before=before)


def calls_to_correct(creditor: Creditor, customer_id: int, today: date) -> tuple[KnownCall, ...]:
    """Those written down on that day of the creditor that stand, latest first: what may still be put right.

    In a transaction and scope.
    """
    begins = datetime.combine(today, time.min, ZoneInfo(creditor.time_zone))
    which = f"c.customer_id = %(customer)s AND c.recorded_at >= %(begins)s AND {sql.STANDS.format(call='c')}"
    return _found(creditor, which, customer=customer_id, begins=begins, most=_OF_A_DAY)


def call_of(creditor: Creditor, call_id: int) -> KnownCall | None:
    """One call or visit of the creditor; None where there is none. In scope."""
    return next(iter(_found(creditor, "c.id = %(call)s", call=call_id, most=1)), None)


def _found(creditor: Creditor, which: str, **said: Any) -> tuple[KnownCall, ...]:
    rows = ask(sql.KNOWN.format(which=which), creditor=creditor.pk, **said)
    labels = labels_of(outcomes_of(creditor, hidden=True))
    names = names_of_actors(row["actor"] for row in rows)
    return tuple(_known(row, labels, names) for row in rows)


def _known(row: dict[str, Any], labels: Mapping[str, str], names: Mapping[str, str]) -> KnownCall:
    told = {name: value for name, value in row.items() if name not in ("actor", "refusal")}
    return KnownCall(
        **told,
        kind_label=str(CallKind(row["kind"]).label),
        reached_label=str(Reached(row["reached"]).label),
        outcome_label=labels.get(row["outcome"], row["outcome"]),
        reason_label=str(NonPaymentReason(row["reason"]).label) if row["reason"] else "",
        by=names.get(row["actor"], row["actor"]),
        refusal=json.loads(row["refusal"]) if row["refusal"] else None,  # a raw cursor answers jsonb as text
    )


@dataclass(frozen=True, slots=True)
class _Script:
    """What is said, by which text, in which language; empty for nothing."""

    text: str = ""
    template: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class _Scripts:
    """What is said on the telephone, in the customer's language and form of address."""

    creditor: Creditor
    calling: Calling
    own: Own

    def own_party(self, kind: str, planned: str) -> _Script:
        """To the right party, with this customer's figures. planned: the text of the call that waits."""
        calling = self.calling
        told = told_of_customer(calling.judging.moment, calling.customer_id, claims=False, deadline=None)
        broken = self._broken()
        for template in scripts_for(
            kind=kind,
            tone=calling.tone,
            planned=planned,
            is_promise_broken=broken is not None,
            own={use.template for use in self.own if use.channel == "call" and self._is_own(use.template)},
        ):
            found = self._said(template, told, broken)
            if found.text:
                return found
        return _Script()

    def other_ears(self, template: str) -> str:
        """To whom the debt is nobody's business: no figure is even looked up."""
        return self._said(template, Told()).text

    def _broken(self) -> Promised | None:
        """The last promise, if it was not kept and something of it is open."""
        reading = self.calling.judging.moment.reading
        ground = reading.decided.ground
        found = last_broken(ground.promises, ground.lines, reading.frames)
        found = found.filter(customer_id=self.calling.customer_id)
        if found.is_empty():
            return None
        promise = self.calling.judging.moment.promises[found["promise_id"][0]]
        return Promised(promise["amount_minor"], promise["currency"], promise["promised_on"])

    def _is_own(self, template: str) -> bool:
        found = self._in_force(template)
        return found is not None and found.is_own

    def _in_force(self, template: str) -> TextInForce | None:
        customer = self.calling.judging.batch.customers[self.calling.customer_id]
        return text_for(self.own, use_for(template, "call", form=customer.form, language=customer.language))

    def _said(self, template: str, told: Told, promise: Promised | None = None) -> _Script:
        judging, customer_id = self.calling.judging, self.calling.customer_id
        customer = judging.batch.customers[customer_id]
        found = self._in_force(template)
        if found is None:
            return _Script()
        several = recipients_on(
            judging.recipients, customer_id, "call", minor=customer.minor, tone=self.calling.tone
        )
        speech = speech_of(
            self.creditor,
            customer,
            next(iter(several), None),
            told,
            told_documents(self.creditor, [told]),
            tone=self.calling.tone,
            channel="call",
            today=judging.moment.today,
            language=found.language,
        )
        said = fill(found.text, replace(speech, promise=promise))
        return _Script(said.text, template, found.language)


def _debtor_kind(calling: Calling) -> str:
    """What the portfolio takes the customer for."""
    rows = calling.judging.moment.reading.decided.rows
    return str(rows.filter(customer_id=calling.customer_id)["debtor_kind"].first())


def _numbers(creditor: Creditor, calling: Calling) -> tuple[DialledNumber, ...]:
    """Every telephone there is: those that are not to be dialled are shown, with why."""
    points = ContactPoint.objects.filter(customer_id=calling.customer_id, channel="phone")
    judging, customer_id = calling.judging, calling.customer_id
    customer = judging.batch.customers[customer_id]
    recipients = recipients_of(creditor, [customer_id])
    kinds = judging.circumstances.get(customer_id, frozenset())
    best = recipients_on(
        recipients,
        customer_id,
        "call",
        minor=customer.minor,
        represented="represented" in kinds,
        tone=calling.tone,
    )
    order = {each.address: place for place, each in enumerate(best)}
    shown_up = numbers_shown_up(creditor.pk, customer_id)
    found = [
        _number(point, calling, is_theirs=point.value in order, shown_up=shown_up)
        for point in points.select_related("contact").order_by("pk")
    ]
    last = len(order)
    return tuple(sorted(found, key=lambda each: (each.greyed, order.get(each.value, last))))


def _number(point: ContactPoint, calling: Calling, *, is_theirs: bool, shown_up: ShownUp) -> DialledNumber:
    why = _why_not(point, calling, is_theirs=is_theirs, shown_up=shown_up)
    return DialledNumber(
        value=point.value,
        person=point.contact.name,
        role=str(point.contact.get_role_display()),
        quality=point.quality,
        quality_label=str(PointQuality(point.quality).label),
        greyed=bool(why),
        why=why,
    )


def _why_not(point: ContactPoint, calling: Calling, *, is_theirs: bool, shown_up: ShownUp) -> str:
    if point.quality == PointQuality.BAD:
        return why_bad(point.value, shown_up)
    if not is_theirs:
        return "Es de alguien a quien no se llama sobre este cliente."
    if not calling.may_be_dialled(point.value):
        return "No quiere que se le llame aquí, o falta su autorización."
    return ""


assert {each.value for each in NonPaymentReason} == set(REASONS), "the form offers every reason there is"
