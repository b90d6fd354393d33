"""A gestor's morning: twenty cases by the keyboard alone, a colleague, the gate, and a second thought."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings as house
from django.db import transaction
from django.test import Client
from playwright.sync_api import expect

from aldia.operations.cases import leave_case, take_case
from aldia.records.cases.models import Call, Case, CaseLock, CaseNote, Promise
from aldia.records.parties.models import ContactPoint
from aldia.records.tenancy.models import Membership
from aldia.records.tenancy.scope import scope
from tests.cli.books import NOW
from tests.desk.worklist_world import COLA, case_of, member, morning

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CASES = 20


@pytest.fixture
def luz(transactional_db: None, monkeypatch: Any) -> Any:
    from django.core.cache import cache

    cache.clear()
    monkeypatch.setenv("ALDIA_NOW", NOW.isoformat())
    return morning(CASES)


@pytest.fixture
def page(browser: Any, live_server: Any, luz: Any) -> Any:
    """Gema's window. `said`: what the console said."""
    client = Client()
    client.force_login(Membership.objects.get(creditor=luz, user__email="gema@luz.example").user)
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 1440, "height": 900}, locale="es-ES"
    )
    value = client.cookies[house.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": house.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    yield page
    page.wait_for_load_state("networkidle")  # the database is emptied next
    context.close()


def _ask(creditor: Any, asked: Any) -> Any:
    with transaction.atomic(), scope([creditor.pk]):
        return asked()


def _opened(page: Any, name: str) -> None:
    """The case is there, its lock is taken, and the cursor stands on its row."""
    page.locator("#case-title", has_text=name).wait_for()
    expect(page.locator("li[aria-current]")).to_contain_text(name)
    page.wait_for_load_state("networkidle")


def _name(place: int) -> str:
    return f"Cliente {place:02}"


def _reached(page: Any, who: int) -> None:
    """From the number to who answered, by arrows: 1 the customer … 4 nobody."""
    page.keyboard.press("c")
    assert page.evaluate("document.activeElement.name") == "number"
    page.keyboard.press("Tab")  # «Llamar»
    page.keyboard.press("Tab")  # another number
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "reached"
    page.keyboard.press("Space")
    for _ in range(who - 1):
        page.keyboard.press("ArrowDown")


def _outcome(page: Any, words: str) -> None:
    """The next field, by its first letters."""
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "outcome"
    page.keyboard.type(words)


def _walk(page: Any, key: str, to: Any, *, most: int = 30) -> None:
    """From here to there by one key, as often as it takes."""
    for _ in range(most):
        if to.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"not reached by {key}")


def _day(page: Any, day: date) -> None:
    """A day is typed, in the order in which the browser of this machine writes one."""
    for order in ("%d%m%Y", "%m%d%Y"):
        page.keyboard.type(day.strftime(order))
        if page.evaluate("document.activeElement.value") == day.isoformat():
            return
        for _ in range(2):
            page.keyboard.press("ArrowLeft")
    raise AssertionError("a day cannot be typed")


def _save(page: Any) -> None:
    page.keyboard.press("Control+Enter")


def _saved(page: Any, words: str) -> None:
    expect(page.locator(".al-done")).to_contain_text(words)


def test_a_morning_of_twenty_cases_by_the_keyboard_alone(luz, page):
    page.goto(COLA)
    _opened(page, _name(1))
    _promise_with_an_outcome(page)
    _voicemail(page, 2)
    _note_and_next(page, 3)
    _contested_lines(page, 4)
    _hold(page, 5)
    _wrong_number(luz, page, 6)
    _looked_around(page, 7)
    for place in range(7, CASES):
        _nobody(page, place)
    _opened(page, _name(CASES))
    page.keyboard.press("n")
    page.keyboard.type("Última de la mañana")
    _save(page)
    _saved(page, "Guardado: nota.")
    expect(page.get_by_role("main")).to_contain_text("20 de 40 hoy")
    calls = _ask(luz, lambda: Counter(Call.objects.values_list("outcome", flat=True)))
    assert calls == Counter(promise=1, voicemail=1, dispute=1, wrong_number=1, no_answer=13)
    made = _ask(luz, Promise.objects.get)
    assert (made.amount_minor, made.promised_on) == (510_001, NOW.date() + timedelta(days=7))
    assert _ask(luz, CaseNote.objects.count) == 1
    states = _ask(luz, lambda: Counter(Case.objects.values_list("state", flat=True)))
    assert states == Counter(promised=1, waiting=1, working=18)
    assert _ask(luz, CaseLock.objects.count) <= 1  # of the one that opened last
    assert page.said == []


