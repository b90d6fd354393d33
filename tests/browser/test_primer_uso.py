"""The first use, through the real pages as somebody who has just arrived: `primer_uso.feature`.

There is no worker here: long work is done by hand, as the worker would.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import expect
from pytest_bdd import given, parsers, scenarios, then, when

from aldia.operations.errands import do_errand
from aldia.records.intake.models import Errand
from aldia.records.ledger.models import Document
from aldia.records.outreach.models import MailboxMail
from aldia.records.tenancy.scope import scope
from tests.browser.settling import settled
from tests.desk.conftest import PASSWORD, founded, person

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
scenarios("primer_uso.feature")

WEDNESDAY, THURSDAY = (datetime(2026, 11, day, 9, 0, tzinfo=UTC) for day in (18, 19))
EMAIL = "eva@imprenta.example"
HEAD = "Nº factura;Cód. cliente;Nombre;Correo electrónico;Fecha factura;Vencimiento;Importe total"
INVOICES = """\
2026-101;C01;Bar Ribera;ribera@example.com;29/09/2026;29/10/2026;1.234,56
2026-102;C01;Bar Ribera;ribera@example.com;13/10/2026;12/11/2026;121,00
2026-103;C02;Ferretería Núñez;nunez@example.com;28/09/2026;28/10/2026;480,00
2026-104;C02;Ferretería Núñez;nunez@example.com;30/09/2026;30/10/2026;75,50
2026-105;C02;Ferretería Núñez;nunez@example.com;13/10/2026;12/11/2026;96,80
2026-106;C03;Talleres Peñalver;penalver@example.com;30/09/2026;30/10/2026;2.400,00
2026-107;C03;Talleres Peñalver;penalver@example.com;14/10/2026;13/11/2026;310,25
2026-108;C03;Talleres Peñalver;penalver@example.com;20/10/2026;19/12/2026;60,00
2026-109;C04;Clínica Ángel;angel@example.com;29/09/2026;29/10/2026;845,00
2026-110;C04;Clínica Ángel;angel@example.com;26/10/2026;25/12/2026;99,99
2026-111;C05;Librería Añil;anil@example.com;17/10/2026;16/11/2026;350,00
2026-112;C05;Librería Añil;anil@example.com;27/10/2026;26/12/2026;42,00
"""
FILE = {
    "name": "facturas.csv",
    "mimeType": "text/csv",
    "buffer": f"{HEAD}\n{INVOICES}".replace("\n", "\r\n").encode("cp1252"),
}


@dataclass(slots=True)
class Eva:
    """Somebody before the screen. `complaints`: what the browser's console said."""

    page: Any
    creditor: Any
    complaints: list[str] = field(default_factory=list)

    def log_in(self) -> None:
        self.page.goto("/entrar/")
        self.page.get_by_label("Correo electrónico").fill(EMAIL)
        self.page.get_by_label("Contraseña").fill(PASSWORD)
        self.press("Entrar")
        self.page.wait_for_url("**/acreedor/imprenta/")

    def go(self, place: str) -> None:
        """By the rail, as people do."""
        self.page.get_by_role("navigation", name="Secciones").get_by_role("link", name=place).click()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def reads(self, words: str) -> None:
        expect(self.page.get_by_role("main")).to_contain_text(words, timeout=20_000)

    def waits_for_the_run(self, now: datetime) -> None:
        """The page waits while the worker, who is us, is at it."""
        self.reads("Haciendo el proceso diario")
        with transaction.atomic(), scope([self.creditor.pk]):
            errand = Errand.objects.get(kind="run", finished_at__isnull=True)
        assert do_errand(creditor=self.creditor, errand_id=errand.pk, now=now)
        self.page.wait_for_url("**/acreedor/imprenta/")
        self.reads("El proceso diario está hecho.")

    def counted(self, model: Any) -> int:
        with transaction.atomic(), scope([self.creditor.pk]):
            return int(model.objects.count())


