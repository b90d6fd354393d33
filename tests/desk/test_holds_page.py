"""Pauses on the desk: put with an end and a reason, shown with their author, ended."""

import re
from datetime import date, timedelta

import pytest
from django.db import transaction

from aldia.records.ledger.models import Overlay, OverlayEnd
from aldia.records.parties.models import Customer
from aldia.records.tenancy.scope import scope
from tests.desk.conftest import customer_id, person, text_of


@pytest.fixture
def late(luz):
    return customer_id(luz, "TARDE")


@pytest.fixture
def page(late):
    return f"/acreedor/luz/clientes/{late}/pausas/"


@pytest.fixture
def gestor(client, luz):
    client.force_login(person(luz, "ana@luz.example", "gestor"))
    return client


def _send(client, page, to, **said):
    shown = client.get(page).content.decode()
    once = re.findall(r'name="once" value="([^"]+)"', shown)[-1]
    return client.post(to, {"once": once, **said}, follow=True)


def _today():
    from aldia.kernel import clock

    return clock.business_date(clock.now(), "Europe/Madrid")


def test_a_pause_is_put_shown_with_its_author_and_ended_with_a_reason(luz, late, page, gestor):
    until = (_today() + timedelta(days=9)).isoformat()
    answer = _send(gestor, page, page + "nueva/", until_on=until, reason="Espera la factura corregida")
    assert "En pausa hasta el" in text_of(answer), "back on the sheet"
    said = text_of(gestor.get(page + "ficha/", headers={"HX-Request": "true"}))
    assert "La puso Inés Luz. Espera la factura corregida" in said
    assert "en vigor" in said
    with transaction.atomic(), scope([luz.pk]):
        hold = Overlay.objects.get(customer_id=late, kind="hold")
    answer = _send(gestor, page, f"{page}{hold.pk}/", reason="")
    assert "Diga por qué se termina la pausa." in text_of(answer)
    answer = _send(gestor, page, f"{page}{hold.pk}/", reason="Ya la tiene")
    assert "Inés Luz la terminó el" in text_of(answer)
    assert "Ya la tiene" in text_of(answer)
    with transaction.atomic(), scope([luz.pk]):
        assert OverlayEnd.objects.get(overlay=hold).recorded_by == hold.recorded_by
    assert gestor.post(f"{page}{hold.pk + 1_000}/", {"reason": "x"}).status_code == 404


def test_a_pause_without_end_or_too_long_is_told_beside_its_field(luz, late, page, gestor):
    answer = _send(gestor, page, page + "nueva/", until_on="", reason="Espera")
    assert answer.status_code == 422
    assert "Una pausa necesita una fecha de fin." in text_of(answer)
    far = (_today() + timedelta(days=200)).isoformat()
    answer = _send(gestor, page, page + "nueva/", until_on=far, reason="Espera")
    assert (answer.status_code, "como mucho 90 días" in text_of(answer)) == (422, True)
    with transaction.atomic(), scope([luz.pk]):
        assert not Overlay.objects.filter(customer_id=late, kind="hold").exists()


def test_who_only_looks_sees_pauses_and_no_form(luz, client):
    client.force_login(person(luz, "ver@luz.example", "viewer"))
    held = customer_id(luz, "PAUSA")
    shown = client.get(f"/acreedor/luz/clientes/{held}/pausas/")
    assert "en vigor" in text_of(shown)
    assert "Terminar ahora" not in text_of(shown)
    with transaction.atomic(), scope([luz.pk]):
        assert Customer.objects.filter(pk=held).exists()
    assert client.post(f"/acreedor/luz/clientes/{held}/pausas/nueva/", {}).status_code == 403


def test_why_tells_the_days_on_hold(luz, client, late):
    with transaction.atomic(), scope([luz.pk]):
        Overlay.objects.create(
            creditor=luz,
            customer_id=late,
            kind="hold",
            effective_on=date(2026, 10, 11),
            until_on=date(2026, 10, 21),
            recorded_at=luz.recorded_at,
        )
    client.force_login(person(luz, "ver@luz.example", "viewer"))
    shown = text_of(client.get(f"/acreedor/luz/clientes/{late}/por-que/"))
    assert "De ellos, en pausa 10 días" in shown
    assert "50 días de retraso, 10 en pausa, y" in shown
