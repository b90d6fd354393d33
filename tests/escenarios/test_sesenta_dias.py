"""Sixty days of two customers, day by day: `sesenta_dias.feature`."""

import io
import subprocess
import sys
import zipfile
from collections import Counter
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from pytest_bdd import given, parsers, scenarios, then, when

from aldia.channels.mail import Mail, NotSent, Outcome
from aldia.channels.mailbox import MailboxTransport
from aldia.operations.creditors import create_creditor
from aldia.operations.evidence import export_evidence
from aldia.operations.ledger import record_payment
from aldia.operations.outbox import account, use_mailbox
from aldia.records.cases.models import Task
from aldia.records.ledger.models import DueLine
from aldia.records.outreach.models import Dispatch, DispatchAttachment, Letter
from aldia.records.parties.models import ContactPoint
from aldia.records.tenancy.scope import scope
from tests.escenarios.casa import MADRID, Casa

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
scenarios("sesenta_dias.feature")

HOLIDAYS = {date(2026, 10, 12)}


@pytest.fixture
def casa(monkeypatch: pytest.MonkeyPatch) -> Casa:
    now = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
    by: dict[str, Any] = {"actor": "prueba", "now": now}
    creditor = create_creditor(name="Papelería Luz", country="ES", code="luz", **by).creditor
    use_mailbox(creditor=creditor, **by)
    house = Casa(creditor)

    class Line(MailboxTransport):
        def send(self, mail: Mail) -> Outcome:
            if mail.recipient in house.gone:
                return NotSent("550 5.1.1 no existe", permanent=True, bad_address=True)
            return super().send(mail)

    monkeypatch.setattr(account, "MailboxTransport", Line)
    return house


def _owes(casa: Casa, name: str, minor: int, due: date, points: dict[str, str]) -> None:
    casa.welcomes(name, **points)
    casa.owes(name, minor, due)


@given("una casa en Madrid con la estrategia de empresas")
def _(casa: Casa) -> None:
    assert casa.creditor.country == "ES"


@given(
    parsers.parse("«{name}», con correo, móvil y dirección postal, que debe 1.200,00 € que vencen el {due}")
)
def _(casa: Casa, name: str, due: str) -> None:
    points = {
        "email": "ana@talleres.example",
        "phone": "+34600000001",
        "post": "Calle Mayor 3, 28013 Madrid",
    }
    _owes(casa, name, 120_000, date.fromisoformat(due), points)


@given(parsers.parse("«{name}», con correo, que debe 300,00 € que vencen el {due}"))
def _(casa: Casa, name: str, due: str) -> None:
    _owes(casa, name, 30_000, date.fromisoformat(due), {"email": "luis@luna.example"})


def _pass(casa: Casa, first: str, last: str, *, approves: bool = False) -> None:
    casa.days(date.fromisoformat(first), date.fromisoformat(last), approves=approves)


@when(parsers.parse("pasan los días del {first} al {last} y una persona aprueba lo que espera"))
def _(casa: Casa, first: str, last: str) -> None:
    _pass(casa, first, last, approves=True)


@when(parsers.re(r"pasan los días del (?P<first>[\d-]+) al (?P<last>[\d-]+)$"))
def _(casa: Casa, first: str, last: str) -> None:
    _pass(casa, first, last)


@when(parsers.parse("el correo de «{name}» deja de existir"))
def _(casa: Casa, name: str) -> None:
    casa.gone.add("ana@talleres.example")


@when(parsers.parse("el {on} se hace el proceso y, antes de enviar, «{name}» paga"))
def _(casa: Casa, on: str, name: str) -> None:
    day = date.fromisoformat(on)

    def pays(now: datetime) -> None:
        with transaction.atomic(), scope([casa.creditor.pk]):
            owed = DueLine.objects.get(customer=casa.customers[name])
            record_payment(
                creditor_id=casa.creditor.pk,
                customer_id=casa.customers[name].pk,
                amount_minor=30_000,
                currency="EUR",
                value_on=day,
                due_line_ids=[owed.pk],
                actor="prueba",
                now=now,
            )

    casa.day(day, between=pays)


