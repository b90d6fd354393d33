"""Ajustes: what is stored, what is refused beside its field, and a test mail that says what happened."""

import socket

import pytest
from django.db import transaction

from tests.desk.conftest import founded, person, text_of

HERE = "/acreedor/luz/ajustes/"
COMPANY = {
    "name": "Papelería Luz, S.L.",
    "tax_id": "",
    "phone": "+34 600 000 000",
    "payment_instructions": "Transferencia a ES00 0000.\nConcepto: su código.",
    "form_of_address": "tu",
    "window_side": "right",
    "tolerance_minor": "1,50",
    "reopen_days": "20",
    "aging_edges": "0, 15, 45",
}
SENDING = {
    "sends_from": "09:00",
    "sends_until": "18:30",
    "sends_on_weekends": "on",
    "messages_per_day_max": "",
    "bank_data_days_max": "4",
    "unread_reply_days": "2",
    "brake_messages_max": "30",
    "brake_share_percent": "15",
    "brake_median_times": "2",
    "copies_at_delivery": "attached",
    "copies_in_reminders": "linked",
    "copies_in_demands": "linked",
    "copies_mb_max": "10",
}


@pytest.fixture
def luz(db):
    return founded("luz", "Papelería Luz")


@pytest.fixture
def desk(client, luz):
    client.force_login(person(luz, "eva@luz.example", "manager"))
    return client


def _saved(desk, group, said, once="k1"):
    return desk.post(f"{HERE}guardar/{group}/", {**said, "once": once})


def _last_entry(creditor):
    from aldia.records.audit.models import AuditEntry
    from aldia.records.tenancy.scope import scope

    with transaction.atomic(), scope([creditor.pk]):
        return AuditEntry.objects.latest("sequence")


def test_the_company_is_kept_and_its_texts_stay_out_of_the_chain(desk, luz):
    assert _saved(desk, "empresa", COMPANY).status_code == 302
    luz.refresh_from_db()
    assert (luz.name, luz.form_of_address, luz.tolerance_minor) == ("Papelería Luz, S.L.", "tu", 150)
    assert (luz.reopen_days, luz.aging_edges) == (20, [0, 15, 45])
    assert luz.profile["payment_instructions"].endswith("su código.")
    assert _last_entry(luz).payload == {"fields": ["payment_instructions", "phone"]}
    shown = desk.get(HERE).content.decode()
    assert "Papelería Luz, S.L." in shown
    assert 'value="1,50"' in shown


def test_hours_limits_and_brake_are_kept(desk, luz):
    _saved(desk, "envios", SENDING)
    luz.refresh_from_db()
    assert (str(luz.sends_from), str(luz.sends_until), luz.sends_on_weekends) == (
        "09:00:00",
        "18:30:00",
        True,
    )
    assert (luz.messages_per_day_max, luz.bank_data_days_max, luz.brake_messages_max) == (None, 4, 30)


AGREEMENTS = {
    "promise_days_max": "30",
    "promise_grace_days": "3",
    "promise_tolerance_minor": "0,50",
    "hold_days_max": "60",
    "quality_sample": "4",
}


def test_bounds_of_promises_and_holds_are_kept(desk, luz):
    _saved(desk, "compromisos", AGREEMENTS)
    luz.refresh_from_db()
    kept = (luz.promise_days_max, luz.promise_grace_days, luz.promise_tolerance_minor)
    assert (*kept, luz.hold_days_max, luz.quality_sample) == (30, 3, 50, 60, 4)
    assert 'value="0,50"' in desk.get(f"{HERE}compromisos/").content.decode()


def test_the_hour_of_the_run_is_kept_and_taken_off(desk, luz):
    for once, said, kept in (("k1", "07:30", "07:30:00"), ("k2", "", "None")):
        _saved(desk, "proceso", {"run_at": said, "live_from": "2026-01-01"}, once)
        luz.refresh_from_db()
        assert str(luz.run_at) == kept


