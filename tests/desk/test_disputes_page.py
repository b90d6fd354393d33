"""A line in dispute on the desk: found in the list, opened, ended with what came of it."""

import re

import pytest
from django.db import transaction

from aldia.operations.ledger import record_dispute
from aldia.records.ledger.models import DueLine, Overlay, OverlayEnd
from aldia.records.tenancy.scope import scope
from tests.cli.books import DAY, NOW
from tests.desk.conftest import customer_id, person, text_of
from tests.desk.worklist_world import COLA, case_of, morning

HERE = "/acreedor/luz/partidas/"


@pytest.fixture
def dispute(luz):
    with transaction.atomic(), scope([luz.pk]):
        return Overlay.objects.get(customer_id=customer_id(luz, "INCIDENCIA"), kind="dispute")


@pytest.fixture
def gestor(client, luz):
    client.force_login(person(luz, "ana@luz.example", "gestor"))
    return client


def _send(client, page, to, **said):
    shown = client.get(page).content.decode()
    once = re.findall(r'name="once" value="([^"]+)"', shown)[-1]
    return client.post(to, {"once": once, **said}, follow=True)


def test_from_the_list_one_opens_the_line_and_says_how_it_ended(luz, gestor, dispute):
    page = f"{HERE}{dispute.due_line_id}/"
    assert f'href="{page}"' in gestor.get(HERE, {"ver": "disputed"}).content.decode()
    assert "Desde el" in text_of(gestor.get(page))
    answer = _send(gestor, page, f"{page}incidencias/{dispute.pk}/", reason="")
    assert "Diga cómo se ha resuelto." in text_of(answer)
    answer = _send(gestor, page, f"{page}incidencias/{dispute.pk}/", reason="Se hizo un abono")
    said = text_of(answer)
    assert "Incidencia resuelta: la partida vuelve a reclamarse desde el próximo proceso diario." in said
    assert "Inés Luz la dio por resuelta el" in said
    assert "Se hizo un abono" in said
    assert "Cómo se ha resuelto" not in said
    with transaction.atomic(), scope([luz.pk]):
        assert OverlayEnd.objects.get(overlay=dispute).reason == "Se hizo un abono"
    assert f'href="{page}"' not in gestor.get(HERE, {"ver": "disputed"}).content.decode()


def test_who_is_second_is_told_who_was_first(luz, gestor, dispute):
    page = f"{HERE}{dispute.due_line_id}/"
    _send(gestor, page, f"{page}incidencias/{dispute.pk}/", reason="Se hizo un abono")
    again = gestor.post(f"{page}incidencias/{dispute.pk}/", {"once": "otro", "reason": "Ya"}, follow=True)
    assert "ya estaba resuelta" in text_of(again)


def test_who_only_looks_reads_it_and_ends_nothing(luz, client, dispute):
    client.force_login(person(luz, "ver@luz.example", "viewer"))
    page = f"{HERE}{dispute.due_line_id}/"
    shown = text_of(client.get(page))
    assert "en incidencia" in shown
    assert "Incidencia resuelta" not in shown
    assert client.post(f"{page}incidencias/{dispute.pk}/", {"reason": "x"}).status_code == 403


def test_it_is_ended_on_the_page_of_its_own_line(luz, gestor, dispute):
    other = f"{HERE}{dispute.due_line_id + 1}/incidencias/{dispute.pk}/"
    assert gestor.post(other, {"reason": "x"}).status_code == 404


def test_a_line_without_any_says_nothing_of_it(luz, gestor):
    with transaction.atomic(), scope([luz.pk]):
        line = DueLine.objects.filter(customer_id=customer_id(luz, "TARDE")).earliest("pk").pk
    assert 'id="incidencia"' not in gestor.get(f"{HERE}{line}/").content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_beside_the_list_of_cases_a_disputed_line_leads_to_its_page(client):
    luz = morning(1)
    with transaction.atomic(), scope([luz.pk]):
        line = DueLine.objects.earliest("pk").pk
        record_dispute(creditor_id=luz.pk, due_line_id=line, on=DAY, actor="prueba", now=NOW)
    client.force_login(person(luz, "boss@luz.example", "manager"))
    page = client.get(COLA, {"ver": case_of(luz, "C01").pk}).content.decode()
    assert f'href="{HERE}{line}/#incidencia"' in page
