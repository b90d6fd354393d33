"""«Bandeja»: what came in is seen beside its reason, and confirmed, assigned or left aside by a person."""

import re
from datetime import timedelta

import pytest
from django.db import transaction

from aldia.operations.inbound import keep_raw_mail, take_in_waiting
from aldia.operations.ledger import record_dispute
from aldia.operations.promises import NewPromise, record_promise
from aldia.records.cases.models import Promise, Task
from aldia.records.ledger.models import DueLine
from aldia.records.outreach.models import InboundMessage, InboxAccount, Message, Reply
from aldia.records.parties.models import Contact, ContactPoint, Customer
from aldia.records.tenancy.scope import scope
from tests.cli.books import DAY, NOW
from tests.desk.conftest import customer_id, person, text_of
from tests.fakes.imap_server import PASSWORD, USER, imap_server
from tests.formats.mail.mails import answer

DATE = "Fri, 20 Nov 2026 09:30:00 +0100"


@pytest.fixture
def gestor(client, luz, monkeypatch):
    monkeypatch.setenv("ALDIA_NOW", NOW.isoformat())
    client.force_login(person(luz, "gema@luz.example", "gestor"))
    return client


@pytest.fixture
def arrives(luz):
    """Bar Tarde writes from its own address, or somebody else from elsewhere."""
    with transaction.atomic(), scope([luz.pk]):
        late = Customer.objects.get(code="TARDE")
        of = {"creditor": luz, "customer": late}
        contact = Contact.objects.create(**of, name="Ana", role="accounts_payable")
        ContactPoint.objects.create(**of, contact=contact, channel="email", value="ana@bar.example")

    def come(text, **options):
        values = {"sender": "Ana <ana@bar.example>", "answers": "", "date": DATE}
        keep_raw_mail(creditor=luz, content=answer(text, **values | options), at=NOW)
        take_in_waiting(creditor=luz, actor="prueba", now=NOW)
        with transaction.atomic(), scope([luz.pk]):
            return InboundMessage.objects.latest("pk").pk

    return come


def _once(page) -> str:
    return str(re.findall(r'name="once" value="([^"]+)"', page.content.decode())[-1])


def _post(client, path, **said):
    page = client.get("/acreedor/luz/bandeja/")
    return client.post(f"/acreedor/luz/bandeja/{path}", {"once": _once(page), **said}, follow=True)


def test_an_answer_is_shown_with_its_reason_and_what_the_customer_owes(gestor, arrives):
    arrives("Buenos días, pago el 30.\n\nEl lun, Luz <c@luz.example> escribió:\n> Debe 600 €")
    text = text_of(gestor.get("/acreedor/luz/bandeja/"))
    assert "1 respuesta sin mirar" in text
    assert "Promete pagar. Porque dice" in text
    assert "lunes 30 de noviembre de 2026" in text
    assert "600,00 €" in text
    assert "Lo que citaba" in text


def test_without_answers_the_page_says_how_to_begin(desk):
    assert "Todavía no entra nada" in text_of(desk.get("/acreedor/luz/bandeja/"))


def test_it_is_counted_in_the_rail_and_told_on_the_sheet_and_on_hoy(gestor, arrives, luz):
    arrives("Ya he pagado.")
    late = customer_id(luz, "TARDE")
    page = gestor.get(f"/acreedor/luz/clientes/{late}/")
    assert "y nadie lo ha mirado." in text_of(page)
    assert re.search(r"Bandeja <span class=\"al-code\">1</span>", page.content.decode())
    with transaction.atomic(), scope([luz.pk]):
        Message.objects.filter(state="planned").update(state="waiting_approval")
        waits = Message.objects.get(state="waiting_approval")
    card = gestor.get(f"/acreedor/luz/carta/?ver={waits.bundle}")
    assert "y nadie lo ha mirado." in text_of(card)


