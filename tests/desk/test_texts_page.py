"""«Textos»: what is questioned is shown beside the text, and kept only with a reason."""

import re

import pytest
from django.db import transaction

from aldia.records.outreach.models import CreditorText
from aldia.records.tenancy.scope import scope
from tests.desk.conftest import person, text_of

READ, SAVE = (f"/acreedor/luz/textos/{each}/" for each in ("ver", "guardar"))
PAGE = "/acreedor/luz/textos/friendly/email/usted/"
RUDE = {
    "template": "friendly",
    "channel": "email",
    "form": "usted",
    "subject": "Un recordatorio",
    "body": "No sea caradura: pague hoy mismo.\n\n{partidas}",
}


@pytest.fixture
def lead(client, luz):
    client.force_login(person(luz, "eva@luz.example", "manager"))
    return client


def _kept(luz):
    with transaction.atomic(), scope([luz.pk]):
        return list(CreditorText.objects.values_list("body", flat=True))


def _once(answer):
    return re.findall(r'name="once" value="([^"]+)"', answer.content.decode())[-1]


def test_what_is_questioned_is_shown_while_it_is_written(lead):
    said = text_of(lead.post(READ, RUDE))
    assert "no debe salir así «caradura» ofende" in said
    assert "mírelo «hoy mismo»" in said
    assert "Norma de la casa" in said
    assert "no debe salir así" not in text_of(lead.get(PAGE))


def test_it_is_kept_only_with_a_reason_and_what_was_typed_stays(lead, luz):
    refused = lead.post(SAVE, {**RUDE, "once": _once(lead.get(PAGE))})
    assert refused.status_code == 422
    assert "No se ha guardado" in text_of(refused)
    assert "No sea caradura" in refused.content.decode()
    assert _kept(luz) == []
    given = {**RUDE, "accepted": "Lo revisó la asesoría.", "once": _once(refused)}
    assert lead.post(SAVE, given).status_code == 302
    assert _kept(luz) == [RUDE["body"]]
