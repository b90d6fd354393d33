"""«Importar»: looked at before it is booked, asked where it is unclear, booked once, and taken back."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from aldia.operations.errands import do_errand
from aldia.records.intake.models import Errand, ImportBatch
from aldia.records.ledger.models import Document
from aldia.records.parties.models import Customer
from aldia.records.tenancy.scope import scope
from tests.cli.books import NOW
from tests.desk.conftest import founded, person, text_of

HEAD = "Nº factura;Cód. cliente;Nombre;Fecha factura;Vencimiento;Importe total\r\n"
CLEAR = (
    HEAD + "N1;C901;Ribera;13/10/2026;12/11/2026;1.234,56\r\nN2;C902;Soler;14/10/2026;13/11/2026;50,00\r\n"
)
HOSTILE = "{{7*7}} <script>alert(1)</script>\u202e"
LIST = "/acreedor/luz/importar/"


@pytest.fixture
def marta(client, luz):
    """A browser in which the administrator has logged in."""
    client.force_login(person(luz, "marta@luz.example", "administrator"))
    return client


def _found(pattern: str, text: str) -> str:
    """What the page says there."""
    match = re.search(pattern, text, re.DOTALL)
    assert match, pattern
    return match[1]


def _once(response) -> str:
    return _found(r'name="once" value="([^"]+)"', response.content.decode())


def _upload(browser, text, *, kind="invoices", name="facturas.csv", **more):
    page = browser.get(LIST + "nuevo/")
    content = text if isinstance(text, bytes) else text.encode()
    data = {"kind": kind, "file": SimpleUploadedFile(name, content), "once": _once(page), **more}
    return browser.post(LIST + "nuevo/", data)


def _brought(browser, text, **more) -> str:
    """The address of the import's page."""
    answer = _upload(browser, text, **more)
    assert answer.status_code == 302, text_of(answer)
    return str(answer.url)


def _commit(browser, address, **more):
    page = browser.get(address)
    seen = re.search(r'name="seen" value="([^"]+)"', page.content.decode())
    data = {"seen": seen[1] if seen else "", "once": _once(page), **more}
    return browser.post(address + "registrar/", data, follow=True)


def _documents(creditor, *numbers):
    with transaction.atomic(), scope([creditor.pk]):
        return Document.objects.filter(number__in=numbers).count()


def _batches(creditor):
    with transaction.atomic(), scope([creditor.pk]):
        return ImportBatch.objects.count()


def test_a_file_is_looked_at_booked_and_taken_back(marta, luz):
    address = _brought(marta, CLEAR)
    text = text_of(marta.get(address))
    assert "Se anotarían: 2 clientes, 2 documentos" in text
    assert "Fechas: día/mes/año (lo demuestra el archivo)" in text
    assert "Importes: coma decimal (1.234,56) (lo demuestra el archivo)" in text
    assert "mar 13 oct 2026" in text
    assert "1.234,56 €" in text
    assert _documents(luz, "N1", "N2") == 0
    text = text_of(_commit(marta, address))
    assert "Anotado: 2 clientes, 2 documentos" in text
    assert "Hacer ahora el proceso diario" in text
    assert _documents(luz, "N1", "N2") == 2
    page = marta.get(address)
    assert "Se anulan los 2 documentos y 0 cobros" in page.content.decode()
    gone = marta.post(address + "deshacer/", {"once": _once(page)}, follow=True)
    assert "Deshecho" in text_of(gone)


def test_two_clicks_and_the_back_button_book_once(marta, luz):
    address = _brought(marta, CLEAR)
    page = marta.get(address).content.decode()
    data = {
        "seen": _found(r'name="seen" value="([^"]+)"', page),
        "once": _found(r'registrar/.*?name="once" value="([^"]+)"', page),
    }
    first = marta.post(address + "registrar/", data, follow=True)
    second = marta.post(address + "registrar/", data, follow=True)
    assert "La importación está anotada." in text_of(first)
    assert "Eso ya estaba hecho." in text_of(second)
    assert _documents(luz, "N1", "N2") == 2


def test_what_is_unclear_is_asked_and_one_click_answers(marta, luz):
    address = _brought(marta, HEAD + "N1;C901;Ribera;03/04/2026;05/06/2026;1.250\r\n")
    text = text_of(marta.get(address))
    assert "¿Cómo se lee «03/04/2026»?" in text
    assert "¿Cómo se lee «1.250»?" in text
    assert "Conteste las preguntas de arriba" in text
    assert "--date-format" not in text
    marta.post(address + "leer/", {"answer": "option:date_format:dd/mm/aaaa"})
    said = {"date_format": "dd/mm/aaaa", "answer": "option:decimal:."}
    text = text_of(marta.post(address + "leer/", said))
    assert "¿Cómo se lee" not in text
    assert "vie 3 abr 2026" in text
    assert "1,25 €" in text
    assert "Anotado: 1 cliente, 1 documento" in text_of(_commit(marta, address))


