"""The accounts by which SMS and WhatsApp leave: set, tried, removed. docs/rules/outbox.md, section 8."""

import json
import re
import secrets as randomness
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from aldia.channels.http import base_url_of
from aldia.channels.mail import Mail, Sender, Sent, Transport
from aldia.connectors.secrets import seal
from aldia.kernel import clock
from aldia.kernel.errors import AldiaError
from aldia.kernel.money import UnknownCurrency
from aldia.operations.audit import record_event
from aldia.operations.outbox.account import mailbox_transport, refuse_rehearsal
from aldia.operations.outbox.keys import message_id
from aldia.operations.outbox.short_ways import DEFAULT_URLS, secrets_of, short_transport
from aldia.queries.channels import SHORT
from aldia.queries.outbox import mail_stays_in_house
from aldia.queries.respect import findings_of_template
from aldia.records.outreach.models import ChannelAccount, MailAccount
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.respect.values import Severity
from aldia.rules.texts.approved import approved_from, faults_in_approved, filled
from aldia.rules.texts.cost import read_price
from aldia.rules.texts.phones import e164
from aldia.rules.texts.render import Text
from aldia.rules.texts.uses import TITLES

SECRETS: Mapping[str, tuple[str, ...]] = {
    "twilio": ("auth_token",),
    "meta": ("access_token", "app_secret"),
    "mailbox": (),
}
"""Provider → names of what is kept sealed."""

_TEST_TIMEOUT_SECONDS = 10.0
_SECRET_MAX = 1000
_SID = re.compile(r"AC[0-9a-fA-F]{32}")
_SERVICE = re.compile(r"MG[0-9a-fA-F]{32}")
_ALPHANUMERIC = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")
_CONTENT_SID = re.compile(r"HX[0-9a-fA-F]{32}")
_PHONE_NUMBER_ID = re.compile(r"[0-9]{5,25}")
_VERSION = re.compile(r"v[0-9]{1,3}\.[0-9]")
_SECRET = re.compile(r"[\x21-\x7e]+")


class ChannelRefused(AldiaError):
    """An account that cannot be right, or a test message that did not go. facts: field, where it is one."""

    code = "channel_refused"


def set_channel(
    *,
    creditor: Creditor,
    channel: str,
    provider: str,
    settings: Mapping[str, Any],
    secrets: Mapping[str, str],
    actor: str,
    now: datetime,
) -> None:
    """Messages of the channel leave by that account from now on.

    settings: twilio: account_sid, sender; meta: phone_number_id, version; either: base_url, public_url,
    price, currency, templates. What is not said of base_url and templates stays as it is. secrets: by the
    names of SECRETS; one that is blank stays as it is, as long as it goes to the same server. Raises
    ChannelRefused; then nothing changes.
    """
    _check_way(channel, provider)
    with transaction.atomic(), scope([creditor.pk]):
        kept = ChannelAccount.objects.select_for_update().filter(creditor_id=creditor.pk, channel=channel)
        before = kept.filter(provider=provider).first()
        known = dict(before.settings) if before else {}
        checked = _CHECKS[provider](creditor, channel, {**_staying(known), **settings}, known)
        sealed = _sealed(provider, checked, known, secrets, before)
        ChannelAccount.objects.update_or_create(
            creditor_id=creditor.pk,
            channel=channel,
            defaults={
                "provider": provider,
                "settings": checked,
                "secrets_sealed": sealed,
                "trouble": "",
                "trouble_at": None,
                "changed_by": actor,
                "changed_at": now,
            },
        )
        _audit(creditor, "channel_account.changed", actor, now, {"channel": channel, "provider": provider})


def remove_channel(*, creditor: Creditor, channel: str, actor: str, now: datetime) -> bool:
    """The channel has no way out any more, its secrets are gone; its messages wait. False: it had none."""
    _check_way(channel, "mailbox")
    with transaction.atomic(), scope([creditor.pk]):
        gone, _ = ChannelAccount.objects.filter(creditor_id=creditor.pk, channel=channel).delete()
        if gone:
            _audit(creditor, "channel_account.removed", actor, now, {"channel": channel})
    return gone > 0


