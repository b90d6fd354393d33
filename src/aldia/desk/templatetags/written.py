"""How values are written for people; a template never formats by itself."""

from datetime import date

from django import template

from aldia.kernel.money import Money, format_money
from aldia.rules.portfolio.words import day_text, days_text

register = template.Library()

_WEEKDAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_MONTHS = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
    *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
)


@register.filter
def money(amount: Money) -> str:
    """`1.234,56 €`."""
    return format_money(amount.minor, amount.currency)


@register.filter
def day(value: date | None) -> str:
    """«vie 20 nov 2026», or nothing."""
    return day_text(value) if value else ""


@register.filter
def long_day(value: date) -> str:
    """«viernes 20 de noviembre de 2026»."""
    return f"{_WEEKDAYS[value.weekday()]} {value.day} de {_MONTHS[value.month - 1]} de {value.year}"


@register.filter
def short_day(value: date) -> str:
    """«20/11/2026», for tables."""
    return f"{value:%d/%m/%Y}"


@register.filter
def days(count: int) -> str:
    """«1 día», «15 días»."""
    return days_text(count)


@register.filter
def number(count: int) -> str:
    """«12.345»."""
    return f"{count:,}".replace(",", ".")


@register.filter
def counted(count: int, words: str) -> str:
    """`3|counted:"cliente,clientes"` → «3 clientes»."""
    one, many = words.split(",")
    return f"{number(count)} {one if count == 1 else many}"
