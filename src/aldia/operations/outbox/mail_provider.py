"""How mails leave by a provider: the transport that a mail account stands for, and where its news come in."""

import json
from urllib.parse import urlsplit

from aldia.channels.email import MailProviderTransport, ProviderAccount
from aldia.channels.email.provider_news import USER
from aldia.channels.mail import Transport
from aldia.connectors.secrets import SecretUnreadable, unseal
from aldia.operations.outbox.short_ways import ClosedWay, hook_path
from aldia.records.outreach.models import MailAccount
from aldia.records.tenancy.models import Creditor

UNREADABLE = (
    "La clave guardada del proveedor no se puede leer con la clave de esta instalación: escríbala de nuevo en"
    " Ajustes, Correo, o recupere el archivo «secrets_key» de la copia de seguridad."
)


def provider_transport(account: MailAccount, *, timeout_seconds: float) -> Transport:
    """The way of an account at a provider."""
    try:
        secrets = provider_secrets_of(account)
    except SecretUnreadable:
        return ClosedWay(UNREADABLE)
    return MailProviderTransport(
        ProviderAccount(
            provider=account.provider,
            options=account.provider_settings,
            secrets=secrets,
            base_url=str(account.provider_settings.get("base_url") or ""),
            timeout_seconds=timeout_seconds,
        )
    )


def provider_secrets_of(account: MailAccount) -> dict[str, str]:
    """The secrets of an account by name, `hook_word` among them. Raises SecretUnreadable."""
    found = json.loads(unseal(account.provider_secrets_sealed) or "{}")
    return {str(name): str(value) for name, value in found.items()}


def provider_hook(creditor: Creditor, account: MailAccount, *, here: str) -> str:
    """The whole address that the provider is to be given, with the name and the word that open it; "" where
    they cannot be read. here: how the house has been reached, for an account that does not say it."""
    try:
        word = provider_secrets_of(account).get("hook_word", "")
    except SecretUnreadable:
        return ""
    parts = urlsplit(str(account.provider_settings.get("public_url") or here))
    open_to = parts._replace(netloc=f"{USER}:{word}@{parts.netloc}", query="", fragment="")
    return open_to.geturl().rstrip("/") + hook_path(creditor, account.provider) if word else ""