def send_test_message(
    *, creditor: Creditor, channel: str, recipient: str, actor: str, now: datetime, template: str = ""
) -> str:
    """Send a message to try the account: what the provider calls it. template: by WhatsApp, one of ours that
    has an approved text; its values are invented. Raises ChannelRefused, RehearsalLeaves.

    Never inside a transaction that holds rows: a provider may take its time.
    """
    _check_way(channel, "mailbox")
    number = e164(recipient, creditor.country)
    if not number:
        raise ChannelRefused(
            f"«{recipient[:40]}» no es un móvil al que se pueda escribir: póngalo con su prefijo, como"
            " +34 600 000 000.",
            field="recipient",
        )
    transport = _transport_to_try(creditor, channel)
    try:
        refuse_rehearsal(transport, now)
        down = transport.ready()
        if down is not None:
            raise ChannelRefused(down.reason)
        outcome = transport.send(_test_message(creditor, channel, number, template, now))
    finally:
        transport.close()
    _audit_test(creditor, channel, type(outcome).__name__, actor, now)
    if isinstance(outcome, Sent):
        return outcome.provider_id
    raise ChannelRefused(outcome.reason)


def _transport_to_try(creditor: Creditor, channel: str) -> Transport:
    """The account's own way; into the mailbox where nothing leaves the house."""
    with transaction.atomic(), scope([creditor.pk]):
        account = ChannelAccount.objects.filter(creditor_id=creditor.pk, channel=channel).first()
        mail = MailAccount.objects.filter(creditor_id=creditor.pk).first()
    if account is None:
        raise ChannelRefused("Ese canal todavía no tiene cuenta: configúrela en Ajustes, Canales.")
    if account.provider == "mailbox" or mail_stays_in_house(creditor, mail):
        return mailbox_transport(creditor)
    return short_transport(creditor, account, timeout_seconds=_TEST_TIMEOUT_SECONDS, now=clock.now)


def _test_message(creditor: Creditor, channel: str, number: str, template: str, now: datetime) -> Mail:
    key = f"test:{channel}:{now.isoformat()}"
    domain = f"{creditor.code.replace('_', '-')}.example"
    return Mail(
        key=key,
        message_id=message_id(creditor.code, key, domain),
        sender=Sender(address="", name=creditor.name, domain=domain),
        recipient=number,
        recipient_name="",
        subject="",
        text=f"Mensaje de prueba de {creditor.name}.",
        html="",
        language="es",
        at=now,
        channel=channel,
        template=template,
        values=_Invented() if template else {},
    )


class _Invented(dict[str, str]):
    """A value for whatever an approved text asks for."""

    def get(self, name: str, default: Any = None) -> str:
        """The name itself, in words."""
        return f"(prueba de {name})"


def _check_way(channel: str, provider: str) -> None:
    if channel not in SHORT:
        raise ChannelRefused(f"El canal «{channel}» no tiene cuenta: elija entre {', '.join(SHORT)}.")
    if provider not in SECRETS:
        raise ChannelRefused(f"El proveedor «{provider}» no existe: elija entre {', '.join(SECRETS)}.")
    if provider == "meta" and channel != "whatsapp":
        raise ChannelRefused("Meta solo lleva WhatsApp: para SMS elija Twilio.")


def _staying(known: Mapping[str, Any]) -> dict[str, Any]:
    """What nobody has to say again."""
    return {name: known[name] for name in ("base_url", "templates", "version") if name in known}


def _twilio(
    creditor: Creditor, channel: str, said: Mapping[str, Any], known: Mapping[str, Any]
) -> dict[str, Any]:
    sid, sender = _text(said, "account_sid"), _text(said, "sender")
    if not _SID.fullmatch(sid):
        raise ChannelRefused(
            "El «Account SID» empieza por AC y sigue con 32 cifras y letras: cópielo de la consola de"
            " Twilio.",
            field="account_sid",
        )
    return {
        "account_sid": sid,
        "sender": _twilio_sender(creditor, channel, sender),
        **_common(creditor, channel, "twilio", said),
    }


