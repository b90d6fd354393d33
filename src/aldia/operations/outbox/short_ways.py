"""How SMS and WhatsApp leave: the transport that an account stands for."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aldia.channels.mail import Down, Mail, NotSent, Outcome, Transport
from aldia.channels.sms import TwilioSms
from aldia.channels.twilio import BASE_URL as TWILIO_URL
from aldia.channels.twilio import TwilioAccount
from aldia.channels.whatsapp import MetaAccount, MetaWhatsApp, TwilioWhatsApp
from aldia.channels.whatsapp.meta import BASE_URL as META_URL
from aldia.channels.whatsapp.meta import VERSION
from aldia.connectors.secrets import SecretUnreadable, unseal
from aldia.queries.channels import in_session_at
from aldia.records.outreach.models import ChannelAccount
from aldia.records.tenancy.models import Creditor
from aldia.rules.texts.approved import approved_from

DEFAULT_URLS = {"twilio": TWILIO_URL, "meta": META_URL}
UNREADABLE = (
    "La clave guardada del proveedor no se puede leer con la clave de esta instalación: escríbala de nuevo en"
    " Ajustes, Canales, o recupere el archivo «secrets_key» de la copia de seguridad."
)


@dataclass(frozen=True, slots=True)
class ClosedWay:
    """A way that cannot be opened. reason: Spanish. Its messages wait, and the other channels go on."""

    reason: str
    leaves_the_house: bool = True

    def ready(self) -> Down | None:
        """Never."""
        return Down(self.reason)

    def send(self, mail: Mail) -> Outcome:
        """Not by this way."""
        return NotSent(self.reason)

    def close(self) -> None:
        """There is nothing to let go of."""


def short_transport(
    creditor: Creditor, account: ChannelAccount, *, timeout_seconds: float, now: Callable[[], datetime]
) -> Transport:
    """The way of an account that leaves the house. now: the present, for WhatsApp's 24 hours."""
    try:
        secrets = secrets_of(account)
    except SecretUnreadable:
        return ClosedWay(UNREADABLE)
    if account.provider == "meta":
        return _meta(creditor, account.settings, secrets, timeout_seconds, now)
    twilio = TwilioAccount(
        account_sid=account.settings["account_sid"],
        auth_token=secrets["auth_token"],
        sender=account.settings["sender"],
        base_url=account.settings["base_url"],
        callback_url=callback_url(creditor, account.provider, account.settings),
        timeout_seconds=timeout_seconds,
    )
    if account.channel == "sms":
        return TwilioSms(twilio)
    approved = approved_from(account.settings.get("templates", {}))
    return TwilioWhatsApp(twilio, approved, in_session_at(creditor, now))


def _meta(
    creditor: Creditor,
    settings: dict[str, Any],
    secrets: dict[str, str],
    timeout_seconds: float,
    now: Callable[[], datetime],
) -> Transport:
    account = MetaAccount(
        phone_number_id=settings["phone_number_id"],
        access_token=secrets["access_token"],
        base_url=settings["base_url"],
        version=settings.get("version") or VERSION,
        timeout_seconds=timeout_seconds,
    )
    return MetaWhatsApp(account, approved_from(settings.get("templates", {})), in_session_at(creditor, now))


def secrets_of(account: ChannelAccount) -> dict[str, str]:
    """The secrets of an account by name. Raises SecretUnreadable."""
    found = json.loads(unseal(account.secrets_sealed) or "{}")
    return {str(name): str(value) for name, value in found.items()}


def hook_path(creditor: Creditor, source: str) -> str:
    """Where a provider brings its news, below the address of the house."""
    return f"/api/hooks/{creditor.code}/{source}/"


def callback_url(creditor: Creditor, source: str, settings: dict[str, Any]) -> str:
    """The whole of it, "" where the account does not say how the house is reached from outside."""
    public = str(settings.get("public_url") or "")
    return public + hook_path(creditor, source) if public else ""
