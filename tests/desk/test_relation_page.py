"""Relation on the desk: the card, the customer for life, the plan B."""

import re
from datetime import timedelta

import pytest
from django.db import transaction

from aldia.records.cases.models import PlanB
from aldia.records.parties.models import Customer
from aldia.records.tenancy.scope import scope
from tests.desk.conftest import customer_id, person, text_of


@pytest.fixture
def late(luz):
    return customer_id(luz, "TARDE")


@pytest.fixture
def page(late):
    return f"/acreedor/luz/clientes/{late}/relacion/"


@pytest.fixture
def gestor(client, luz):
    client.force_login(person(luz, "ana@luz.example", "gestor"))
    return client


def _send(client, page, to, **said):
    shown = client.get(page).content.decode()
    once = re.findall(r'name="once" value="([^"]+)"', shown)[-1]
    return client.post(to, {"once": once, **said}, follow=True)


def test_a_customer_is_marked_for_life_and_no_longer_with_a_reason(luz, late, page, gestor):
    answer = _send(gestor, page, page + "trato/", for_life="1", reason="Lleva veinte años")
    assert "nada firme ni formal le sale sin que una persona lo apruebe" in text_of(answer)
    assert "Cliente para toda la vida" in text_of(answer), "on the sheet"
    assert "Cliente para toda la vida: Lleva veinte años" in text_of(answer), "and in the timeline"
    refused = _send(gestor, page, page + "trato/", for_life="1", reason="Otra vez")
    assert (refused.status_code, "Ya estaba así" in text_of(refused)) == (422, True)
    empty = _send(gestor, page, page + "trato/", for_life="0", reason="")
    assert empty.status_code == 422
    _send(gestor, page, page + "trato/", for_life="0", reason="Se va")
    with transaction.atomic(), scope([luz.pk]):
        assert not Customer.objects.get(pk=late).for_life


def test_a_plan_b_is_written_and_shown(luz, late, page, gestor):
    from aldia.kernel import clock

    for_on = (clock.now().date() + timedelta(days=9)).isoformat()
    answer = _send(gestor, page, page + "plan/", for_on=for_on, text="Llamar a su gerente el mismo día.")
    assert "Plan B guardado." in text_of(answer)
    with transaction.atomic(), scope([luz.pk]):
        (plan,) = PlanB.objects.all()
    assert (plan.customer_id, plan.text) == (late, "Llamar a su gerente el mismo día.")
    sheet = text_of(gestor.get(f"/acreedor/luz/clientes/{late}/"))
    assert "Inés Luz Llamar a su gerente el mismo día." in sheet, "the timeline tells what it says, and whose"
    card = text_of(gestor.get(page + "ficha/?tono=firme", headers={"HX-Request": "true"}))
    assert "Llamar a su gerente el mismo día." in card
    assert "firme (el del próximo aviso)" in card
    past = _send(gestor, page, page + "plan/", for_on="2026-01-01", text="Tarde")
    assert (past.status_code, "un plan B se escribe antes" in text_of(past)) == (422, True)


def test_who_only_looks_changes_nothing(luz, client, late, page):
    client.force_login(person(luz, "ver@luz.example", "viewer"))
    assert "Señalarlo así" not in text_of(client.get(page))
    assert client.post(page + "trato/", {"for_life": "1", "reason": "x"}).status_code == 403
    assert client.get(page + "ficha/").status_code == 302
