"""What is decided on «Hoy» and in the outbox: by whom, about what was shown, and once."""

import re
from typing import Any

import pytest
from django.db import transaction

from aldia.records.cases.models import Case, DailyRun, Task
from aldia.records.outreach.models import MailAccount, Message
from aldia.records.parties.models import Customer
from aldia.records.tenancy.models import House
from aldia.records.tenancy.scope import scope
from tests import factories as make
from tests.cli.books import DAY, NOW
from tests.desk.conftest import person, text_of
from tests.desk.worklist_world import telephone

HOY, BUZON = "/acreedor/luz/", "/acreedor/luz/buzon/"


@pytest.fixture
def waits(luz: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The reminder of TARDE waits for a yes."""
    monkeypatch.setenv("ALDIA_NOW", NOW.isoformat())
    with transaction.atomic(), scope([luz.pk]):
        Message.objects.filter(state="planned").update(state="waiting_approval")
        return Message.objects.get(state="waiting_approval")


@pytest.fixture
def gestor(client: Any, waits: Any, luz: Any) -> Any:
    """A browser of somebody who approves."""
    client.force_login(person(luz, "gema@luz.example", "gestor"))
    return client


def _states(creditor: Any) -> list[str]:
    with transaction.atomic(), scope([creditor.pk]):
        return list(Message.objects.order_by("pk").values_list("state", flat=True))


def _field(page: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())
    assert found, name
    return found[1]


def _said(client: Any, act: str, key: str = "k", **said: Any) -> str:
    return text_of(client.post(f"{HOY}{act}/", {"once": key, **said}, follow=True))


def test_what_the_brake_holds_is_approved_only_by_who_may_release_it(gestor, luz, waits):
    with transaction.atomic(), scope([luz.pk]):
        DailyRun.objects.update(held=True)
    assert "El freno retiene estos mensajes" in _said(gestor, "aprobar", unit=waits.bundle)
    assert _states(luz) == ["waiting_approval"]
    gestor.force_login(person(luz, "rosa@luz.example", "manager"))
    assert "Aprobado: 1 mensaje. Saldrá en su horario." in _said(gestor, "aprobar", unit=waits.bundle)
    assert _states(luz) == ["approved"]


def test_all_of_the_list_is_what_was_shown_and_nothing_else(gestor, luz, waits):
    shown = _field(gestor.get(f"{HOY}?paso=dunning/nada"), "shown")
    with transaction.atomic(), scope([luz.pk]):
        facts = {"state": "waiting_approval", "planned_on": DAY, "run": waits.run}
        late = make.message(customer=waits.customer, bundle="otro", step=waits.step, **facts)
    said = {"what": "all", "paso": "", "shown": shown}
    assert "La lista ha cambiado desde que usted la vio: ahora esperan 2." in _said(gestor, "aprobar", **said)
    assert _states(luz) == ["waiting_approval"] * 2
    shown = _field(gestor.get(HOY), "shown")
    assert shown == f"2-{late.pk}"
    assert "Aprobados: 2 mensajes." in _said(gestor, "aprobar", **said | {"shown": shown})


def test_a_step_that_waits_no_more_shows_and_sends_the_whole_list(gestor):
    page = gestor.get(f"{HOY}?paso=dunning/nada")
    assert _field(page, "paso") == ""
    assert "Aprobar los 1 de esta lista" in text_of(page)


def test_a_refused_form_may_be_sent_again(gestor, luz, waits):
    assert "Diga hasta qué día se pospone." in _said(gestor, "posponer", unit=waits.bundle, until="")
    again = _said(gestor, "posponer", unit=waits.bundle, until="2026-11-25")
    assert "Pospuesto: no saldrá antes de ese día." in again
    assert "Eso ya estaba hecho." in _said(gestor, "posponer", unit=waits.bundle, until="2026-11-25")


def test_the_second_mail_of_a_bundle_is_shown_in_its_own_words_and_approved(gestor, luz, waits):
    from aldia.operations.outbox import edit

    with transaction.atomic(), scope([luz.pk]):
        edit(creditor=luz, key=waits.bundle, subject="Primera", body="Hola", actor="ana", now=NOW)
        ended = {"state": "sent", "begun_at": NOW, "finished_at": NOW}
        make.dispatch(customer=waits.customer, key=waits.bundle, **ended)
    card = gestor.get(f"{HOY}carta/?ver={waits.bundle}")
    assert "Primera" not in text_of(card)
    assert f'min="{DAY.isoformat()[:8]}21"' in card.content.decode()
    key = _field(card, "unit")
    assert key == f"{waits.bundle}/2"
    assert "Aprobado: 1 mensaje." in _said(gestor, "aprobar", unit=key)


def test_that_nothing_can_leave_is_said_on_both_pages_and_with_the_yes(gestor, luz, waits):
    with transaction.atomic(), scope([luz.pk]):
        account = {"kind": "mailbox", "from_address": "a@example.com", "changed_by": "ana", "changed_at": NOW}
        MailAccount.objects.update_or_create(
            creditor=luz, defaults={**account, "trouble": "El servidor no contesta.", "trouble_at": NOW}
        )
    House.objects.update_or_create(
        pk=1, defaults={"sending_locked_at": NOW, "sending_locked_reason": "Copia restaurada."}
    )
    try:
        for address in (HOY, BUZON):
            text = text_of(gestor.get(address))
            assert "Los envíos están bloqueados. Copia restaurada." in text
            assert "El correo no sale desde el" in text
            assert "El servidor no contesta." in text
        assert "bloqueados tras restaurar una copia." in _said(gestor, "aprobar", unit=waits.bundle)
    finally:
        House.objects.update(sending_locked_at=None, sending_locked_reason="")


def test_what_is_about_to_leave_says_why_it_waits_and_can_be_stopped_singly(gestor, luz, waits):
    with transaction.atomic(), scope([luz.pk]):
        Message.objects.update(state="approved", approved_by="ana", approved_at=NOW)
        ended = {"state": "returned", "finished_at": NOW, "error": "451 vuelva más tarde"}
        make.dispatch(customer=waits.customer, key=waits.bundle, **ended)
    page = gestor.get(BUZON)
    assert "451 vuelva más tarde" in text_of(page)
    said = {"unit": _field(page, "unit"), "back": "outbox"}
    assert "Omitido: 1 mensaje." in _said(gestor, "omitir", **said)
    assert _states(luz) == ["skipped"]


def test_tasks_are_counted_all_shown_by_pages_and_say_what_went_wrong(gestor, luz, waits):
    with transaction.atomic(), scope([luz.pk]):
        failed = make.dispatch(
            customer=waits.customer, key="x", state="failed", finished_at=NOW, subject="Aviso", error="550 no"
        )
        open_before = Task.objects.filter(state="open").count()
        facts = {"creditor": luz, "customer": waits.customer, "due_on": DAY}
        Task.objects.create(**facts, kind="mail_failed", once_key=f"dispatch:{failed.pk}/rejected/1")
        for number in range(24):
            Task.objects.create(**facts, kind="dunning", channel="call", once_key=f"t{number}")
    first = gestor.get(HOY)
    assert f"{open_before + 25} tareas" in text_of(first)
    next_ = re.search(r'href="(\?tareas=[^"#]+)', first.content.decode())
    assert next_
    second = gestor.get(HOY + next_[1])
    both = first.content.decode() + second.content.decode()
    assert both.count("/tareas/") == open_before + 25
    assert f'href="{BUZON}enviado/{failed.pk}/"' in both
    assert "Su mensaje no salió: mire por qué" in both
    assert "550 no" in both


def test_a_planned_call_is_made_from_its_case_where_there_is_one(gestor, luz, waits):
    with transaction.atomic(), scope([luz.pk]):
        Task.objects.all().update(state="cancelled", closed_on=DAY)
        case = Case.objects.exclude(state="closed").filter(customer=waits.customer).first()
        assert case
        telephone(waits.customer, "+34600111222")
        facts = {"creditor": luz, "customer": waits.customer, "due_on": DAY}
        Task.objects.create(**facts, kind="dunning", channel="call", once_key="t")
    page = gestor.get(HOY).content.decode()
    assert f"/cola/?quien=all&amp;ver={case.pk}" in page
    assert "tel:+34600111222" not in page
    assert 'name="done" value="1"' not in page
    assert 'name="done" value=""' in page
    with transaction.atomic(), scope([luz.pk]):
        Case.objects.filter(pk=case.pk).update(state="closed", closed_on=DAY, version=case.version + 1)
    page = gestor.get(HOY).content.decode()
    assert "tel:+34600111222" in page
    assert 'name="done" value="1"' in page
    assert "Trabajarlo" not in page


def test_a_payment_taken_back_is_not_the_last_that_happened(luz):
    from aldia.operations.ledger import reverse_credit
    from aldia.queries.happenings import last_happenings
    from aldia.records.ledger.models import Credit

    with transaction.atomic(), scope([luz.pk]):
        late = Customer.objects.get(code="TARDE")
        assert [each.what for each in last_happenings(luz, late.pk)] == ["payment"]
        paid = Credit.objects.get(customer=late)
        reverse_credit(creditor_id=luz.pk, credit_id=paid.pk, on=DAY, actor="ana", now=NOW)
        assert last_happenings(luz, late.pk) == []
