"""A creditor whose mail leaves by a provider."""

import base64
from typing import Any

from django.db import transaction

from aldia.operations.hooks import Knock
from aldia.operations.outbox import provider_hook, set_mail_provider
from aldia.operations.outbox.mail_provider import provider_secrets_of
from aldia.records.outreach.models import MailAccount
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from tests.fakes.provider import FakeProvider
from tests.operations.outbox.house import ACTOR, NOW

NAMES = ("postmark", "mailgun", "sendgrid", "brevo", "mailjet", "resend")
HOST = "https://aldia.example.com"


def over_mail_provider(creditor: Creditor, fake: FakeProvider, provider: str, **more: Any) -> None:
    """From now on its mail leaves by that provider."""
    settings = {"base_url": fake.url, "public_url": HOST}
    settings |= {"domain": "mg.example.com"} if provider == "mailgun" else {}
    secrets = {"api_key": "muy-secreta"} | ({"secret_key": "tambien"} if provider == "mailjet" else {})
    set_mail_provider(
        creditor=creditor,
        provider=provider,
        settings=settings | more.get("settings", {}),
        secrets=secrets | more.get("secrets", {}),
        from_address="cobros@example.com",
        actor=ACTOR,
        now=NOW,
    )


def mail_account(creditor: Creditor) -> MailAccount:
    with transaction.atomic(), scope([creditor.pk]):
        return MailAccount.objects.get(creditor=creditor)


def hook_of(creditor: Creditor) -> str:
    return provider_hook(creditor, mail_account(creditor), here="https://elsewhere.example/")


def word_of(creditor: Creditor) -> str:
    return provider_secrets_of(mail_account(creditor))["hook_word"]


def basic(word: str, user: str = "aldia") -> str:
    return "Basic " + base64.b64encode(f"{user}:{word}".encode()).decode()


def mail_knock(creditor: Creditor, provider: str, body: bytes, **more: Any) -> Knock:
    """A request as the provider makes it at the address that it was given."""
    headers = {
        "Authorization": basic(more.pop("word", None) or word_of(creditor)),
        "Content-Type": "application/json",
    }
    said: dict[str, Any] = {
        "code": creditor.code,
        "source": provider,
        "url": f"{HOST}/api/hooks/{creditor.code}/{provider}/",
        "path": f"/api/hooks/{creditor.code}/{provider}/",
        "query": {},
        "headers": headers | more.pop("headers", {}),
        "body": body,
    }
    return Knock(**said | more)
