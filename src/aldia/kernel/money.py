"""Money has one door: whole minor units of one ISO 4217 currency, one rounding, one way to be written.

Amounts travel as `int` in columns named `*_minor`; `Money` carries an amount together with its currency where
a single value is handed around. Currencies are never added to one another.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel.core import Locale, get_global
from babel.numbers import NumberPattern, get_currency_symbol, list_currencies, parse_pattern

from aldia.kernel.errors import AldiaError

_TYPED_NOISE = re.compile(r"[\s\u00a0\u202f']")
MINOR_MAX = 10**14
"""The most that one amount may say, in minor units, whoever types or posts it: a trillion euros."""

_LARGEST_MINOR = 10**15  # of a sum of several: far beyond any ledger, far below bigint


class UnknownCurrency(AldiaError):
    """The code is not an ISO 4217 currency."""

    code = "unknown_currency"


class CurrenciesDiffer(AldiaError):
    """Two amounts of different currencies were about to be added or compared."""

    code = "currencies_differ"


@lru_cache(maxsize=512)
def minor_units(currency: str) -> int:
    """Number of decimals of a currency: 2 for EUR, 0 for CLP, 3 for BHD (CLDR, which follows ISO 4217).

    Raises UnknownCurrency for anything that is not an ISO 4217 code in capitals.
    """
    if currency not in known_currencies():
        raise UnknownCurrency(
            f"La moneda «{currency}» no existe: use un código ISO como EUR, USD o MXN.", currency=currency
        )
    fractions = get_global("currency_fractions")
    digits: int = fractions.get(currency, fractions["DEFAULT"])[0]
    return _ISO_DIGITS.get(currency, digits)


# CLDR prints these without decimals; ISO 4217 and the banks that send us files count two.
_ISO_DIGITS = {"COP": 2, "CRC": 2, "HUF": 2, "UYU": 2, "DOP": 2}


@lru_cache(maxsize=1)
def known_currencies() -> frozenset[str]:
    """All ISO 4217 codes in capitals."""
    return frozenset(list_currencies())


def minor_per_major(currency: str) -> int:
    """How many minor units make one unit: 100 for EUR, 1 for CLP."""
    return int(10 ** minor_units(currency))


def round_half_up(numerator: int, denominator: int) -> int:
    """The one rounding of the house: numerator ÷ denominator to the nearest whole, halves away from zero.

    Raises ValueError unless denominator > 0.
    """
    if denominator <= 0:
        raise ValueError("denominator must be positive")
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount: whole minor units (céntimos) of one ISO 4217 currency."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if abs(self.minor) > _LARGEST_MINOR:
            raise AldiaError(f"El importe {self.minor} (en céntimos) es demasiado grande.", minor=self.minor)
        minor_units(self.currency)

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def _same(self, other: "Money") -> None:
        if other.currency != self.currency:
            raise CurrenciesDiffer(
                f"No se pueden mezclar {self.currency} y {other.currency}: cada moneda va por separado."
            )

    def split(self, parts: int) -> list["Money"]:
        """Parts that differ by at most one minor unit and sum to the whole; ValueError if parts < 1."""
        if parts < 1:
            raise ValueError("parts must be at least 1")
        share, rest = divmod(self.minor, parts)
        return [Money(share + (i < rest), self.currency) for i in range(parts)]

    def major(self) -> Decimal:
        """The amount in units of the currency, exact: 1234 → Decimal('12.34') for EUR."""
        return Decimal(self.minor).scaleb(-minor_units(self.currency))

    @property
    def digits(self) -> int:
        """Decimals of the currency."""
        return minor_units(self.currency)

    def text(self, locale: str = "es_ES") -> str:
        """As people of that place write it: `1.234,56 €`."""
        return format_money(self.minor, self.currency, locale)


_SIGN = "¤"  # where a pattern has the currency (CLDR)


@lru_cache(maxsize=4096)  # a page writes hundreds of amounts, and many of them are on the next one too
def format_money(minor: int, currency: str, locale: str = "es_ES") -> str:
    """Amount as people write it, digits grouped also below 10 000: `1.234,56 €` in es_ES."""
    amount = Decimal(minor).scaleb(-minor_units(currency))
    place, pattern = _pattern(locale, minor_units(currency))
    text: str = pattern.apply(amount, place)
    return text.replace(_SIGN, _symbol(currency, locale))


@lru_cache(maxsize=512)
def _symbol(currency: str, locale: str) -> str:
    symbol: str = get_currency_symbol(currency, locale)
    return symbol


@lru_cache(maxsize=64)
def _pattern(locale: str, digits: int) -> tuple[Locale, NumberPattern]:
    """Read once: reading the pattern costs more than writing an amount."""

    place = Locale.parse(locale)
    pattern: str = place.currency_formats["standard"].pattern
    return place, parse_pattern(pattern.replace("0.00", "0." + "0" * digits if digits else "0"))


def read_typed_amount(text: str, currency: str) -> int | None:
    """Minor units of an amount a person typed; None when it cannot be read in just one way.

    `1.234,56`, `1234,56`, `1.234` (thousands), `1234.56` and `1,234.56` are read; `1,234` and more decimals
    than the currency has are not.
    """
    digits = minor_units(currency)
    plain = _TYPED_NOISE.sub("", text).replace("€", "").replace("$", "")
    tail = rf"{{1,{digits}}}" if digits else "{0}"
    spanish = re.fullmatch(rf"(\d{{1,3}}(?:\.\d{{3}})+|\d+)(?:,(\d{tail}))?", plain)
    english = re.fullmatch(rf"(\d{{1,3}}(?:,\d{{3}})+|\d+)\.(\d{tail})", plain)
    found = spanish or english
    if found is None or len(plain) > 24:
        return None
    whole = re.sub(r"[.,]", "", found[1])
    scale: int = 10**digits
    return int(whole) * scale + int((found[2] or "").ljust(digits, "0") or 0)