def test_one_click_takes_it_down_and_the_next_is_opened(gestor, arrives, luz):
    number = arrives("Ya he pagado.")
    late = customer_id(luz, "TARDE")
    done = _post(gestor, f"{number}/confirmar/", kind="paid", customer=str(late), note="")
    assert "Anotado: «Dice que ha pagado»." in text_of(done)
    assert "Todavía no entra nada" in text_of(done)
    with transaction.atomic(), scope([luz.pk]):
        assert Reply.objects.get().kind == "paid"
    seen = text_of(gestor.get("/acreedor/luz/bandeja/?estado=vistas"))
    assert "Inés Luz, el" in seen


def test_the_kind_is_corrected_and_a_pause_and_a_contested_line_follow(gestor, arrives, luz):
    number = arrives("Hola")
    page = gestor.get(f"/acreedor/luz/bandeja/{number}/").content.decode()
    line = re.findall(r'name="line" value="(\d+)"', page)[0]
    said = {"kind": "dispute", "hold_until": "2026-12-01", "line": line, "note": "Falta el abono"}
    assert "No está conforme" in text_of(_post(gestor, f"{number}/confirmar/", **said))
    sheet = text_of(gestor.get(f"/acreedor/luz/clientes/{customer_id(luz, 'TARDE')}/"))
    assert "en incidencia" in sheet
    assert "Falta el abono" in sheet


def test_what_is_contested_without_saying_which_line_is_looked_into_all_the_same(gestor, arrives, luz):
    number = arrives("No estoy de acuerdo con lo que me piden.")
    _post(gestor, f"{number}/confirmar/", kind="dispute")
    with transaction.atomic(), scope([luz.pk]):
        task = Task.objects.get(kind="check_dispute")
        assert (task.state, task.customer_id) == ("open", customer_id(luz, "TARDE"))
    number = arrives("Le pago el viernes.")
    _post(gestor, f"{number}/confirmar/", kind="paid")
    with transaction.atomic(), scope([luz.pk]):
        assert Task.objects.filter(kind="check_dispute").count() == 1


def test_a_promise_is_taken_down_in_the_same_step_with_what_the_answer_said(gestor, arrives, luz):
    number = arrives("Le pago 250,00 € el 30 de noviembre.")
    page = gestor.get(f"/acreedor/luz/bandeja/{number}/").content.decode()
    values = re.findall(r'name="(promise_\w+)"[^>]*? value="([^"]*)"', page)
    said = dict(values)
    assert said == {"promise_amount": "250,00", "promise_on": "2026-11-30", "promise_currency": "EUR"}
    done = _post(gestor, f"{number}/confirmar/", kind="promise", **said)
    assert "Anotado: «Promete pagar»." in text_of(done)
    with transaction.atomic(), scope([luz.pk]):
        made = Promise.objects.get()
        assert (made.source, made.amount_minor, made.promised_by) == ("reply", 25_000, "Ana")
        assert (str(made.promised_on), made.taken_by_id is not None) == ("2026-11-30", True)


def test_of_a_promise_without_amount_what_is_overdue_is_proposed(gestor, arrives):
    number = arrives("Pago el 30.")
    page = gestor.get(f"/acreedor/luz/bandeja/{number}/").content.decode()
    assert re.search(r'name="promise_amount"[^>]*? value="600,00"', page)


def test_what_is_contested_or_promised_already_is_not_proposed_again(gestor, arrives, luz):
    number, late = arrives("Pago el 30."), customer_id(luz, "TARDE")
    by = {"creditor": luz, "actor": "user:1", "now": NOW}
    record_promise(**by, customer_id=late, new=NewPromise(20_000, "EUR", DAY + timedelta(days=3)))
    with transaction.atomic(), scope([luz.pk]):
        line = DueLine.objects.get(customer_id=late).pk
        own = {"creditor_id": luz.pk, "actor": "user:1", "now": NOW, "on": DAY}
        record_dispute(**own, due_line_id=line, amount_minor=15_000)
    page = gestor.get(f"/acreedor/luz/bandeja/{number}/").content.decode()
    assert re.search(r'name="promise_amount"[^>]*? value="250,00"', page)
    said = {"promise_amount": "250,00", "promise_on": "2026-11-30", "promise_currency": "EUR"}
    assert _post(gestor, f"{number}/confirmar/", kind="promise", **said).status_code == 200
    with transaction.atomic(), scope([luz.pk]):
        assert Promise.objects.latest("pk").amount_minor == 25_000


