"""The weeks before the demo's last day as its collectors worked them: calls, promises, a pause, a judgement.

Through the operations anybody uses, at hours when a call may be made; who may not be called is passed over.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from aldia.kernel.clock import morning_of
from aldia.operations.calls import CallRefused, NewCall, record_call
from aldia.operations.cases import add_note
from aldia.operations.holds import put_on_hold
from aldia.operations.kinds import judge_kind
from aldia.operations.ledger import record_payment
from aldia.operations.people import create_user, generated_password
from aldia.operations.promises import NewPromise, PromiseRefused, record_promise
from aldia.operations.teams import CollectorTerms, create_team, name_large_accounts, set_collector
from aldia.records.ledger.models import ItemBalance
from aldia.records.parties.models import ContactPoint
from aldia.records.tenancy.models import Creditor, Membership, Role
from aldia.records.tenancy.scope import scope

_PEOPLE = (("eva@demo.aldia.example", "Eva Gil"), ("luis@demo.aldia.example", "Luis Soto"))
_TEAM = "Cobros"
_CASES_A_DAY = 30
_LARGE_MINOR = 1_500_000
_LEAST_MINOR, _OVERDUE_DAYS = 15_000, 20
_BACK = 18
"""The first of the calls was made so many days before the last day."""

# Days back, who answered, outcome, reason, note.
_CALLS: tuple[tuple[int, str, str, str, str], ...] = (
    (
        12,
        "right_party",
        "no_liquidity",
        "no_liquidity",
        "Ha perdido un cliente grande. Amable, quiere pagar.",
    ),
    (12, "nobody", "no_answer", "", ""),
    (11, "right_party", "spoken", "forgot", "Se le pasó. Pide que se le avise por correo."),
    (10, "right_party", "spoken", "no_invoice", "Dice que no le llegó la factura de octubre."),
    (9, "third_party", "third_party", "", "Coge el teléfono una compañera. Vuelve a las cinco."),
    (8, "right_party", "refuses", "stalling", "Que ya pagará. No da fecha."),
    (6, "voicemail", "voicemail", "", ""),
    (5, "right_party", "spoken", "details_changed", "Ha cambiado de banco: mandará la domiciliación."),
    (4, "nobody", "busy", "", ""),
    (3, "right_party", "plan", "emergency", "Se le inundó el local. Podría pagar 100 al mes."),
    (2, "nobody", "wrong_number", "", ""),
)

# Days back it was made, days from then it is for, percent of what is overdue, percent of it that was paid.
_PROMISES: tuple[tuple[int, int, int, int], ...] = (
    (18, 7, 100, 100),
    (17, 7, 100, 0),
    (16, 6, 60, 40),
    (14, 7, 100, 0),
    (13, 5, 100, 100),
    (4, 4, 100, 0),
    (3, 4, 100, 0),
    (3, 10, 50, 0),
    (2, 5, 100, 0),
    (1, 14, 100, 0),
)


@dataclass(frozen=True, slots=True)
class _Late:
    """A customer with something overdue for some weeks. number: a telephone, "" for none."""

    customer_id: int
    overdue_minor: int
    lines: tuple[int, ...]
    number: str


@dataclass(frozen=True, slots=True)
class _Weeks:
    """The house in those weeks."""

    creditor: Creditor
    on: date
    people: tuple[Membership, ...]

    def at(self, days_back: int, hours: int) -> datetime:
        """So many hours after the morning of the day that many days before the last, or of its Friday."""
        day = self.on - timedelta(days=days_back)
        while day.weekday() >= 5:
            day -= timedelta(days=1)
        return morning_of(day, self.creditor.time_zone) + timedelta(hours=hours)


def weeks_of_collecting(*, creditor: Creditor, on: date, actor: str, now: datetime) -> None:
    """Who collects, and what they did before the last day `on`. now: when people are entered. Once."""
    weeks = _Weeks(creditor, on, _people(creditor, actor, now))
    name_large_accounts(
        creditor=creditor, least_minor=_LARGE_MINOR, member_id=weeks.people[0].pk, actor=actor, now=now
    )
    with transaction.atomic(), scope([creditor.pk]):
        late = iter(_late(weeks))
        _promises(weeks, late)
        _calls(weeks, late)
        _others(weeks, late)


def _people(creditor: Creditor, actor: str, now: datetime) -> tuple[Membership, ...]:
    """Two collectors in one team; nobody knows their passwords."""
    who: dict[str, Any] = {"actor": actor, "now": now}
    for email, name in _PEOPLE:
        create_user(
            email=email,
            name=name,
            password=generated_password(),
            creditor_id=creditor.pk,
            role=Role.GESTOR,
            **who,
        )
    emails = [email for email, _name in _PEOPLE]
    members = Membership.objects.filter(creditor=creditor, user__email__in=emails).select_related("user")
    people = tuple(members.order_by("user__email"))
    team = create_team(creditor=creditor, name=_TEAM, lead_id=None, **who)
    for member in people:
        terms = CollectorTerms(team_id=team.pk, cases_per_day=_CASES_A_DAY)
        set_collector(creditor=creditor, member_id=member.pk, terms=terms, **who)
    return people


def _late(weeks: _Weeks) -> list[_Late]:
    """Those who have owed in euros for weeks, by code."""
    since = weeks.on - timedelta(days=_OVERDUE_DAYS)
    owed = ItemBalance.objects.filter(currency="EUR", open_minor__gt=0, due_line__due_date__lt=since)
    rows = owed.order_by("customer__code", "due_line__due_date", "due_line_id")
    found: dict[int, list[tuple[int, int]]] = {}
    for customer_id, line, minor in rows.values_list("customer", "due_line", "open_minor"):
        found.setdefault(customer_id, []).append((line, minor))
    numbers = dict(
        ContactPoint.objects.filter(customer__in=list(found), channel="phone")
        .exclude(quality="bad")
        .order_by("-pk")
        .values_list("customer", "value")
    )
    every = [
        _Late(key, sum(m for _l, m in owes), tuple(line for line, _m in owes), numbers.get(key, ""))
        for key, owes in found.items()
    ]
    return [each for each in every if each.number and each.overdue_minor >= _LEAST_MINOR]


def _promises(weeks: _Weeks, late: Iterator[_Late]) -> None:
    """Words given, some kept, some not, some for the days to come."""
    for place, (back, ahead, share, paid) in enumerate(_PROMISES):
        _promise(weeks, late, _Plan(back, ahead, share, paid, weeks.people[place % len(weeks.people)]))


@dataclass(frozen=True, slots=True)
class _Plan:
    """A promise as in the table, and who takes it down."""

    back: int
    ahead: int
    share: int
    paid: int
    member: Membership


def _promise(weeks: _Weeks, late: Iterator[_Late], plan: _Plan) -> None:
    """By the next customer who may be called and can promise."""
    for who in late:
        at = weeks.at(plan.back, 2)
        minor = who.overdue_minor * plan.share // 100
        until = at.date() + timedelta(days=plan.ahead)
        try:
            with transaction.atomic():
                call = _call(weeks, who, plan.member, at, ("right_party", "promise", "", ""))
                new = NewPromise(
                    minor,
                    "EUR",
                    until,
                    method="transfer",
                    source="call",
                    call_id=call,
                    receipt=False,
                    due_line_ids=who.lines,
                )
                record_promise(
                    creditor=weeks.creditor,
                    customer_id=who.customer_id,
                    new=new,
                    actor=_actor(plan.member),
                    now=at,
                    member=plan.member,
                )
        except (CallRefused, PromiseRefused):
            continue
        if plan.paid:
            record_payment(
                creditor_id=weeks.creditor.pk,
                customer_id=who.customer_id,
                amount_minor=minor * plan.paid // 100,
                currency="EUR",
                value_on=until - timedelta(days=1),
                due_line_ids=list(who.lines),
                actor=_actor(plan.member),
                now=weeks.at(plan.back - plan.ahead, 1),
            )
        return


def _calls(weeks: _Weeks, late: Iterator[_Late]) -> None:
    for place, (back, *said) in enumerate(_CALLS):
        member = weeks.people[place % len(weeks.people)]
        for who in late:
            try:
                with transaction.atomic():
                    _call(weeks, who, member, weeks.at(back, 1 + place % 5), said)
            except CallRefused:
                continue
            break


def _call(weeks: _Weeks, who: _Late, member: Membership, at: datetime, said: Sequence[str]) -> int:
    """reached, outcome, reason and note of a call, written down five minutes later; its id."""
    reached, outcome, reason, note = said
    status = "good" if reached == "right_party" else "wrong" if outcome == "wrong_number" else ""
    new = NewCall(
        reached=reached,
        outcome=outcome,
        reason=reason,
        note=note,
        number=who.number,
        number_status=status,
        at=at,
    )
    call = record_call(
        creditor=weeks.creditor,
        customer_id=who.customer_id,
        new=new,
        actor=_actor(member),
        now=at + timedelta(minutes=5),
        member=member,
    )
    return call.pk


def _others(weeks: _Weeks, late: Iterator[_Late]) -> None:
    """A pause with its end, a word of a person on how somebody pays, and a note for the colleagues."""
    member = weeks.people[0]
    at = weeks.at(5, 3)
    by: dict[str, Any] = {"creditor": weeks.creditor, "actor": _actor(member), "now": at}
    for act in (
        lambda who: put_on_hold(
            customer_id=who.customer_id,
            until_on=weeks.on + timedelta(days=18),
            reason="Cobra una subvención en diciembre: se le espera hasta entonces.",
            **by,
        ),
        lambda who: judge_kind(
            customer_id=who.customer_id,
            kind="careless",
            note="Siempre paga en cuanto se le recuerda.",
            **by,
        ),
        lambda who: add_note(
            customer_id=who.customer_id,
            text="Prefiere que se le llame por la tarde. Pregunte por Marisa, de administración.",
            **by,
        ),
    ):
        who = next(late, None)
        if who is not None:
            act(who)


def _actor(member: Membership) -> str:
    return f"user:{member.user_id}"
