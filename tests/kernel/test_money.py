"""Money: exact, one currency at a time, one rounding."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aldia.kernel.money import (
    CurrenciesDiffer,
    Money,
    UnknownCurrency,
    format_money,
    minor_per_major,
    minor_units,
    read_typed_amount,
    round_half_up,
)


@pytest.mark.parametrize(
    ("currency", "decimals"),
    [
        ("EUR", 2),
        ("USD", 2),
        ("MXN", 2),
        ("PEN", 2),
        ("COP", 2),
        ("ARS", 2),
        ("CLP", 0),
        ("JPY", 0),
        ("BHD", 3),
    ],
)
def test_each_currency_has_its_own_minor_unit(currency: str, decimals: int) -> None:
    assert minor_units(currency) == decimals
    assert minor_per_major(currency) == 10**decimals


@pytest.mark.parametrize("code", ["", "eur", "EURO", "XXQ", "€"])
def test_what_is_no_currency_is_refused_by_name(code: str) -> None:
    with pytest.raises(UnknownCurrency, match="no existe"):
        minor_units(code)


@given(st.integers(-(10**15), 10**15), st.integers(1, 500))
def test_a_split_sums_to_the_whole_and_is_even_to_one_unit(minor: int, parts: int) -> None:
    shares = [share.minor for share in Money(minor, "EUR").split(parts)]
    assert sum(shares) == minor
    assert max(shares) - min(shares) <= 1


@given(st.integers(-(10**24), 10**24), st.integers(1, 10**9))
def test_rounding_is_half_up_away_from_zero(numerator: int, denominator: int) -> None:
    exact = Decimal(numerator) / Decimal(denominator)
    if abs(exact) < Decimal(10) ** 15:  # beyond it Decimal's own 28 digits would round first
        assert round_half_up(numerator, denominator) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def test_rounding_needs_a_positive_divisor() -> None:
    with pytest.raises(ValueError, match="positive"):
        round_half_up(1, 0)


@given(st.integers(-(10**12), 10**12), st.integers(-(10**12), 10**12))
def test_sums_and_differences_are_exact(left: int, right: int) -> None:
    total = Money(left, "EUR") + Money(right, "EUR")
    assert total - Money(right, "EUR") == Money(left, "EUR")


def test_two_currencies_are_never_added() -> None:
    with pytest.raises(CurrenciesDiffer):
        Money(100, "EUR") + Money(100, "USD")


def test_an_impossible_amount_cannot_be_built() -> None:
    with pytest.raises(Exception, match="demasiado grande"):
        Money(10**15 + 1, "EUR")
    with pytest.raises(UnknownCurrency):
        Money(1, "ZZZ")


@pytest.mark.parametrize(
    ("minor", "currency", "locale", "text"),
    [
        (123456789, "EUR", "es_ES", "1.234.567,89\xa0€"),
        (123456, "EUR", "es_ES", "1.234,56\xa0€"),
        (5, "EUR", "es_ES", "0,05\xa0€"),
        (-1200, "EUR", "es_ES", "-12,00\xa0€"),
        (1500000, "CLP", "es_CL", "$1.500.000"),
        (123456, "MXN", "es_MX", "$1,234.56"),
    ],
)
def test_amounts_are_written_as_people_of_the_place_do(
    minor: int, currency: str, locale: str, text: str
) -> None:
    assert format_money(minor, currency, locale) == text


def test_major_units_are_exact() -> None:
    assert Money(1234, "EUR").major() == Decimal("12.34")
    assert Money(1234, "CLP").major() == Decimal("1234")
    assert Money(1234, "BHD").major() == Decimal("1.234")


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("1.234,56", 123_456),
        ("1234,5", 123_450),
        ("1234", 123_400),
        ("1.234", 123_400),
        ("12.50", 1_250),
        ("1,234.56", 123_456),
        (" 1 234,56 € ", 123_456),
        ("1,234", None),
        ("12,345", None),
        ("1.23.4", None),
        ("-5", None),
        ("", None),
        ("doce", None),
        ("9" * 30, None),
    ],
)
def test_an_amount_somebody_typed_is_read_in_one_way_or_not_at_all(typed, minor):
    assert read_typed_amount(typed, "EUR") == minor


def test_a_currency_without_minor_units_takes_no_decimals():
    assert read_typed_amount("15.000", "CLP") == 15_000
    assert read_typed_amount("15000,5", "CLP") is None
