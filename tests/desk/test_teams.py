"""Ajustes › Equipos: who works cases, how many a day, under whom; large accounts."""

import re

import pytest
from django.db import transaction

from aldia.operations.teams import TeamRefused, create_team
from aldia.records.cases.models import Case, Collector, Team
from aldia.records.tenancy.models import Creditor, Membership
from aldia.records.tenancy.scope import scope
from tests.cli.books import NOW
from tests.desk.conftest import person, text_of

BASE = "/acreedor/luz/ajustes/equipos/"


@pytest.fixture
def boss(client, luz):
    user = person(luz, "gema@luz.example", "manager")
    client.force_login(user)
    return Membership.objects.get(creditor=luz, user=user)


@pytest.fixture
def eva(luz):
    return Membership.objects.get(creditor=luz, user=person(luz, "eva@luz.example", "gestor"))


def _post(client, address, to="", **said):
    page = client.get(BASE + address).content.decode()
    key = re.findall(r'name="once" value="([^"]+)"', page)[-1]
    return client.post(BASE + (to or address), {"once": key, **said}, follow=True)


def _team(luz):
    with transaction.atomic(), scope([luz.pk]):
        return Team.objects.get()


def test_who_may_not_see_the_work_of_others_leads_no_team(client, luz, boss, eva):
    form = client.get(f"{BASE}nuevo/").content.decode()
    assert f'<option value="{boss.pk}"' in form
    assert f'<option value="{eva.pk}"' not in form
    with pytest.raises(TeamRefused, match="papel de responsable"):
        create_team(creditor=luz, name="Norte", lead_id=eva.pk, actor="prueba", now=NOW)


def test_a_team_is_made_changed_and_ended(client, luz, boss):
    assert "Norte" in text_of(_post(client, "nuevo/", name=" Norte ", lead_id=str(boss.pk)))
    team = _team(luz)
    assert (team.name, team.lead_id) == ("Norte", boss.pk)
    _post(client, f"{team.pk}/", name="Sur", lead_id="")
    assert (_team(luz).name, _team(luz).lead_id) == ("Sur", None)
    ended = text_of(_post(client, f"{team.pk}/", to=f"{team.pk}/disolver/"))
    assert "El equipo se ha disuelto." in ended
    assert client.get(f"{BASE}{team.pk}/").status_code == 404


def test_a_name_is_needed_and_taken_once(client, luz, boss):
    _post(client, "nuevo/", name="Norte")
    assert _post(client, "nuevo/", name="  ").status_code == 422
    again = _post(client, "nuevo/", name="Norte")
    assert again.status_code == 422
    assert "Ya hay o hubo un equipo llamado «Norte»" in text_of(again)


def test_a_collector_is_added_changed_and_taken_off(client, luz, boss, eva):
    _post(client, "nuevo/", name="Norte")
    team = _team(luz)
    said = {"member_id": str(eva.pk), "cases_per_day": "25", "team_id": str(team.pk), "takes_new": "on"}
    page = text_of(_post(client, "gestores/nuevo/", **said))
    assert "Norte" in page
    assert "25" in page
    with transaction.atomic(), scope([luz.pk]):
        mine = Collector.objects.get()
        assert (mine.member_id, mine.cases_per_day, mine.takes_new) == (eva.pk, 25, True)
    refused = _post(client, f"{team.pk}/", to=f"{team.pk}/disolver/")
    assert refused.status_code == 422
    assert "En «Norte» queda un gestor" in text_of(refused)
    _post(client, f"gestores/{eva.pk}/", member_id=str(eva.pk), cases_per_day="10")
    with transaction.atomic(), scope([luz.pk]):
        assert Collector.objects.get().cases_per_day == 10
    _post(client, f"gestores/{eva.pk}/", to=f"gestores/{eva.pk}/quitar/")
    with transaction.atomic(), scope([luz.pk]):
        assert not Collector.objects.exists()


@pytest.mark.parametrize("wrong", [{"cases_per_day": "0"}, {"cases_per_day": "x"}, {"member_id": "999999"}])
def test_what_a_collector_cannot_be_is_said(client, luz, boss, eva, wrong):
    said = {"member_id": str(eva.pk), "cases_per_day": "25"} | wrong
    assert _post(client, "gestores/nuevo/", **said).status_code == 422


def test_large_accounts_have_an_amount_and_a_person(client, luz, boss):
    page = text_of(_post(client, "grandes/", least_minor="3.000", member_id=str(boss.pk)))
    assert "Desde 3.000,00 € vencidos" in page
    found = Creditor.objects.get(pk=luz.pk)
    assert (found.large_account_minor, found.large_account_owner_id) == (300_000, boss.pk)
    refused = _post(client, "grandes/", least_minor="", member_id=str(boss.pk))
    assert refused.status_code == 422
    assert "Diga desde qué importe" in text_of(refused)
    assert "Ninguna cuenta se trata aparte" in text_of(
        _post(client, "grandes/", least_minor="", member_id="")
    )


def test_open_cases_stay_with_their_owners_when_a_team_ends(client, luz, boss, eva):
    _post(client, "nuevo/", name="Norte")
    team = _team(luz)
    with transaction.atomic(), scope([luz.pk]):
        case = Case.objects.exclude(state="closed").earliest("pk")
        case.owner_id, case.team_id, case.version = eva.pk, team.pk, case.version + 1
        case.save()
    _post(client, f"{team.pk}/", to=f"{team.pk}/disolver/")
    with transaction.atomic(), scope([luz.pk]):
        after = Case.objects.get(pk=case.pk)
        assert (after.owner_id, after.team_id, after.version) == (eva.pk, None, case.version + 1)


def test_whoever_only_looks_sees_no_way_to_change(client, luz, boss):
    client.force_login(person(luz, "mira@luz.example", "viewer"))
    page = client.get(BASE).content.decode()
    assert "gestores/nuevo/" not in page
    assert client.get(f"{BASE}nuevo/").status_code in (403, 404)
