"""A strategy written on the desk: whom it is for outlives a mistake, and the rehearsal is a page."""

import re

import pytest
from django.db import transaction

from aldia.records.cases.models import StrategyAssignment
from aldia.records.parties.models import Customer
from aldia.records.tenancy.scope import scope
from aldia.rules.shipped import shipped_strategies
from tests.desk.conftest import person, text_of

SET, REHEARSE = (f"/acreedor/luz/estrategias/{each}/" for each in ("poner", "ensayar"))
TOML = shipped_strategies()["pymes"].replace('name = "pymes"', 'name = "bares"')


@pytest.fixture
def lead(client, luz):
    with transaction.atomic(), scope([luz.pk]):
        Customer.objects.filter(code="TARDE").update(segment="bares")
    client.force_login(person(luz, "eva@luz.example", "manager"))
    return client


def test_a_strategy_for_one_segment_stays_for_it_after_a_mistake(lead, luz):
    page = lead.get("/acreedor/luz/estrategias/nueva/?de=pymes").content.decode()
    once = re.findall(r'name="once" value="([^"]+)"', page)[-1]
    given = {"toml": TOML.replace("days_overdue", "days_overdu", 1), "segment": "ba\0res"}
    answer = lead.post(SET, {"once": once, **given})
    assert answer.status_code == 422
    again = answer.content.decode()
    assert re.search(r'name="segment" value="bares" checked', again)
    once = re.findall(r'name="once" value="([^"]+)"', again)[-1]
    lead.post(SET, {"once": once, "toml": TOML, "segment": "bares"})
    with transaction.atomic(), scope([luz.pk]):
        assigned = StrategyAssignment.objects.filter(strategy_version__name="bares")
        assert [each.segment for each in assigned] == ["bares"]


def test_a_rehearsal_stands_beside_the_text_or_on_a_page_of_its_own(lead):
    alone = lead.post(REHEARSE, {"toml": TOML, "segment": "bares"})
    assert "<html" in alone.content.decode()
    assert "Cambiaría la decisión" in text_of(alone)
    beside = lead.post(REHEARSE, {"toml": TOML, "segment": "bares"}, headers={"HX-Request": "true"})
    assert "<html" not in beside.content.decode()
