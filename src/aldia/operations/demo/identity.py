"""Tax ids with valid check digits from ranges that are not given out, addresses that lead nowhere."""

import re
from random import Random

from stdnum.es import cif, dni, nie

from aldia.kernel.text import fold
from aldia.operations.demo.values import Address
from aldia.operations.demo.words import PLACES, STREETS

_NUMBER_LETTERS = "ABEF"  # whose check is a digit; bodies (P, Q) have a letter
_LABEL_LENGTH_MAX = 40


def person_tax_id(serial: int) -> str:
    """A NIF from 999xxxxx, or for one in twelve a NIE from Z999xxxx."""
    if serial % 12 == 0:
        body = f"Z999{serial:04d}"
        return body + str(nie.calc_check_digit(body))
    body = f"999{serial:05d}"
    return body + str(dni.calc_check_digit(body))


def company_tax_id(letter: str, serial: int) -> str:
    """A NIF of a legal person with the digits 00, of no province."""
    body = f"{letter}00{serial:05d}"
    candidates = str(cif.calc_check_digits(body))  # the digit, then the letter
    return body + candidates[0 if letter in _NUMBER_LETTERS else 1]


def label(text: str) -> str:
    """«Peñalavega e Hijos, S.L.» → «penalavega-e-hijos-s-l», for an address."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:_LABEL_LENGTH_MAX].strip("-")


def person_email(name: str, serial: int) -> str:
    """An address under the reserved domain .example."""
    return f"{label(name).replace('-', '.')}{serial}@correo.example"


def company_email(name: str, mailbox: str) -> str:
    """An address under the reserved domain .example."""
    return f"{mailbox}@{label(name)}.example"


def mobile(serial: int) -> str:
    """A number of the block 600 000."""
    return f"+34 600 000 {serial % 1000:03d}"


def landline(serial: int) -> str:
    """A number of the block 910 000."""
    return f"+34 910 000 {serial % 1000:03d}"


def address(rng: Random, *, near: bool) -> Address:
    """Somewhere in Spain; near: in the region of Madrid. Postal codes end in 999, as none does."""
    places = [place for place in PLACES if not near or place[1] == "ES-MD"]
    city, region, prefix, _ = rng.choices(places, weights=[place[3] for place in places])[0]
    street = f"{rng.choice(STREETS)} {rng.randint(1, 140)}"
    return Address(street, f"{prefix}999", city, region)
