"""The contact log, written: within the transaction of what it tells, before its audit entry.

The database gives each entry its place and hash and lets writers of one customer wait for each other. So who
writes for several customers does it in one statement, and before `record_event`: that is the order of locks.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from aldia.kernel.faults import fault_point
from aldia.operations.audit import record_event
from aldia.records.outreach.models import ContactKind

SAID_LENGTH_MAX = 2_000
_COLUMNS = "creditor_id, customer_id, at, kind, channel, address, subject, actor, payload"

_ONE = f"""
INSERT INTO outreach_contact_entry ({_COLUMNS})
VALUES (%(creditor)s, %(customer)s, %(at)s, %(kind)s, %(channel)s, %(address)s, %(subject)s, %(actor)s,
        %(payload)s::jsonb)
RETURNING seq
"""

_DISPATCH = """
SELECT outreach_log_dispatch(%(creditor)s, %(dispatch)s, %(kind)s, %(at)s, %(actor)s, %(said)s)
"""

# One entry per unit, by customer: so two writers of the same customers never wait for each other in a ring.
_UNITS = f"""
INSERT INTO outreach_contact_entry ({_COLUMNS})
SELECT m.creditor_id, m.customer_id, %(at)s, %(kind)s, min(m.channel), '', 'message:' || min(m.id),
       %(actor)s,
       u.payload || jsonb_build_object('messages', jsonb_agg(jsonb_build_object('id', m.id, 'kind', m.kind,
           'step', m.step, 'template', m.template, 'tone', m.tone) ORDER BY m.id))
FROM jsonb_to_recordset(%(units)s::jsonb) AS u (place int, ids jsonb, payload jsonb)
CROSS JOIN LATERAL jsonb_array_elements_text(u.ids) AS each (id)
JOIN outreach_message m ON m.creditor_id = %(creditor)s AND m.id = each.id::bigint
GROUP BY m.creditor_id, m.customer_id, u.place, u.payload
ORDER BY m.customer_id, u.place
"""

_ANCHOR = """
WITH ends AS (
    SELECT creditor_id, customer_id, seq, entry_hash FROM outreach_contact_head
    WHERE creditor_id = %(creditor)s AND seq > anchored_seq ORDER BY customer_id FOR UPDATE
), anchored AS (
    INSERT INTO outreach_contact_anchor (creditor_id, run_id, customer_id, seq, entry_hash)
    SELECT creditor_id, %(run)s, customer_id, seq, entry_hash FROM ends
    RETURNING customer_id, seq, entry_hash
)
SELECT count(*), encode(sha256(convert_to(coalesce(
           string_agg(customer_id || ' ' || seq || ' ' || entry_hash, E'\\n' ORDER BY customer_id), ''),
       'UTF8')), 'hex')
FROM anchored
"""


def log_contact(
    *,
    creditor_id: int,
    customer_id: int,
    kind: str,
    at: datetime,
    actor: str,
    channel: str = "",
    address: str = "",
    subject: str = "",
    payload: Mapping[str, Any] | None = None,
) -> int:
    """Append one entry to the customer's log; its place. In a transaction in scope, before `record_event`.

    kind: a ContactKind. at: aware, when it happened. channel: of the message, `phone` or `post`. subject:
    `dispatch:17`, `reply:3` …; an entry about a dispatch names it, so that what may not be shown of the one
    is not shown of the other. payload: text, whole numbers, booleans, null, lists and objects of them. Words
    people wrote and files go in by their SHA-256 alone, under a name that ends in `sha256`
    (`rules.contact_chain.digest_of`); `queries/evidence.py` knows where their contents are.
    """
    assert connection.in_atomic_block, "an entry belongs to the transaction of what it tells"
    assert at.tzinfo is not None, "instants are aware"
    said: dict[str, Any] = {
        "creditor": creditor_id,
        "customer": customer_id,
        "at": at,
        "kind": ContactKind(kind).value,
        "channel": channel,
        "address": address,
        "subject": subject,
        "actor": actor,
        "payload": json.dumps(payload or {}, ensure_ascii=False),
    }
    with connection.cursor() as cursor:
        cursor.execute(_ONE, said)
        return int(cursor.fetchone()[0])


def log_dispatch(
    *, creditor_id: int, dispatch_id: int, kind: str, at: datetime, actor: str, said: str = ""
) -> None:
    """What became of a dispatch, as its row and messages stand now: address, words and files by SHA-256, step
    and text. said: by the other side, or why. Inside a transaction in scope, before `record_event`.
    """
    values: dict[str, Any] = {
        "creditor": creditor_id,
        "dispatch": dispatch_id,
        "kind": ContactKind(kind).value,
        "at": at,
        "actor": actor,
        "said": said[:SAID_LENGTH_MAX],
    }
    with connection.cursor() as cursor:
        cursor.execute(_DISPATCH, values)
        assert cursor.fetchone() == (1,), "the dispatch is in scope"


def log_units(
    *,
    creditor_id: int,
    kind: str,
    units: Sequence[tuple[Sequence[int], Mapping[str, Any]]],
    at: datetime,
    actor: str,
) -> None:
    """What did not leave: per unit the ids of its messages, and why. Inside a transaction in scope, before
    `record_event`."""
    if not units:
        return
    told = [
        {"place": place, "ids": list(ids), "payload": dict(payload)}
        for place, (ids, payload) in enumerate(units)
    ]
    values: dict[str, Any] = {
        "creditor": creditor_id,
        "kind": ContactKind(kind).value,
        "units": json.dumps(told, ensure_ascii=False),
        "at": at,
        "actor": actor,
    }
    with connection.cursor() as cursor:
        cursor.execute(_UNITS, values)


def anchor_heads(*, creditor_id: int, run_id: int, at: datetime, actor: str) -> int:
    """Put the ends of the chains that have grown into the audit chain, as one digest; how many there are."""
    with connection.cursor() as cursor:
        cursor.execute(_ANCHOR, {"creditor": creditor_id, "run": run_id})
        count, digest = cursor.fetchone()
    fault_point("contacts.anchored")
    if count:
        record_event(
            creditor_id=creditor_id,
            verb="contacts.anchored",
            subject=f"run:{run_id}",
            actor=actor,
            payload={"chains": count, "digest": digest},
            at=at,
        )
    return int(count)