@pytest.fixture
def eva(browser: Any, live_server: Any, monkeypatch: Any) -> Any:
    from django.core.cache import cache

    cache.clear()
    monkeypatch.setenv("ALDIA_NOW", WEDNESDAY.isoformat())
    creditor = founded("imprenta", "Imprenta Ejemplo, S.L.")
    person(creditor, EMAIL, "administrator")
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 1280, "height": 900}, locale="es-ES"
    )
    eva = Eva(context.new_page(), creditor)
    eva.page.on("console", lambda said: eva.complaints.append(f"{said.type}: {said.text}"))
    eva.page.on("pageerror", lambda error: eva.complaints.append(str(error)))
    eva.page.on("dialog", lambda question: question.accept())
    yield eva
    context.close()


@given("un acreedor recién creado y su administradora, el miércoles 18 de noviembre de 2026 por la mañana")
def _(eva: Eva) -> None:
    assert eva.counted(Document) == 0


@when("entra con su correo y su contraseña")
def _(eva: Eva) -> None:
    eva.log_in()


@then("lee «Empecemos» y los tres pasos que faltan")
def _(eva: Eva) -> None:
    assert eva.page.get_by_role("heading", level=1).inner_text() == "Empecemos"
    titles = eva.page.locator(".al-steps h2").all_inner_texts()
    assert titles == ["1. Seis preguntas", "2. Sus facturas", "3. El proceso diario"]


@when("contesta las seis preguntas y acepta la propuesta")
def _(eva: Eva) -> None:
    eva.page.get_by_role("link", name="Abrir el asistente").click()
    for answer in (
        "Servicios",
        "Empresas y autónomos",
        "Por transferencia",
        "De usted",
        "Todo lo apruebo yo",
    ):
        eva.page.locator(".sta-option").filter(has_text=answer).click()
    eva.page.get_by_label("Región").select_option("ES-MD")
    eva.press("Ver la propuesta")
    eva.reads("Le proponemos «Empresas»")
    eva.press("Sí, empezar así")
    eva.page.wait_for_url("**/importar/nuevo/")


@when("elige el buzón de pruebas en los ajustes del correo")
def _(eva: Eva) -> None:
    eva.go("Ajustes")
    eva.page.get_by_role("link", name="Correo", exact=True).click()
    eva.press("Usar el buzón de pruebas")
    eva.reads("El correo se queda en el buzón de pruebas")


@when("trae su archivo, con 12 facturas de 5 clientes")
def _(eva: Eva) -> None:
    eva.go("Importar")
    eva.page.get_by_role("main").get_by_role("link", name=re.compile("^Importar")).first.click()
    eva.page.wait_for_url("**/importar/nuevo/")
    eva.page.locator("input[type=file]").set_input_files(FILE)
    eva.press("Ver qué haría")
    eva.page.wait_for_url(re.compile(r"/importar/\d+/$"))


@then("ve qué haría con sus 12 filas, y todavía no hay nada anotado")
def _(eva: Eva) -> None:
    eva.page.get_by_role("heading", name="Qué haría con sus 12 filas").wait_for()
    eva.reads("5 clientes, 12 documentos")
    assert eva.counted(Document) == 0


@when("lo importa")
def _(eva: Eva) -> None:
    eva.press("Importar")
    eva.reads("La importación está anotada.")
    assert eva.counted(Document) == 12


@when("hace el proceso diario desde la importación")
def _(eva: Eva) -> None:
    eva.press("Hacer ahora el proceso diario")
    eva.waits_for_the_run(WEDNESDAY)


@then(parsers.parse("en Hoy hay {count:d} mensajes por aprobar, cada uno con su motivo y su texto"))
def _(eva: Eva, count: int) -> None:
    assert eva.page.get_by_role("heading", level=1).inner_text() == f"{count} mensajes por aprobar"
    rows = eva.page.locator(".al-units [data-row]")
    assert rows.count() == count
    for place in range(count):
        name = rows.nth(place).locator("b").inner_text()
        rows.nth(place).locator("a").click()
        card = eva.page.locator("#card").filter(has=eva.page.get_by_role("heading", name=name))
        assert "días de retraso" in card.locator(".al-why dd").first.inner_text()
        assert name in card.locator(".al-mail").inner_text()


@when("aprueba el primero con la tecla «a»")
def _(eva: Eva) -> None:
    eva.page.keyboard.press("a")
    eva.reads("Aprobado: 1 mensaje.")


