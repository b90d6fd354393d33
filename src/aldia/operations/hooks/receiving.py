"""A provider knocks: who it is shows in the signature, and what it says is kept as it came."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from aldia.channels import twilio_news
from aldia.channels.email import provider_news
from aldia.channels.email.provider_news import Told
from aldia.channels.hooks import MAIL_SOURCES, SOURCES
from aldia.channels.news import Piece
from aldia.channels.whatsapp import meta_news
from aldia.connectors.secrets import SecretUnreadable
from aldia.kernel.errors import AldiaError
from aldia.operations.inbound import keep_raw_mail
from aldia.operations.outbox.mail_provider import provider_secrets_of
from aldia.operations.outbox.short_ways import secrets_of
from aldia.records.outreach.models import ChannelAccount, MailAccount, ProviderEvent
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

_SIGNATURES = {"twilio": "X-Twilio-Signature", "meta": "X-Hub-Signature-256"}
BODY_BYTES_MAX = 256 * 1024
MAIL_BYTES_MAX = 26 * 1024 * 1024
"""Of a mail that comes in, with its files; so much is taken only from whoever knows the word."""
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{1,200}")


class NotSigned(AldiaError):
    """Nobody known has signed this, or there is nobody here to whom it could be told: one answer for all."""

    code = "not_signed"


@dataclass(frozen=True, slots=True)
class Knock:
    """A request as it came. code: of the creditor in the address. url: with its question, as the house is
    reached; path: the same without scheme and host."""

    code: str
    source: str
    url: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


def receive_news(knock: Knock, *, now: datetime) -> int:
    """Keep what a provider tells, each piece once however often it is told; how many were new. A mail that it
    brings is kept as one that was fetched.

    The rows are the trace of it; what they say is applied later (`apply_news`). Raises NotSigned.
    """
    creditor = _creditor(knock)
    with transaction.atomic(), scope([creditor.pk] if creditor else []):
        if knock.source in MAIL_SOURCES:
            if creditor is None or not _mail_is_signed(knock, creditor, now):
                raise NotSigned("Sin firma válida.")
            return _kept_of_mail(creditor, knock, now)
        if creditor is None or not _is_signed(knock, _accounts(creditor, knock.source)):
            raise NotSigned("Sin firma válida.")
        return _kept(creditor, knock.source, _pieces(knock), now)


def body_bytes_max(*, code: str, source: str, headers: Mapping[str, str]) -> int:
    """So much of a request is read: little from whoever has not shown that they know the word."""
    creditor = Creditor.objects.filter(code=code).first() if source in MAIL_SOURCES else None
    with transaction.atomic(), scope([creditor.pk] if creditor else []):
        knows = creditor is not None and _knows_word(creditor, source, headers) is not None
    return MAIL_BYTES_MAX if knows else BODY_BYTES_MAX


def challenge_answer(knock: Knock) -> str:
    """What Meta wants to read back when somebody enters the address there. Raises NotSigned."""
    asked = knock.query.get("hub.challenge", "")
    given = knock.query.get("hub.verify_token", "").encode()
    creditor = _creditor(knock)
    with transaction.atomic(), scope([creditor.pk] if creditor else []):
        accounts = _accounts(creditor, "meta") if creditor and knock.source == "meta" else []
    known = [str(each.settings.get("verify_token") or "").encode() for each in accounts] or [b""]
    same = any([bool(each) and hmac.compare_digest(each, given) for each in known])  # noqa: C419
    if not same or knock.query.get("hub.mode") != "subscribe" or not _CHALLENGE.fullmatch(asked):
        raise NotSigned("Sin firma válida.")
    return asked


def _creditor(knock: Knock) -> Creditor | None:
    return Creditor.objects.filter(code=knock.code).first() if knock.source in SOURCES else None


def _accounts(creditor: Creditor, source: str) -> list[ChannelAccount]:
    return list(ChannelAccount.objects.filter(creditor_id=creditor.pk, provider=source).order_by("channel"))


def _is_signed(knock: Knock, accounts: list[ChannelAccount]) -> bool:
    """By any account of that provider; all are asked, so that time tells nothing."""
    header = _header(knock.headers, _SIGNATURES[knock.source])
    return any([_signed_by(knock, each, header) for each in accounts])  # noqa: C419


def _knows_word(
    creditor: Creditor, source: str, headers: Mapping[str, str]
) -> tuple[MailAccount, dict[str, str]] | None:
    """The account whose word the request bears, and its secrets."""
    account = MailAccount.objects.filter(creditor_id=creditor.pk, provider=source).first()
    try:
        secrets = provider_secrets_of(account) if account else {}
    except SecretUnreadable:
        return None
    known = provider_news.knocks_right(headers, secrets.get("hook_word", ""))
    return (account, secrets) if account is not None and known else None


def _mail_is_signed(knock: Knock, creditor: Creditor, now: datetime) -> bool:
    found = _knows_word(creditor, knock.source, knock.headers)
    if found is None:
        return False
    account, secrets = found
    return provider_news.is_signed(knock.source, _told(knock), account.provider_settings, secrets, now)


def _told(knock: Knock) -> Told:
    return Told(knock.headers, knock.body)


def _kept_of_mail(creditor: Creditor, knock: Knock, now: datetime) -> int:
    told = _told(knock)
    if not provider_news.brings_mail(knock.source, told):
        return _kept(creditor, knock.source, provider_news.pieces_of(knock.source, told), now)
    try:
        mails = list(provider_news.mails_of(knock.source, told))
    except ValueError:
        return _kept(creditor, knock.source, [provider_news.unread(told)], now)
    return sum(keep_raw_mail(creditor=creditor, content=each, at=now) for each in mails)


def _signed_by(knock: Knock, account: ChannelAccount, header: str) -> bool:
    try:
        secrets = secrets_of(account)
    except SecretUnreadable:
        return False
    if knock.source == "meta":
        return meta_news.is_signed(header, secrets.get("app_secret", ""), knock.body)
    public = str(account.settings.get("public_url") or "")
    urls = [public + knock.path, knock.url] if public else [knock.url]
    return twilio_news.is_signed(header, secrets.get("auth_token", ""), urls, knock.body)


def _header(headers: Mapping[str, str], name: str) -> str:
    return next((value for each, value in headers.items() if each.lower() == name.lower()), "")


def _pieces(knock: Knock) -> list[Piece]:
    if knock.source == "meta":
        return meta_news.pieces_of(knock.body)
    return twilio_news.pieces_of(knock.body, knock.query)


def _kept(creditor: Creditor, source: str, pieces: list[Piece], now: datetime) -> int:
    names = [each.external_id for each in pieces]
    known: Any = ProviderEvent.objects.filter(creditor_id=creditor.pk, source=source, external_id__in=names)
    before = known.count()
    ProviderEvent.objects.bulk_create(
        [
            ProviderEvent(
                creditor_id=creditor.pk,
                channel=each.channel,
                source=source,
                external_id=each.external_id,
                payload=each.payload,
                received_at=now,
            )
            for each in pieces
        ],
        ignore_conflicts=True,
    )
    return int(known.count() - before)