def _twilio_sender(creditor: Creditor, channel: str, sender: str) -> str:
    if _SERVICE.fullmatch(sender):
        return sender
    number = e164(sender.removeprefix("whatsapp:"), creditor.country) or _written_out(sender)
    if number:
        return number
    if channel == "sms" and _ALPHANUMERIC.fullmatch(sender):
        return sender
    raise ChannelRefused(_SENDER_OF_SMS if channel == "sms" else _SENDER_OF_WHATSAPP, field="sender")


_SENDER_OF_SMS = (
    "El remitente es un número de Twilio con su prefijo (+34…), el SID de un servicio de mensajes (MG…) o un"
    " nombre de hasta 11 letras y cifras."
)
_SENDER_OF_WHATSAPP = (
    "El remitente es un número de Twilio con su prefijo (+34…) o el SID de un servicio de mensajes (MG…)."
)


def _written_out(sender: str) -> str:
    """A sender may be a landline or a virtual number, whatever may be written to."""
    bare = re.sub(r"[\s().-]", "", sender.removeprefix("whatsapp:"))
    return bare if re.fullmatch(r"\+[1-9][0-9]{6,14}", bare) else ""


def _meta(
    creditor: Creditor, channel: str, said: Mapping[str, Any], known: Mapping[str, Any]
) -> dict[str, Any]:
    number = _text(said, "phone_number_id")
    if not _PHONE_NUMBER_ID.fullmatch(number):
        raise ChannelRefused(
            "El «Phone number ID» son solo cifras, y no es el número de teléfono: cópielo de la aplicación de"
            " Meta, WhatsApp, API Setup.",
            field="phone_number_id",
        )
    version = _text(said, "version")
    if version and not _VERSION.fullmatch(version):
        raise ChannelRefused("La versión de la API se escribe como v23.0.", field="version")
    return {
        "phone_number_id": number,
        **({"version": version} if version else {}),
        "verify_token": known.get("verify_token") or randomness.token_urlsafe(24),
        **_common(creditor, channel, "meta", said),
    }


def _mailbox(
    creditor: Creditor, channel: str, said: Mapping[str, Any], known: Mapping[str, Any]
) -> dict[str, Any]:
    return {name: value for name, value in _common(creditor, channel, "", said).items() if name != "base_url"}


_Check = Callable[[Creditor, str, Mapping[str, Any], Mapping[str, Any]], dict[str, Any]]
_CHECKS: Mapping[str, _Check] = {"twilio": _twilio, "meta": _meta, "mailbox": _mailbox}


