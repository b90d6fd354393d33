"""The page in a real browser: nothing breaks, nothing sticks out, the keyboard is enough."""

from typing import Any

import pytest

from tests.desk.conftest import PASSWORD, customer_id, ines, luz  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LONG_NAME = "Cooperativa-Extraordinariamente-Larga-De-Suministros-Ferroviarios-Y-Marítimos-Del-Noroeste"


@pytest.fixture
def open_page(browser: Any, live_server: Any, ines: Any) -> Any:  # noqa: F811
    """Open a page of the desk as Inés, in a window of that width; collects what the console says."""
    contexts = []

    def open_(width: int = 1440, scheme: str = "light") -> Any:
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 800}, color_scheme=scheme
        )
        contexts.append(context)
        page = context.new_page()
        page.said = []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.goto("/")
        page.wait_for_function("document.activeElement.id === 'id_username'")  # the cursor is there already
        page.keyboard.type("ines@luz.example")
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/acreedor/luz/")
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def wide_books(luz: Any) -> Any:  # noqa: F811
    """One customer with the longest name, no spaces in it, and the largest amount."""
    from django.db import transaction

    from aldia.records.parties.models import Customer
    from aldia.records.tenancy.scope import scope
    from tests.cli.books import DAY, Books

    with transaction.atomic(), scope([luz.pk]):
        Customer.objects.filter(code="TARDE").update(name=LONG_NAME)
        late = Customer.objects.get(code="TARDE")
        Books(luz).invoice(late, 99_999_999_999_99, DAY.replace(month=9), number="N" * 60)
    return luz


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_have_no_errors_and_styles_apply(open_page, luz, scheme):  # noqa: F811
    page = open_page(scheme=scheme)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == {"light": "rgb(246, 245, 242)", "dark": "rgb(20, 25, 28)"}[scheme]
    page.get_by_role("link", name="Bar Tarde, S.L.").click()
    page.wait_for_url("**/clientes/**")
    assert page.get_by_role("heading", name="La escalera").is_visible()
    assert page.said == []


@pytest.mark.parametrize("width", [360, 720, 1440])
def test_nothing_sticks_out_at_the_side(wide_books, open_page, width):
    page = open_page(width)
    addresses = ["/acreedor/luz/", f"/acreedor/luz/clientes/{customer_id(wide_books, 'TARDE')}/", "/nada/"]
    for address in addresses:
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_the_keyboard_reaches_the_content_the_filter_and_a_group(open_page):
    page = open_page()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Ir al contenido"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "buscar"
    page.keyboard.type("pausa")
    page.keyboard.press("Enter")
    page.wait_for_url("**buscar=pausa**")
    assert page.locator("tbody tr").count() == 1
    page.get_by_role("link", name="Ver todo").click()
    closed = page.locator("details:not([open])").first
    closed.locator("summary").focus()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    shut = page.locator("details:not([open])").count()
    page.keyboard.press("Enter")
    assert page.locator("details:not([open])").count() == shut - 1


_RATIOS = """() => {
  const bright = c => { const v = c.map(x => (x /= 255) <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4);
                        return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]; };
  const rgb = t => { const n = t.match(/[\\d.]+/g).map(Number);
                     return n.length > 3 && n[3] === 0 ? null : n; };
  const ground = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor);
                        if (c) return c; } return [255, 255, 255]; };
  const found = [];
  for (const e of document.querySelectorAll("body *")) {
    const says = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!says || !e.checkVisibility()) continue;
    const a = bright(rgb(getComputedStyle(e).color)), b = bright(ground(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) found.push([e.className, e.textContent.slice(0, 30), ratio]);
  }
  return found;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(open_page, luz, scheme):  # noqa: F811
    page = open_page(scheme=scheme)
    for address in ("/acreedor/luz/", f"/acreedor/luz/clientes/{customer_id(luz, 'TARDE')}/"):
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert page.evaluate(_RATIOS) == []