def test_columns_that_are_not_recognised_are_asked_for_without_a_new_file(marta, luz):
    head = "Doc;Quien;Emitida el;Plazo final;Total a cobrar\r\n"
    address = _brought(marta, head + "N1;C901;13/10/2026;12/11/2026;1.234,56\r\n")
    text = text_of(marta.get(address))
    assert "¿Qué columna es «Fecha de vencimiento»?" in text
    chosen = {"c0": "number", "c1": "customer_code", "c2": "issue_date", "c3": "due_date", "c4": "amount"}
    text = text_of(marta.post(address + "leer/", chosen))
    assert "antes de seguir" not in text
    two = {**chosen, "c1": "number"}
    marta.post(address + "leer/", two, HTTP_HX_TRIGGER_NAME="c1")
    with transaction.atomic(), scope([luz.pk]):
        mapping = ImportBatch.objects.latest("pk").mapping
    assert mapping["number"] == "Quien", "the column changed last goes before the other"
    assert mapping["customer_code"] == "-"
    marta.post(address + "leer/", chosen, HTTP_HX_TRIGGER_NAME="c1")
    assert "Anotado: 1 cliente, 1 documento" in text_of(_commit(marta, address))


def test_bad_rows_stop_the_import_until_somebody_wants_only_the_sound_ones(marta, luz):
    address = _brought(marta, CLEAR + "N3;C903;Vidal;14/10/2026;31/02/2026;10,00\r\n")
    page = marta.get(address)
    assert "Importar solo las filas correctas" in text_of(page)
    assert "Fila 4, columna «Vencimiento»" in text_of(page)
    assert "Así no se puede" not in text_of(page)
    refused = _commit(marta, address)
    assert "El archivo tiene un error" in text_of(refused)
    assert _documents(luz, "N1", "N2", "N3") == 0
    _commit(marta, address, partial="yes")
    assert _documents(luz, "N1", "N2", "N3") == 2
    table = marta.get(address + "hallazgos.csv").content.decode("utf-8-sig")
    assert table.splitlines()[0] == "fila;columna;clase;qué pasa"
    assert "4;Vencimiento;error;" in table


NO_TABLES = {
    b"": "vacío",
    b"%PDF-1.7 nada": "El archivo es",
    b"PK\x03\x04roto": "dañado",
    b"a;b\n1;\x00\x02\n" * 9: "datos binarios",
}


def test_a_file_that_is_no_table_is_refused_in_place_and_leaves_nothing(marta, luz):
    before = _batches(luz)
    for content, sentence in NO_TABLES.items():
        answer = _upload(marta, content)
        assert answer.status_code == 200, content
        assert sentence in text_of(answer)
    assert _batches(luz) == before


def test_hostile_names_are_inert_on_every_page_and_in_the_download(marta, luz):
    row = f"=cmd|x;C901;{HOSTILE};13/10/2026;31/02/2026;1.234,56\r\n"
    head = HEAD.replace("Nombre", "=Nombre")
    address = _brought(marta, head + row, name="<img src=x>.csv", source='"><b>')
    for page in (marta.get(address), marta.get(LIST)):
        body = page.content.decode()
        assert "<script>alert" not in body
        assert "<img src=x>" not in body
        assert "49" not in re.findall(r"\{\{7\*7\}\}|49(?= <script)", body)
    for line in marta.get(address + "hallazgos.csv").content.decode("utf-8-sig").splitlines():
        assert not any(cell.startswith("=") for cell in line.split(";"))


def test_a_yes_to_another_reading_of_the_file_is_no_yes_to_this_one(marta, luz):
    address = _brought(marta, CLEAR)
    page = marta.get(address)
    seen = _found(r'name="seen" value="([^"]+)"', page.content.decode())
    marta.post(address + "leer/", {"decimal": ","})
    answer = marta.post(address + "registrar/", {"seen": seen, "once": _once(page)}, follow=True)
    assert "Mírelo otra vez" in text_of(answer)
    assert _documents(luz, "N1", "N2") == 0


