"""The creditor's accounts for short messages: as they stand, what they cost, what may be said by them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from aldia.channels.hooks import SOURCES, incoming_of
from aldia.channels.news import INCOMING, STATUS
from aldia.queries.creditors import all_creditors
from aldia.records.outreach.models import ChannelAccount, ProviderEvent
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.texts.approved import Approved, approved_from
from aldia.rules.texts.cost import Price

SHORT = ("sms", "whatsapp")
_SESSION = timedelta(hours=24) - timedelta(minutes=10)
"""How long after a message of theirs WhatsApp takes free text; a little less, for the way there."""


@dataclass(frozen=True, slots=True)
class ShownAccount:
    """An account as anybody may see it: without its secrets."""

    channel: str
    provider: str
    settings: dict[str, Any]
    has_secrets: bool
    trouble: str
    trouble_at: datetime | None
    changed_at: datetime


def channel_accounts(creditor: Creditor) -> dict[str, ShownAccount]:
    """By channel, those that are set. Inside a transaction in scope."""
    return {
        each.channel: ShownAccount(
            channel=each.channel,
            provider=each.provider,
            settings=dict(each.settings),
            has_secrets=bool(each.secrets_sealed),
            trouble=each.trouble,
            trouble_at=each.trouble_at,
            changed_at=each.changed_at,
        )
        for each in ChannelAccount.objects.filter(creditor_id=creditor.pk)
    }


def price_on(creditor: Creditor, channel: str) -> Price | None:
    """What a part of an SMS or a WhatsApp message costs by the account. Inside a transaction in scope."""
    if channel not in SHORT:
        return None
    account = ChannelAccount.objects.filter(creditor_id=creditor.pk, channel=channel).first()
    return price_in(account.settings) if account else None


def price_in(settings: dict[str, Any]) -> Price | None:
    """The price in the settings of an account, None where none is set."""
    if not settings.get("price_minor"):
        return None
    return Price(Decimal(str(settings["price_minor"])), str(settings["currency"]))


def approved_of(creditor: Creditor) -> dict[str, Approved]:
    """Our template → the text WhatsApp approved in its place. Inside a transaction in scope."""
    account = ChannelAccount.objects.filter(creditor_id=creditor.pk, channel="whatsapp").first()
    return approved_from(account.settings.get("templates", {})) if account else {}


def in_session_at(creditor: Creditor, now: Callable[[], datetime]) -> Callable[[str], bool]:
    """Whether the owner of a number has written to the creditor by WhatsApp within the last day. Outside
    transactions; asks each time, since a round of sending may last."""

    def answers(number: str) -> bool:
        moment = now()
        with transaction.atomic(), scope([creditor.pk]):
            recent = ProviderEvent.objects.filter(
                creditor_id=creditor.pk,
                channel="whatsapp",
                source__in=SOURCES,
                external_id__startswith=INCOMING,
                received_at__gt=moment - _SESSION,
            )
            heard = [incoming_of(each) for each in recent.order_by("-received_at").iterator()]
        return any(each and each.sender == number and each.at > moment - _SESSION for each in heard)

    return answers


def creditors_with_news() -> list[Creditor]:
    """Those to whom a provider has told something that is not taken in yet: of a message of ours, or an
    answer."""
    return [creditor for creditor in all_creditors() if _has_news(creditor)]


def _has_news(creditor: Creditor) -> bool:
    with transaction.atomic(), scope([creditor.pk]):
        pending = ProviderEvent.objects.filter(creditor_id=creditor.pk, processed_at=None)
        told = Q(external_id__startswith=STATUS) | Q(external_id__startswith=INCOMING)
        return pending.filter(Q(source__in=SOURCES) & told | Q(source="imap")).exists()
