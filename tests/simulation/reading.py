"""A mail read as its recipient reads it: which invoices, how late, how much, and what it all comes to."""

import re
from dataclasses import dataclass
from datetime import date

_MONEY = r"(?P<minus>-?)(?P<money>[\d.]+,\d\d)\s?(?P<sign>€|US\$|MXN)"
_ROW = re.compile(
    r"^(?P<label>[^·\n]+?) · (?:venció|vence) el (?P<due>\d\d/\d\d/\d{4})"
    rf"(?: · (?P<days>[\d.]+) días? de retraso)? · {_MONEY}$"
)
_TAKEN_OFF = re.compile(rf"^Pagos recibidos sin aplicar: {_MONEY}$")
_TOTAL = re.compile(rf"^Total(?: en [A-Z]{{3}})?: {_MONEY}$")
_CURRENCIES = {"€": "EUR", "US$": "USD", "MXN": "MXN"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of the table. days: None where the mail speaks of no delay."""

    label: str
    due_on: date
    days: int | None
    minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a mail says. taken_off: money received and not applied, per currency, as a positive amount."""

    asked: tuple[Asked, ...]
    taken_off: dict[str, int]
    totals: dict[str, int]


def read_mail(text: str) -> Said:
    """The table of a mail's plain text."""
    lines = [line.replace("\u00a0", " ").strip() for line in text.splitlines()]
    rows = [found for line in lines if (found := _ROW.match(line))]
    taken = [found for line in lines if (found := _TAKEN_OFF.match(line))]
    totals = [found for line in lines if (found := _TOTAL.match(line))]
    return Said(
        asked=tuple(_asked(found) for found in rows),
        taken_off={currency: -minor for minor, currency in map(_money, taken)},
        totals={currency: minor for minor, currency in map(_money, totals)},
    )


def sums_in(text: str) -> list[tuple[int, str]]:
    """Every sum of a short message: minor units and currency."""
    return [_money(found) for found in re.finditer(_MONEY, text.replace("\u00a0", " "))]


def _asked(found: re.Match[str]) -> Asked:
    day, month, year = map(int, found["due"].split("/"))
    minor, currency = _money(found)
    days = int(found["days"].replace(".", "")) if found["days"] else None
    return Asked(found["label"], date(year, month, day), days, minor, currency)


def _money(found: re.Match[str]) -> tuple[int, str]:
    minor = int(re.sub(r"[.,]", "", found["money"]))
    return (-minor if found["minus"] else minor), _CURRENCIES[found["sign"]]
