"""A call or a promise written down on a customer's sheet, and a call of today put right."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from aldia.operations.calls import NewCall, record_call
from aldia.operations.promises import NewPromise, record_promise
from aldia.records.cases.models import Call, Case, CaseNote, Promise
from aldia.records.ledger.models import DueLine, Overlay, OverlayEnd
from aldia.records.parties.models import ContactPoint, Customer
from aldia.records.tenancy.models import Membership
from aldia.records.tenancy.scope import scope
from tests.cli.books import DAY, NOW
from tests.desk.conftest import customer_id, person, text_of
from tests.desk.worklist_world import telephone

PHONE = "+34 600 000 001"


@pytest.fixture
def gema(client: Any, luz: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A browser of a gestor; Bar Tarde has a telephone, and a case; PRONTO owes what is not due yet."""
    monkeypatch.setenv("ALDIA_NOW", NOW.isoformat())
    _ask(luz, lambda: telephone(Customer.objects.get(code="TARDE"), PHONE))
    client.force_login(person(luz, "gema@luz.example", "gestor"))
    return client


def _ask(creditor: Any, asked: Any) -> Any:
    with transaction.atomic(), scope([creditor.pk]):
        return asked()


def _sheet(luz: Any, code: str, rest: str = "") -> str:
    return f"/acreedor/luz/clientes/{customer_id(luz, code)}/{rest}"


def _called(luz: Any, **said: Any) -> Call:
    new = NewCall(**{"reached": "right_party", "outcome": "paid", "number": PHONE} | said)
    by = {"creditor": luz, "actor": "user:1", "now": NOW - timedelta(minutes=20)}
    return record_call(**by, customer_id=customer_id(luz, "TARDE"), new=new)


def test_a_call_of_today_is_put_right_from_the_sheet(gema, luz):
    line = _ask(luz, lambda: DueLine.objects.get(customer__code="TARDE").pk)
    wrong = _called(
        luz,
        outcome="dispute",
        number_status="good",
        note="No cuadra",
        disputed_lines=(line,),
        dispute_reason="Falta un abono",
    )
    address = _sheet(luz, "TARDE", f"llamadas/{wrong.pk}/")
    sheet = gema.get(_sheet(luz, "TARDE"))
    assert "Llamadas de hoy" in text_of(sheet)
    assert address in sheet.content.decode()
    page = gema.get(address).content.decode()
    for said in (
        'value="dispute" selected',
        f'value="{PHONE}" data-key="c" aria-keyshortcuts="c" checked',
        f'name="line" value="{line}"',
        'value="Falta un abono"',
        "No cuadra",
        'value="good" selected',
    ):
        assert said in page, said
    form = {"once": "a", "reached": "right_party", "outcome": "dispute", "number": PHONE, "line": line}
    done = gema.post(address, form | {"dispute_reason": "El IVA", "note": "Era el IVA"}, follow=True)
    assert "Llamada corregida" in text_of(done)
    righted = _ask(luz, lambda: Call.objects.latest("pk"))
    assert (righted.corrects_id, righted.note, righted.at) == (wrong.pk, "Era el IVA", wrong.at)
    ended = _ask(luz, lambda: OverlayEnd.objects.values_list("overlay_id", flat=True)[0])
    kept = _ask(luz, lambda: Overlay.objects.exclude(pk=ended).get(kind="dispute", due_line_id=line).reason)
    assert kept == "El IVA"
    again = gema.get(address, follow=True)
    assert "Una llamada se corrige una vez y el mismo día" in text_of(again)
    assert f"llamadas/{righted.pk}/" in again.content.decode()
    assert address not in again.content.decode()


def test_a_number_that_was_not_wrong_after_all_is_good_again(gema, luz):
    wrong = _called(luz, reached="nobody", outcome="wrong_number")
    address = _sheet(luz, "TARDE", f"llamadas/{wrong.pk}/")
    page = gema.get(address).content.decode()
    assert f'name="typed_number" value="{PHONE}"' in page
    assert 'value="wrong" selected' not in page
    form = {"once": "a", "reached": "nobody", "outcome": "no_answer", "typed_number": PHONE}
    assert gema.post(address, form).status_code == 302
    assert _ask(luz, lambda: ContactPoint.objects.get(value=PHONE).quality) == "unknown"


def test_a_call_that_was_made_is_put_right_whatever_the_gate_says_now(gema, luz):
    wrong = _called(luz, outcome="spoken")
    address = _sheet(luz, "TARDE", f"llamadas/{wrong.pk}/")
    assert "Ahora no se le puede llamar" not in text_of(gema.get(address))
    assert gema.post(address, {"once": "a", "reached": "voicemail"}).status_code == 302
    assert _ask(luz, lambda: Call.objects.get(corrects=wrong).outcome) == "voicemail"


