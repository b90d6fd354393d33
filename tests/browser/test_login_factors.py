"""Second factors in a real browser, with Chromium's own virtual authenticator as the key."""

import base64
import hashlib
import hmac
import struct
from typing import Any

import pytest

from aldia.kernel import clock
from tests.desk.conftest import PASSWORD, founded, person

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def ana(transactional_db: None) -> Any:
    """Administrator of Papelería Luz."""
    from django.core.cache import cache

    cache.clear()
    return person(founded("luz", "Papelería Luz"), "ana@luz.example", "administrator")


@pytest.fixture
def visit(browser: Any, live_server: Any, ana: Any) -> Any:
    """A window with a key in it; passkeys need a name, so it goes to localhost. `said`: the console."""
    port = live_server.url.rpartition(":")[2]
    context = browser.new_context(
        base_url=f"http://localhost:{port}", viewport={"width": 1200, "height": 800}, locale="es-ES"
    )
    page = context.new_page()
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    key = context.new_cdp_session(page)
    key.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    key.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield page
    context.close()


def _log_in(page: Any) -> None:
    page.goto("/entrar/")
    page.get_by_label("Correo electrónico").fill("ana@luz.example")
    page.get_by_label("Contraseña").fill(PASSWORD)
    page.get_by_role("button", name="Entrar", exact=True).click()


def _confirm(page: Any) -> None:
    """The password once more, where it is asked for."""
    page.wait_for_url("**/cuenta/confirmar/**")
    page.get_by_label("Contraseña").fill(PASSWORD)
    page.get_by_role("button", name="Confirmar").click()


def _leave(page: Any) -> None:
    page.goto("/cuenta/")
    page.get_by_role("button", name="Salir").click()
    page.wait_for_url("**/entrar/")


def _add_key(page: Any, *, alone: bool) -> None:
    page.goto("/cuenta/llaves/nueva/")
    if "/confirmar/" in page.url:
        _confirm(page)
        page.wait_for_url("**/cuenta/llaves/nueva/")
    page.get_by_label("Nombre de la llave").fill("Portátil")
    page.get_by_label("Entrar solo con ella").set_checked(alone)
    page.get_by_role("button", name="Crear la llave").click()
    page.wait_for_url("**/cuenta/codigos/")
    page.get_by_role("link", name="Ya los he guardado").click()


def test_a_passkey_opens_the_door_without_a_password(visit: Any) -> None:
    _log_in(visit)
    visit.wait_for_url("**/acreedor/luz/")
    _add_key(visit, alone=True)
    visit.get_by_role("link", name="Ver", exact=True).click()
    assert visit.get_by_text("entra sola").is_visible()
    _leave(visit)
    visit.goto("/entrar/?next=/acreedor/luz/ajustes/personas/")
    visit.get_by_role("button", name="Entrar con una llave de acceso").click()
    visit.get_by_role("link", name="Dar acceso a una persona").wait_for()
    assert visit.said == []


def test_a_security_key_is_asked_for_after_the_password_and_again_before_what_is_delicate(visit: Any) -> None:
    _log_in(visit)
    visit.wait_for_url("**/acreedor/luz/")
    _add_key(visit, alone=False)
    _leave(visit)
    _log_in(visit)
    visit.wait_for_url("**/cuenta/entrar/codigo/")
    visit.get_by_role("button", name="Usar una llave de acceso").click()
    visit.wait_for_url("**/acreedor/luz/")
    visit.goto("/cuenta/llaves/nueva/")
    visit.get_by_role("link", name="Con una llave de acceso").click()
    visit.get_by_role("button", name="Usar una llave de acceso").click()
    visit.wait_for_url("**/cuenta/llaves/nueva/")
    assert visit.said == []


def test_without_the_key_the_page_says_what_to_do(visit: Any) -> None:
    visit.goto("/entrar/")
    visit.get_by_role("button", name="Entrar con una llave de acceso").click()
    visit.get_by_text("No se ha usado ninguna llave.").wait_for(timeout=90_000)


def _code(secret: str) -> str:
    counter = struct.pack(">Q", int(clock.now().timestamp()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(int.from_bytes(digest[offset : offset + 4]) & 0x7FFFFFFF) % 10**6:06}"


def test_a_code_application_is_set_up_from_the_picture_and_the_page_leads_back(visit: Any) -> None:
    _log_in(visit)
    visit.wait_for_url("**/acreedor/luz/")
    visit.goto("/acreedor/luz/ajustes/personas/")
    visit.get_by_text("necesita un segundo factor").wait_for()
    visit.get_by_role("link", name="Activar").click()
    _confirm(visit)
    assert visit.get_by_role("img", name="Cuadro que lee la aplicación").is_visible()
    secret = visit.locator("code").inner_text()
    visit.get_by_label("Código que muestra la aplicación").fill(_code(secret))
    visit.get_by_role("button", name="Activar").click()
    visit.wait_for_url("**/cuenta/codigos/")
    assert visit.locator(".al-codes li").count() == 10
    visit.goto("/acreedor/luz/ajustes/personas/")
    assert visit.get_by_role("link", name="Dar acceso a una persona").is_visible()
    assert visit.said == []
