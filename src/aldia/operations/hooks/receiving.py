"""A provider knocks: who it is shows in the signature, and what it says is kept as it came."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from aldia.channels import twilio_news
from aldia.channels.hooks import SOURCES
from aldia.channels.news import Piece
from aldia.channels.whatsapp import meta_news
from aldia.connectors.secrets import SecretUnreadable
from aldia.kernel.errors import AldiaError
from aldia.operations.outbox.short_ways import secrets_of
from aldia.records.outreach.models import ChannelAccount, ProviderEvent
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

_SIGNATURES = {"twilio": "X-Twilio-Signature", "meta": "X-Hub-Signature-256"}
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
    """Keep what a provider tells, each piece once however often it is told; how many were new.

    The rows are the trace of it; what they say is applied later (`apply_news`). Raises NotSigned.
    """
    creditor = _creditor(knock)
    with transaction.atomic(), scope([creditor.pk] if creditor else []):
        if creditor is None or not _is_signed(knock, _accounts(creditor, knock.source)):
            raise NotSigned("Sin firma válida.")
        return _kept(creditor, knock.source, _pieces(knock), now)


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
