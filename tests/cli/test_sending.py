"""From the yes to the mail on the command line."""

import json

import pytest

MORNING = "2026-11-20T10:00:00+01:00"


@pytest.fixture
def ready(books, aldia):
    """A run of 20 November 2026, with one reminder by e-mail, and the mailbox in place of a server."""
    from django.db import transaction

    from aldia.operations.outbox import use_mailbox
    from aldia.records.parties.models import Contact, ContactPoint, Customer
    from aldia.records.tenancy.scope import scope
    from tests.cli.books import NOW

    use_mailbox(creditor=books, actor="prueba", now=NOW)
    with transaction.atomic(), scope([books.pk]):
        of = {"creditor": books, "customer": Customer.objects.get(code="TARDE")}
        contact = Contact.objects.create(**of, name="Ana", role="accounts_payable")
        ContactPoint.objects.create(**of, contact=contact, channel="email", value="ana@example.com")
    assert aldia("run", "--on", "2026-11-20", "--now", MORNING).exit_code == 0
    return books


def _json(ran):
    assert ran.exit_code == 0, ran.stdout + ran.stderr
    return json.loads(ran.stdout)


def test_what_is_approved_and_sent_lies_in_the_mailbox_once(ready, aldia):
    listed = _json(aldia("outbox", "--json"))
    (unit,) = listed["units"]
    key = unit["key"]
    assert (unit["customer"], unit["channel"]) == ("TARDE", "email")
    approved = _json(aldia("approve", key, "--json"))
    assert approved["approved"] + approved["already"] == 1
    sent = [_json(aldia("send", "--now", MORNING, "--json")) for _ in range(2)]
    assert [each["sent"] for each in sent] == [1, 0]
    (mail,) = _json(aldia("mailbox", "--json"))["messages"]
    assert set(mail) == {"key", "to", "subject", "at"}
    assert (mail["key"], mail["to"], mail["at"]) == (key, "ana@example.com", "2026-11-20T09:00:00+00:00")
    assert "600,00" in aldia("mailbox", key).stdout
    assert "1 mensaje" in aldia("mailbox").stdout
    assert "No hay nada por salir" in aldia("outbox").stdout


def test_a_rehearsed_moment_never_reaches_a_server(ready, aldia):
    from aldia.operations.outbox import set_mail_account
    from tests.cli.books import NOW

    set_mail_account(creditor=ready, host="mail", from_address="a@example.com", actor="prueba", now=NOW)
    aldia("approve", "--all")
    refused = aldia("send", "--now", MORNING)
    assert refused.exit_code == 1
    assert "fecha simulada" in refused.stderr


def test_without_an_account_it_says_so(books, aldia):
    refused = aldia("send", "--json")
    assert (refused.exit_code, json.loads(refused.stdout)["error"]) == (1, "mail_not_configured")


def test_the_red_button_holds_until_it_is_let_go(ready, aldia):
    aldia("approve", "--all")
    assert "Envíos parados" in aldia("send", "--stop").stdout
    held = _json(aldia("send", "--now", MORNING, "--json"))
    assert (held["sent"], held["stopped"][:24]) == (0, "Los envíos están parados")
    assert _json(aldia("send", "--resume", "--now", MORNING, "--json"))["sent"] == 1


@pytest.mark.parametrize("words", [[], ["--all", "dunning:1"]])
def test_a_yes_says_to_what(ready, aldia, words):
    assert aldia("approve", *words).exit_code == 2


def test_a_key_that_does_not_exist_is_refused(ready, aldia):
    refused = aldia("approve", "dunning:0:nunca", "--json")
    assert (refused.exit_code, json.loads(refused.stdout)["error"]) == (1, "unknown_key")


def test_the_worker_sends_by_itself_what_may_leave(ready, aldia, monkeypatch):
    from aldia.jobs.clockwork import send_mails

    monkeypatch.setenv("ALDIA_NOW", MORNING)
    aldia("approve", "--all")
    assert send_mails(timestamp=0) == [ready.pk]
    assert send_mails(timestamp=60) == []
    ran = aldia("worker", "--once")
    assert ran.exit_code == 0, ran.stderr
    assert len(_json(aldia("mailbox", "--json"))["messages"]) == 1
    assert send_mails(timestamp=120) == []
