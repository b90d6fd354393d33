"""What was sold: monthly fees of the academy, irregular invoices to everybody else, 6,000 in all."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import accumulate, groupby
from operator import attrgetter
from random import Random

from aldia.kernel.money import Money, round_half_up
from aldia.operations.demo.days import day_in, first_day, months_between, working_day
from aldia.operations.demo.values import DemoCustomer, DemoLine, Party, Tax
from aldia.operations.demo.words import COURSES, PERSONAL_SERVICES, SERVICES, SHOP_GOODS

INVOICES = 6_000
_FEE_RISE_PERCENT = 3
_RENT = "Alquiler de aula"
_RENT_RETENTION_BP = 1900
_RATES_BP = {Tax.IVA: 2100, Tax.SURCHARGE: 2620, Tax.IGIC: 700, Tax.EXEMPT: 0}
_SEASON = (90, 95, 100, 95, 100, 100, 75, 25, 85, 110, 115, 90)  # January … December
_BUSY = {
    Party.CONSUMER: 3,
    Party.SOLE_TRADER: 5,
    Party.COMPANY: 10,
    Party.FOREIGN_COMPANY: 7,
    Party.PUBLIC_BODY: 8,
}


def make_sales(rng: Random, customers: list[DemoCustomer], last: date) -> list[DemoLine]:
    """The rows of 6,000 invoices, numbered by series and year in order of issue."""
    fees = [line for customer in customers for line in _fees(rng, customer, last)]
    others = [customer for customer in customers if customer.party is not Party.FAMILY]
    occasions = _occasions(rng, others, last, INVOICES - len(fees))
    irregular = [_invoice(rng, customer, day) for customer, day in occasions]
    return _numbered([[fee] for fee in fees] + irregular)


def _fees(rng: Random, customer: DemoCustomer, last: date) -> list[DemoLine]:
    lines: list[DemoLine] = []
    for pupil in customer.pupils:
        course, cents = rng.choice(COURSES)
        summer = rng.randint(1, 10) <= 3
        for month in months_between(first_day(last), last):
            if _is_taught(month, customer, last, summer=summer):
                price = _price(cents, month, last)
                lines.append(_fee(customer, month, price, pupil, course))
    return lines


def _is_taught(month: date, customer: DemoCustomer, last: date, *, summer: bool) -> bool:
    inside = max(customer.since, first_day(last)) <= month <= min(customer.until, last)
    return inside and month.month != 8 and (month.month != 7 or summer)


def _price(cents: int, month: date, last: date) -> int:
    """The price rises once, in the September before the last day."""
    rise = date(last.year - (last.month < 9), 9, 1)
    return cents if month < rise else round_half_up(cents * (100 + _FEE_RISE_PERCENT), 100 * 5) * 5


def _fee(customer: DemoCustomer, month: date, cents: int, pupil: str, course: str) -> DemoLine:
    due = month + timedelta(days=customer.terms[0])
    return DemoLine("", customer, month, due, cents, 0, 0, 0, pupil, f"{course}, {month:%m/%Y}")


def _occasions(
    rng: Random, customers: list[DemoCustomer], last: date, count: int
) -> Iterator[tuple[DemoCustomer, date]]:
    """Who bought, and when: busy customers more often, little in August, never before they came."""
    months = list(months_between(first_day(last), last))
    busy = list(accumulate(_BUSY[customer.party] for customer in customers))
    season = list(accumulate(_SEASON[month.month - 1] for month in months))
    while count:
        customer = rng.choices(customers, cum_weights=busy)[0]
        month = rng.choices(months, cum_weights=season)[0]
        day = working_day(day_in(month, rng.randint(1, 30)))
        if max(customer.since, first_day(last)) <= day <= min(customer.until, last):
            count -= 1
            yield customer, day


def _invoice(rng: Random, customer: DemoCustomer, day: date) -> list[DemoLine]:
    """One row per due date; each carries its share of the amounts."""
    net = _net(rng, customer)
    what = _what(rng, customer)
    rent = what == _RENT
    return [
        _line(customer, day, days, share.minor, what, rent=rent)
        for days, share in zip(
            customer.terms, Money(net, customer.currency).split(len(customer.terms)), strict=True
        )
    ]


def _net(rng: Random, customer: DemoCustomer) -> int:
    """Between 40 % and 190 % of the customer's size; most of the time whole euros."""
    cents = customer.size_cents * rng.randint(40, 190) // 100
    return cents if rng.randint(1, 4) == 1 else max(cents // 500, 1) * 500


def _what(rng: Random, customer: DemoCustomer) -> str:
    if customer.party is Party.CONSUMER:
        return rng.choice(PERSONAL_SERVICES)
    if customer.tax is Tax.SURCHARGE:
        return rng.choice(SHOP_GOODS)
    if customer.tax is Tax.IVA and customer.party is Party.COMPANY and rng.randint(1, 18) == 1:
        return _RENT
    return rng.choice(SERVICES)


def _line(customer: DemoCustomer, day: date, days: int, net: int, what: str, *, rent: bool) -> DemoLine:
    rate = _RATES_BP[customer.tax]
    tax = round_half_up(net * rate, 10_000)
    retention = round_half_up(net * _RENT_RETENTION_BP, 10_000) if rent else 0
    return DemoLine("", customer, day, day + timedelta(days=days), net, tax, rate, retention, "", what)


def _numbered(invoices: list[list[DemoLine]]) -> list[DemoLine]:
    """Series R for fees, F for the rest: «F-2026-00017»."""
    lines: list[DemoLine] = []
    ordered = sorted(invoices, key=lambda rows: (_series(rows[0]), rows[0].issued_on))
    for (series, year), group in groupby(
        ordered, key=lambda rows: (_series(rows[0]), rows[0].issued_on.year)
    ):
        for place, rows in enumerate(group, start=1):
            lines += [replace(row, number=f"{series}-{year}-{place:05d}") for row in rows]
    return sorted(lines, key=attrgetter("issued_on"))


def _series(line: DemoLine) -> str:
    return "R" if line.customer.party is Party.FAMILY else "F"
