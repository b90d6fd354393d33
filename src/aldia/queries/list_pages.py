"""Pages of long lists: where one ended, so that the next begins there, whatever came in between."""

import base64
import binascii
import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

PAGE = 50
COUNTED_MAX = 10_000
"""Lists are counted no further; beyond it they say «más de 10.000»."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNFIT = re.compile(r"[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Place:
    """A row's place in its order: the sort key, then what makes it unique. backwards: the page before it."""

    key: str | int
    id: int
    tail: str = ""
    backwards: bool = False

    def token(self) -> str:
        """For an address; says nothing to a reader."""
        plain = json.dumps([self.key, self.id, self.tail, self.backwards], separators=(",", ":"))
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")

    def fits(self, kind: str) -> bool:
        """Is this a place in an order by values of that type (bigint, date, text)?"""
        if kind == "bigint":
            return isinstance(self.key, int)
        return isinstance(self.key, str) and (kind == "text" or _is_date(self.key))


def place_of(token: str) -> Place | None:
    """The place a token names; None for the beginning, and for whatever is no token."""
    try:
        found = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        key, id_, tail, backwards = found
    except (binascii.Error, ValueError, TypeError, RecursionError):
        return None
    fits = type(key) in (str, int) and type(id_) is int and type(tail) is str and type(backwards) is bool
    return Place(key, id_, tail, backwards) if fits and all(map(_is_sound, (key, id_, tail))) else None


def _is_sound(part: str | int) -> bool:
    """Can the database be asked with it? No NUL, no half of a surrogate pair, nothing out of all measure."""
    if isinstance(part, int):
        return abs(part) < 1 << 62
    return len(part) < 1000 and not _UNFIT.search(part)


@dataclass(frozen=True, slots=True)
class Cut:
    """One page of the rows read: in reading order, with the tokens of its neighbours ("" for none)."""

    rows: list[dict[str, Any]]
    before: str
    after: str


def cut_page(rows: list[dict[str, Any]], place: Place | None, size: int = PAGE) -> Cut:
    """rows: up to size + 1, each with key, id and perhaps currency, from the place on in its direction."""
    more, rows = len(rows) > size, rows[:size]
    backwards = place is not None and place.backwards
    if backwards:
        rows.reverse()
    has_before = more if backwards else place is not None
    has_after = place is not None if backwards else more
    return Cut(
        rows,
        before=_token(rows[0], backwards=True) if rows and has_before else "",
        after=_token(rows[-1], backwards=False) if rows and has_after else "",
    )


def _token(row: dict[str, Any], *, backwards: bool) -> str:
    key = row["key"].isoformat() if isinstance(row["key"], date) else row["key"]
    return Place(key, row["id"], row.get("currency", ""), backwards).token()


def _is_date(text: str) -> bool:
    """Written as `token` writes it: other forms of ISO 8601 the database reads otherwise or not at all."""
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
