"""The audit chain's seal: an HMAC over the canonical text of an entry and the seal before it.

A change, a gap or a different order anywhere shows in every seal from there on; without the key nobody can
make a new one. Canonical: JSON, keys sorted, no spaces, characters as they are, instants in UTC.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a seal covers. sequence: 1, 2, 3 … per creditor. previous: the seal before, blank for the first.

    payload: text, whole numbers, booleans, null, lists and objects of them; no fractions, which do not come
    back from a database as they were.
    """

    creditor_id: int
    sequence: int
    at: datetime
    actor: str
    verb: str
    subject: str
    payload: Mapping[str, Any]
    previous: str


def canonical(entry: Sealed) -> bytes:
    """The text that is sealed, UTF-8. Raises ValueError for what has no canonical form."""
    _refuse_fractions(entry.payload)
    facts = {
        "creditor": entry.creditor_id,
        "sequence": entry.sequence,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "verb": entry.verb,
        "subject": entry.subject,
        "payload": entry.payload,
        "previous": entry.previous,
    }
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def seal(entry: Sealed, key: bytes) -> str:
    """HMAC-SHA-256 of the canonical text, 64 hexadecimal digits."""
    return hmac.new(key, canonical(entry), hashlib.sha256).hexdigest()


def _refuse_fractions(value: Any) -> None:
    if isinstance(value, float):
        raise ValueError("an audit payload has no fractions")
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if not isinstance(name, str):
                raise ValueError("an audit payload is keyed by text")
            _refuse_fractions(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_fractions(inner)
