"""A figure of the vocabulary as a cell of a list."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from aldia.kernel.money import Money
from aldia.rules.portfolio.vocabulary import Column, Unit
from aldia.ui.other_language import said
from aldia.ui.templatetags.written import money, number, percent, short_day, tenths

_RIGHT = frozenset({Unit.MINOR, Unit.DAYS, Unit.COUNT, Unit.SHARE})


@dataclass(frozen=True, slots=True)
class Cell:
    """text: as written for people, "" for nothing. right: it stands at the right."""

    label: str
    text: str
    right: bool


def cell_of(column: Column, value: Any, currency: str, labels: dict[str, str]) -> Cell:
    """labels: value → words, for texts whose values are known."""
    return Cell(column.label, _text(column, value, currency, labels), column.unit in _RIGHT)


def _text(column: Column, value: Any, currency: str, labels: dict[str, str]) -> str:
    if value is None:
        return ""
    match column.unit:
        case Unit.MINOR:
            return money(Money(value, currency)) if currency else ""
        case Unit.SHARE:
            return percent(round(value * 10_000))
        case Unit.DATE:
            return short_day(value) if isinstance(value, date) else ""
        case Unit.FLAG:
            return _("sí") if value else _("no")
        case Unit.DAYS | Unit.COUNT:
            return tenths(round(value * 10)) if column.statistic else number(value)
        case _:
            return said(labels.get(str(value), str(value)))
