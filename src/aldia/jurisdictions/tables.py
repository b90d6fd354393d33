"""One table of a jurisdiction file, taken key by key; what is missing, wrong or left over is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, TypeVar

from aldia.kernel.errors import AldiaError

_Kind = TypeVar("_Kind")
_REQUIRED: Any = object()


class FaultyJurisdiction(AldiaError):
    """A jurisdiction file lacks something, contradicts itself or says what we cannot read."""

    code = "faulty_jurisdiction"


@dataclass(slots=True)
class Table:
    """The keys of one TOML table that were not taken yet. place: where it stands, for the sentences."""

    place: str
    values: dict[str, Any]
    taken: set[str] = field(default_factory=set)

    def fault(self, what: str) -> FaultyJurisdiction:
        """The error to raise about this table; `what` is the rest of a Spanish sentence."""
        return FaultyJurisdiction(f"{self.place}: {what}", place=self.place)

    def text(self, key: str, default: str = _REQUIRED) -> str:
        """A text that is not empty, unless the default is given."""
        text = self._take(key, str, "un texto", default)
        if not text.strip() and default is _REQUIRED:
            raise self.fault(f"«{key}» está vacío.")
        return text

    def day(self, key: str) -> date:
        """A date without time."""
        day = self._take(key, date, "una fecha como 2026-11-21", _REQUIRED)
        if isinstance(day, datetime):
            raise self.fault(f"«{key}» debe ser una fecha sin hora.")
        return day

    def hour(self, key: str) -> time:
        """A local time of day."""
        return self._take(key, time, "una hora como 09:00:00", _REQUIRED)

    def whole(self, key: str, default: int = _REQUIRED) -> int:
        """A whole number of 0 or more."""
        number = self._take(key, int, "un número entero", default)
        if isinstance(number, bool) or number < 0:
            raise self.fault(f"«{key}» debe ser un número entero, cero o mayor.")
        return number

    def flag(self, key: str) -> bool:
        """True or false; false when absent."""
        return self._take(key, bool, "true o false", False)

    def words(self, key: str, allowed: frozenset[str]) -> frozenset[str]:
        """A list of one or more words, each among those allowed."""
        words = self._take(key, list, "una lista", _REQUIRED)
        wrong = [word for word in words if word not in allowed]
        if wrong or not words:
            raise self.fault(f"«{key}» solo admite {', '.join(sorted(allowed))}.")
        return frozenset(words)

    def table(self, key: str) -> "Table | None":
        """The table under that key, None when absent."""
        values = self._take(key, dict, "una tabla", None)
        return None if values is None else Table(f"{self.place}, «{key}»", values)

    def rows(self, key: str) -> "list[Table]":
        """The list of tables under that key, each knowing its place in it."""
        rows = self._take(key, list, "una lista de tablas", _REQUIRED)
        if not all(isinstance(row, Mapping) for row in rows):
            raise self.fault(f"«{key}» debe ser una lista de tablas.")
        return [Table(f"{self.place}, «{key}» n.º {n}", dict(row)) for n, row in enumerate(rows, 1)]

    def has(self, key: str) -> bool:
        """True when the key stands in the table."""
        return key in self.values

    def close(self) -> None:
        """Refuses keys nobody asked for: a typing error must not silently lose a fact."""
        unknown = sorted(self.values.keys() - self.taken)
        if unknown:
            raise self.fault(f"sobra «{unknown[0]}», que nadie lee.")

    def _take(self, key: str, kind: type[_Kind], what: str, default: Any) -> _Kind:
        self.taken.add(key)
        value = self.values.get(key, default)
        if value is _REQUIRED:
            raise self.fault(f"falta «{key}».")
        if value is not default and not isinstance(value, kind):
            raise self.fault(f"«{key}» debe ser {what}.")
        return value  # type: ignore[no-any-return]