@pytest.mark.parametrize(
    ("group", "said", "sentence"),
    [
        ("empresa", {**COMPANY, "aging_edges": "30, 60"}, "empiezan en 0"),
        ("empresa", {**COMPANY, "aging_edges": "a, b"}, "Escriba días separados por comas"),
        ("empresa", {**COMPANY, "tax_id": "B12345678"}, "dígito de control"),
        ("empresa", {**COMPANY, "name": " "}, "campo"),
        ("envios", {**SENDING, "sends_until": "08:00"}, "tiene que ser posterior"),
        ("envios", {**SENDING, "brake_share_percent": "200"}, "tiene que estar entre 0 y 100"),
        ("compromisos", {**AGREEMENTS, "promise_days_max": "0"}, "tiene que estar entre 1 y 365"),
        ("compromisos", {**AGREEMENTS, "hold_days_max": ""}, "campo"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_stored(desk, luz, group, said, sentence):
    response = _saved(desk, group, said)
    assert response.status_code == 422
    assert sentence in text_of(response)
    before = luz.aging_edges, luz.name, luz.sends_until, luz.brake_share_percent
    luz.refresh_from_db()
    assert (luz.aging_edges, luz.name, luz.sends_until, luz.brake_share_percent) == before


def test_a_form_sent_twice_is_stored_once(desk, luz):
    _saved(desk, "proceso", {"run_at": "07:30"})
    before = _last_entry(luz).sequence
    _saved(desk, "proceso", {"run_at": "09:00"})
    luz.refresh_from_db()
    assert (str(luz.run_at), _last_entry(luz).sequence) == ("07:30:00", before)


def test_who_may_only_look_sees_the_settings_and_changes_none(client, luz):
    client.force_login(person(luz, "ines@luz.example"))
    page = client.get(HERE).content.decode()
    assert "<fieldset" in page
    assert " disabled>" in page
    assert _saved(client, "empresa", COMPANY).status_code == 403
    assert client.get(f"{HERE}correo/").status_code == 403


def test_the_red_button_says_who_pressed_it(desk, luz):
    from aldia.operations.outbox import stop_sending
    from aldia.records.tenancy.models import User
    from tests.cli.books import NOW

    assert "Parar los envíos" in text_of(desk.get(f"{HERE}envios/"))
    stop_sending(creditor=luz, actor=f"user:{User.objects.get().pk}", now=NOW)
    text = text_of(desk.get(f"{HERE}envios/"))
    assert "Los envíos están parados Los paró Inés Luz" in text
    assert "Reanudar los envíos" in text


def _mail(port, **rest):
    said = {"host": "127.0.0.1", "port": str(port), "security": "none", "from_address": "cobros@luz.example"}
    return {**said, "username": "", "password": "", "from_name": "", "reply_to": "", "once": "m1", **rest}


@pytest.fixture
def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


@pytest.mark.django_db(transaction=True)
def test_a_test_mail_to_the_mailbox_arrives_there(desk, luz):
    from aldia.records.outreach.models import MailboxMail
    from aldia.records.tenancy.scope import scope

    desk.post(f"{HERE}correo/buzon/", {"once": "m1"})
    desk.post(f"{HERE}correo/prueba/", {"once": "m2"})
    desk.post(f"{HERE}correo/prueba/", {"once": "m2"})
    assert "La prueba ha salido hacia eva@luz.example" in text_of(desk.get(f"{HERE}correo/"))
    with transaction.atomic(), scope([luz.pk]):
        assert [mail.recipient for mail in MailboxMail.objects.all()] == ["eva@luz.example"]


def test_a_server_that_does_not_answer_is_said_in_words(desk, closed_port):
    desk.post(f"{HERE}correo/", _mail(closed_port))
    desk.post(f"{HERE}correo/prueba/", {"once": "m2"})
    text = text_of(desk.get(f"{HERE}correo/"))
    assert "La prueba no ha salido." in text
    assert "rechaza la conexión" in text


def test_a_mail_password_is_written_and_never_shown_nor_handed_to_another_server(desk, luz):
    from aldia.records.outreach.models import MailAccount
    from aldia.records.tenancy.scope import scope

    desk.post(f"{HERE}correo/", _mail(587, username="luz", password="clave-de-correo"))
    assert "clave-de-correo" not in desk.get(f"{HERE}correo/").content.decode()
    with transaction.atomic(), scope([luz.pk]):
        sealed = MailAccount.objects.get().password_sealed
    assert "clave" not in sealed
    other = desk.post(f"{HERE}correo/", _mail(587, host="otro.example", username="luz", once="m2"))
    assert "El servidor o su cifrado es otro" in text_of(other)
    desk.post(f"{HERE}correo/", _mail(587, from_name="Luz", once="m3"))
    with transaction.atomic(), scope([luz.pk]):
        kept = MailAccount.objects.get()
    assert (kept.password_sealed, kept.from_name, kept.host) == (sealed, "Luz", "127.0.0.1")
