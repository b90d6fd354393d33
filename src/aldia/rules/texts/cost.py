"""What a short message will cost, before it leaves: as many parts as it takes, times the price of one."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from aldia.kernel.money import Money, minor_per_major
from aldia.rules.texts.short import SmsLength, sms_length

_WRITTEN = re.compile(r"[0-9]{1,6}([.,][0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class Price:
    """What one part of an SMS costs, or one WhatsApp message. minor: of the currency's minor units, exact:
    7.25 céntimos."""

    minor: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Cost:
    """length: of an SMS, None elsewhere. money: rounded once, half up; None where no price is known."""

    length: SmsLength | None
    money: Money | None


def read_price(text: str, currency: str) -> Price | None:
    """A price as people write it, in whole units: `0,0725`; None for what is not one. Raises
    UnknownCurrency."""
    if not _WRITTEN.fullmatch(text.strip()):
        return None
    major = Decimal(text.strip().replace(",", "."))
    return Price(major * minor_per_major(currency), currency)


def cost_of(channel: str, text: str, price: Price | None) -> Cost:
    """What this text costs on the channel."""
    length = sms_length(text) if channel == "sms" else None
    if price is None:
        return Cost(length, None)
    minor = price.minor * (length.parts if length else 1)
    return Cost(length, Money(int(minor.quantize(Decimal(1), ROUND_HALF_UP)), price.currency))
