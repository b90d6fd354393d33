"""The chain of a customer's contact log: anybody can reckon it anew, with nothing but the entries.

canonical: the entry as JSON, members ordered by length of name (in bytes) and then by bytes, `", "` and
`": "` between them, characters as they are, instants in UTC with microseconds. That is how PostgreSQL writes
jsonb, so the database reckons the same text. digest: SHA-256 of it, in hex. The hash of an entry is SHA-256
of the hash before (blank for the first) followed by the digest, both in hex: so an entry that must not be
shown can be proven by its digest alone.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

CONFIDENTIAL_TEMPLATES = frozenset({"negotiation"})
"""Texts that never go into evidence. Spain: what is said while negotiating before a suit is confidential
(Ley Orgánica 1/2025, art. 9)."""


@dataclass(frozen=True, slots=True)
class LoggedContact:
    """What the hash of an entry covers, beside the hash before. Named as `ContactEntry`."""

    creditor_id: int
    customer_id: int
    seq: int
    at: datetime
    recorded_at: datetime
    kind: str
    channel: str
    address: str
    subject: str
    actor: str
    payload: Mapping[str, Any]


def canonical(entry: LoggedContact) -> str:
    """The one text of the entry. payload: no fractions."""
    return json.dumps(
        _ordered(
            {
                "creditor": entry.creditor_id,
                "customer": entry.customer_id,
                "seq": entry.seq,
                "at": _instant(entry.at),
                "recorded_at": _instant(entry.recorded_at),
                "kind": entry.kind,
                "channel": entry.channel,
                "address": entry.address,
                "subject": entry.subject,
                "actor": entry.actor,
                "payload": entry.payload,
            }
        ),
        ensure_ascii=False,
    )


def digest_of(text: str) -> str:
    """SHA-256 of a text in UTF-8, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def entry_hash(prev_hash: str, digest: str) -> str:
    """The hash of the entry with that digest after the entry with that hash."""
    return digest_of(prev_hash + digest)


def anchor_digest(heads: Iterable[tuple[int, int, str]]) -> str:
    """Over (customer id, seq, hash) of the ends of chains, by customer; as the audit chain keeps it."""
    return digest_of("\n".join(f"{customer} {seq} {hash_}" for customer, seq, hash_ in sorted(heads)))


def is_confidential(payload: Mapping[str, Any]) -> bool:
    """Whether an entry may not leave the house: it says so, or one of its texts is of such a kind."""
    messages = payload.get("messages") or ()
    return bool(payload.get("confidential")) or any(
        each.get("template") in CONFIDENTIAL_TEMPLATES for each in messages
    )


def fingerprints_in(value: Any) -> set[str]:
    """Every SHA-256 that a payload names, however deep: what stands under names that end in `sha256`."""
    if isinstance(value, Mapping):
        own = {v for k, v in value.items() if k.endswith("sha256") and isinstance(v, str) and v}
        return own.union(*(fingerprints_in(each) for each in value.values()))
    if isinstance(value, list | tuple):
        return set().union(*(fingerprints_in(each) for each in value))
    return set()


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _ordered(value: Any) -> Any:
    if isinstance(value, Mapping):
        names = sorted(value, key=lambda name: (len(name.encode()), name.encode()))
        return {name: _ordered(value[name]) for name in names}
    return [_ordered(each) for each in value] if isinstance(value, list | tuple) else value