def test_a_promise_typed_under_another_kind_is_not_lost(gestor, arrives, luz):
    number = arrives("Pago el 30.")
    offered = {"promise_amount": "600,00", "promise_on": "2026-11-30", "promise_currency": "EUR"}
    offered |= {f"initial-{name}": offered[name] for name in ("promise_amount", "promise_on")}
    typed = offered | {"promise_amount": "300,00"}
    again = _post(gestor, f"{number}/confirmar/", kind="paid", **typed)
    assert again.status_code == 422
    assert "Ha escrito un compromiso: elija «Promete pagar»" in text_of(again)
    assert 'value="300,00"' in again.content.decode()
    assert _post(gestor, f"{number}/confirmar/", kind="paid", **offered).status_code == 200
    with transaction.atomic(), scope([luz.pk]):
        assert (Reply.objects.get().kind, Promise.objects.count()) == ("paid", 0)


def test_what_is_promised_is_in_the_creditors_currency_where_nothing_is_said(gestor, arrives, luz):
    number = arrives("Hola")
    with transaction.atomic(), scope([luz.pk]):
        type(luz).objects.filter(pk=luz.pk).update(currency="USD")
    page = gestor.get(f"/acreedor/luz/bandeja/{number}/").content.decode()
    assert re.search(r'name="promise_currency"[^>]*? value="USD"', page)
    said = {"promise_amount": "300,00", "promise_on": "2026-11-30", "promise_currency": ""}
    again = _post(gestor, f"{number}/confirmar/", kind="promise", **said)
    assert "Este cliente no debe nada en USD." in text_of(again)


def test_a_refusal_brings_the_same_answer_back_with_what_was_typed(gestor, arrives, luz):
    arrives("Ya he pagado.")
    number = arrives("Hola", message_id="<x2@bar.example>")
    page = gestor.get(f"/acreedor/luz/bandeja/{number}/").content.decode()
    line = re.findall(r'name="line" value="(\d+)"', page)[0]
    said = {"kind": "dispute", "hold_until": "2028-12-01", "line": line, "note": "Falta el abono"}
    again = _post(gestor, f"{number}/confirmar/", **said)
    page = again.content.decode()
    assert again.status_code == 422
    assert "Una pausa dura como mucho" in text_of(again)
    assert f"bandeja/{number}/confirmar/" in page
    assert f'value="{line}" checked' in page
    assert "Falta el abono" in page


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (("250,00", ""), "Diga también qué día"),
        (("", "2026-11-30"), "Diga también cuánto"),
        (("99999,00", "2026-11-30"), "Es más de lo que debe"),
        (("250,00", "2026-11-01"), "Esa fecha ya ha pasado"),
    ],
)
def test_a_promise_that_cannot_be_takes_nothing_down(gestor, arrives, luz, said, words):
    number = arrives("Pago el 30.")
    said = {"promise_amount": said[0], "promise_on": said[1], "promise_currency": "EUR"}
    assert words in text_of(_post(gestor, f"{number}/confirmar/", kind="promise", **said))
    with transaction.atomic(), scope([luz.pk]):
        assert InboundMessage.objects.get(pk=number).state == "new"
        assert not Reply.objects.exists()


def test_a_promise_without_amount_and_day_is_taken_down_as_an_answer_alone(gestor, arrives, luz):
    number = arrives("Pago pronto.")
    _post(gestor, f"{number}/confirmar/", kind="promise", promise_amount="", promise_on="")
    with transaction.atomic(), scope([luz.pk]):
        assert (Reply.objects.get().kind, Promise.objects.count()) == ("promises", 0)


def test_who_comes_second_reads_who_was_first(gestor, arrives):
    number = arrives("Ya he pagado.")
    _post(gestor, f"{number}/confirmar/", kind="paid")
    arrives("Otra", message_id="<x2@bar.example>")
    second = _post(gestor, f"{number}/descartar/", reason="Publicidad")
    assert "Inés Luz la ha atendido antes: «Dice que ha pagado». No se ha cambiado nada." in text_of(second)


