"""What happens once however often it is asked for, what outlives the session, and what the keyboard does."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings as house
from django.db import transaction
from django.test import Client
from playwright.sync_api import expect

from aldia.operations.imports import ImportOptions, commit, stage
from aldia.operations.ledger import record_payment
from aldia.operations.run import daily_run
from aldia.operations.strategies import set_strategy
from aldia.records.ledger.models import Credit, DueLine
from aldia.records.outreach.models import Draft, Message
from aldia.records.tenancy.scope import scope
from aldia.rules.shipped import shipped_strategies
from aldia.rules.strategy_text import with_approvals
from tests.desk.conftest import PASSWORD, founded, person

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
EMAIL = "ines@luz.example"
INVOICES = """\
Nº factura;Cód. cliente;Nombre;Correo electrónico;Fecha factura;Vencimiento;Importe total
1;C1;Ferretería Núñez;nunez@example.com;28/09/2026;28/10/2026;900,00
2;C2;Bar Ribera;ribera@example.com;29/09/2026;29/10/2026;800,00
3;C3;Clínica Ángel;angel@example.com;29/09/2026;29/10/2026;700,00
4;C4;Talleres Peñalver;penalver@example.com;30/09/2026;30/10/2026;600,00
"""


@pytest.fixture
def luz(transactional_db: None, monkeypatch: Any) -> Any:
    """Four reminders wait for a yes, the largest amount first."""
    from django.core.cache import cache

    cache.clear()
    monkeypatch.setenv("ALDIA_NOW", NOW.isoformat())
    creditor = founded("luz", "Papelería Luz")
    with transaction.atomic(), scope([creditor.pk]):
        toml = with_approvals(shipped_strategies()["pymes"], {"friendly"})
        set_strategy(creditor_id=creditor.pk, toml=toml, now=NOW, actor="prueba")
    batch = stage(
        creditor=creditor,
        kind="invoices",
        file_name="facturas.csv",
        content=INVOICES.encode(),
        options=ImportOptions(date_format="dd/mm/aaaa"),
        mapping={},
        source_name=None,
        actor="prueba",
        now=NOW,
    )
    commit(creditor=creditor, batch_id=batch.pk, actor="prueba", now=NOW, partial=False)
    daily_run(creditor=creditor, on=NOW.date(), now=NOW, actor="prueba")
    return creditor


@pytest.fixture
def window(browser: Any, live_server: Any, luz: Any) -> Any:
    """`window(**options)`: a page in which Inés has logged in. `said`: what the console said."""
    client = Client()
    client.force_login(person(luz, EMAIL, "manager"))
    contexts = []

    def open_(**options: Any) -> Any:
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": 1280, "height": 900}, locale="es-ES", **options
        )
        contexts.append(context)
        value = client.cookies[house.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": house.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        page = context.new_page()
        page.said = []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("dialog", lambda question: question.accept())
        return page

    yield open_
    for context in contexts:
        for page in context.pages:
            page.wait_for_load_state("networkidle")  # the database is emptied next
        context.close()


def _ask(creditor: Any, asked: Any) -> Any:
    with transaction.atomic(), scope([creditor.pk]):
        return asked()


def _payments(creditor: Any) -> Any:
    return _ask(creditor, lambda: list(Credit.objects.values_list("amount_minor", flat=True)))


def _states(creditor: Any) -> Any:
    """Customer's code → state of its reminder."""
    return _ask(creditor, lambda: dict(Message.objects.values_list("customer__code", "state")))


def _main(page: Any) -> Any:
    return expect(page.get_by_role("main"))


def _fill_in_payment(page: Any, amount: str) -> None:
    page.goto("/acreedor/luz/cobros/nuevo/?q=nunez")
    page.get_by_role("link", name="Ferretería Núñez").click()
    page.get_by_label("Importe").fill(amount)
    page.get_by_label("Referencia").fill("Transferencia del martes")


def _book(page: Any) -> Any:
    return page.get_by_role("button", name="Anotar el cobro")


def _today(page: Any) -> None:
    page.goto("/acreedor/luz/")
    page.locator("#card").get_by_role("heading", name="Ferretería Núñez").wait_for()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_double_click_books_one_payment(luz, window, scripts):
    page = window(java_script_enabled=scripts)
    _fill_in_payment(page, "100,00")
    _book(page).dblclick()
    expect(page).to_have_url(re.compile(r"/clientes/\d+/$"))  # the second click breaks off the first journey
    assert _payments(luz) == [10_000]
    assert page.said == []


def test_the_back_button_and_another_click_do_not_book_it_again(luz, window):
    page = window()
    _fill_in_payment(page, "100,00")
    _book(page).click()
    page.wait_for_url(re.compile(r"/clientes/\d+/$"))
    page.go_back()
    page.wait_for_url("**/cobros/nuevo/**")
    _book(page).click()
    page.wait_for_load_state("networkidle")
    assert page.get_by_label("Importe").input_value() == ""
    assert _payments(luz) == [10_000]


