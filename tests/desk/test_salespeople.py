"""Who sells to a customer: set on the sheet, listed in the settings, told at the bell."""

import re
from datetime import timedelta

import pytest
from django.db import transaction

from aldia.queries.salespeople import tells_salespeople_first
from aldia.records.parties.models import Customer, SalesNotice, Salesperson
from aldia.records.tenancy.models import Membership
from aldia.records.tenancy.scope import scope
from tests.cli.books import DAY, NOW
from tests.desk.conftest import customer_id, person, text_of


@pytest.fixture
def late(luz):
    return customer_id(luz, "TARDE")


def _post(client, address, **said):
    page = client.get(address).content.decode()
    found = re.findall(r'name="once" value="([^"]+)"', page)
    return client.post(address, {"once": found[-1], **said}, follow=True)


def _of(luz, late):
    with transaction.atomic(), scope([luz.pk]):
        return Customer.objects.select_related("salesperson").get(pk=late).salesperson


def test_somebody_new_a_person_of_the_house_and_nobody(client, luz, late):
    gema = person(luz, "gema@luz.example", "gestor")
    client.force_login(gema)
    address = f"/acreedor/luz/clientes/{late}/comercial/"
    assert "Su comercial es" in text_of(_post(client, address, who="new")) or _of(luz, late) is None
    refused = _post(client, address, who="new", name="Ana Ruiz")
    assert refused.status_code == 422
    assert "Hace falta para avisarle." in text_of(refused)
    page = text_of(_post(client, address, who="new", name="Ana Ruiz", email="ana@agentes.example"))
    assert "su comercial es Ana Ruiz" in page
    assert "ana@agentes.example" in page
    member = Membership.objects.get(creditor=luz, user=gema)
    _post(client, address, who=f"m:{member.pk}")
    found = _of(luz, late)
    assert found is not None
    assert found.member_id == member.pk
    _post(client, address, who=f"s:{found.pk}", name="Eva Gil", email="eva@agentes.example")
    assert getattr(_of(luz, late), "name", "") == "Eva Gil"
    _post(client, address, who="")
    assert _of(luz, late) is None
    with transaction.atomic(), scope([luz.pk]):
        ana = Salesperson.objects.get(name="Ana Ruiz")
    _post(client, address, who=f"s:{ana.pk}")
    assert _of(luz, late) == ana
    assert _post(client, address, who="s:999999999").status_code == 422


def test_the_settings_list_them_and_switch_the_telling_off_and_on(client, luz, late):
    with transaction.atomic(), scope([luz.pk]):
        ana = Salesperson.objects.create(creditor=luz, name="Ana Ruiz", email="ana@agentes.example")
        Customer.objects.filter(pk=late).update(salesperson=ana)
    client.force_login(person(luz, "mara@luz.example", "manager"))
    base = "/acreedor/luz/ajustes/comerciales/"
    page = text_of(client.get(base))
    assert "Ana Ruiz" in page
    assert "El comercial se entera antes" in page
    once = re.findall(r'name="once" value="([^"]+)"', client.get(base).content.decode())[-1]
    assert "no se entera antes" in text_of(client.post(f"{base}antes/", {"once": once}, follow=True))
    with transaction.atomic(), scope([luz.pk]):
        assert not tells_salespeople_first(luz.pk)
    changed = _post(client, f"{base}{ana.pk}/", name="Ana Ruiz Gil", email="gil@agentes.example")
    assert "Ana Ruiz Gil" in text_of(changed)
    wrong = _post(client, f"{base}{ana.pk}/", name="Ana", email="")
    assert wrong.status_code == 422
    assert "Sin correo no se le puede avisar" in text_of(wrong)


def test_the_bell_tells_the_salesperson_and_forgets_when_it_was_seen(client, luz, late):
    gema = person(luz, "gema@luz.example", "viewer")
    with transaction.atomic(), scope([luz.pk]):
        member = Membership.objects.get(creditor=luz, user=gema)
        seller = Salesperson.objects.create(creditor=luz, name="Gema", member=member)
        notice = SalesNotice.objects.create(
            creditor=luz,
            customer_id=late,
            salesperson=seller,
            once_key="episode:1",
            step="firm",
            tone="firme",
            on_date=DAY,
            from_on=DAY + timedelta(days=3),
            at=NOW,
        )
    client.force_login(gema)
    page = text_of(client.get("/acreedor/luz/avisos/"))
    assert "Antes de escribirles" in page
    assert "Bar Tarde, S.L." in page
    assert "lun 23 nov 2026" in page
    client.post("/acreedor/luz/avisos/comercial/", {"notice": str(notice.pk)})
    with transaction.atomic(), scope([luz.pk]):
        assert SalesNotice.objects.get().read_at is not None
    assert "nuevo" not in text_of(client.get("/acreedor/luz/avisos/")).split("Antes de escribirles")[1][:200]