def test_nobodys_answer_is_given_to_a_customer(gestor, arrives, luz):
    number = arrives("Hola", sender="Eva <eva@otra.example>")
    assert "Sin cliente" in text_of(gestor.get("/acreedor/luz/bandeja/?clase=nobody"))
    wrong = _post(gestor, f"{number}/cliente/", code="NADIE")
    assert "No hay ningún cliente con el código «NADIE»" in text_of(wrong)
    right = _post(gestor, f"{number}/cliente/", code="TARDE", remember="1")
    assert "Ahora es de «Bar Tarde, S.L.»." in text_of(right)
    with transaction.atomic(), scope([luz.pk]):
        assert ContactPoint.objects.filter(value="eva@otra.example").exists()


def test_the_mail_as_it_came_is_saved_and_never_shown(gestor, arrives):
    number = arrives("<script>alert(1)</script> Hola")
    page = gestor.get(f"/acreedor/luz/bandeja/{number}/").content.decode()
    assert "<script>alert(1)" not in page
    saved = gestor.get(f"/acreedor/luz/bandeja/{number}/original/")
    assert saved["Content-Type"] == "message/rfc822"
    assert saved["Content-Disposition"].startswith("attachment")
    assert b"From: Ana" in saved.content


@pytest.mark.parametrize("query", ["ver=0", "ver=999999", "clase=x", "tras=abc", "estado=x", "tras=5"])
def test_an_address_that_says_nonsense_shows_the_list(gestor, arrives, query):
    arrives("Hola")
    assert gestor.get(f"/acreedor/luz/bandeja/?{query}").status_code == 200
    assert gestor.get(f"/acreedor/luz/bandeja/carta/?{query}").status_code == 200


def test_a_form_with_faults_shows_them(gestor, arrives):
    number = arrives("Hola")
    faulty = _post(gestor, f"{number}/confirmar/", kind="x", hold_until="ayer")
    assert faulty.status_code == 422


def test_the_box_is_set_tried_and_removed(client, luz):
    client.force_login(person(luz, "jefa@luz.example", "manager"))
    address = "/acreedor/luz/ajustes/correo/"
    with imap_server() as (box, port):
        box.add(answer("Hola"))
        form = {"host": "127.0.0.1", "port": port, "security": "none", "username": USER, "password": PASSWORD}
        said = {f"inbox-{name}": value for name, value in {**form, "folder": "INBOX"}.items()}
        kept = client.post(f"{address}respuestas/", {"once": _once(client.get(address)), **said}, follow=True)
        assert "El buzón de respuestas se ha guardado." in text_of(kept)
        assert PASSWORD not in kept.content.decode()
        tried = client.post(f"{address}respuestas/prueba/", {"once": _once(kept)}, follow=True)
        assert "hay 1 mensaje por recoger" in text_of(tried)
        box.folders.pop("INBOX")
        broken = client.post(f"{address}respuestas/prueba/", {"once": _once(tried)}, follow=True)
        assert "no hay ninguna carpeta «INBOX»" in text_of(broken)
    gone = client.post(f"{address}respuestas/quitar/", {"once": _once(broken)}, follow=True)
    assert "Ya no se leen respuestas por correo." in text_of(gone)
    with transaction.atomic(), scope([luz.pk]):
        assert not InboxAccount.objects.exists()


def test_a_wrong_server_is_said_beside_its_field(client, luz):
    client.force_login(person(luz, "jefa@luz.example", "manager"))
    address = "/acreedor/luz/ajustes/correo/"
    values = {
        "host": "no hay",
        "port": "993",
        "security": "tls",
        "username": "u",
        "password": "p",
        "folder": "I",
    }
    said = {f"inbox-{name}": value for name, value in values.items()}
    faulty = client.post(f"{address}respuestas/", {"once": _once(client.get(address)), **said})
    assert faulty.status_code == 422
    assert "no es el nombre de un servidor" in text_of(faulty)
