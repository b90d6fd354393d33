"""One table of a TOML document, read key by key; every fault becomes a Spanish sentence in one common list.

A getter that finds a fault notes it and returns a harmless value, so that reading goes on and the author sees
all faults at once. Nothing read from a document with faults is ever used.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from aldia.rules.portfolio.condition_values import nearest

_ID = re.compile(r"[a-z0-9_]{1,40}")
_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?")
_TITLE_MAX = 120


@dataclass(slots=True)
class Table:
    """place: how faults name it, such as «paso «second»». known: the keys asked for so far."""

    place: str
    values: Mapping[str, object]
    faults: list[str]
    known: set[str] = field(default_factory=set)

    def fault(self, sentence: str) -> None:
        """Note a fault at this place."""
        self.faults.append(f"{self.place}: {sentence}")

    def get(self, key: str) -> object:
        """The raw value, None when absent; the key counts as known."""
        self.known.add(key)
        return self.values.get(key)

    def has(self, key: str) -> bool:
        """Whether the author wrote the key."""
        return self.get(key) is not None

    def text(self, key: str) -> str:
        """A text that must be there and fit on one line."""
        value = self.get(key)
        if value is None:
            self.fault(f"falta «{key}».")
        elif not isinstance(value, str):
            self.fault(f"«{key}» debe ser un texto entre comillas.")
        else:
            return value
        return ""

    def title(self, key: str) -> str:
        """A text people will read: one line, not blank, at most 120 characters."""
        value = self.text(key)
        if value and not (value.strip() and value.isprintable() and len(value) <= _TITLE_MAX):
            self.fault(f"«{key}» debe ser una línea de 1 a {_TITLE_MAX} caracteres.")
        elif self.values.get(key) == "":
            self.fault(f"«{key}» está vacío.")
        return value

    def identifier(self, key: str) -> str:
        """A name for machines: 1 to 40 of a-z, 0-9 and _."""
        value = self.text(key)
        if isinstance(self.values.get(key), str) and not _ID.fullmatch(value):
            self.fault(f"«{key}» solo lleva minúsculas sin acento, cifras y «_», como second_reminder.")
        return value

    def choice(self, key: str, options: Sequence[str], *, default: str | None = None) -> str:
        """One of the options."""
        if default is not None and not self.has(key):
            return default
        value = self.text(key)
        if isinstance(self.values.get(key), str) and value not in options:
            self.fault(f"«{key}» no puede ser «{value}»: elija entre {', '.join(options)}.")
        return value

    def names(self, key: str, *, required: bool) -> tuple[str, ...]:
        """A list of texts without repetition; empty is a fault when required."""
        value = self.get(key)
        if value is None and not required:
            return ()
        if value is None:
            self.fault(f"falta «{key}».")
        elif not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self.fault(f'«{key}» debe ser una lista de textos, como ["email"].')
        else:
            return self._distinct(key, tuple(value), required=required)
        return ()

    def _distinct(self, key: str, names: tuple[str, ...], *, required: bool) -> tuple[str, ...]:
        if required and not names:
            self.fault(f"«{key}» está vacío.")
        if len(set(names)) < len(names):
            self.fault(f"«{key}» repite un nombre.")
        return names

    def choices(self, key: str, options: Sequence[str]) -> tuple[str, ...]:
        """A list, not empty, of some of the options."""
        values = self.names(key, required=True)
        for value in values:
            if value not in options:
                self.fault(f"«{key}» no puede llevar «{value}»: elija entre {', '.join(options)}.")
        return values

    def days(self, key: str, *, least: int, most: int = 365) -> int | None:
        """A whole number of days within bounds; None when absent."""
        value = self.get(key)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.fault(f"«{key}» debe ser un número entero de días entre {least} y {most}.")
            return None
        return value

    def amount(self, key: str) -> Decimal | None:
        """A number that is not negative, bare or between quotes, below 10^12; None when absent."""
        value = self.get(key)
        if value is None:
            return None
        number = _number(value)
        if number is None:
            self.fault(f"«{key}» debe ser un número no negativo con punto decimal, como 15 o 99.90.")
        return number

    def flag(self, key: str) -> bool:
        """true or false; false when absent."""
        value = self.get(key)
        if value is not None and not isinstance(value, bool):
            self.fault(f"«{key}» debe ser true o false.")
        return value is True

    def table(self, key: str) -> "Table":
        """A table inside this one; empty when absent."""
        value = self.get(key)
        if value is not None and not isinstance(value, dict):
            self.fault(f"«{key}» debe ser una tabla: [{key}].")
        return Table(f"[{key}]", value if isinstance(value, dict) else {}, self.faults)

    def tables(self, key: str) -> list[Mapping[str, object]]:
        """The tables of an array [[key]]; empty when absent."""
        value = self.get(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self.fault(f"«{key}» debe escribirse con dobles corchetes: [[{key}]].")
            return []
        return value

    def refuse_unknown_keys(self, also_known: Iterable[str] = ()) -> None:
        """Name every key that was never asked for, with the nearest known ones."""
        known = self.known | set(also_known)
        for key in self.values:
            if key not in known:
                self.fault(f"no se conoce «{key}».{nearest(key, known)}")


def _number(value: object) -> Decimal | None:
    """Only plain digits pass, so infinities, exponents, signs and booleans do not."""
    text = f"{value:f}" if isinstance(value, Decimal) and value.is_finite() and _is_small(value) else value
    text = str(text) if isinstance(text, int) and not isinstance(text, bool) else text
    return Decimal(text) if isinstance(text, str) and _AMOUNT.fullmatch(text) else None


def _is_small(value: Decimal) -> bool:
    return -20 < value.adjusted() < 20


def decimal_of_toml(text: str) -> Decimal:
    """A TOML float as Decimal, exact; one beyond Decimal's range reads as NaN, which no getter accepts."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("NaN")