def test_what_cannot_be_put_right_says_why_beside_its_field(gema, luz, monkeypatch):
    wrong = _called(luz, outcome="promise")
    address = _sheet(luz, "TARDE", f"llamadas/{wrong.pk}/")
    form = {"once": "a", "reached": "nobody", "outcome": "paid"}
    assert "no cuadra con que no contestó nadie" in text_of(gema.post(address, form))
    empty = gema.post(address, {"once": "a"})
    assert (empty.status_code, "Este campo es obligatorio" in text_of(empty)) == (422, True)
    by = {"creditor": luz, "actor": "user:1", "now": NOW, "customer_id": wrong.customer_id}
    record_promise(**by, new=NewPromise(10_000, "EUR", DAY + timedelta(days=3), call_id=wrong.pk))
    answer = gema.post(address, {"once": "a", "reached": "right_party", "outcome": "paid"})
    assert "Esa llamada dejó un compromiso de pago" in text_of(answer)
    assert gema.get(_sheet(luz, "PRONTO", f"llamadas/{wrong.pk}/")).status_code == 404
    monkeypatch.setenv("ALDIA_NOW", (NOW + timedelta(days=1)).isoformat())
    gema.force_login(person(luz, "eva@luz.example", "gestor"))
    assert "Llamadas de hoy" not in text_of(gema.get(_sheet(luz, "TARDE")))
    assert "el mismo día" in text_of(gema.get(address, follow=True))


def test_a_call_and_a_promise_of_who_has_no_case_are_written_down(gema, luz):
    sheet, address = gema.get(_sheet(luz, "PRONTO")), _sheet(luz, "PRONTO", "anotar/")
    assert address in sheet.content.decode()
    assert "no tiene ningún expediente abierto" in text_of(gema.get(address))
    said = {"once": "a", "reached": "right_party", "direction": "in", "note": "Paga antes"}
    promised = {"promised_on": "2026-11-30", "amount": "340,00", "method": "transfer", "promised_by": "Eva"}
    assert "Anotado." in text_of(gema.post(address, said | promised, follow=True))
    call, promise = _ask(luz, lambda: (Call.objects.get(), Promise.objects.get()))
    assert (call.outcome, call.note, call.case_id) == ("promise", "Paga antes", None)
    assert (promise.call_id, promise.amount_minor, promise.source) == (call.pk, 34_000, "call")
    text = text_of(gema.get(_sheet(luz, "PRONTO")))
    assert "Transferencia · lo dijo Eva · lo anotó Inés Luz" in text


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "No hay nada que guardar"),
        ({"promised_on": "2026-11-30", "amount": "99.999,00"}, "Es más de lo que debe"),
        ({"next_action": "Llamar", "next_on": "2026-11-23"}, "Diga en qué quedó la llamada."),
        ({"dispute_reason": "El IVA"}, "Para que conste, marque las partidas que no acepta"),
    ],
)
def test_what_cannot_be_written_down_comes_back(gema, luz, said, sentence):
    answer = gema.post(_sheet(luz, "PRONTO", "anotar/"), {"once": "a"} | said)
    assert (answer.status_code, sentence in text_of(answer)) == (422, True)
    assert _ask(luz, lambda: (Call.objects.count(), Promise.objects.count(), CaseNote.objects.count())) == (
        0,
        0,
        0,
    )


def test_even_of_who_owes_nothing_and_a_case_is_worked_in_its_list(gema, luz):
    address = _sheet(luz, "NUEVO", "anotar/")
    assert gema.get(address).status_code == 200
    assert gema.post(address, {"once": "a", "note": "Se ha mudado"}).status_code == 302
    assert _ask(luz, lambda: CaseNote.objects.get().text) == "Se ha mudado"
    case = _ask(luz, lambda: Case.objects.get(customer__code="TARDE").pk)
    assert gema.get(_sheet(luz, "TARDE", "anotar/")).headers["Location"].endswith(f"ver={case}")
    assert "anotar/" not in gema.get(_sheet(luz, "TARDE")).content.decode()


def test_who_only_looks_writes_nothing_down(client, luz):
    wrong = _called(luz)
    client.force_login(person(luz, "ines@luz.example"))
    assert Membership.objects.filter(user__email="ines@luz.example", role="viewer").exists()
    for rest in ("anotar/", f"llamadas/{wrong.pk}/"):
        assert rest not in client.get(_sheet(luz, "PRONTO")).content.decode()
        assert client.get(_sheet(luz, "TARDE", rest)).status_code == 403
