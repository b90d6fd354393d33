"""The box that answers by mail come into: set, tried, removed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction

from aldia.channels.imap import ImapInbox, ImapServer, InboxTrouble
from aldia.connectors.secrets import seal, unseal
from aldia.kernel.clock import business_date
from aldia.kernel.errors import AldiaError
from aldia.operations.audit import record_event
from aldia.operations.outbox.account import is_host
from aldia.records.outreach.models import InboxAccount, MailSecurity
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

_TIMEOUT_SECONDS = 30.0
_TEST_TIMEOUT_SECONDS = 10.0
_TEXT_MAX = 200


class NoInbox(AldiaError):
    """Nobody has said where answers come in."""

    code = "no_inbox"


class InboxRefused(AldiaError):
    """An inbox that cannot be right. facts: field."""

    code = "inbox_refused"


def set_inbox(
    *,
    creditor: Creditor,
    host: str,
    username: str,
    actor: str,
    now: datetime,
    port: int = 993,
    security: str = MailSecurity.TLS,
    password: str | None = None,
    folder: str = "INBOX",
    marks_read: bool = False,
) -> None:
    """Answers are fetched from that box, those that come from today on. password: None keeps what there is.

    Raises InboxRefused.
    """
    values: dict[str, Any] = {
        "host": host.strip(),
        "port": port,
        "security": security,
        "username": username.strip(),
        "folder": folder.strip() or "INBOX",
        "marks_read": marks_read,
    }
    _refuse_unfit(values)
    if password is not None and not password.isascii():
        raise InboxRefused(
            "La contraseña del correo solo puede llevar letras sin tilde, cifras y signos corrientes.",
            field="password",
        )
    with transaction.atomic(), scope([creditor.pk]):
        account = InboxAccount.objects.select_for_update().filter(creditor_id=creditor.pk).first()
        elsewhere = account is None or any(
            getattr(account, name) != values[name]
            for name in ("host", "port", "security", "username", "folder")
        )
        if password is None and elsewhere:
            raise InboxRefused(
                "El servidor, el usuario o la carpeta son otros: escriba también la contraseña.",
                field="password",
            )
        if elsewhere:
            values |= {
                "uid_validity": None,
                "last_uid": 0,
                "since_on": business_date(now, creditor.time_zone),
            }
        if password is not None:
            values["password_sealed"] = seal(password)
        values |= {"changed_by": actor, "changed_at": now, "trouble": "", "trouble_at": None}
        InboxAccount.objects.update_or_create(creditor_id=creditor.pk, defaults=values)
        _audit(creditor, "inbox.set", actor, now, {"marks_read": marks_read})


def _refuse_unfit(values: dict[str, Any]) -> None:
    if not is_host(values["host"]):
        raise InboxRefused(
            f"«{values['host']}» no es el nombre de un servidor: suele ser como imap.ejemplo.es.",
            field="host",
        )
    if not 1 <= values["port"] <= 65_535:
        raise InboxRefused(
            f"El puerto {values['port']} no existe: suele ser 993, o 143 con STARTTLS.", field="port"
        )
    if values["security"] not in MailSecurity.values:
        raise InboxRefused(
            f"El cifrado «{values['security']}» no existe: elija entre {', '.join(MailSecurity.values)}.",
            field="security",
        )
    if not values["username"]:
        raise InboxRefused("Falta el usuario del buzón.", field="username")
    for name in ("username", "folder"):
        if len(values[name]) > _TEXT_MAX or not values[name].isprintable():
            raise InboxRefused("Eso no se puede escribir al servidor: use letras corrientes.", field=name)


def remove_inbox(*, creditor: Creditor, actor: str, now: datetime) -> bool:
    """Nothing is fetched any more; what came stays. False where there was none."""
    with transaction.atomic(), scope([creditor.pk]):
        gone, _by_table = InboxAccount.objects.filter(creditor_id=creditor.pk).delete()
        if gone:
            _audit(creditor, "inbox.removed", actor, now, {})
    return bool(gone)


def try_inbox(*, creditor: Creditor, actor: str, now: datetime) -> int:
    """Open the box and look, changing nothing: how many mails wait there. Raises NoInbox, InboxTrouble.

    Never inside a transaction that holds rows: a server may take its time.
    """
    with open_inbox(creditor, timeout_seconds=_TEST_TIMEOUT_SECONDS) as (account, inbox):
        validity = inbox.open()
        after = account.last_uid if account.uid_validity == validity else 0
        waiting = len(inbox.waiting(after_uid=after, since=account.since_on))
    with transaction.atomic(), scope([creditor.pk]):
        _audit(creditor, "inbox.tested", actor, now, {"waiting": waiting})
    return waiting


@contextmanager
def open_inbox(
    creditor: Creditor, *, timeout_seconds: float = _TIMEOUT_SECONDS
) -> Iterator[tuple[InboxAccount, ImapInbox]]:
    """The account and its box, closed at the end. Raises NoInbox, SecretUnreadable."""
    with transaction.atomic(), scope([creditor.pk]):
        account = InboxAccount.objects.filter(creditor_id=creditor.pk).first()
    if account is None:
        raise NoInbox("Falta decir dónde entran las respuestas: indique el buzón en Ajustes, Correo.")
    server = ImapServer(
        host=account.host,
        port=account.port,
        security=account.security,
        username=account.username,
        password=unseal(account.password_sealed),
        folder=account.folder,
        timeout_seconds=timeout_seconds,
    )
    inbox = ImapInbox(server, changes=account.marks_read)
    try:
        yield account, inbox
    finally:
        inbox.close()


def keep_trouble(creditor: Creditor, trouble: InboxTrouble | None, now: datetime) -> None:
    """What is wrong with the box since when; None: it has answered."""
    with transaction.atomic(), scope([creditor.pk]):
        accounts = InboxAccount.objects.filter(creditor_id=creditor.pk)
        if trouble is None:
            accounts.update(trouble="", trouble_at=None, fetched_at=now)
        else:
            accounts.filter(trouble_at=None).update(trouble=trouble.sentence, trouble_at=now)
            accounts.update(trouble=trouble.sentence)


def _audit(creditor: Creditor, verb: str, actor: str, now: datetime, payload: dict[str, Any]) -> None:
    record_event(
        creditor_id=creditor.pk,
        verb=verb,
        subject=f"creditor:{creditor.pk}",
        actor=actor,
        payload=payload,
        at=now,
    )
