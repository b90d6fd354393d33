"""A creditor's account at a provider of e-mail: what it may say, and which of it is kept sealed."""

import json
import re
import secrets as randomness
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from aldia.channels.email import PROVIDERS, MailProvider, provider_news
from aldia.channels.http import base_url_of
from aldia.connectors.secrets import SecretUnreadable, seal
from aldia.operations.outbox.account import MailRefused, fit_address, is_host, keep_account
from aldia.operations.outbox.mail_provider import provider_secrets_of
from aldia.records.outreach.models import MailAccount, MailKind
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

_SECRET_MAX = 1000
_SECRET = re.compile(r"[\x21-\x7e]+")
_STREAM = re.compile(r"[a-z0-9][a-z0-9_-]{0,49}")
_PEM_LINE = re.compile(r"-----[A-Z ]+-----")
_LABELS = {
    "api_key": "la clave de la API",
    "secret_key": "la clave secreta",
    "signing_key": "la clave de firma",
}


def set_mail_provider(
    *,
    creditor: Creditor,
    provider: str,
    settings: Mapping[str, str],
    secrets: Mapping[str, str],
    from_address: str,
    actor: str,
    now: datetime,
    from_name: str = "",
    reply_to: str = "",
) -> None:
    """Mail leaves by that provider from now on.

    settings: `options` of the provider, and public_url (how the house is reached from outside), base_url
    (another server in its place). secrets: by the names of the provider's `secrets`; one that is blank stays
    as it is, as long as it goes to the same server. Raises MailRefused; then nothing changes.
    """
    spec = PROVIDERS.get(provider)
    if spec is None:
        raise MailRefused(f"El proveedor «{provider}» no existe: elija entre {', '.join(PROVIDERS)}.")
    sender = fit_address(from_address)
    if not sender.isascii():
        raise MailRefused("El remitente no puede llevar tildes ni eñes.", field="from_address")
    with transaction.atomic(), scope([creditor.pk]):
        rows = MailAccount.objects.select_for_update().filter(creditor_id=creditor.pk)
        before = rows.filter(provider=provider).first()
        known = dict(before.provider_settings) if before else {}
        checked = _checked(
            spec, {**({"base_url": known["base_url"]} if "base_url" in known else {}), **settings}
        )
        values = {
            "kind": MailKind.PROVIDER,
            "provider": provider,
            "provider_settings": checked,
            "provider_secrets_sealed": _sealed(spec, checked, known, secrets, before),
            "from_address": sender,
            "from_name": from_name.strip(),
            "reply_to": fit_address(reply_to) if reply_to.strip() else "",
        }
        keep_account(creditor, values, actor, now)


def _checked(spec: MailProvider, said: Mapping[str, str]) -> dict[str, str]:
    """What is no secret, without blanks. Raises MailRefused."""
    found = {name: str(said.get(name) or "").strip() for name in (*spec.options, "base_url", "public_url")}
    for name in ("base_url", "public_url"):
        if found[name]:
            found[name] = _url(found[name], name)
    for name in spec.options:
        if not found[name] and name not in spec.optional:
            raise MailRefused("Falta el dominio con el que se envía.", field=name)
        if found[name]:
            found[name] = _CHECKS[name](spec, found[name])
    return {name: value for name, value in found.items() if value}


def _url(text: str, name: str) -> str:
    url = base_url_of(text)
    if not url:
        raise MailRefused(
            f"«{text[:60]}» no sirve como dirección: empieza por https:// y no lleva usuario ni preguntas.",
            field=name,
        )
    return url


def _domain(spec: MailProvider, text: str) -> str:
    if not (is_host(text) and "." in text):
        raise MailRefused(f"«{text[:60]}» no es un dominio: es como mg.suempresa.es.", field="domain")
    return text.lower()


def _region(spec: MailProvider, text: str) -> str:
    if text not in spec.urls:
        raise MailRefused(
            f"La región «{text[:20]}» no existe: elija entre {', '.join(spec.urls)}.", field="region"
        )
    return text


def _stream(spec: MailProvider, text: str) -> str:
    if not _STREAM.fullmatch(text):
        raise MailRefused(
            "El «message stream» se escribe como en Postmark: minúsculas, cifras y guiones, como outbound.",
            field="stream",
        )
    return text


def _verification_key(spec: MailProvider, text: str) -> str:
    """The key alone, without the lines around it."""
    bare = "".join(_PEM_LINE.sub("", text).split())
    if not provider_news.is_verification_key(bare):
        raise MailRefused(
            "La clave de verificación no se entiende: cópiela entera de SendGrid, «Event Webhook».",
            field="verification_key",
        )
    return bare


_CHECKS = {"domain": _domain, "region": _region, "stream": _stream, "verification_key": _verification_key}


def _sealed(
    spec: MailProvider,
    checked: Mapping[str, str],
    known: Mapping[str, str],
    said: Mapping[str, str],
    before: MailAccount | None,
) -> str:
    """All of the account's secrets, with the word in the address it is given. Raises MailRefused."""
    kept = _kept(before)
    same = before is not None and _server(spec, checked) == _server(spec, known)
    found = {"hook_word": kept.get("hook_word") or randomness.token_urlsafe(24)}
    for name in spec.secrets:
        given = str(said.get(name) or "").strip()
        if given:
            _refuse_unfit(spec, name, given)
        found[name] = given or (kept.get(name, "") if same else "")
        if not found[name] and name not in spec.optional:
            raise MailRefused(
                f"El servidor del proveedor es otro: escriba también {_LABELS[name]}."
                if kept.get(name)
                else f"Falta {_LABELS[name]}.",
                field=name,
            )
    return seal(json.dumps(found))


def _kept(before: MailAccount | None) -> dict[str, str]:
    """What nobody can read any more is as if it had not been kept."""
    try:
        return provider_secrets_of(before) if before is not None else {}
    except SecretUnreadable:
        return {}


def _refuse_unfit(spec: MailProvider, name: str, given: str) -> None:
    if not _SECRET.fullmatch(given) or len(given) > _SECRET_MAX:
        raise MailRefused(
            f"En {_LABELS[name]} hay espacios o letras que no lleva nunca: cópiela de nuevo.", field=name
        )
    if spec.name == "resend" and name == "signing_key" and not provider_news.is_signing_secret(given):
        raise MailRefused(
            "La clave de firma de Resend empieza por whsec_: cópiela de la página del webhook.", field=name
        )


def _server(spec: MailProvider, settings: Mapping[str, str]) -> str:
    """What a secret belongs to: nobody draws out one that is kept to another server."""
    return settings.get("base_url") or spec.base_url(settings.get("region", ""))