@then(parsers.parse("quedan {count:d} mensajes por aprobar"))
def _(eva: Eva, count: int) -> None:
    assert eva.page.get_by_role("heading", level=1).inner_text() == f"{count} mensajes por aprobar"


@when(parsers.parse("aprueba los {count:d} que quedan de una vez"))
def _(eva: Eva, count: int) -> None:
    eva.press(f"Aprobar los {count} de esta lista")
    eva.reads("Nada por aprobar")


@when("envía desde el buzón lo que puede salir")
@when("vuelve a enviar lo que puede salir")
def _(eva: Eva) -> None:
    eva.go("Buzón de salida")
    eva.press("Enviar ahora lo que puede salir")
    eva.reads("Enviados:")


@then(parsers.parse("en el buzón de pruebas hay {count:d} correos"))
def _(eva: Eva, count: int) -> None:
    eva.page.get_by_role("link", name="Buzón de pruebas").click()
    eva.reads(f"{count} mensajes en total")
    assert eva.page.locator("tbody tr").count() == eva.counted(MailboxMail) == count


@then(parsers.parse("el de {address} reclama {amount} a «{name}»"))
def _(eva: Eva, address: str, amount: str, name: str) -> None:
    eva.page.get_by_role("row").filter(has_text=address).get_by_role("link").click()
    eva.reads(f"Para {address}")
    text = eva.page.locator(".al-mail").inner_text().replace("\u00a0", " ")
    assert amount in text
    assert name in text


@when(parsers.parse("anota que «{name}» ha pagado los {amount} €"))
def _(eva: Eva, name: str, amount: str) -> None:
    eva.go("Cobros")
    eva.page.get_by_role("link", name="Anotar un cobro").click()
    eva.page.get_by_label("De quién es").fill(name.lower())
    eva.press("Buscar")
    eva.page.get_by_role("link", name=name).click()
    eva.page.get_by_label("Importe").fill(amount)
    eva.press("Anotar el cobro")
    eva.reads(f"Cobro anotado: {amount} €.")


@when("al día siguiente hace el proceso desde Hoy")
def _(eva: Eva, monkeypatch: Any) -> None:
    settled(eva.page)
    monkeypatch.setenv("ALDIA_NOW", THURSDAY.isoformat())
    eva.log_in()  # the night has ended the visit
    eva.press("Hacer el proceso de hoy")
    eva.waits_for_the_run(THURSDAY)


@then(parsers.parse("«{name}» figura «{group}» y no está en Hoy"))
def _(eva: Eva, name: str, group: str) -> None:
    assert name not in eva.page.get_by_role("main").inner_text()
    eva.page.get_by_role("link", name="Qué se ha decidido", exact=True).click()
    settled = eva.page.locator("details.group").filter(has=eva.page.get_by_text(group, exact=True))
    settled.locator("summary").click()
    settled.get_by_role("link", name=name).wait_for()


@then(parsers.parse("«{name}» está en Hoy, porque lleva ya tres días de retraso"))
def _(eva: Eva, name: str) -> None:
    eva.go("Hoy")
    assert eva.page.get_by_role("heading", level=1).inner_text() == "1 mensaje por aprobar"
    eva.page.locator("#card").get_by_role("heading", name=name).wait_for()
    assert "3 días" in eva.page.locator("#card header").inner_text()


@then("a los otros tres se les deja su tiempo para contestar")
def _(eva: Eva) -> None:
    for name in ("Ferretería Núñez", "Talleres Peñalver", "Clínica Ángel"):
        eva.page.goto("/acreedor/imprenta/decidido/?buscar=" + name.split()[1])
        row = eva.page.get_by_role("row").filter(has_text=name)
        assert "Próxima fecha" in row.inner_text()


@when("aprueba y envía lo de ese día")
def _(eva: Eva) -> None:
    eva.go("Hoy")
    eva.page.locator("#card").get_by_role("button", name="Aprobar").wait_for()
    eva.page.keyboard.press("a")
    eva.reads("Nada por aprobar")
    eva.go("Buzón de salida")
    eva.press("Enviar ahora lo que puede salir")
    eva.reads("Enviados: 1.")


@then("el navegador no se ha quejado de nada")
def _(eva: Eva) -> None:
    assert eva.complaints == []