def test_long_work_is_handed_over_and_its_page_waits_and_then_shows_the_result(marta, luz, monkeypatch):
    for name in ("is_long_to_read", "is_long_to_book"):
        for place in ("upload", "review", "deciding"):
            monkeypatch.setattr(f"aldia.desk.imports.{place}.{name}", lambda *_a: True, raising=False)
    address = _brought(marta, CLEAR)
    assert "Leyendo el archivo" in text_of(marta.get(address))
    assert "hx-trigger" in marta.get(address + "avance/").content.decode()
    _work_off(luz)
    assert marta.get(address + "avance/", HTTP_HX_REQUEST="true").headers["HX-Redirect"] == address
    assert "Se anotarían: 2 clientes" in text_of(marta.get(address))
    assert "Importando" in text_of(_commit(marta, address))
    assert "En marcha" in text_of(marta.get(LIST))
    _work_off(luz)
    assert "Anotado: 2 clientes" in text_of(marta.get(address))
    page = marta.get(address)
    marta.post(address + "deshacer/", {"once": _once(page)})
    _work_off(luz)
    assert "Deshecho" in text_of(marta.get(address))
    assert _documents(luz, "N1", "N2") == 2, "documents stay; what they say is reversed"


def _work_off(creditor):
    """What a worker would do."""
    with transaction.atomic(), scope([creditor.pk]):
        waiting = list(Errand.objects.filter(finished_at=None).values_list("pk", flat=True))
    assert waiting
    for errand_id in waiting:
        assert do_errand(creditor=creditor, errand_id=errand_id, now=NOW)


def test_the_daily_run_is_done_at_once_by_whoever_may_let_messages_go(marta, luz, client, monkeypatch):
    from procrastinate.contrib.django.models import ProcrastinateJob

    monkeypatch.setenv("ALDIA_NOW", "2026-11-21T10:00:00Z")
    address = _brought(marta, CLEAR)
    page = _commit(marta, address)
    key = _found(r'proceso/".*?name="once" value="([^"]+)"', page.content.decode())
    waits = marta.post(LIST + "proceso/", {"once": key})
    assert ProcrastinateJob.objects.filter(task_name="aldia.do_errand", status="todo").exists()
    assert "Haciendo el proceso diario" in text_of(marta.get(waits.url))
    _work_off(luz)
    assert marta.get(waits.url).url == "/acreedor/luz/"
    assert "El proceso diario está hecho." in text_of(marta.get("/acreedor/luz/"))
    client.force_login(person(luz, "tomas@luz.example", "treasurer"))
    assert "Hacer ahora el proceso diario" not in text_of(client.get(address))
    assert client.post(LIST + "proceso/", {}).status_code == 403


def test_who_may_only_look_and_who_is_of_another_house_do_not_get_in(marta, luz, client, ines):
    address = _brought(marta, CLEAR)
    client.force_login(ines)
    assert client.get(LIST).status_code == 403
    assert client.get(address).status_code == 403
    other = founded("sombra", "Sombra, S.L.")
    client.force_login(person(other, "eva@sombra.example", "administrator"))
    theirs = address.replace("/luz/", "/sombra/")
    for each in (theirs, theirs + "avance/", theirs + "hallazgos.csv", address):
        assert client.get(each).status_code == 404
    for verb in ("leer", "registrar", "descartar", "deshacer"):
        assert client.post(f"{theirs}{verb}/", {"once": "x"}).status_code == 404


def test_a_workbook_of_customers_comes_in_too(marta, luz):
    from tests.formats.table.tables import workbook

    content = workbook([["Código", "Nombre"], ["C901", "Ana Ñú"]])
    address = _brought(marta, content, kind="customers", name="clientes.xlsx")
    assert "Se anotaría" in text_of(marta.get(address))
    _commit(marta, address)
    with transaction.atomic(), scope([luz.pk]):
        assert Customer.objects.get(code="C901").name == "Ana Ñú"


def test_a_page_asks_the_database_at_most_fifteen_times(marta, luz, django_assert_max_num_queries):
    address = _brought(marta, CLEAR)
    _commit(marta, _brought(marta, CLEAR.replace("N1", "M1").replace("N2", "M2")))
    booked = LIST + _found(r'href="/acreedor/luz/importar/(\d+/)"', marta.get(LIST).content.decode())
    for each in (LIST, LIST + "nuevo/", address, booked):
        with django_assert_max_num_queries(15):
            assert marta.get(each).status_code == 200


def test_before_the_first_import_the_page_teaches(client, transactional_db):
    empty = founded("nueva", "Nueva, S.L.")
    client.force_login(person(empty, "eva@nueva.example", "treasurer"))
    text = text_of(client.get("/acreedor/nueva/importar/"))
    assert "Todavía no se ha importado nada" in text
    assert "Importar un archivo" in text