def _common(creditor: Creditor, channel: str, provider: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """What every account may say: where, where from, for how much, and the approved texts."""
    found: dict[str, Any] = {
        "base_url": _url(said, "base_url") or DEFAULT_URLS.get(provider, ""),
        "public_url": _url(said, "public_url"),
        **_price(creditor, said),
    }
    if channel == "whatsapp":
        found["templates"] = _templates(creditor, provider, said.get("templates") or {})
    return found


def _url(said: Mapping[str, Any], name: str) -> str:
    text = _text(said, name)
    if not text:
        return ""
    url = base_url_of(text)
    if not url:
        raise ChannelRefused(
            f"«{text[:60]}» no sirve como dirección: empieza por https:// y no lleva usuario ni preguntas.",
            field=name,
        )
    return url


def _price(creditor: Creditor, said: Mapping[str, Any]) -> dict[str, str]:
    text = _text(said, "price")
    if not text:
        return {}
    currency = (_text(said, "currency") or creditor.currency).upper()
    try:
        price = read_price(text, currency)
    except UnknownCurrency as error:
        raise ChannelRefused(error.sentence, field="currency") from None
    if price is None:
        raise ChannelRefused(
            f"«{text[:20]}» no es un precio: escríbalo en unidades de la moneda, como 0,0725.", field="price"
        )
    return {"price_minor": format(Decimal(price.minor).normalize(), "f"), "currency": currency}


def _templates(creditor: Creditor, provider: str, said: object) -> dict[str, Any]:
    if not isinstance(said, Mapping):
        raise ChannelRefused("Las plantillas aprobadas son un objeto: texto → plantilla.", field="templates")
    for template, each in said.items():
        if template not in TITLES:
            raise ChannelRefused(
                f"No hay ningún texto «{str(template)[:40]}»: véalos con «aldia text list».",
                field="templates",
            )
        fault = next(faults_in_approved(template, each), None)
        if fault:
            raise ChannelRefused(fault, field="templates")
        if provider == "twilio" and not _CONTENT_SID.fullmatch(each["name"]):
            raise ChannelRefused(
                f"La plantilla de «{template}» se nombra por su «Content SID», que empieza por HX.",
                field="templates",
            )
        _refuse_disrespect(creditor, template, each)
    names = ("name", "language", "body")
    return {
        template: {name: str(each[name]) for name in names}
        | {"placeholders": [str(name) for name in each.get("placeholders", [])]}
        for template, each in said.items()
    }


def _refuse_disrespect(creditor: Creditor, template: str, each: Mapping[str, Any]) -> None:
    """The approved words are what the customer reads: they are read as ours are."""
    (approved,) = approved_from({template: {"placeholders": [], **each}}).values()
    words = filled(approved, {name: f"{{{name}}}" for name in approved.placeholders})
    found = findings_of_template(
        creditor, template, "whatsapp", Text("", words), language=approved.language.partition("_")[0]
    )
    for finding in found:
        if finding.severity is Severity.BLOCK:
            raise ChannelRefused(
                f"El texto aprobado de «{template}» no se puede enviar. {finding.sentence} Pida al proveedor"
                " que apruebe otro.",
                field="templates",
            )


def _text(said: Mapping[str, Any], name: str) -> str:
    return str(said.get(name) or "").strip()


_LABELS = {
    "auth_token": "el «Auth Token»",
    "access_token": "el token de acceso",
    "app_secret": "el «App Secret»",
}
_SERVER = {"twilio": ("base_url", "account_sid"), "meta": ("base_url",)}
"""What a secret belongs to: nobody draws out one that is kept to another server or account."""


def _sealed(
    provider: str,
    settings: Mapping[str, Any],
    known: Mapping[str, Any],
    said: Mapping[str, str],
    before: ChannelAccount | None,
) -> str:
    names = SECRETS[provider]
    if not names:
        return ""
    given = {name: str(said.get(name) or "").strip() for name in names}
    for name, value in given.items():
        if value and (not _SECRET.fullmatch(value) or len(value) > _SECRET_MAX):
            raise ChannelRefused(
                f"En {_LABELS[name]} hay espacios o letras que no lleva nunca: cópielo de nuevo.", field=name
            )
    if before is not None and all(not value for value in given.values()) and _same(provider, settings, known):
        return before.secrets_sealed
    same = before is not None and _same(provider, settings, known)
    kept = secrets_of(before) if before is not None and same else {}
    found = {name: value or kept.get(name, "") for name, value in given.items()}
    for name, value in found.items():
        if not value:
            raise ChannelRefused(
                f"Falta {_LABELS[name]}."
                if before is None or same
                else f"La cuenta o su servidor es otro: escriba también {_LABELS[name]}.",
                field=name,
            )
    return seal(json.dumps(found))


def _same(provider: str, settings: Mapping[str, Any], known: Mapping[str, Any]) -> bool:
    return all(settings.get(name) == known.get(name) for name in _SERVER[provider])


def _audit_test(creditor: Creditor, channel: str, outcome: str, actor: str, now: datetime) -> None:
    with transaction.atomic(), scope([creditor.pk]):
        told = {"channel": channel, "outcome": outcome}
        _audit(creditor, "channel_account.tested", actor, now, told)


def _audit(creditor: Creditor, verb: str, actor: str, now: datetime, payload: dict[str, Any]) -> None:
    record_event(
        creditor_id=creditor.pk,
        verb=verb,
        subject=f"creditor:{creditor.pk}",
        actor=actor,
        payload=payload,
        at=now,
    )