@then(parsers.parse("«{name}» ha recibido por correo los avisos «{steps}»"))
def _(casa: Casa, name: str, steps: str) -> None:
    sent = casa.messages(name, state="sent", channel="email")
    assert [each.step for each in sent] == steps.split(", ")


@then(parsers.parse("el aviso «{step}» de «{name}» falló por correo y salió por SMS"))
def _(casa: Casa, step: str, name: str) -> None:
    found = casa.messages(name, step=step)
    assert [(each.channel, each.state) for each in found] == [("email", "failed"), ("sms", "sent")]
    assert found[0].reason == "bad_address"


@then("su correo consta como no válido y hay una tarea para arreglarlo")
def _(casa: Casa) -> None:
    with transaction.atomic(), scope([casa.creditor.pk]):
        assert ContactPoint.objects.get(value="ana@talleres.example").quality == "bad"
        assert Task.objects.filter(kind="bad_address", state="open").count() == 1


@then(parsers.parse("el aviso «{step}» de «{name}» espera por «{rule}» hasta el {on}"))
def _(casa: Casa, step: str, name: str, rule: str, on: str) -> None:
    (found,) = casa.messages(name, step=step)
    assert found.state == "planned"
    assert found.refusal is not None
    assert found.refusal["rule"] == rule
    assert found.not_before_at is not None
    assert found.not_before_at.astimezone(MADRID).date() == date.fromisoformat(on)


@then(parsers.parse("el aviso «{step}» de «{name}» se anula por «{rule}»"))
def _(casa: Casa, step: str, name: str, rule: str) -> None:
    (found,) = casa.messages(name, step=step)
    assert (found.state, found.reason) == ("cancelled", rule)


@then(parsers.parse("el requerimiento de «{name}» está en la bandeja de cartas con su PDF"))
def _(casa: Casa, name: str) -> None:
    (formal,) = casa.messages(name, step="formal")
    assert (formal.state, formal.channel, formal.approved_by) == ("sent", "letter", "ana")
    assert formal.dispatch_id is not None
    with transaction.atomic(), scope([casa.creditor.pk]):
        letter = Letter.objects.get(dispatch_id=formal.dispatch_id)
        paper = DispatchAttachment.objects.get(dispatch_id=formal.dispatch_id)
    assert letter.state == "tray"
    assert bytes(paper.content).startswith(b"%PDF")
    assert paper.sha256 == letter.sha256


@then(parsers.parse("a «{name}» no se le ha vuelto a escribir"))
def _(casa: Casa, name: str) -> None:
    last = max(each.sent_on for each in casa.messages(name, state="sent") if each.sent_on)
    assert last < date(2026, 10, 30)


@then("nadie ha recibido dos mensajes el mismo día, ni en fin de semana, ni en festivo, ni fuera de horario")
def _(casa: Casa) -> None:
    with transaction.atomic(), scope([casa.creditor.pk]):
        left = list(Dispatch.objects.filter(state="sent"))
    at = [(each.customer_id, each.begun_at.astimezone(MADRID)) for each in left if each.begun_at]
    assert len(at) == len(left) > 8
    assert max(Counter((customer, when.date()) for customer, when in at).values()) == 1
    for _customer, moment in at:
        assert moment.weekday() < 5
        assert moment.date() not in HOLIDAYS
        assert time(9) <= moment.time() < time(21)


@then(parsers.parse("el expediente de «{name}» se comprueba con su propio programa"))
def _(casa: Casa, name: str, tmp_path: Path) -> None:
    now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    pack = export_evidence(
        creditor=casa.creditor, customer_code=casa.customers[name].code, actor="ana", now=now
    )
    zipfile.ZipFile(io.BytesIO(pack.content)).extractall(tmp_path)
    program = next(tmp_path.rglob("verificar.py"))
    checked = subprocess.run(
        [sys.executable, "-I", str(program)], cwd=program.parent, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
