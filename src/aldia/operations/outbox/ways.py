"""The ways out of the house: one transport per channel, each with its sender, open for one round."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from aldia.channels.mail import Sender, Transport
from aldia.kernel import clock
from aldia.operations.outbox import account as mail_account
from aldia.operations.outbox.account import (
    MailNotConfigured,
    mail_transport,
    mailbox_transport,
    refuse_rehearsal,
    sender_of,
    tray_transport,
)
from aldia.operations.outbox.short_ways import short_transport
from aldia.queries.outbox import mail_stays_in_house, sendable
from aldia.records.outreach.models import FREE, ON_PAPER, ChannelAccount, MailAccount, Message
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope


@dataclass(frozen=True, slots=True)
class Way:
    """How messages of one channel leave, and in whose name."""

    transport: Transport
    sender: Sender


@dataclass(slots=True)
class Ways:
    """By channel. domain: right of the @ in message ids. closed: channel → why nothing more goes that way in
    this round, Spanish. well: channels by which something has left."""

    by_channel: Mapping[str, Way]
    domain: str
    closed: dict[str, str] = field(default_factory=dict)
    well: set[str] = field(default_factory=set)

    @property
    def channels(self) -> list[str]:
        """Those that are open."""
        return [channel for channel in self.by_channel if channel not in self.closed]

    def keep_in_house(self, now: datetime) -> None:
        """Only at the real present may anything leave: elsewhere such ways close. Raises RehearsalLeaves
        where that leaves none."""
        if clock.is_present(now):
            return
        for channel, way in self.by_channel.items():
            if way.transport.leaves_the_house:
                self.closed[channel] = "Con una fecha simulada no sale nada de verdad."
        if not self.channels:
            for way in self.by_channel.values():
                refuse_rehearsal(way.transport, now)


@contextmanager
def open_ways(creditor: Creditor, *, timeout_seconds: float | None = None) -> Iterator[Ways]:
    """All the ways the creditor has, closed at the end.

    Raises MailNotConfigured where there is none but the tray and no letter waits; SecretUnreadable.
    """
    with transaction.atomic(), scope([creditor.pk]):
        account = MailAccount.objects.filter(creditor_id=creditor.pk).first()
        accounts = {each.channel: each for each in ChannelAccount.objects.filter(creditor_id=creditor.pk)}
        channels = sendable(creditor)
        letters_wait = _letters_wait(creditor)
    timeout_seconds = timeout_seconds or mail_account.TIMEOUT_SECONDS
    in_house = mail_stays_in_house(creditor, account)
    mail_sender = sender_of(creditor, account)
    ways: dict[str, Way] = {}
    if in_house or account is not None:
        ways["email"] = Way(mail_transport(creditor, account, timeout_seconds), mail_sender)
    if ways or letters_wait:
        ways |= dict.fromkeys(ON_PAPER, Way(tray_transport(creditor, in_house=in_house), mail_sender))
    for channel in channels:
        if channel not in ways and (in_house or channel in accounts):
            account_of_it = None if in_house else accounts[channel]
            ways[channel] = _short(creditor, account_of_it, mail_sender, timeout_seconds)
    if not ways:
        raise MailNotConfigured(
            "Falta configurar el correo: indique el servidor en Ajustes, Correo, o elija allí el buzón de"
            " pruebas. No se ha enviado nada."
        )
    try:
        yield Ways(ways, mail_sender.domain)
    finally:
        for way in ways.values():
            way.transport.close()


def _short(
    creditor: Creditor, account: ChannelAccount | None, mail_sender: Sender, timeout_seconds: float
) -> Way:
    """The way of SMS or WhatsApp: into the mailbox, or by the account's provider."""
    if account is None or account.provider == "mailbox":
        return Way(mailbox_transport(creditor), mail_sender)
    transport = short_transport(creditor, account, timeout_seconds=timeout_seconds, now=clock.now)
    return Way(transport, Sender(address="", name=mail_sender.name, domain=mail_sender.domain))


def _letters_wait(creditor: Creditor) -> bool:
    """A creditor may write letters and no mail."""
    return Message.objects.filter(creditor_id=creditor.pk, state__in=FREE, channel__in=ON_PAPER).exists()
