"""Every page of the desk in a real browser: no violation, no error, nothing that sticks out, light and dark.

The pages are read from the resolver, so that none is forgotten.
"""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as house
from django.test import Client
from django.urls import reverse

from tests.desk.matrix import addresses
from tests.desk.matrix_world import furnished, values_for

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = Path(__file__).resolve().parents[2] / "assets" / "node_modules" / "axe-core" / "axe.min.js"
# Not pages of their own: parts that htmx puts into one, downloads, and what only leads elsewhere.
PARTS = {
    "desk:palette",
    "desk:card",
    "desk:history",
    "desk:customers-field",
    "desk:import-progress",
    "desk:import-findings",
    "desk:audit-csv",
}
PAGES = [
    each
    for each in addresses()
    if each.policy
    and each.policy.door == "creditor"
    and "GET" in each.policy.methods
    and each.name not in PARTS
]
_SCAN = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.map(
    each => [each.id, each.nodes.slice(0, 3).map(node => node.html.slice(0, 160))])"""


@pytest.fixture
def world(transactional_db: None, settings: Any) -> Any:
    settings.ADMIN_SECOND_FACTOR = False  # the pages behind it are looked at, too
    return furnished()


def _session(person: Any) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies[house.SESSION_COOKIE_NAME].value


@pytest.fixture
def window(browser: Any, live_server: Any, world: Any) -> Any:
    """A window of somebody who may do everything: `window(width, scheme)`."""
    value = _session(world.people["administrator"])
    contexts = []

    def open_(width: int, scheme: str, language: str = "es-ES") -> Any:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            locale=language,
        )
        context.add_cookies([{"name": house.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        contexts.append(context)
        page = context.new_page()
        page.said = []
        page.on("console", lambda message: page.said.append(message.text) if message.type != "log" else None)
        page.on("pageerror", lambda error: page.said.append(str(error)))
        return page

    yield open_
    for context in contexts:
        context.close()


def _addresses(world: Any) -> dict[str, str]:
    found = {}
    for each in PAGES:
        names = {"creditor": world.luz.code, **values_for(each, world.luz)}
        found[each.name] = reverse(each.name, kwargs=names)
    return found


def _open(page: Any, address: str) -> None:
    answer = page.goto(address)
    assert answer.status < 400, f"{address}: {answer.status}"
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_the_console_stays_silent(world, window, scheme):
    page, found = window(1440, scheme), {}
    for name, address in _addresses(world).items():
        _open(page, address)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        violations = page.evaluate(_SCAN)
        if violations or page.said:
            found[name] = f"{violations} {page.said}"
        page.said.clear()
    assert not found, "\n".join(f"{name}: {said}" for name, said in found.items())


@pytest.mark.parametrize("width", [360, 1440])
def test_nothing_sticks_out_at_the_side(world, window, width):
    page, found = window(width, "light"), {}
    for name, address in _addresses(world).items():
        _open(page, address)
        page.evaluate("document.querySelectorAll('main details:not(.al-menu)').forEach(e => e.open = true)")
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found[name] = wide
    assert found == {}