def _promise_with_an_outcome(page: Any) -> None:
    """Who pays on Friday: amount as proposed, day by a button."""
    _reached(page, 1)
    _outcome(page, "Comp")
    page.keyboard.press("p")  # letters in a field are letters
    _walk(page, "Tab", page.get_by_label("Importe"))
    assert page.get_by_label("Importe").input_value() == "5100,01"
    friday = page.get_by_role("group", name="Días a mano").first.get_by_role("button", name="viernes")
    _walk(page, "Tab", friday)
    page.keyboard.press("Enter")
    _save(page)
    _saved(page, "llamada, compromiso de 5.100,01 € para el vie 27 nov 2026")


def _voicemail(page: Any, place: int) -> None:
    _opened(page, _name(place))
    _reached(page, 3)
    expect(page.locator("[data-script=voicemail]")).to_have_attribute("open", "")
    _save(page)
    _saved(page, "Guardado: llamada.")


def _note_and_next(page: Any, place: int) -> None:
    _opened(page, _name(place))
    page.keyboard.press("f")
    assert page.evaluate("document.activeElement.name") == "next_action"
    page.keyboard.type("Mandar copia")
    _walk(page, "Tab", page.get_by_label("Qué día"))
    _day(page, date(2026, 11, 24))
    _save(page)
    _saved(page, "próxima acción mar 24 nov 2026")


def _contested_lines(page: Any, place: int) -> None:
    _opened(page, _name(place))
    page.keyboard.press("c")
    _walk(page, "Shift+Tab", page.get_by_label(f"Marcar F-{place}B"))
    page.keyboard.press("Space")
    _reached(page, 1)
    _outcome(page, "No est")
    _save(page)
    _saved(page, "llamada")


def _hold(page: Any, place: int) -> None:
    _opened(page, _name(place))
    page.keyboard.press("h")
    assert page.evaluate("document.activeElement.name") == "hold_until"
    _day(page, date(2026, 12, 1))
    _walk(page, "Tab", page.get_by_label("Por qué se pausa"))
    page.keyboard.type("Cierra por reforma")
    _save(page)
    _saved(page, "pausa hasta el mar 1 dic 2026")


def _wrong_number(luz: Any, page: Any, place: int) -> None:
    _opened(page, _name(place))
    _reached(page, 2)
    _outcome(page, "El n")
    _save(page)
    _saved(page, "llamada")
    point = _ask(luz, lambda: ContactPoint.objects.get(customer__code=f"C{place:02}"))
    assert point.quality == "bad"


def _looked_around(page: Any, place: int) -> None:
    """Down the list and up again; one is ticked, and ticked off; another opened, and the first one again."""
    _opened(page, _name(place))
    page.keyboard.press("j")
    expect(page.locator("li:focus")).to_contain_text(_name(place + 1))
    page.keyboard.press("x")
    expect(page.get_by_label(f"Marcar {_name(place + 1)}")).to_be_checked()
    page.keyboard.press("x")
    expect(page.get_by_label(f"Marcar {_name(place + 1)}")).not_to_be_checked()
    page.keyboard.press("Enter")
    _opened(page, _name(place + 1))
    page.keyboard.press("k")
    page.keyboard.press("Enter")


