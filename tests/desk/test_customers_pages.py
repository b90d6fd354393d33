"""The list of customers and the sheet: addresses that keep what was asked, pages that stand by themselves."""

import base64
import json
import re

import pytest

from aldia.desk.customers.rhythm import picture_of
from aldia.queries.sheet_page import Rhythm
from tests.cli.books import DAY
from tests.desk.conftest import customer_id, text_of

LIST = "/acreedor/luz/clientes/"


def test_a_written_filter_keeps_the_order_and_its_direction(desk):
    page = desk.get(LIST, {"orden": "overdue", "baja": "1"}).content.decode()
    (form,) = re.findall(
        r'<form method="get" class="al-form">(?:(?!</form>).)*id="filtro".*?</form>', page, re.S
    )
    assert 'name="orden" value="overdue"' in form
    assert 'name="baja" value="1"' in form


def test_a_search_as_one_types_brings_whatever_speaks_of_the_list(desk):
    """What htmx is told to swap is on the page, and holds the words searched for."""
    page = desk.get(LIST, {"q": "tarde"}).content.decode()
    for part in re.findall(r'hx-select-oob="([^"]+)"', page)[0].split(","):
        assert page.count(f'id="{part.removeprefix("#")}"') == 1
    head = re.findall(r'<header class="al-head" id="customers-head">.*?</header>', page, re.S)[0]
    assert "1 fila." in head
    assert head.count("q=tarde") + head.count('name="q" value="tarde"') == 2


def test_what_came_before_opens_as_a_page_of_its_own_and_within_the_sheet(desk, luz):
    address = f"{LIST}{customer_id(luz, 'TARDE')}/historia/"
    alone, within = desk.get(address), desk.get(address, headers={"HX-Request": "true"})
    assert "<html" in alone.content.decode()
    assert "Bar Tarde" in text_of(alone)
    assert "<html" not in within.content.decode()


BROKEN = [
    ("historia/", ["2026-W01-1", 7, "1", False]),
    ("historia/", ["20260101", 7, "1", False]),
    ("historia/", ["2026-01-01", 7, "²", False]),
    ("historia/", ["2026-01-01", 7, "\0", False]),
    ("pagadas/", ["2026-W01-1", 7, "", False]),
    ("", ["\ud800", 7, "EUR", False]),
    ("", ["luz", 7, "\udfff", False]),
    ("", ["luz", 7, "E\0R", False]),
]


def test_a_broken_place_in_the_address_shows_the_first_page(desk, luz):
    sheet = f"{LIST}{customer_id(luz, 'TARDE')}/"
    for page, said in BROKEN:
        address = f"{sheet}{page}" if page else LIST
        token = base64.urlsafe_b64encode(json.dumps(said).encode()).decode()
        answer = desk.get(f"{address}?en={token}")
        assert answer.status_code == 200, (page, said)
        assert "Bar Tarde" in text_of(answer), (page, said)


@pytest.mark.parametrize(
    ("median", "words"),
    [
        (1.0, "Lo habitual: 1 día tras el vencimiento."),
        (12.4, "Lo habitual: 12 días tras el vencimiento."),
        (0.2, "Lo habitual: el día del vencimiento."),
        (-5.0, "Lo habitual: 5 días antes del vencimiento."),
        (None, ""),
    ],
)
def test_the_usual_day_is_said_as_people_say_it(median, words):
    assert picture_of(Rhythm("EUR", (), median, None), DAY).usual == words
