"""How values are written for people, in the language of the screen; a template never formats by itself."""

import secrets
from datetime import date, datetime
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal, get_decimal_symbol
from django import template
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aldia.kernel.money import Money, format_money
from aldia.rules.portfolio.words import day_text
from aldia.ui.other_language import said as said_in_language

register = template.Library()


def screen_locale() -> str:
    """The CLDR locale of the active language: `es_ES`, `es_MX`, `en`."""
    return _locale(translation.get_language() or "es")


@lru_cache(maxsize=32)
def _locale(language: str) -> str:
    base, _dash, country = language.partition("-")
    if not country:
        return "es_ES" if base == "es" else base
    return f"{base}_{country.upper()}"


def _spanish() -> bool:
    return screen_locale().startswith("es")


@register.filter
def money(amount: Money) -> str:
    """`1.234,56 €`; on English screens `€1,234.56`."""
    return format_money(amount.minor, amount.currency, screen_locale())


@register.simple_tag(name="money")
def money_of(minor: int, currency: str) -> str:
    """`{% money row.open_minor row.currency %}`."""
    return format_money(minor, currency, screen_locale())


@register.filter
def day(value: date | None) -> str:
    """«vie 20 nov 2026», or nothing."""
    if value is None:
        return ""
    return day_text(value) if _spanish() else format_date(value, "EEE d MMM y", locale=screen_locale())


@register.filter
def long_day(value: date) -> str:
    """«viernes 20 de noviembre de 2026»."""
    form = "EEEE d 'de' MMMM 'de' y" if _spanish() else "EEEE d MMMM y"
    return format_date(value, form, locale=screen_locale())


@register.filter
def short_day(value: date | None) -> str:
    """«20/11/2026», for tables."""
    return f"{value:%d/%m/%Y}" if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """«20/11/2026, 9:05» in the creditor's zone, which the visit has made the current one."""
    if value is None:
        return ""
    there = timezone.localtime(value)
    hour = format_time(there, "H:mm", locale=screen_locale(), tzinfo=there.tzinfo)
    return f"{short_day(there.date())}, {hour}"


@register.filter
def days(count: int) -> str:
    """«1 día», «15 días»."""
    return ngettext("%(n)s día", "%(n)s días", count) % {"n": number(count)}


@register.filter
def number(count: int) -> str:
    """«12.345», grouped from four digits on."""
    locale = Locale.parse(screen_locale())
    return format_decimal(count, locale=locale, format="#,##0")


def decimal_sign() -> str:
    """`,` in Spanish, `.` in English: for figures with more decimals than the others have."""
    return str(get_decimal_symbol(screen_locale()))


@register.filter
def tenths(value: int | None) -> str:
    """355 → «35,5»."""
    if value is None:
        return "–"
    return format_decimal(value / 10, locale=screen_locale(), format="#,##0.0")


@register.filter
def percent(basis_points: int | None) -> str:
    """1234 basis points → «12,3 %»."""
    if basis_points is None:
        return "–"
    return format_decimal(basis_points / 100, locale=screen_locale(), format="#,##0.0") + " %"


@register.filter
def counted(count: int, words: str) -> str:
    """`3|counted:"cliente,clientes"` → «3 clientes»; both words are looked up in the screen's language."""
    one, many = words.split(",")
    return f"{number(count)} {_(one) if count == 1 else _(many)}"


@register.filter
def said(sentence: object) -> str:
    """What the floors below say in Spanish, in the screen's language; what is not known stays as written."""
    return said_in_language(sentence)


@register.simple_tag
def once_key() -> str:
    """A hidden field with a random key, so that the form is taken in once."""
    return format_html('<input type="hidden" name="once" value="{}">', secrets.token_urlsafe(24))
