"""Mail over each provider: every fault ends as it must, nothing twice; a kill leaves one doubt at most."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from aldia.operations.outbox import MailRefused, account, send_test_mail, set_mail_account, use_mailbox
from aldia.operations.outbox.mail_provider import provider_secrets_of
from aldia.records.cases.models import Task
from aldia.records.outreach.models import MailAccount
from aldia.records.parties.models import ContactPoint
from aldia.records.tenancy.scope import scope
from tests import factories as make
from tests.fakes.mail_providers import fake_mail_provider
from tests.fakes.provider import FAULTS, FakeProvider
from tests.operations.outbox.house import (
    ACTOR,
    NOW,
    die_sending,
    dispatches,
    fates,
    house_with_mail,
    messages,
    pass_everything,
    send,
    send_after_a_death,
)
from tests.operations.outbox.mail_house import NAMES, hook_of, mail_account, over_mail_provider, word_of
from tests.operations.outbox.short_house import later
from tests.operations.outbox.test_kills import MAY_HAVE_LEFT, POINTS
from tests.operations.outbox.test_provider_faults import DOUBTS, LATER, NEVER

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

SAYS_503 = ("postmark", "sendgrid")
"""Whose documentation says that nothing was taken then."""
CLEARED_UP = {"reset_before", "reset_after", "silent_before", "silent_after", "500", "502_html", "503"}
"""By asking again under the same key, as Resend lets one."""


@pytest.fixture(autouse=True)
def everything_passes(monkeypatch):
    pass_everything(monkeypatch)
    monkeypatch.setattr(account, "TIMEOUT_SECONDS", 1.5)


@pytest.mark.parametrize("provider", NAMES)
def test_each_mail_leaves_once_and_bears_the_providers_name(provider):
    with fake_mail_provider() as fake:
        creditor = house_with_mail(3)
        over_mail_provider(creditor, fake, provider)
        report = send(creditor)
        send(creditor)
    assert (report.sent, report.trouble, len(fake.taken)) == (3, "", 3)
    assert all(each.provider_id for each in dispatches(creditor))
    assert [each.reference for each in fake.taken] == [
        each.message_id.strip("<>") for each in dispatches(creditor)
    ]


@pytest.mark.parametrize("provider", NAMES)
def test_each_fault_ends_as_it_must(provider):
    ends, wanted = {}, {}
    for fault in set(FAULTS) - {"unsubscribed"}:  # that one is said in the words of another provider
        with fake_mail_provider(faults=[fault]) as fake:
            creditor = house_with_mail(2)
            over_mail_provider(creditor, fake, provider)
            send(creditor)
            first = dispatches(creditor)[0].state
            for minutes in (6, 30, 60 * 24, 60 * 24 * 30):
                send(creditor, now=later(minutes))
            ends[fault] = {
                "first": first,
                "twice": max(fake.deliveries().values(), default=0) > 1,
                "reasons": sorted({each.reason for each in messages(creditor)}),
                "fates": dict(fates(creditor)),
            }
            wanted[fault] = _wanted(fault, provider)
    assert ends == wanted


def _wanted(fault, provider):
    doubts = DOUBTS | (set() if provider in SAYS_503 else {"503"})
    if provider == "resend":
        doubts -= CLEARED_UP
    if fault in doubts:
        first, reasons, fates = "unknown", ["", "in_doubt"], {"sent": 1, "unknown": 1}
    elif fault in LATER and not (fault == "503" and provider not in SAYS_503):
        first, reasons, fates = "returned", [""], {"sent": 2}
    elif fault in NEVER:
        first, reasons, fates = "failed", ["", NEVER[fault]], {"sent": 1, "failed": 1}
    else:
        first, reasons, fates = "sent", [""], {"sent": 2}
    return {"first": first, "twice": False, "reasons": reasons, "fates": fates}


@pytest.mark.parametrize("provider", ["postmark", "resend"])
def test_a_kill_loses_nothing_and_doubles_nothing(provider, monkeypatch):
    monkeypatch.setattr(account, "TIMEOUT_SECONDS", 2.0)
    found, units = {}, 3
    for point in POINTS:
        with fake_mail_provider() as fake:
            creditor = house_with_mail(units)
            over_mail_provider(creditor, fake, provider)
            died = die_sending(creditor, point)
            doubts = send_after_a_death(creditor).doubts
            found[point] = (died, doubts, dict(fates(creditor)), sorted(fake.deliveries().values()))
    assert found == {point: _after(point, units) for point in POINTS}


def _after(point, units):
    doubts = int(point in MAY_HAVE_LEFT)
    states = {"sent": units - doubts} | ({"unknown": 1} if doubts else {})
    return (True, doubts, states, [1] * (units - doubts + MAY_HAVE_LEFT.get(point, 0)))


def test_a_provider_that_is_not_there_begins_nothing_and_keeps_its_trouble():
    creditor = house_with_mail(2)
    with fake_mail_provider() as fake:
        over_mail_provider(creditor, fake, "mailgun")
    report = send(creditor)
    assert (report.sent, report.returned, report.unknown) == (0, 2, 0)
    assert "No se puede conectar con Mailgun: rechaza la conexión." in report.trouble
    assert {each.begun_at for each in dispatches(creditor)} == {None}
    assert mail_account(creditor).trouble == report.trouble


def test_a_refused_address_is_greyed_and_a_task_asks_for_another():
    with fake_mail_provider(faults=["bad_number"]) as fake:
        creditor = house_with_mail(1)
        over_mail_provider(creditor, fake, "brevo")
        with transaction.atomic(), scope([creditor.pk]):
            customer = messages(creditor)[0].customer
            point = {"contact": make.contact(customer=customer), "channel": "email"}
            ContactPoint.objects.create(creditor=creditor, customer=customer, value="c0@example.com", **point)
        send(creditor)
    with transaction.atomic(), scope([creditor.pk]):
        assert Task.objects.get().kind == "bad_address"
        assert ContactPoint.objects.get().quality == "bad"


def test_a_key_that_cannot_be_read_closes_the_way_with_its_reason(monkeypatch):
    from cryptography.fernet import Fernet

    with fake_mail_provider() as fake:
        creditor = house_with_mail(1)
        over_mail_provider(creditor, fake, "postmark")
        monkeypatch.setenv("ALDIA_SECRETS_KEY", Fernet.generate_key().decode())
        report = send(creditor)
        assert (report.sent, report.returned, fake.asked) == (0, 1, 0)
    assert "La clave guardada del proveedor no se puede leer" in report.trouble
    assert hook_of(creditor) == ""


def test_a_test_mail_says_what_became_of_it():
    creditor = house_with_mail(0)
    with fake_mail_provider(faults=["ok", "bad_number", "no_login"]) as fake:
        over_mail_provider(creditor, fake, "sendgrid")
        asked: dict[str, Any] = {
            "creditor": creditor,
            "recipient": "eva@example.com",
            "actor": ACTOR,
            "now": NOW,
        }
        assert send_test_mail(**asked) == "202"
        with pytest.raises(MailRefused, match="esa dirección no es válida"):
            send_test_mail(**asked)
        with pytest.raises(MailRefused, match="SendGrid: no acepta la clave"):
            send_test_mail(**asked)


# --- the account --------------------------------------------------------------------------------------------

NOBODY = FakeProvider(port=9)


def test_keys_are_sealed_and_stay_while_the_server_is_the_same():
    creditor = house_with_mail(0)
    over_mail_provider(creditor, NOBODY, "mailgun", secrets={"signing_key": "firma"})
    kept, word = mail_account(creditor), word_of(creditor)
    assert "muy-secreta" not in str(kept.__dict__)
    assert hook_of(creditor) == f"https://aldia:{word}@aldia.example.com/api/hooks/{creditor.code}/mailgun/"
    over_mail_provider(creditor, NOBODY, "mailgun", secrets={"api_key": "", "signing_key": ""})
    assert provider_secrets_of(mail_account(creditor)) == {
        "hook_word": word,
        "api_key": "muy-secreta",
        "signing_key": "firma",
    }
    with pytest.raises(
        MailRefused, match="El servidor del proveedor es otro: escriba también la clave"
    ) as no:
        over_mail_provider(
            creditor,
            NOBODY,
            "mailgun",
            secrets={"api_key": ""},
            settings={"base_url": "https://evil.example"},
        )
    assert no.value.facts["field"] == "api_key"


WRONG = {
    "no key": ("postmark", {"secrets": {"api_key": ""}}, "Falta la clave de la API", "api_key"),
    "a space in the key": ("postmark", {"secrets": {"api_key": "a b"}}, "espacios o letras", "api_key"),
    "no second key": ("mailjet", {"secrets": {"secret_key": ""}}, "Falta la clave secreta", "secret_key"),
    "no domain": ("mailgun", {"settings": {"domain": ""}}, "Falta el dominio", "domain"),
    "a path for a domain": ("mailgun", {"settings": {"domain": "mg/x"}}, "no es un dominio", "domain"),
    "another region": (
        "mailgun",
        {"settings": {"region": "mars"}},
        "no existe: elija entre us, eu",
        "region",
    ),
    "a stream in capitals": ("postmark", {"settings": {"stream": "Out bound"}}, "message stream", "stream"),
    "no signing secret": ("resend", {"secrets": {"signing_key": "whsec_ñ"}}, "espacios", "signing_key"),
    "another secret": ("resend", {"secrets": {"signing_key": "x!"}}, "empieza por whsec_", "signing_key"),
    "no public key": (
        "sendgrid",
        {"settings": {"verification_key": "abc"}},
        "La clave de verificación no se entiende",
        "verification_key",
    ),
    "http": ("brevo", {"settings": {"base_url": "http://x.example"}}, "no sirve como dirección", "base_url"),
    "no provider": ("ses", {}, "no existe: elija entre postmark", None),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_cannot_be_right_is_refused_with_its_field_and_changes_nothing(wrong):
    provider, more, sentence, field = WRONG[wrong]
    creditor = house_with_mail(0)
    with pytest.raises(MailRefused, match=sentence) as no:
        over_mail_provider(creditor, NOBODY, provider, **more)
    assert no.value.facts.get("field") == field
    assert mail_account(creditor).kind == "mailbox"


def test_another_way_keeps_the_word_so_that_late_news_still_come_in():
    creditor = house_with_mail(0)
    over_mail_provider(creditor, NOBODY, "postmark")
    word = word_of(creditor)
    use_mailbox(creditor=creditor, actor=ACTOR, now=NOW)
    assert word_of(creditor) == word
    set_mail_account(
        creditor=creditor, host="127.0.0.1", from_address="a@example.com", actor=ACTOR, now=NOW, password="x"
    )
    assert (mail_account(creditor).kind, word_of(creditor)) == ("smtp", word)
    over_mail_provider(creditor, NOBODY, "postmark", secrets={"api_key": ""})
    assert word_of(creditor) == word


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"provider": "pigeon"}, "mail_account_provider_is_known"),
        ({"provider": ""}, "mail_account_of_a_provider_names_it_and_has_its_keys"),
        ({"provider_secrets_sealed": ""}, "mail_account_of_a_provider_names_it_and_has_its_keys"),
        ({"kind": "smtp", "host": ""}, "mail_account_of_a_server_names_it"),
    ],
)
def test_the_database_holds_it_too(values, sentence):
    creditor = house_with_mail(0)
    over_mail_provider(creditor, NOBODY, "postmark")
    with pytest.raises(IntegrityError, match=sentence), transaction.atomic(), scope([creditor.pk]):
        MailAccount.objects.update(**values)
