"""Who there is: customers of all habits, each with a word in its name that is nobody else's."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

HABITS = (
    "punctual",
    "late",
    "in_parts",
    "never",
    "disputes",
    "returns",
    "pays_twice",
    "on_account",
    "moves_house",
    "nowhere",
    "insolvent",
    "bad_address",
)
"""How a customer pays, or what befalls it. One of each, then at random."""

_LETTERS = "bcdfghjklmnpqrstvwxz"
_HOSTILE = ("{word} <i>{{{{7*7}}}}</i>", "{word} {{total}} & \u202eHijos", '«{word}» "Uno" -- DROP', "{word}")
_FORMS = {
    "business": ("Talleres {word} S.L.", "{word} Hermanos S.A.", "Comercial {word}"),
    "consumer": ("Marta {word}", "Iñigo {word} Núñez"),
    "public_body": ("Ayuntamiento de {word}",),
}


@dataclass(slots=True)
class Person:
    """A customer. word: stands in its name, address and invoice numbers, and nowhere else. emails: all it
    ever had, the one in use last."""

    code: str
    word: str
    name: str
    kind: str
    habit: str
    segment: str = ""
    country: str = "ES"
    region: str = ""
    currencies: tuple[str, ...] = ("EUR",)
    form: str = "usted"
    phone: str = ""
    address: str = ""
    emails: list[str] = field(default_factory=list)
    terms_days: int = 30
    every_days: int = 60
    invoices: int = 0
    insolvent_on: date | None = None

    @property
    def email(self) -> str:
        """The address in use, blank for none."""
        return self.emails[-1] if self.emails else ""

    @property
    def place(self) -> str:
        """Where it lives, as the judge's calendar has it."""
        return self.region or self.country

    def next_number(self) -> str:
        """The number of its next invoice: it names nobody else."""
        self.invoices += 1
        return f"F-{self.word.upper()}-{self.invoices:02}"

    def next_email(self) -> str:
        """A new address."""
        self.emails.append(f"{self.word}{len(self.emails) or ''}@{self.word}.example")
        return self.email


def people(rng: random.Random, most: int) -> list[Person]:
    """Everybody the house sells to: the first are chosen, so that every year has one of each."""
    words = _words(rng)
    everybody = [_person(rng, number, next(words), number) for number in range(most)]
    _canarian, _mexican = everybody[0], everybody[1]
    _canarian.region, _canarian.kind, _canarian.segment = "ES-CN", "business", ""
    _mexican.country, _mexican.kind, _mexican.segment = "MX", "business", ""
    _mexican.currencies = rng.choice([("USD",), ("MXN",), ("USD", "MXN")])
    if rng.random() < 0.3:
        everybody[2].currencies, everybody[2].kind = ("EUR", "USD"), "business"
    return everybody


def _words(rng: random.Random) -> Iterator[str]:
    """Words without vowels: no text of the house contains one by chance."""
    seen: set[str] = set()
    while True:
        word = "q" + "".join(rng.choices(_LETTERS, k=7))
        if word not in seen:
            seen.add(word)
            yield word


def _person(rng: random.Random, number: int, word: str, turn: int) -> Person:
    kind = rng.choices(["business", "consumer", "public_body"], [6, 3, 1])[0]
    is_academy = kind == "consumer" and rng.random() < 0.4
    shown = word.capitalize()
    form = rng.choice(_HOSTILE if rng.random() < 0.2 else _FORMS[kind])
    person = Person(
        code=f"C{number:03}",
        word=word,
        name=form.format(word=shown),
        kind=kind,
        habit=HABITS[turn % len(HABITS)] if turn < len(HABITS) else rng.choice(HABITS),
        segment="academia" if is_academy else "",
        form="tu" if is_academy else "usted",
        terms_days=rng.choice([0, 15, 30, 30, 60]),
        every_days=rng.choice([45, 60, 90]),
        phone=f"6{rng.randrange(10**8):08}" if rng.random() < 0.25 else "",
        address=f"Calle {shown} {number}" if rng.random() < 0.2 else "",
    )
    if person.habit != "nowhere":
        person.next_email()
    return person
