"""How a creditor's mail leaves: its account, the mailbox in its place, and a test of either."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from psycopg.conninfo import make_conninfo

from aldia.channels.composing import UnfitAddress, plain_address
from aldia.channels.email import SmtpServer, SmtpTransport
from aldia.channels.letter import TrayTransport
from aldia.channels.mail import Mail, Sender, Sent, Transport
from aldia.channels.mailbox import MailboxTransport
from aldia.connectors.secrets import seal, unseal
from aldia.kernel import clock
from aldia.kernel.errors import AldiaError
from aldia.operations.audit import record_event
from aldia.operations.outbox.keys import message_id
from aldia.operations.outbox.mail_provider import provider_transport
from aldia.queries.outbox import mail_stays_in_house
from aldia.records.outreach.models import MailAccount, MailKind, MailSecurity
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

TIMEOUT_SECONDS = 30.0  # for each answer of a server
_TEST_TIMEOUT_SECONDS = 10.0
_HOST = re.compile(r"(?=.{1,253}$)[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*|[0-9A-Fa-f:]{2,45}")
_CONNECTION = ("host", "hostaddr", "port", "user", "password", "dbname", "sslmode")


class MailNotConfigured(AldiaError):
    """Nobody has said how mail leaves."""

    code = "mail_not_configured"


class RehearsalLeaves(AldiaError):
    """Simulated time may send only to the built-in mailbox."""

    code = "rehearsal_leaves"


class MailRefused(AldiaError):
    """A mail account that cannot be right, or a test mail that did not go."""

    code = "mail_refused"


def set_mail_account(
    *,
    creditor: Creditor,
    host: str,
    from_address: str,
    actor: str,
    now: datetime,
    port: int = 587,
    security: str = MailSecurity.STARTTLS,
    username: str = "",
    password: str | None = None,
    from_name: str = "",
    reply_to: str = "",
    domain: str = "",
) -> None:
    """Mail leaves through that server. password: None keeps the one there is. Raises MailRefused."""
    values = {
        "kind": MailKind.SMTP,
        "host": host.strip(),
        "port": port,
        "security": security,
        "username": username.strip(),
        "from_address": fit_address(from_address),
        "from_name": from_name.strip(),
        "reply_to": fit_address(reply_to) if reply_to.strip() else "",
        "domain": domain.strip().lower(),
    }
    if not values["host"]:
        raise MailRefused("Falta el nombre del servidor de correo.")
    if not is_host(str(values["host"])):
        raise MailRefused(
            f"«{values['host']}» no es el nombre de un servidor: suele ser como smtp.ejemplo.es."
        )
    if not 1 <= port <= 65_535:
        raise MailRefused(f"El puerto {port} no existe: suele ser 587, o 465 con TLS.")
    if security not in MailSecurity.values:
        raise MailRefused(f"El cifrado «{security}» no existe: elija entre {', '.join(MailSecurity.values)}.")
    if password is None:
        _refuse_another_server(creditor, values)
    elif not password.isascii():
        raise MailRefused(
            "La contraseña del correo solo puede llevar letras sin tilde, cifras y signos corrientes."
        )
    else:
        values["password_sealed"] = seal(password)
    keep_account(creditor, values, actor, now)


def is_host(name: str) -> bool:
    """Whether a server can be called so."""
    return _HOST.fullmatch(name) is not None


def _refuse_another_server(creditor: Creditor, values: dict[str, Any]) -> None:
    """A password that is kept stays with the server it was given for: nobody draws it out to another."""
    with transaction.atomic(), scope([creditor.pk]):
        kept = MailAccount.objects.filter(creditor_id=creditor.pk).exclude(password_sealed="").first()
    if kept is None:
        return
    if any(getattr(kept, name) != values[name] for name in ("host", "port", "security")):
        raise MailRefused(
            "El servidor o su cifrado es otro: escriba también la contraseña.", field="password"
        )


def use_mailbox(*, creditor: Creditor, actor: str, now: datetime, from_address: str = "") -> None:
    """Mail goes into the built-in mailbox and leaves the house no more."""
    keep_account(
        creditor,
        {"kind": MailKind.MAILBOX, "from_address": fit_address(from_address or _invented_address(creditor))},
        actor,
        now,
    )


def send_test_mail(*, creditor: Creditor, recipient: str, actor: str, now: datetime) -> str:
    """Send a mail to try the account; what the server answered. Raises MailRefused, MailNotConfigured.

    Never inside a transaction that holds rows: a server may take its time.
    """
    recipient = fit_address(recipient)
    with open_mail(creditor, timeout_seconds=_TEST_TIMEOUT_SECONDS) as (transport, sender):
        refuse_rehearsal(transport, now)
        down = transport.ready()
        if down is not None:
            raise MailRefused(down.reason)
        outcome = transport.send(_test_mail(creditor, sender, recipient, now))
    _audit(creditor, "mail_account.tested", actor, now, {"outcome": type(outcome).__name__})
    if isinstance(outcome, Sent):
        return outcome.answer
    raise MailRefused(outcome.reason)


def _test_mail(creditor: Creditor, sender: Sender, recipient: str, now: datetime) -> Mail:
    text = f"Este es un mensaje de prueba de «{creditor.name}». Si lo lee, el correo sale bien.\n"
    key = f"test:{now.isoformat()}"
    return Mail(
        key=key,
        message_id=message_id(creditor.code, key, sender.domain),
        sender=sender,
        recipient=recipient,
        recipient_name="",
        subject="Mensaje de prueba",
        text=text,
        html="",
        language="es",
        at=now,
    )


@contextmanager
def open_mail(
    creditor: Creditor, *, timeout_seconds: float | None = None
) -> Iterator[tuple[Transport, Sender]]:
    """The creditor's way for mails alone and the sender's name, closed at the end.

    Raises MailNotConfigured, SecretUnreadable.
    """
    with transaction.atomic(), scope([creditor.pk]):
        account = MailAccount.objects.filter(creditor_id=creditor.pk).first()
    transport = mail_transport(creditor, account, timeout_seconds or TIMEOUT_SECONDS)
    try:
        yield transport, sender_of(creditor, account)
    finally:
        transport.close()


def refuse_rehearsal(transport: Transport, now: datetime) -> None:
    """Only at the real present may mail leave the house. Raises RehearsalLeaves."""
    if transport.leaves_the_house and not clock.is_present(now):
        raise RehearsalLeaves(
            "Con una fecha simulada no sale correo de verdad: quite «--now» (o ALDIA_NOW), o elija el buzón"
            " de pruebas en Ajustes, Correo. No se ha enviado nada."
        )


def mailbox_transport(creditor: Creditor) -> Transport:
    """Into the built-in mailbox, whatever the channel."""
    return MailboxTransport(_conninfo(), creditor.pk)


def tray_transport(creditor: Creditor, *, in_house: bool) -> Transport:
    """Into the print tray. in_house: nothing of this creditor's leaves, so neither do its letters."""
    return TrayTransport(_conninfo(), creditor.pk, in_house=in_house)


