"""Every page of the desk speaks English to who asks for it; what creditors say themselves stays Spanish."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from aldia.jurisdictions.calendars import regions_of
from aldia.jurisdictions.certified.loader import certified_kinds
from aldia.records.parties.models import Customer
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.portfolio.strategy import read_strategy
from aldia.rules.shipped import shipped_strategies
from tests.desk.english import spanish_in
from tests.desk.matrix import Address, addresses
from tests.desk.matrix_world import furnished, values_for

_LEAVING = ("desk:import-progress", "desk:run-waiting")  # they lead on at once
READ = [
    each for each in addresses() if each.policy and "GET" in each.policy.methods and each.name not in _LEAVING
]
OF_CREDITORS = [each for each in READ if each.policy.door == "creditor"]
OF_ACCOUNTS = [each for each in READ if not each.parameters]


@pytest.fixture
def world(transactional_db: None) -> Any:
    return furnished()


def test_the_detector_finds_spanish_and_leaves_names_alone():
    page = '<p title="Sin leer">Taller de Inés</p><p lang="es">Español</p><p class="al-mail">Hola, señor</p>'
    assert spanish_in(page, ["Taller de Inés"]) == ["Sin leer"]


def test_every_page_of_the_desk_in_english(world, client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    theirs = list(_theirs(world))
    spanish = [f"{name}: {text}" for name, html in _pages(world, client) for text in spanish_in(html, theirs)]
    assert not spanish, "\n".join(spanish)


def _pages(world: Any, client: Any) -> Iterator[tuple[str, str]]:
    yield "desk:log-in", client.get(reverse("desk:log-in")).content.decode()
    client.force_login(world.people["administrator"])
    for address, each in [*((_address(each, world.luz), each) for each in OF_CREDITORS), *_accounts()]:
        response = client.get(address, follow=True)
        if response.headers["Content-Type"].startswith("text/html"):
            yield each.name, response.content.decode()
    yield "missing", client.get("/acreedor/luz/no-existe/").content.decode()


def _accounts() -> Iterator[tuple[str, Address]]:
    yield from ((reverse(each.name), each) for each in OF_ACCOUNTS if each.name != "desk:log-out")


def _address(each: Address, creditor: Creditor) -> str:
    return reverse(each.name, kwargs={"creditor": creditor.code, **values_for(each, creditor)})


def _theirs(world: Any) -> Iterator[str]:
    """What the creditor says, names, and the three Spanish ways to say «you»: they stay as they are."""
    yield from ("Al Día", "Español", world.luz.name, "Inés Luz", "facturas.csv", "«tú»", "«su»", "Tú (")
    yield from (name for _code, name in regions_of("ES"))
    yield from (each.title for each in certified_kinds("ES"))
    for toml in shipped_strategies().values():
        strategy = read_strategy(toml)
        yield strategy.title
        yield from (step.title for step in strategy.steps)
        yield from (notice.title for notice in strategy.documents)
    with transaction.atomic(), scope([world.luz.pk]):
        yield from Customer.objects.values_list("name", flat=True)
