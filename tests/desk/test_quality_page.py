"""«Calidad» on the desk: for who leads, never one's own."""

import re
from typing import Any

import pytest
from django.db import transaction

from aldia.kernel import clock
from aldia.records.cases.models import Call
from aldia.records.outreach.models import Dispatch, Message, QualityReview
from aldia.records.tenancy.models import Membership
from aldia.records.tenancy.scope import scope
from tests.desk.conftest import customer_id, person, text_of


@pytest.fixture
def called(luz):
    """A call of today by Ana."""
    ana = person(luz, "ana@luz.example", "gestor")
    now = clock.now()
    with transaction.atomic(), scope([luz.pk]):
        by: dict[str, Any] = {"creditor": luz, "customer_id": customer_id(luz, "TARDE")}
        return Call.objects.create(
            **by,
            number="910000000",
            reached="right_party",
            outcome="spoken",
            note="Quedó en mirarlo.",
            at=now,
            on_date=clock.business_date(now, luz.time_zone),
            actor=f"user:{ana.pk}",
            member=Membership.objects.get(user=ana),
        ).pk


def test_a_lead_sees_the_sample_and_marks_an_act_once(luz, client, called):
    client.force_login(person(luz, "mar@luz.example", "manager"))
    page = f"/acreedor/luz/cola/calidad/?semana={clock.business_date(clock.now(), luz.time_zone)}"
    shown = text_of(client.get(page))
    assert "Queda 1 por revisar" in shown
    assert "Llamada o visita" in shown
    one = f"/acreedor/luz/cola/calidad/llamada/{called}/"
    form = client.get(one)
    assert "Quedó en mirarlo." in text_of(form)
    (once,) = set(re.findall(r'name="once" value="([^"]+)"', form.content.decode())[-1:])
    said = {"once": once, "facts": "3", "respect": "2", "next_step": "1", "note": "Faltó la fecha."}
    answer = client.post(one, said, follow=True)
    assert "Revisado." in text_of(answer)
    assert "hechos 3 · respeto 2 · siguiente paso 1" in text_of(answer)
    assert "Medias de trece semanas" in text_of(answer)
    with transaction.atomic(), scope([luz.pk]):
        assert QualityReview.objects.get().note == "Faltó la fecha."
    assert "Guardar la revisión" not in text_of(client.get(one))
    client.force_login(Membership.objects.get(creditor=luz, user__email="ana@luz.example").user)
    mine = client.get("/acreedor/luz/cola/calidad/mias/")
    assert "3 2 1 Faltó la fecha." in text_of(mine), "and Ana reads it"
    assert "Sus revisiones" in text_of(client.get("/acreedor/luz/cola/"))


def test_what_was_only_approved_is_not_headed_as_written(luz, client):
    boss = person(luz, "jefe@luz.example", "manager")
    now = clock.now()
    with transaction.atomic(), scope([luz.pk]):
        here: dict[str, Any] = {"creditor": luz, "customer_id": customer_id(luz, "TARDE")}
        mail = Dispatch.objects.create(
            **here, key="k", unit="k", channel="email", recipient="a@example.com", subject="Hola",
            text="Hola.", message_id="<k@example>", state="sent", worker=1, claimed_at=now,
            begun_at=now, finished_at=now,
        )  # fmt: skip
        message = Message.objects.create(
            **here, once_key="k", kind="dunning", step="friendly", channel="email", state="sent",
            planned_on=now.date(), sent_on=now.date(), sent_at=now, dispatch=mail,
            approved_by=f"user:{boss.pk}", approved_at=now,
        )  # fmt: skip
    client.force_login(person(luz, "mar@luz.example", "manager"))
    page = text_of(client.get(f"/acreedor/luz/cola/calidad/mensaje/{message.pk}/"))
    assert "Lo que se aprobó" in page
    assert "Lo que se escribió" not in page


def test_marks_are_chosen_among_three(luz, client, called):
    client.force_login(person(luz, "mar@luz.example", "manager"))
    one = f"/acreedor/luz/cola/calidad/llamada/{called}/"
    faulty = client.post(one, {"facts": "4", "respect": "2", "next_step": "1"})
    assert faulty.status_code == 422
    assert client.get("/acreedor/luz/cola/calidad/llamada/999999/").status_code == 404
    for week in ("ayer", "0001-01-01", "9999-12-31", "2026-11-18"):
        assert client.get(f"/acreedor/luz/cola/calidad/?semana={week}").status_code == 200


def test_a_collector_does_not_look_at_others(luz, client, called):
    client.force_login(person(luz, "otra@luz.example", "gestor"))
    assert client.get("/acreedor/luz/cola/calidad/").status_code == 403
    assert "Nadie ha revisado nada suyo" in text_of(client.get("/acreedor/luz/cola/calidad/mias/"))