def mail_transport(creditor: Creditor, account: MailAccount | None, timeout_seconds: float) -> Transport:
    """The way for mails: the mailbox in the house, the server, or the provider. Raises MailNotConfigured."""
    if mail_stays_in_house(creditor, account):
        return mailbox_transport(creditor)
    if account is not None and account.kind == MailKind.PROVIDER:
        return provider_transport(account, timeout_seconds=timeout_seconds)
    if account is None:
        raise MailNotConfigured(
            "Falta configurar el correo: indique el servidor en Ajustes, Correo, o elija allí el buzón de"
            " pruebas. No se ha enviado nada."
        )
    return SmtpTransport(
        SmtpServer(
            host=account.host,
            port=account.port,
            security=account.security,
            username=account.username,
            password=unseal(account.password_sealed),
            timeout_seconds=timeout_seconds,
        )
    )


def sender_of(creditor: Creditor, account: MailAccount | None) -> Sender:
    """In whose name mails leave; an invented address where there is no account."""
    address = account.from_address if account else _invented_address(creditor)
    return Sender(
        address=address,
        name=(account.from_name if account else "") or creditor.name,
        reply_to=account.reply_to if account else "",
        domain=(account.domain if account else "") or address.rpartition("@")[2],
    )


def _invented_address(creditor: Creditor) -> str:
    return f"cobros@{creditor.code.replace('_', '-')}.example"


def _conninfo() -> str:
    """Of the application's role in the database in use, without Django's own options."""
    params = connection.get_connection_params()
    return make_conninfo(**{name: value for name, value in params.items() if name in _CONNECTION})


def fit_address(address: str) -> str:
    """One address, its domain in ASCII. Raises MailRefused."""
    try:
        return plain_address(address)
    except UnfitAddress:
        raise MailRefused(f"«{address}» no es una dirección de correo.", address=address) from None


def keep_account(creditor: Creditor, values: dict[str, Any], actor: str, now: datetime) -> None:
    """The account has these values from now on, and its trouble is over."""
    with transaction.atomic(), scope([creditor.pk]):
        MailAccount.objects.update_or_create(
            creditor_id=creditor.pk,
            defaults={**values, "changed_by": actor, "changed_at": now, "trouble": "", "trouble_at": None},
        )
        _audit(creditor, "mail_account.changed", actor, now, {"kind": str(values["kind"])})


def _audit(creditor: Creditor, verb: str, actor: str, now: datetime, payload: dict[str, Any]) -> None:
    with transaction.atomic(), scope([creditor.pk]):
        record_event(
            creditor_id=creditor.pk,
            verb=verb,
            subject=f"creditor:{creditor.pk}",
            actor=actor,
            payload=payload,
            at=now,
        )
