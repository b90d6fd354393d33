"""The decisions of the day in a real browser: the longest names fit, and the keyboard is enough."""

from typing import Any

import pytest

from tests.desk.conftest import PASSWORD, customer_id, ines, luz  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DAY_PAGE = "/acreedor/luz/decidido/"
LONG_NAME = "Cooperativa-Extraordinariamente-Larga-De-Suministros-Ferroviarios-Y-Marítimos-Del-Noroeste"


@pytest.fixture
def open_page(browser: Any, live_server: Any, ines: Any) -> Any:  # noqa: F811
    """Log in as Inés, with the keyboard alone, in a window of that width; then the decisions of the day."""
    contexts = []

    def open_(width: int = 1440) -> Any:
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 800}, locale="es-ES"
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
        page.goto(DAY_PAGE)
        return page

    yield open_
    for context in contexts:
        for page in context.pages:
            page.wait_for_load_state("networkidle")  # the database is emptied next
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


@pytest.mark.parametrize("width", [360, 720])
def test_the_longest_name_and_the_largest_amount_stick_out_nowhere(wide_books, open_page, width):
    page, found = open_page(width), {}
    sheet = f"/acreedor/luz/clientes/{customer_id(wide_books, 'TARDE')}/"
    for address in (
        DAY_PAGE,
        sheet,
        sheet + "por-que/",
        "/acreedor/luz/clientes/",
        "/acreedor/luz/partidas/",
    ):
        page.goto(address)
        page.evaluate("document.querySelectorAll('main details:not(.al-menu)').forEach(e => e.open = true)")
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found[address] = wide
    assert found == {}


def test_the_keyboard_reaches_the_content_the_filter_and_a_group(open_page):
    page = open_page()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Ir al contenido"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Ir a Hoy"  # the day of the books is past
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "buscar"
    page.keyboard.type("pausa")
    page.keyboard.press("Enter")
    page.wait_for_url("**buscar=pausa**")
    assert page.locator("tbody tr").count() == 1
    page.get_by_role("link", name="Ver todo").click()
    closed = page.locator("details.group:not([open])").first
    closed.locator("summary").focus()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    shut = page.locator("details.group:not([open])").count()
    page.keyboard.press("Enter")
    assert page.locator("details.group:not([open])").count() == shut - 1
    assert page.said == []