def test_a_double_click_and_a_held_key_approve_one_message(luz, window):
    page = window()
    _today(page)
    page.locator("#card").get_by_role("button", name="Aprobar").dblclick()
    _main(page).to_contain_text("3 mensajes por aprobar")
    page.locator("#card").get_by_role("heading", name="Bar Ribera").wait_for()
    page.keyboard.press("a")
    page.keyboard.press("a")
    _main(page).to_contain_text("2 mensajes por aprobar")
    left = {"C1": "approved", "C2": "approved", "C3": "waiting_approval", "C4": "waiting_approval"}
    assert _states(luz) == left
    assert page.said == []


def _end_the_session(page: Any) -> None:
    page.context.clear_cookies(name=house.SESSION_COOKIE_NAME)


def _log_in(page: Any) -> None:
    page.get_by_label("Correo electrónico").fill(EMAIL)
    page.get_by_label("Contraseña").fill(PASSWORD)
    page.get_by_role("button", name="Entrar", exact=True).click()


def test_a_session_that_ends_in_the_middle_leads_back_to_the_form_with_what_was_typed(luz, window):
    page = window()
    _fill_in_payment(page, "123,45")
    page.get_by_label("Solo las partidas que marque").check()
    page.get_by_label("1", exact=True).check()
    page.get_by_label("Cómo").select_option("cheque")
    _end_the_session(page)
    _book(page).click()
    page.wait_for_url("**/entrar/**")
    _log_in(page)
    page.wait_for_url("**/cobros/nuevo/**")
    assert page.get_by_label("Solo las partidas que marque").is_checked()
    assert page.get_by_label("1", exact=True).is_checked()
    assert page.get_by_label("Cómo").input_value() == "cheque"
    assert page.get_by_label("Importe").input_value() == "123,45"
    assert page.get_by_label("Referencia").input_value() == "Transferencia del martes"
    assert _payments(luz) == []
    _book(page).click()
    page.wait_for_url(re.compile(r"/clientes/\d+/$"))
    assert _payments(luz) == [12_345]


def test_what_was_typed_for_one_customer_and_figure_is_put_over_no_other(luz, window):
    page = window()
    _fill_in_payment(page, "123,45")
    page.goto("/acreedor/luz/cobros/nuevo/?q=ribera")
    page.get_by_role("link", name="Bar Ribera").click()
    page.get_by_role("heading", name="Qué paga").wait_for()
    assert page.get_by_label("Importe").input_value() == ""
    assert page.get_by_label("Referencia").input_value() == ""
    line = _ask(luz, lambda: DueLine.objects.get(document__number="1"))
    address = f"/acreedor/luz/cobros/nuevo/?cliente={line.customer_id}&partida={line.pk}"
    page.goto(address)
    assert page.get_by_label("Importe").input_value() == "900,00"
    page.get_by_label("Importe").fill("850,00")
    page.reload()
    assert page.get_by_label("Importe").input_value() == "850,00"
    _ask(luz, lambda: _paid_elsewhere(luz, line))
    page.reload()
    assert page.get_by_label("Importe").input_value() == "600,00"


def test_a_reversal_that_was_refused_keeps_what_was_typed(luz, window):
    line = _ask(luz, lambda: DueLine.objects.get(document__number="1"))
    credit = _ask(luz, lambda: _paid_elsewhere(luz, line)).credit_id
    page = window()
    page.goto(f"/acreedor/luz/cobros/{credit}/")
    page.get_by_text("Anularlo, o anotar que vino devuelto").click()
    page.get_by_label("Por qué").select_option("chargeback")
    page.get_by_label("Importe").fill("300,01")
    page.get_by_label("Motivo").fill("Tarjeta robada")
    page.get_by_role("button", name="Anular", exact=True).click()
    _main(page).to_contain_text("Se anula más de lo que queda.")
    typed = [page.get_by_label(label).input_value() for label in ("Por qué", "Importe", "Motivo")]
    assert typed == ["chargeback", "300,01", "Tarjeta robada"]
    assert page.get_by_label("Motivo").is_visible()


def _paid_elsewhere(creditor: Any, line: Any) -> Any:
    return record_payment(
        creditor_id=creditor.pk,
        customer_id=line.customer_id,
        amount_minor=30_000,
        currency="EUR",
        value_on=NOW.date(),
        actor="prueba",
        now=NOW,
        due_line_ids=[line.pk],
    )


def test_whoever_logs_in_again_in_another_tab_sends_the_form_as_it_stands(luz, window):
    page = window()
    _fill_in_payment(page, "50,00")
    _end_the_session(page)
    other = page.context.new_page()
    other.goto("/entrar/")
    _log_in(other)
    other.wait_for_url("**/acreedor/luz/")
    _book(page).click()
    page.wait_for_url(re.compile(r"/clientes/\d+/$"))
    assert _payments(luz) == [5_000]


