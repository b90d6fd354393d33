"""From the first day late to being up to date, one story per kind of customer: `expedientes.feature`."""

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from pytest_bdd import given, parsers, scenarios, then, when

from aldia.operations.calls import NewCall, record_call
from aldia.operations.creditors import create_creditor
from aldia.operations.disputes import end_dispute
from aldia.operations.outbox import use_mailbox
from aldia.operations.promises import NewPromise, record_promise
from aldia.operations.strategies import set_strategy
from aldia.queries.calls import call_sheet
from aldia.queries.disputes import disputes_of
from aldia.queries.kinds import kind_of
from aldia.queries.promises import promises_of
from aldia.queries.worklist import Wanted, worklist
from aldia.records.cases.models import Case, Decision, Task
from aldia.records.ledger.models import DueLine
from aldia.records.outreach.models import Alert, Dispatch
from aldia.records.parties.models import Beneficiary, Contact, Customer
from aldia.records.tenancy.models import Membership, User
from aldia.records.tenancy.scope import scope
from aldia.rules.shipped import shipped_strategies
from tests.escenarios.casa import BEFORE, Casa, at_hour

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
scenarios("expedientes.feature")

POINTS = {"email": "ana@cliente.example", "phone": "+34600000001", "post": "Calle Mayor 3, 28013 Madrid"}


@pytest.fixture
def casa() -> Casa:
    by: dict[str, Any] = {"actor": "prueba", "now": BEFORE}
    creditor = create_creditor(name="Papelería Luz", country="ES", code="luz", **by).creditor
    use_mailbox(creditor=creditor, **by)
    person = User.objects.create_user(email="eva@luz.example", name="Eva Gil")
    Membership.objects.create(creditor=creditor, user=person, role="manager")
    return Casa(creditor)


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _minor(text: str) -> int:
    return int(text.replace(".", "").replace(",", ""))


def _said(casa: Casa, name: str, on: date, **said: Any) -> None:
    record_call(
        creditor=casa.creditor,
        customer_id=casa.customers[name].pk,
        new=NewCall(number="+34600000001", number_status="good", at=at_hour(on, 11), **said),
        actor="eva",
        now=at_hour(on, 11, 5),
    )


def _since(casa: Casa, name: str, on: str) -> list[str]:
    sent = casa.messages(name, state="sent")
    return [f"{each.kind} {each.step}" for each in sent if each.sent_on and each.sent_on > _day(on)]


@given("una casa en Madrid con la estrategia de empresas")
def _(casa: Casa) -> None:
    assert casa.creditor.country == "ES"


@given("una academia en Madrid")
def _(casa: Casa) -> None:
    toml = shipped_strategies()["academia"]
    with transaction.atomic(), scope([casa.creditor.pk]):
        set_strategy(creditor_id=casa.creditor.pk, toml=toml, actor="prueba", now=BEFORE)


@given(parsers.parse("«{name}», que pagó sus últimas {times:d} facturas entre {low:d} y {high:d} días tarde"))
def _(casa: Casa, name: str, times: int, low: int, high: int) -> None:
    casa.welcomes(name, **POINTS)
    casa.has_paid(name, times, low, high)


@given(parsers.parse("«{name}», que es cliente nuevo"))
def _(casa: Casa, name: str) -> None:
    casa.welcomes(name, **POINTS)


@given(parsers.re(r"«(?P<name>[^»]+)» debe (?P<amount>[\d.,]+) € que vencen el (?P<due>[\d-]+)$"))
def _(casa: Casa, name: str, amount: str, due: str) -> None:
    casa.owes(name, _minor(amount), _day(due))


@given(parsers.parse("«{name}», madre de «{child}», que es menor, con móvil y correo"))
def _(casa: Casa, name: str, child: str) -> None:
    mother = casa.welcomes(name, person_kind="consumer", email="marta@ruiz.example", phone="+34600000001")
    with transaction.atomic(), scope([casa.creditor.pk]):
        of: dict[str, Any] = {"creditor": casa.creditor, "customer": mother}
        Contact.objects.filter(customer=mother).update(name=name, role="parent")
        Contact.objects.create(**of, name=child, role="other", is_minor=True, is_recipient=False)
        Beneficiary.objects.create(**of, code=child, name=child, kind="pupil", minor=True)


@given(parsers.parse("«{name}» debe por «{child}» dos cuotas de {amount} € que vencen el {dues}"))
def _(casa: Casa, name: str, child: str, amount: str, dues: str) -> None:
    with transaction.atomic(), scope([casa.creditor.pk]):
        pupil = Beneficiary.objects.get(customer=casa.customers[name], code=child)
    for due in dues.split(" y el "):
        casa.owes(name, _minor(amount), _day(due), kind="fee", beneficiary_id=pupil.pk)


@when(parsers.parse("pasan los días del {first} al {last} y una persona aprueba lo que espera"))
def _(casa: Casa, first: str, last: str) -> None:
    casa.days(_day(first), _day(last), approves=True)


