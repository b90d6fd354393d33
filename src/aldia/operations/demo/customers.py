"""How the 400 customers trade: kind of debtor, size, terms, taxes, since when."""

from datetime import date, timedelta
from random import Random
from typing import TypeVar

from aldia.operations.demo.days import day_in, first_day, months_between
from aldia.operations.demo.people import SHOP_TAG, Identity, identity_of, pupils_of
from aldia.operations.demo.values import DebtorKind, DemoCustomer, Party, Tax
from aldia.operations.demo.words import GROUPS

_T = TypeVar("_T")

NUMBERS = {
    Party.FAMILY: 152,
    Party.CONSUMER: 40,
    Party.SOLE_TRADER: 68,
    Party.COMPANY: 123,
    Party.FOREIGN_COMPANY: 3,
    Party.PUBLIC_BODY: 14,
}
_KINDS = tuple(DebtorKind)
_SHARES = {
    # casual, stalling, circumstantial, careless, chronic, illiquid, good_payer
    Party.FAMILY: (20, 5, 6, 21, 8, 3, 37),
    Party.CONSUMER: (20, 7, 8, 24, 8, 5, 28),
    Party.SOLE_TRADER: (16, 16, 8, 15, 20, 8, 17),
    Party.COMPANY: (15, 18, 8, 10, 25, 7, 17),
    Party.FOREIGN_COMPANY: (34, 0, 0, 0, 34, 0, 32),
    Party.PUBLIC_BODY: (10, 30, 5, 0, 45, 0, 10),
}
_SIZES = {
    # typical net amounts in cents, and how often
    Party.FAMILY: ((0, 1),),
    Party.CONSUMER: ((9_000, 5), (24_000, 3), (60_000, 1)),
    Party.SOLE_TRADER: ((12_000, 4), (35_000, 4), (90_000, 2)),
    Party.COMPANY: ((25_000, 3), (80_000, 4), (210_000, 2), (480_000, 1)),
    Party.FOREIGN_COMPANY: ((180_000, 1),),
    Party.PUBLIC_BODY: ((70_000, 2), (190_000, 3), (420_000, 1)),
}
_TERMS = {
    Party.FAMILY: (((9,), 1),),
    Party.CONSUMER: (((0,), 2), ((15,), 3)),
    Party.SOLE_TRADER: (((15,), 2), ((30,), 6), ((60,), 1)),
    Party.COMPANY: (((30,), 6), ((60,), 5)),
    Party.FOREIGN_COMPANY: (((30,), 1),),
    Party.PUBLIC_BODY: (((30,), 5), ((60,), 1)),
}


_IN_THREE = (30, 60, 90)
_LARGE_CENTS = 200_000


def make_customers(rng: Random, last: date) -> list[DemoCustomer]:
    """All customers, in an order of their own, coded C0001 …"""
    roles = [(party, kind) for party in NUMBERS for kind in _kinds_of(party)]
    rng.shuffle(roles)
    return [_customer(rng, *role, serial, last) for serial, role in enumerate(roles, start=1)]


def _kinds_of(party: Party) -> list[DebtorKind]:
    """As many of each kind as their shares say; what rounding leaves are good payers."""
    count = NUMBERS[party]
    kinds = [
        kind for kind, share in zip(_KINDS, _SHARES[party], strict=True) for _ in range(count * share // 100)
    ]
    return kinds + [DebtorKind.GOOD_PAYER] * (count - len(kinds))


def _customer(rng: Random, party: Party, kind: DebtorKind, serial: int, last: date) -> DemoCustomer:
    who = identity_of(rng, party, serial)
    since, until = _span(rng, party, last)
    size = _weighted(rng, _SIZES[party])
    formal = party is not Party.FAMILY or rng.randint(1, 10) > 6
    return DemoCustomer(
        code=f"C{serial:04d}",
        name=who.name,
        tax_id=who.tax_id,
        party=party,
        debtor_kind=kind,
        address=who.address,
        email=who.email,
        phone=who.phone,
        language=_language(rng, party, who),
        form_of_address="usted" if formal else "tú",
        tags=_tags(rng, who),
        contact_name=who.contact_name,
        contact_role=who.contact_role,
        group=_group(rng, party, serial, who),
        agreed_rate=_agreed_rate(rng, party),
        tax=_tax(party, who),
        currency="USD" if party is Party.FOREIGN_COMPANY else "EUR",
        size_cents=size,
        terms=_terms(rng, party, size),
        direct_debit=party is Party.FAMILY and rng.randint(1, 100) <= 62,
        pupils=pupils_of(rng, who.name) if party is Party.FAMILY else (),
        since=since,
        until=until,
    )


def _terms(rng: Random, party: Party, size_cents: int) -> tuple[int, ...]:
    """Large companies now and then pay in three."""
    large = party is Party.COMPANY and size_cents > _LARGE_CENTS
    return _IN_THREE if large and rng.randint(1, 3) == 1 else _weighted(rng, _TERMS[party])


def _weighted(rng: Random, choices: tuple[tuple[_T, int], ...]) -> _T:
    return rng.choices([value for value, _ in choices], weights=[weight for _, weight in choices])[0]


def _span(rng: Random, party: Party, last: date) -> tuple[date, date]:
    """Families come in September and leave in June, others come when they come; most stay."""
    first = first_day(last)
    since = first if rng.randint(1, 100) <= 55 else first + timedelta(days=rng.randint(20, 600))
    if party is not Party.FAMILY:
        return since, last if rng.randint(1, 100) <= 88 else since + timedelta(days=rng.randint(90, 400))
    septembers = [m for m in months_between(first, last - timedelta(days=45)) if m.month == 9]
    start = since if since == first else rng.choice(septembers)
    junes = [day_in(m, 30) for m in months_between(start, last) if m.month == 6]
    leaves = bool(junes) and rng.randint(1, 100) <= 30
    return start, rng.choice(junes) if leaves else last


def _language(rng: Random, party: Party, who: Identity) -> str:
    if party is Party.FOREIGN_COMPANY:
        return "inglés"
    return "catalán" if who.address.region == "ES-CT" and rng.randint(1, 2) == 1 else "español"


def _tags(rng: Random, who: Identity) -> str:
    own = [who.tags] if who.tags else []
    return ", ".join(own + [tag for tag in ("antiguo", "vip", "moroso 2023") if rng.randint(1, 25) == 1])


def _group(rng: Random, party: Party, serial: int, who: Identity) -> str:
    if party is Party.COMPANY and rng.randint(1, 12) == 1:
        return GROUPS[serial % len(GROUPS)]
    if party is Party.FAMILY and rng.randint(1, 20) == 1:
        return f"Familia {' '.join(who.name.split()[-2:])}"
    return ""


def _agreed_rate(rng: Random, party: Party) -> str:
    agreed = party is Party.COMPANY and rng.randint(1, 14) == 1
    return rng.choice(("8,00", "9,50", "12,00")) if agreed else ""


def _tax(party: Party, who: Identity) -> Tax:
    if party in {Party.FAMILY, Party.FOREIGN_COMPANY}:
        return Tax.EXEMPT
    if who.address.region == "ES-CN":
        return Tax.IGIC
    return Tax.SURCHARGE if who.tags == SHOP_TAG else Tax.IVA