def _nobody(page: Any, place: int) -> None:
    _opened(page, _name(place))
    _reached(page, 4)
    _save(page)
    _saved(page, _name(place))


def test_a_colleague_has_the_next_case_open_so_another_opens_and_theirs_is_read_only(luz, page):
    marta = member(luz, "marta@luz.example", "gestor", "Marta Ríos")
    theirs = case_of(luz, "C02")
    take_case(creditor=luz, case_id=theirs.pk, member=marta, now=NOW)
    page.goto(COLA)
    _opened(page, _name(1))
    page.keyboard.press("n")
    page.keyboard.type("Vista")
    _save(page)
    _opened(page, _name(3))
    page.goto(f"{COLA}?ver={theirs.pk}")
    expect(page.locator("#lock")).to_contain_text("Lo tiene abierto Marta Ríos")
    expect(page.get_by_role("button", name="Guardar y al siguiente")).to_be_disabled()
    assert page.get_by_role("button", name="Tomarlo de todos modos").count() == 0  # for who leads
    leave_case(creditor=luz, case_id=theirs.pk, member=marta, now=NOW)
    page.reload()
    expect(page.get_by_role("button", name="Guardar y al siguiente")).to_be_enabled()


def test_a_colleague_who_is_first_wins_and_what_was_typed_stays(luz, page):
    page.goto(COLA)
    _opened(page, _name(1))
    page.keyboard.press("n")
    page.keyboard.type("Mi nota")
    case = case_of(luz, "C01")
    _ask(luz, lambda: Case.objects.filter(pk=case.pk).update(version=case.version + 1, priority=1))
    _save(page)
    card = page.locator("#card")
    expect(card.get_by_role("alert").first).to_contain_text("ha cambiado este expediente")
    expect(card.get_by_label("Nota")).to_have_value("Mi nota")
    _save(page)
    _saved(page, "Guardado: nota.")
    assert case_of(luz, "C01").priority == 1


def test_the_gate_is_against_a_call_and_it_is_kept_only_when_it_was_made_anyway(luz, page, monkeypatch):
    monkeypatch.setenv("ALDIA_NOW", NOW.replace(hour=22).isoformat())
    page.goto(COLA)
    _opened(page, _name(1))
    pad = page.locator(".al-pad")
    expect(pad).to_contain_text("Ahora no se le puede llamar.")
    expect(pad).to_contain_text("De nuevo a partir del")
    page.keyboard.press("c")
    page.get_by_label("Nadie").focus()
    page.keyboard.press("Space")
    _save(page)
    expect(page.locator("#card .al-field-error").first).to_contain_text("Si ya se ha hecho")
    assert page.evaluate("document.activeElement.name") == "made_anyway"
    page.keyboard.press("Space")
    _save(page)
    _saved(page, "Guardado: llamada.")
    assert _ask(luz, Call.objects.get).refusal is not None


def test_what_was_saved_is_taken_back_with_one_key(luz, page):
    page.goto(COLA)
    _opened(page, _name(1))
    _reached(page, 1)
    _outcome(page, "Hab")
    _save(page)
    _saved(page, _name(1))
    _opened(page, _name(2))
    page.keyboard.press("z")
    expect(page.get_by_role("main")).to_contain_text("Deshecho: queda como estaba")
    _opened(page, _name(1))
    assert _ask(luz, lambda: Call.objects.latest("pk").outcome) == "undone"
    assert page.said == []


def test_without_scripts_the_same_page_and_form_do(luz, browser, live_server):
    client = Client()
    client.force_login(Membership.objects.get(creditor=luz, user__email="gema@luz.example").user)
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="es-ES")
    value = client.cookies[house.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": house.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(COLA)
    page.get_by_role("link", name=_name(2)).first.click()
    page.get_by_label("Nadie").check()
    page.get_by_role("button", name="Guardar y al siguiente").click()
    expect(page.locator(".al-done")).to_contain_text("Guardado: llamada.")
    assert _ask(luz, Call.objects.get).outcome == "no_answer"
    context.close()