@when(parsers.re(r"pasan los días del (?P<first>[\d-]+) al (?P<last>[\d-]+)$"))
def _(casa: Casa, first: str, last: str) -> None:
    casa.days(_day(first), _day(last))


@when(parsers.parse("el {on} «{name}» paga {amount} €"))
def _(casa: Casa, on: str, name: str, amount: str) -> None:
    casa.pays(name, _minor(amount), _day(on))


@when(parsers.parse("el {on} se llama a «{name}», contesta y dice que fue «{reason}»"))
def _(casa: Casa, on: str, name: str, reason: str) -> None:
    _said(casa, name, _day(on), reached="right_party", outcome="spoken", reason=reason)


@when(parsers.parse("el {on} se llama a «{name}», contesta y no está conforme con lo que debe"))
def _(casa: Casa, on: str, name: str) -> None:
    with transaction.atomic(), scope([casa.creditor.pk]):
        late = DueLine.objects.filter(customer=casa.customers[name], due_date=date(2026, 9, 30))
        lines = tuple(late.values_list("pk", flat=True))
    said = {"outcome": "dispute", "reason": "disagrees", "note": "No recibió todo el pedido"}
    _said(casa, name, _day(on), reached="right_party", disputed_lines=lines, **said)


@when(parsers.parse("el {on} se resuelve la incidencia de «{name}»"))
def _(casa: Casa, on: str, name: str) -> None:
    with transaction.atomic(), scope([casa.creditor.pk]):
        disputes = disputes_of(casa.creditor, casa.customers[name].pk, _day(on))
    for each in disputes:
        end_dispute(
            creditor=casa.creditor,
            dispute_id=each.id,
            reason="Se entregó lo que faltaba",
            actor="eva",
            now=at_hour(_day(on), 12),
        )


@then(parsers.parse("alguien tiene que ver con qué no está conforme «{name}»"))
def _(casa: Casa, name: str) -> None:
    assert _checks(casa, name) == ["open"]


@then(parsers.parse("nadie tiene ya que ver con qué no está conforme «{name}»"))
def _(casa: Casa, name: str) -> None:
    assert _checks(casa, name) == ["done"]


def _checks(casa: Casa, name: str) -> list[str]:
    with transaction.atomic(), scope([casa.creditor.pk]):
        tasks = Task.objects.filter(customer=casa.customers[name], kind="check_dispute")
        return list(tasks.values_list("state", flat=True))


@when(parsers.parse("el {on} se llama a «{name}» y contesta otra persona"))
def _(casa: Casa, on: str, name: str) -> None:
    _said(casa, name, _day(on), reached="third_party", outcome="third_party")


@when(parsers.parse("el {on} «{name}» promete pagar {amount} € el {until}"))
def _(casa: Casa, on: str, name: str, amount: str, until: str) -> None:
    new = NewPromise(_minor(amount), "EUR", _day(until), method="transfer", source="call")
    record_promise(
        creditor=casa.creditor,
        customer_id=casa.customers[name].pk,
        new=new,
        actor="eva",
        now=at_hour(_day(on), 12),
    )


def _cases(casa: Casa, name: str) -> list[Case]:
    with transaction.atomic(), scope([casa.creditor.pk]):
        return list(Case.objects.filter(customer=casa.customers[name]).order_by("pk"))


@then(parsers.re(r"«(?P<name>[^»]+)» tiene un expediente abierto(, y solo uno)?$"))
def _(casa: Casa, name: str) -> None:
    (case,) = _cases(casa, name)
    assert case.closed_on is None


@then(parsers.parse("el expediente de «{name}» está cerrado"))
def _(casa: Casa, name: str) -> None:
    (case,) = _cases(casa, name)
    assert case.state == "closed"
    assert case.closed_on is not None


@then(parsers.parse("«{name}» ha recibido un solo aviso, en tono «{tone}»"))
def _(casa: Casa, name: str, tone: str) -> None:
    assert [each.tone for each in casa.messages(name, state="sent", kind="dunning")] == [tone]


@then(parsers.parse("«{name}» ha recibido los avisos «{steps}»"))
def _(casa: Casa, name: str, steps: str) -> None:
    sent = casa.messages(name, state="sent", kind="dunning")
    assert [each.step for each in sent] == steps.split(", "), [(each.step, each.sent_on) for each in sent]


@then(parsers.parse("el último aviso a «{name}» lleva una entrada para su calendario"))
def _(casa: Casa, name: str) -> None:
    last = casa.messages(name, state="sent", kind="dunning")[-1]
    assert last.dispatch is not None
    assert "Va también una cita para su calendario" in last.dispatch.text


@then(parsers.parse("«{name}» no ha recibido ningún aviso, y «{other}», de la que no se sabe nada, sí"))
def _(casa: Casa, name: str, other: str) -> None:
    assert casa.messages(name, state="sent", kind="dunning") == []
    assert [each.step for each in casa.messages(other, state="sent", kind="dunning")] == ["friendly"]


@then(parsers.re(r"«(?P<name>[^»]+)» no ha recibido ninguna carta de agradecimiento, .+"))
def _(casa: Casa, name: str) -> None:
    assert casa.messages(name, kind="goodwill") == []


