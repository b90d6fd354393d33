"""How words to pay were kept, as the screen shows it: by number and by money."""

from dataclasses import dataclass

from aldia.queries.promises import KeptRate

_WHOLE_BP = 10_000


@dataclass(frozen=True, slots=True)
class Kept:
    """Of a year. count_bp, money: shares in basis points, of promises (None for none) and, per currency, of
    what was promised."""

    rate: KeptRate
    count_bp: int | None
    money: tuple[tuple[str, int], ...]


def kept_words(rate: KeptRate) -> Kept:
    """Currencies in order."""
    share = rate.by_count
    money = ((currency, rate.by_money(currency)) for currency in sorted(rate.promised))
    return Kept(
        rate=rate,
        count_bp=None if share is None else round(share * _WHOLE_BP),
        money=tuple((currency, round(part * _WHOLE_BP)) for currency, part in money if part is not None),
    )