def test_a_session_that_ends_while_reading_says_so_and_keeps_the_page(luz, window):
    page = window()
    _today(page)
    page.keyboard.press("e")
    page.get_by_label("Texto", exact=True).fill("Otras palabras")
    _end_the_session(page)
    page.keyboard.press("Escape")
    page.locator(".al-units a").nth(1).click()
    page.get_by_role("heading", name="La sesión ha caducado").wait_for()
    page.get_by_role("button", name="Volver a la página").click()
    assert page.get_by_label("Texto", exact=True).input_value() == "Otras palabras"


def test_words_that_nobody_has_saved_are_asked_about_and_outlive_the_yes_to_another(luz, window):
    page = window()
    _today(page)
    page.keyboard.press("e")
    page.get_by_label("Texto", exact=True).fill("Otras palabras para {total}")
    page.evaluate("window.confirm = (question) => { window.asked = question; return false; }")
    card = page.locator("#card")
    card.get_by_role("button", name="Aprobar").click()
    assert "cambios sin guardar" in page.evaluate("window.asked")
    assert _states(luz)["C1"] == "waiting_approval"
    page.locator(".al-units a").nth(1).click()
    card.get_by_role("heading", name="Bar Ribera").wait_for()
    card.get_by_role("button", name="Aprobar").click()
    _main(page).to_contain_text("Aprobado: 1 mensaje.")
    card.get_by_role("heading", name="Ferretería Núñez").wait_for()
    expect(page.get_by_label("Texto", exact=True)).to_have_value("Otras palabras para {total}")
    assert _states(luz) == dict.fromkeys(("C1", "C3", "C4"), "waiting_approval") | {"C2": "approved"}


def _focused(page: Any, what: str) -> Any:
    return page.evaluate(f"document.activeElement.{what}")


def test_help_pages_and_customers_are_one_key_away(luz, window):
    page = window()
    _today(page)
    page.keyboard.press("?")
    assert page.get_by_role("dialog", name="Atajos de teclado").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type("nunez")
    page.locator("#palette-answers").get_by_role("link", name="Ferretería Núñez").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/clientes/\d+/$"))
    assert page.get_by_role("heading", level=1, name="Ferretería Núñez").is_visible()
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/acreedor/luz/clientes/")
    page.keyboard.press("/")
    assert _focused(page, "type") == "search"
    page.keyboard.type("?gc")  # letters where one types are letters
    assert _focused(page, "value") == "?gc"
    assert page.said == []


def test_the_keyboard_walks_the_list_and_acts_on_the_message_it_stands_on(luz, window):
    page = window()
    _today(page)
    card = page.locator("#card")
    page.keyboard.press("j")
    page.keyboard.press("j")
    card.get_by_role("heading", name="Bar Ribera").wait_for()
    assert _focused(page, "getAttribute('aria-current')") == "true"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("k")
    card.get_by_role("heading", name="Ferretería Núñez").wait_for()
    page.keyboard.press("j")
    card.get_by_role("heading", name="Bar Ribera").wait_for()
    page.keyboard.press("s")
    _main(page).to_contain_text("Omitido: 1 mensaje.")
    waiting = dict.fromkeys(("C1", "C3", "C4"), "waiting_approval")
    assert _states(luz) == {**waiting, "C2": "skipped"}
    assert page.said == []


def test_a_key_pressed_the_moment_the_message_stands_there_acts_on_it(luz, window):
    """The mark in the list comes with the message, not after it has settled: a quick key is not lost."""
    page = window()
    _today(page)
    page.evaluate(
        "window.addEventListener('htmx:afterSwap', () => document.activeElement.dispatchEvent("
        "new KeyboardEvent('keydown', {key: 's', bubbles: true})), {once: true})"
    )
    page.keyboard.press("j")
    page.keyboard.press("j")
    _main(page).to_contain_text("Omitido: 1 mensaje.")
    assert _states(luz)["C2"] == "skipped"
    assert page.said == []


def test_a_message_is_put_off_and_rewritten_from_the_keyboard(luz, window):
    page = window()
    _today(page)
    page.keyboard.press("p")
    assert page.get_by_label("No antes del").is_visible()
    page.get_by_label("No antes del").fill("2026-11-23")
    page.keyboard.press("Enter")
    _main(page).to_contain_text("Pospuesto")
    page.locator("#card").get_by_role("heading", name="Bar Ribera").wait_for()
    page.keyboard.press("e")
    page.get_by_label("Texto", exact=True).fill("Hola: faltan {total}. Gracias.")
    page.get_by_role("button", name="Guardar el texto").click()
    _main(page).to_contain_text("Texto guardado.")
    expect(page.locator("#card .al-mail")).to_contain_text("Hola: faltan 800,00 €. Gracias.")
    assert _ask(luz, Draft.objects.count) == 1
    assert page.said == []


def test_the_way_with_the_tabulator_begins_at_the_content_and_is_seen(luz, window):
    page = window()
    _today(page)
    page.keyboard.press("Tab")
    assert _focused(page, "textContent") == "Ir al contenido"
    page.keyboard.press("Enter")
    unseen = []
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "none":
            unseen.append(_focused(page, "outerHTML.slice(0, 120)"))
    assert unseen == []