@then(parsers.parse("«{name}» recibe una carta de agradecimiento"))
def _(casa: Casa, name: str) -> None:
    (thanks,) = casa.messages(name, kind="goodwill")
    assert thanks.state == "sent"


@then(parsers.parse("a «{name}» se le ha hablado con firmeza"))
def _(casa: Casa, name: str) -> None:
    tones = {each.tone for each in casa.messages(name, state="sent", kind="dunning")}
    assert tones & {"firme", "formal"}


@then(parsers.parse("la conducta de «{name}» es «{kind}»"), target_fixture="seen")
def _(casa: Casa, name: str, kind: str) -> Any:
    with transaction.atomic(), scope([casa.creditor.pk]):
        seen = kind_of(casa.creditor, casa.customers[name].pk, casa.today)
    assert seen.kind == kind, seen
    return seen


@then(parsers.parse("la casa sabe decir por qué: «{words}»"))
def _(seen: Any, words: str) -> None:
    assert words in " ".join(seen.evidence)


@then(parsers.parse("a «{name}» no se le ha escrito desde el {on}"))
def _(casa: Casa, name: str, on: str) -> None:
    assert _since(casa, name, on) == []


@then(parsers.parse("a «{name}» solo se le ha escrito sobre sus compromisos desde el {on}"))
def _(casa: Casa, name: str, on: str) -> None:
    said = _since(casa, name, on)
    assert said
    assert all(each.startswith("promise ") for each in said), said


@then(parsers.parse("«{name}» recibió el recordatorio la víspera, el {on}"))
def _(casa: Casa, name: str, on: str) -> None:
    (reminder,) = casa.messages(name, kind="promise", step="reminder", state="sent")
    assert reminder.sent_on == _day(on)


@then(parsers.parse("los compromisos de «{name}» están «{states}»"))
def _(casa: Casa, name: str, states: str) -> None:
    with transaction.atomic(), scope([casa.creditor.pk]):
        seen = promises_of(casa.creditor, casa.customers[name].pk, casa.today)
    in_order = sorted(seen, key=lambda each: each.id)
    assert [each.state for each in in_order] == states.split(", ")


@then(parsers.parse("el motivo de hoy con «{name}» es «{reason}»"))
def _(casa: Casa, name: str, reason: str) -> None:
    with transaction.atomic(), scope([casa.creditor.pk]):
        last = Decision.objects.filter(customer=casa.customers[name]).order_by("pk").last()
    assert last is not None
    assert last.outcome == reason


@then(parsers.parse("quien lo lleva ha recibido el aviso de la promesa incumplida de «{name}»"))
def _(casa: Casa, name: str) -> None:
    with transaction.atomic(), scope([casa.creditor.pk]):
        assert Alert.objects.filter(customer=casa.customers[name], kind="broken_promise").count() == 1


@then(
    parsers.parse("a «{name}» se le ha escrito el paso siguiente con las palabras del compromiso sin cumplir")
)
def _(casa: Casa, name: str) -> None:
    sent = casa.messages(name, state="sent", kind="dunning")
    assert [each.step for each in sent] == ["friendly", "second"]
    assert sent[-1].template == "promise_broken"
    assert sent[-1].dispatch is not None
    assert "3.000,00\xa0€ para el 14 de octubre" in sent[-1].dispatch.text


@then(parsers.parse("«{name}» es lo primero de la cola, porque incumplió un compromiso"))
def _(casa: Casa, name: str) -> None:
    member = Membership.objects.get(creditor=casa.creditor)
    with transaction.atomic(), scope([casa.creditor.pk]):
        page = worklist(
            casa.creditor,
            member=member,
            on=date(2026, 10, 20),
            now=at_hour(date(2026, 10, 20), 11),
            wanted=Wanted(owner="all"),
        )
    assert page.rows[0].customer_id == casa.customers[name].pk
    assert "ncumplió" in page.rows[0].reason


@then(parsers.parse("todo se ha escrito a «{name}» y nada a «{child}»"))
def _(casa: Casa, name: str, child: str) -> None:
    with transaction.atomic(), scope([casa.creditor.pk]):
        left = list(Dispatch.objects.filter(state="sent"))
    assert left
    assert {each.recipient for each in left} <= {"marta@ruiz.example", "+34600000001"}
    assert all(each.recipient_name != child for each in left)


@then(
    parsers.parse("el guion para otra persona no nombra la deuda, ni la academia debe decir por quién llama")
)
def _(casa: Casa) -> None:
    (customer,) = casa.customers.values()
    with transaction.atomic(), scope([casa.creditor.pk]):
        assert Customer.objects.filter(pk=customer.pk).exists()
        sheet = call_sheet(casa.creditor, customer.pk, now=at_hour(date(2026, 10, 13), 11))
    words = sheet.third_party_script.lower()
    assert words
    assert not any(each in words for each in ("debe", "deuda", "cuota", "factura", "190", "95", "leo"))
