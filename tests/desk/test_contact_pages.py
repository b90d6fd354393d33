"""The pages of the contact log: the file to download, alerts and their bell, the calendar, the timeline."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.db import transaction

from aldia.operations.alerts import raise_alert
from aldia.operations.contact_log import log_contact
from aldia.queries.frame import frame_counts
from aldia.records.audit.models import AuditEntry
from aldia.records.cases.models import Task
from aldia.records.outreach.models import Alert, DeliveryEvent, Message
from aldia.records.parties.models import Customer
from aldia.records.tenancy.scope import scope
from tests import factories as make
from tests.cli.books import DAY, NOW
from tests.desk.conftest import customer_id, person, questions, text_of

pytestmark = pytest.mark.django_db(transaction=True)

AT = "/acreedor/luz"


@pytest.fixture(autouse=True)
def on_the_day_of_the_books(monkeypatch):
    monkeypatch.setenv("ALDIA_NOW", NOW.isoformat())


@pytest.fixture
def manager(luz, client):
    """A browser in which a manager has logged in."""
    client.force_login(person(luz, "marta@luz.example", "manager"))
    return client


def _inside(creditor, act):
    with transaction.atomic(), scope([creditor.pk]):
        return act()


def _late(creditor):
    return Customer.objects.get(creditor=creditor, code="TARDE")


def _logged(luz, **more):
    return _inside(
        luz,
        lambda: log_contact(
            creditor_id=luz.pk, customer_id=_late(luz).pk, at=NOW, actor="ana", **{"kind": "sent", **more}
        ),
    )


def test_a_manager_downloads_the_file_and_it_is_noted_who(manager, luz):
    _logged(luz, address="tarde@example.com")
    page = f"{AT}/clientes/{customer_id(luz, 'TARDE')}/expediente/"
    assert "Consta 1 anotación." in text_of(manager.get(page))
    answer = manager.post(page, {"since": "", "until": ""})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        assert "tarde@example.com" in packed.read("entries.jsonl").decode()
    entry = _inside(luz, lambda: AuditEntry.objects.get(verb="evidence.exported"))
    assert entry.actor.startswith("user:")


def test_a_period_that_ends_before_it_begins_is_said(manager, luz):
    _logged(luz)
    page = f"{AT}/clientes/{customer_id(luz, 'TARDE')}/expediente/"
    answer = manager.post(page, {"since": "2026-11-20", "until": "2026-11-01"})
    assert answer.status_code == 422
    assert "acaba antes" in text_of(answer)


@pytest.mark.parametrize("role", ["gestor", "treasurer", "viewer"])
def test_others_have_neither_button_nor_file(luz, client, role):
    _logged(luz)
    client.force_login(person(luz, f"{role}@luz.example", role))
    sheet = f"{AT}/clientes/{customer_id(luz, 'TARDE')}/"
    assert f"{sheet}expediente/" not in client.get(sheet).content.decode()
    assert client.post(f"{sheet}expediente/").status_code == 403


def _alert(luz, key="reply:1", detail="Promete pagar"):
    _inside(
        luz,
        lambda: raise_alert(
            creditor_id=luz.pk,
            customer_id=_late(luz).pk,
            kind="reply",
            once_key=key,
            at=NOW,
            detail=detail,
        ),
    )


def test_the_bell_counts_and_the_page_tells_and_forgets(manager, luz):
    assert "sin leer" not in manager.get(f"{AT}/avisos/").content.decode()
    for number in range(3):
        _alert(luz, f"reply:{number}")
    page = manager.get(f"{AT}/avisos/")
    assert "Sus avisos: 3 sin leer" in page.content.decode()
    assert text_of(page).count("Promete pagar") == 3
    first = _inside(luz, lambda: Alert.objects.earliest("pk").pk)
    manager.post(f"{AT}/avisos/leidos/", {"alert": first})
    assert "Sus avisos: 2 sin leer" in manager.get(f"{AT}/").content.decode()
    manager.post(f"{AT}/avisos/leidos/", {"alert": "x"})
    assert "Sus avisos: 2 sin leer" in manager.get(f"{AT}/").content.decode()
    manager.post(f"{AT}/avisos/leidos/")
    assert "sin leer" not in manager.get(f"{AT}/avisos/").content.decode()


def test_nobody_reads_or_forgets_somebody_elses(manager, luz, client):
    _alert(luz)
    alert = _inside(luz, Alert.objects.get)
    client.force_login(person(luz, "otra@luz.example", "manager"))
    assert "Promete pagar" not in text_of(client.get(f"{AT}/avisos/"))
    client.post(f"{AT}/avisos/leidos/", {"alert": alert.pk})
    assert _inside(luz, lambda: frame_counts(luz.pk, alert.member_id).alerts) == 1


def test_the_daily_mail_is_chosen_here(manager, luz):
    assert "recibe un resumen en marta@luz.example" in text_of(manager.get(f"{AT}/avisos/"))
    assert "Ya no recibirá" in text_of(manager.post(f"{AT}/avisos/resumen/", {"once": "a"}, follow=True))
    assert "No recibe el resumen" in text_of(manager.get(f"{AT}/avisos/"))
    manager.post(f"{AT}/avisos/resumen/", {"on": "1", "once": "b"})
    assert "recibe un resumen" in text_of(manager.get(f"{AT}/avisos/"))


def test_the_calendar_shows_what_is_planned_what_is_to_do_and_what_would_come(desk, luz):
    def plan():
        late = _late(luz)
        row = Message.objects.filter(customer=late).exclude(state="cancelled").first()
        assert row is not None
        Message.objects.filter(pk=row.pk).update(not_before_at=NOW + timedelta(days=3))
        Task.objects.create(
            creditor=luz, customer=late, once_key="c", kind="dunning", channel="call", due_on=DAY
        )

    _inside(luz, plan)
    page = desk.get(f"{AT}/buzon/calendario/")
    text = text_of(page)
    assert page.status_code == 200
    assert text.count("fin de semana") == 4
    assert "Llamar al cliente" in text
    later = text_of(desk.get(f"{AT}/buzon/calendario/?dia={DAY + timedelta(days=3)}"))
    assert "Bar Tarde, S.L." in later
    # PRONTO falls due on 1 December: from the 2nd on it would owe
    soon = text_of(desk.get(f"{AT}/buzon/calendario/?dia=2026-12-02"))
    assert "PRONTO" in soon
    assert "Empezaría a deber" in soon


@pytest.mark.parametrize("said", ["", "x", "2026-13-45", "1999-01-01", "2026-11-20\0"])
def test_any_day_in_the_address_gives_a_page(desk, luz, said):
    assert desk.get(f"{AT}/buzon/calendario/", {"dia": said}).status_code == 200


def test_holidays_are_marked(desk, luz, monkeypatch):
    monkeypatch.setenv("ALDIA_NOW", "2026-12-03T09:00:00+00:00")
    assert text_of(desk.get(f"{AT}/buzon/calendario/")).count("festivo") >= 1


def test_the_timeline_tells_of_deliveries_refusals_and_certificates(manager, luz):
    def happen():
        late = _late(luz)
        mail = make.dispatch(
            customer=late, subject="Aviso de pago", state="sent", begun_at=NOW, finished_at=NOW
        )
        for state in ("delivered", "read", "bounced"):
            DeliveryEvent.objects.create(creditor=luz, customer=late, dispatch=mail, state=state, at=NOW)
        row = Message.objects.filter(customer=late, dispatch=None).first()
        refusal = {"rule": "paid", "source": "los apuntes", "facts": {}}
        assert row is not None
        Message.objects.filter(pk=row.pk).update(state="cancelled", reason="paid", refusal=refusal)
        return mail.pk

    mail = _inside(luz, happen)
    _logged(luz, kind="certificate", subject=f"dispatch:{mail}", address="Calle Mayor 1")
    page = manager.get(f"{AT}/clientes/{customer_id(luz, 'TARDE')}/")
    text = text_of(page)
    for words in ("Entregado", "Leído", "Devuelto", "(los apuntes)", "Certificado de entrega"):
        assert words in text, words
    assert page.content.decode().count(f"/acreedor/luz/buzon/enviado/{mail}/") >= 5
    sent = text_of(manager.get(f"{AT}/buzon/enviado/{mail}/"))
    assert "Devuelto" in sent


@pytest.mark.parametrize("where", ["clientes/{}/", "avisos/", "buzon/calendario/", "clientes/{}/expediente/"])
def test_a_page_asks_the_database_little(manager, luz, where):
    _alert(luz)
    _logged(luz)
    address = f"{AT}/{where.format(customer_id(luz, 'TARDE'))}"
    manager.get(address)
    with questions() as asked:
        assert manager.get(address).status_code == 200
    assert len(asked) <= 15, asked
