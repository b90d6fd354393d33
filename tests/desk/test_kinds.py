"""How a customer pays, on the desk: a card on the sheet, its evidence, and a person's word on it."""

import re

import pytest

from tests.desk.conftest import customer_id, person, text_of


@pytest.fixture
def late(luz):
    return customer_id(luz, "TARDE")


@pytest.fixture
def page(late):
    return f"/acreedor/luz/clientes/{late}/como-paga/"


def _send(client, page, **said):
    shown = client.get(page).content.decode()
    once = re.findall(r'name="once" value="([^"]+)"', shown)[-1]
    return client.post(page + "cambiar/", {"once": once, **said}, follow=True)


def test_a_person_says_how_somebody_pays_and_gives_it_back(client, luz, late, page):
    client.force_login(person(luz, "ges@luz.example", "gestor"))
    sheet = text_of(client.get(f"/acreedor/luz/clientes/{late}/"))
    assert "Sin señales suficientes" in sheet
    assert "Tiene 1 factura vencida desde hace" in sheet
    answer = text_of(_send(client, page, kind="careless", note="Paga en cuanto se le recuerda."))
    assert "Guardado. Su estrategia lo tiene en cuenta desde hoy." in answer
    assert "Se le pasa lo dice Inés Luz" in answer
    assert "Copia de la factura" in answer
    assert "Cómo paga: se le pasa" in answer, "the timeline tells it"
    assert "Se deduciría: «Sin señales suficientes»." in text_of(client.get(page))
    answer = text_of(_send(client, page, kind="", note="Ya no."))
    assert "lo dice Inés Luz" not in answer
    assert "De nuevo lo que se deduce" in text_of(client.get(page))


def test_what_cannot_be_is_said_and_stays_typed(client, luz, page):
    client.force_login(person(luz, "ges@luz.example", "gestor"))
    answer = _send(client, page, kind="careless", note="")
    assert answer.status_code == 422
    assert "Diga en la nota por qué" in text_of(answer)
    assert re.search(r'value="careless"\s+selected', answer.content.decode())
    assert _send(client, page, kind="rich", note="x").status_code == 422


def test_who_may_only_look_sees_it_without_a_form(client, luz, page):
    client.force_login(person(luz, "mira@luz.example"))
    shown = client.get(page)
    assert "En qué se apoya" in text_of(shown)
    assert "<textarea" not in shown.content.decode()
    assert client.post(page + "cambiar/", {"kind": "careless", "note": "x"}).status_code == 403


def test_the_list_shows_and_filters_by_conduct_in_words(client, luz):
    client.force_login(person(luz, "mira@luz.example"))
    query = "?filtro=debtor_kind+%3D+'circumstantial'&col=debtor_kind"
    shown = text_of(client.get(f"/acreedor/luz/clientes/{query}"))
    assert "INCIDENCIA" in shown
    assert "cómo paga es Con incidencia" in shown
    assert "Bar Tarde, S.L." not in shown
