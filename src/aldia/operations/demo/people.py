"""The 400 customers: who they are, from the words of the demo."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from aldia.operations.demo import identity
from aldia.operations.demo.values import Address, Party
from aldia.operations.demo.words import (
    BODIES,
    CHILDREN,
    FOREIGN_COMPANIES,
    LEGAL_FORMS,
    LONG_COMPANIES,
    LONG_SURNAMES,
    MEN,
    SHOP_TRADES,
    SURNAMES,
    TOWNS,
    TRADES,
    WOMEN,
)

SHOP_TAG = "recargo"
_NO_ADDRESS = Address("", "", "", "")
_PLACE_OF_DOLLARS = Address("14 Elder Row", "", "Boston", "Massachusetts", "US")


@dataclass(frozen=True, slots=True)
class Identity:
    """Name, tax id and how to reach; every text may be blank but the name."""

    name: str
    tax_id: str
    address: Address
    email: str
    phone: str
    contact_name: str = ""
    contact_role: str = ""
    tags: str = ""


def full_name(rng: Random, given: tuple[str, ...] = WOMEN + MEN) -> str:
    """One of the given names and two surnames, the second now and then a long one."""
    second = rng.choice(LONG_SURNAMES) if rng.randint(1, 30) == 1 else rng.choice(SURNAMES)
    return f"{rng.choice(given)} {rng.choice(SURNAMES)} {second}"


def pupils_of(rng: Random, family: str) -> tuple[str, ...]:
    """One, two or three children with the family's first surname."""
    surname = next(word for word in family.split() if word in SURNAMES)
    count = rng.choices((1, 2, 3), weights=(64, 31, 5))[0]
    return tuple(f"{name} {surname}" for name in rng.sample(CHILDREN, count))


def identity_of(rng: Random, party: Party, serial: int) -> Identity:
    """Who the serial-th customer is, before some of their addresses get lost."""
    return _less_reachable(rng, _MAKERS[party](rng, serial))


def _less_reachable(rng: Random, whole: Identity) -> Identity:
    """Most can be written to; some only called, a few not reached at all."""
    lost = rng.choices(("nothing", "phone", "email", "all"), weights=(80, 10, 8, 2))[0]
    return Identity(
        whole.name,
        whole.tax_id,
        _NO_ADDRESS if lost == "all" else whole.address,
        "" if lost in {"email", "all"} else whole.email,
        "" if lost in {"phone", "all"} else whole.phone,
        whole.contact_name,
        whole.contact_role,
        whole.tags,
    )


def _person(rng: Random, serial: int, given: tuple[str, ...] = WOMEN + MEN) -> Identity:
    name = full_name(rng, given)
    return Identity(
        name,
        identity.person_tax_id(serial),
        identity.address(rng, near=True),
        identity.person_email(name, serial),
        identity.mobile(serial),
    )


def _family(rng: Random, serial: int) -> Identity:
    role = rng.choices(("Madre", "Padre", "Tutor legal"), weights=(52, 42, 6))[0]
    parent = _person(rng, serial, WOMEN if role == "Madre" else MEN)
    return Identity(parent.name, parent.tax_id, parent.address, parent.email, parent.phone, parent.name, role)


def _sole_trader(rng: Random, serial: int) -> Identity:
    owner = full_name(rng)
    shop = rng.randint(1, 3) == 1
    trade = rng.choice(SHOP_TRADES if shop else TRADES)
    name = f"{owner} ({trade} {rng.choice(SURNAMES)})"
    return Identity(
        name,
        identity.person_tax_id(serial),
        identity.address(rng, near=rng.randint(1, 2) == 1),
        identity.person_email(owner, serial),
        identity.mobile(serial),
        owner,
        "Propietario",
        SHOP_TAG if shop else "",
    )


def _company(rng: Random, serial: int) -> Identity:
    form, letter = rng.choices(LEGAL_FORMS, weights=(60, 14, 10, 5, 4, 7))[0]
    name = f"{rng.choice(TRADES)} {rng.choice(SURNAMES)} {form}".replace(" S.", ", S.", 1)
    if rng.randint(1, 20) == 1:
        name, letter = f"{rng.choice(LONG_COMPANIES)} {rng.choice(SURNAMES)}, S.L.", "B"
    return _office(rng, serial, name, letter)


def _office(rng: Random, serial: int, name: str, letter: str) -> Identity:
    roles = ("Cuentas a pagar", "Dirección financiera", "Administrador", "")
    role = rng.choices(roles, weights=(45, 20, 20, 15))[0]
    mailbox = {"Cuentas a pagar": "proveedores", "Dirección financiera": "finanzas"}.get(role, "info")
    return Identity(
        name,
        identity.company_tax_id(letter, serial),
        identity.address(rng, near=rng.randint(1, 2) == 1),
        identity.company_email(name, mailbox),
        identity.landline(serial),
        full_name(rng) if role else "",
        role,
    )


def _foreign_company(rng: Random, serial: int) -> Identity:
    name = FOREIGN_COMPANIES[serial % len(FOREIGN_COMPANIES)]
    contact = identity.company_email(name, "accounts")
    return Identity(name, "", _PLACE_OF_DOLLARS, contact, "", full_name(rng), "Cuentas a pagar")


def _public_body(rng: Random, serial: int) -> Identity:
    pattern, letter = BODIES[serial % len(BODIES)]
    name = pattern.format(town=TOWNS[serial // len(BODIES) % len(TOWNS)])
    office = _office(rng, serial, name, letter)
    return Identity(
        name,
        office.tax_id,
        office.address,
        identity.company_email(name, "intervencion"),
        office.phone,
        full_name(rng),
        "Intervención",
    )


_MAKERS: dict[Party, Callable[[Random, int], Identity]] = {
    Party.FAMILY: _family,
    Party.CONSUMER: _person,
    Party.SOLE_TRADER: _sole_trader,
    Party.COMPANY: _company,
    Party.FOREIGN_COMPANY: _foreign_company,
    Party.PUBLIC_BODY: _public_body,
}
