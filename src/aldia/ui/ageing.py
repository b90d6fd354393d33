"""The stacked ageing bar: widths as numbers of an SVG, its tones from blue-grey to wine."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from aldia.kernel.money import Money
from aldia.queries.today_page import Balance

BAR_WIDTH = 1000
_TONES = 6  # the last of tone-0 … tone-6
_GAP = 3


@dataclass(frozen=True, slots=True)
class Slice:
    """A bucket with money in it. x, width: of BAR_WIDTH. share: «12 %». tone: 0 … 6. link: to its rows."""

    label: str
    amount: Money
    share: str
    x: int
    width: int
    tone: int
    link: str = ""


@dataclass(frozen=True, slots=True)
class AgeingBar:
    """One currency. caption: the bar in words, for who does not see it."""

    balance: Balance
    slices: tuple[Slice, ...]
    caption: str


def ageing_bar(balance: Balance, links: Mapping[str, str] | None = None) -> AgeingBar:
    """Buckets without money take no room. links: bucket → address of the rows behind it."""
    slices = tuple(_slices(balance.aging, balance.open.minor, links or {}))
    said = "; ".join(f"{each.label}: {each.amount.text()} ({each.share})" for each in slices)
    return AgeingBar(balance, slices, gettext("Antigüedad del saldo. %(said)s.") % {"said": said})


def _slices(aging: Sequence[tuple[str, Money]], whole: int, links: Mapping[str, str]) -> Iterator[Slice]:
    before = 0
    for place, (bucket, amount) in enumerate(aging):
        start, end = BAR_WIDTH * before // whole, BAR_WIDTH * (before + amount.minor) // whole
        before += amount.minor
        if amount.minor:
            yield Slice(
                label=bucket_label(bucket),
                amount=amount,
                share=_share(amount.minor, whole),
                x=start,
                width=max(_GAP, end - start - _GAP),
                tone=_tone(place, len(aging)),
                link=links.get(bucket, ""),
            )


def bucket_label(bucket: str) -> str:
    """«sin vencer», «31–60 días», «más de 360 días»."""
    if bucket == "not_due":
        return gettext("sin vencer")
    low, _, high = bucket.partition("_")
    if low == "over":
        return gettext("más de %(days)s días") % {"days": high}
    return gettext("%(low)s–%(high)s días") % {"low": low, "high": high}


def _share(part: int, whole: int) -> str:
    percent = (200 * part + whole) // (2 * whole)
    return f"{percent} %" if percent else "<1 %"


def _tone(place: int, buckets: int) -> int:
    """The first bucket is not due; the rest share the warm tones out among them."""
    return place if buckets <= 2 or place == 0 else 1 + (place - 1) * (_TONES - 1) // (buckets - 2)
