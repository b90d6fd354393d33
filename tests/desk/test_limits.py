"""When a customer may be written to, on the desk: circumstances, consents, place; rules, pauses, holidays."""

import re

import pytest
from django.db import transaction

from aldia.records.parties.models import AreaHold, Circumstance, Consent, Customer, LocalHoliday
from aldia.records.tenancy.scope import scope
from tests.desk.conftest import customer_id, person, text_of


@pytest.fixture
def late(luz):
    return customer_id(luz, "TARDE")


@pytest.fixture
def page(late):
    return f"/acreedor/luz/clientes/{late}/limites/"


@pytest.fixture
def manager(client, luz):
    client.force_login(person(luz, "mar@luz.example", "manager"))
    return client


def _send(client, page, to, **said):
    shown = client.get(page).content.decode()
    once = re.findall(r'name="once" value="([^"]+)"', shown)[-1]
    return client.post(to, {"once": once, **said}, follow=True)


def _rows(luz, model):
    with transaction.atomic(), scope([luz.pk]):
        return list(model.objects.order_by("pk"))


def test_a_circumstance_is_noted_shown_on_the_sheet_and_ended(luz, late, page, manager):
    answer = _send(
        manager, page, page + "circunstancia/", kind="deceased", from_on="2026-11-19", note="Llamó la hija."
    )
    assert "Anotado. Se mira antes de cada mensaje." in text_of(answer)
    assert "Fallecido en vigor" in text_of(answer)
    assert "No se le escribe: el cliente ha fallecido." in text_of(answer)
    sheet = text_of(manager.get(f"/acreedor/luz/clientes/{late}/"))
    assert "Fallecido · jue 19 nov" in sheet
    assert "Llamó la hija." in sheet, "the timeline tells it"
    (known,) = _rows(luz, Circumstance)
    answer = _send(manager, page, f"{page}circunstancia/{known.pk}/", note="Era otro.")
    assert "Terminada: desde hoy ya no cuenta." in text_of(answer)
    (known,) = _rows(luz, Circumstance)
    assert (known.end_note, known.recorded_by) == ("Era otro.", known.ended_by)
    assert "Fallecido · jue" not in text_of(manager.get(f"/acreedor/luz/clientes/{late}/"))


def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_noted(luz, page, manager):
    answer = _send(
        manager, page, page + "circunstancia/", kind="placed", from_on="2026-11-19", until_on="2026-11-19"
    )
    assert answer.status_code == 422
    assert "La fecha final tiene que ser posterior a la inicial." in text_of(answer)
    assert _rows(luz, Circumstance) == []


def test_a_refusal_of_a_channel_is_noted_and_shows_at_once(luz, page, manager):
    answer = _send(manager, page, page + "permiso/", channel="sms", state="refused", source="person")
    assert "Vale desde el siguiente mensaje." in text_of(answer)
    assert "SMS No lo quiere" in text_of(answer)
    assert [(each.channel, each.state, each.address) for each in _rows(luz, Consent)] == [
        ("sms", "refused", "")
    ]


def test_an_address_that_is_none_of_the_customers_is_refused(luz, page, manager):
    said = {"channel": "email", "state": "refused", "source": "person", "address": "otro@example.com"}
    assert _send(manager, page, page + "permiso/", **said).status_code == 422
    assert _rows(luz, Consent) == []


def test_a_postcode_and_a_region_are_written_on_the_page(luz, late, page, manager):
    assert "No consta su región" in text_of(manager.get(page))
    answer = _send(manager, page, page + "lugar/", region="ES-AN", postal_code=" 41 001 ")
    assert "Festivos de Andalucía." in text_of(answer)
    with transaction.atomic(), scope([luz.pk]):
        customer = Customer.objects.get(pk=late)
    assert (customer.place, customer.postal_code) == ("ES-AN", "41 001")


