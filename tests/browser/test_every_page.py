"""Every page of the desk in a real browser: no violation, no error, nothing that sticks out, light and dark.

The pages are read from the resolver, so that none is forgotten.
"""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as house
from django.test import Client
from django.urls import reverse

from tests.browser.settling import settled
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
    "desk:inbox-card",
    "desk:import-progress",
    "desk:import-findings",
    "desk:audit-csv",
    "desk:certificate",
    "desk:certified-file",
    "desk:copy",
    "desk:inbound-raw",
    "desk:letter-pdf",
    "desk:print-batch-addresses",
    "desk:print-batch-file",
    "desk:statement",
    "desk:worklist-card",
}
PAGES = [
    each
    for each in addresses()
    if each.policy
    and each.policy.door == "creditor"
    and "GET" in each.policy.methods
    and each.name not in PARTS
]
_SCAN = """async rules => (await axe.run(document, {
        resultTypes: ["violations"], ...(rules ? {runOnly: {type: "rule", values: rules}} : {})
    })).violations.map(each => [each.id, each.nodes.slice(0, 3).map(node => node.html.slice(0, 160))])"""
_AT_ONCE = """() => {
    const still = new CSSStyleSheet();
    still.replaceSync("* {transition: none !important}");
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, still];
}"""
_SPOILED = """() => {
    const wide = document.createElement("img"), pale = document.createElement("p");
    pale.textContent = "apenas se lee"; pale.className = "al-spoiled";
    const dark = new CSSStyleSheet();
    dark.replaceSync(`.al-spoiled {min-width: 700px}
        [data-bs-theme="dark"] .al-spoiled {color: #222; background: #111}`);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, dark];
    document.querySelector("main").append(wide, pale);
    console.error("spoiled");
}"""


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
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 900})
    answer = page.goto(address)
    assert answer.status < 400, f"{address}: {answer.status}"
    settled(page)


def _looked_at(page: Any) -> str:
    """What axe, the console and the sides say of it, light and dark, wide and narrow; "" for nothing."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    said = [*page.evaluate(_SCAN, None), *page.said]
    page.evaluate(_AT_ONCE)
    page.emulate_media(color_scheme="dark")
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    said += [f"dark: {each}" for each in page.evaluate(_SCAN, ["color-contrast"])]
    page.evaluate("document.querySelectorAll('main details:not(.al-menu)').forEach(e => e.open = true)")
    for width in (1440, 360):
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth")
        said += [f"{width} wide: {wide}"] if wide > width else []
    return "\n".join(map(str, said))


@pytest.mark.parametrize("third", range(3))
def test_no_page_has_a_violation_an_error_or_anything_that_sticks_out(world, window, third):
    page, found = window(1440, "light"), {}
    for name, address in list(_addresses(world).items())[third::3]:
        _open(page, address)
        found[name] = _looked_at(page)
        page.said.clear()
    assert len(found) > 5
    assert not any(found.values()), "\n".join(f"{name}: {said}" for name, said in found.items() if said)


def test_control_the_look_sees_contrast_in_the_dark_errors_and_what_sticks_out(world, window):
    page = window(1440, "light")
    _open(page, _addresses(world)["desk:today"])
    assert _looked_at(page) == ""
    page.evaluate(_SPOILED)
    said = _looked_at(page)
    assert "dark: " in said
    assert "color-contrast" in said
    assert "360 wide" in said
    assert "1440 wide" not in said
    assert "image-alt" in said
    assert "spoiled" in said


def test_pages_follow_the_system_at_once_unless_somebody_chose(world, window):
    page, way = window(1440, "light"), _addresses(world)
    ground = "getComputedStyle(document.body).backgroundColor"
    _open(page, way["desk:why"])
    light = page.evaluate(ground)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"() => {ground} !== '{light}'")
    page.locator("summary", has=page.locator("[data-icon=user], use[href$='#user']")).first.click()
    page.click("[data-theme=light]")
    assert page.evaluate(ground) == light
    page.emulate_media(color_scheme="light")
    page.emulate_media(color_scheme="dark")
    page.goto(way["desk:decided"])
    assert page.evaluate(ground) == light