def test_the_sheet_asks_for_the_outlook_by_itself_and_without_scripts_there_is_a_page(late, desk):
    sheet = desk.get(f"/acreedor/luz/clientes/{late}/").content.decode()
    address = f"/acreedor/luz/clientes/{late}/limites/cuando/"
    assert f'hx-get="{address}"' in sheet
    part = desk.get(address, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "Correo electrónico" in text_of(part)
    assert desk.get(address).status_code == 302


def test_who_only_looks_sees_no_forms(page, desk):
    shown = desk.get(page).content.decode()
    assert (
        "<form"
        not in re.sub(r"(?s)<header.*?</header>|<aside.*?</aside>|<nav.*?</nav>", "", shown)
        .split('id="outlook"')[1]
        .split("</main>")[0]
    )


def test_the_rules_of_each_country_stand_with_source_date_and_confidence(desk):
    text = text_of(desk.get("/acreedor/luz/ajustes/contacto/"))
    assert "España su país" in text
    assert "Lo que ha puesto la empresa" in text
    assert "Ley 2300 de 2023, art. 3" in text
    assert "visto en fuente secundaria" in text
    assert "sin verificar Política de WhatsApp Business" in text
    assert "revisado el 21/11/2026" in text
    assert "ley solo para entidades financieras" in text  # Mexico
    assert "Una vez en 7 días seguidos como mucho por teléfono o en persona" in text  # Chile
    assert "07:00 a 19:00" in text
    for country in ("Perú", "México", "Colombia", "Chile", "Argentina"):
        assert country in text


def test_an_area_is_put_on_pause_and_taken_off(luz, manager):
    page = "/acreedor/luz/ajustes/zonas/"
    assert "Ninguna zona en pausa" in text_of(manager.get(page))
    said = {"country": "es", "prefixes": "46; 02, 030", "reason": "Inundaciones", "from_on": "2026-11-20"}
    answer = _send(manager, page, page + "nueva/", **said, until_on="2026-11-20")
    assert "La fecha final tiene que ser posterior" in text_of(answer)
    assert _rows(luz, AreaHold) == []
    answer = _send(manager, page, page + "nueva/", **said, until_on="2027-01-10")
    assert "ES 46, 02, 030" in text_of(answer)
    (hold,) = _rows(luz, AreaHold)
    assert "La pausa ha terminado." in text_of(_send(manager, page, f"{page}{hold.pk}/terminar/"))


def test_a_municipal_holiday_is_added_and_taken_away(luz, manager):
    page = "/acreedor/luz/ajustes/festivos/"
    said = {"country": "ES", "municipality": "Utiel", "postcodes": "463", "on_date": "2027-09-06"}
    answer = _send(manager, page, page + "nuevo/", **said, name="Feria")
    assert "Utiel" in text_of(answer)
    assert "ya está anotado" in text_of(_send(manager, page, page + "nuevo/", **said))
    (day,) = _rows(luz, LocalHoliday)
    assert "Festivo quitado." in text_of(_send(manager, page, f"{page}{day.pk}/quitar/"))
    assert _rows(luz, LocalHoliday) == []


def test_what_contracts_agree_to_and_the_cap_of_an_address_are_settings(luz, manager):
    page = "/acreedor/luz/ajustes/envios/"
    shown = manager.get(page).content.decode()
    assert 'name="address_messages_max" value="3"' in shown
    said = {"brake_messages_max": 25, "brake_share_percent": 10, "brake_median_times": 3, "address_days": 2}
    said |= {"unread_reply_days": 2, "copies_mb_max": 10}
    copies = dict.fromkeys(("copies_at_delivery", "copies_in_reminders", "copies_in_demands"), "linked")
    channels = {"agreed_channels": ["whatsapp", "email"], "address_messages_max": 5}
    _send(manager, page, "/acreedor/luz/ajustes/guardar/envios/", **said, **copies, **channels)
    luz.refresh_from_db()
    assert (luz.address_messages_max, luz.address_days) == (5, 2)
    assert luz.agreed_channels == ["email", "whatsapp"]
