"""Whatever is done to the audit chain by somebody with the owner's rights but not the key is found, and the
first bad entry named. The control shows that the seals do it: a verifier without them misses edits."""

import random
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from aldia.connectors.postgres.as_owner import as_role_of
from aldia.operations.audit import record_event
from aldia.queries import verify as verification
from aldia.queries.verify import verify_audit
from tests.laws.books import NOW, open_books

_ENTRIES = 60
_TAMPERINGS = 200


@pytest.fixture
def chain(transactional_db: None, server) -> Iterator[int]:
    """A chain of sixty entries, its guards off, in a transaction of the owner's."""
    with as_role_of(server.owner), open_books() as books:
        for n in range(_ENTRIES):
            record_event(
                creditor_id=books.creditor_id,
                verb="ledger.tested",
                subject=f"row:{n}",
                actor="ana",
                payload={"n": n, "minor": {"EUR": n * 100}},
                at=NOW,
            )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER append_only")
            cursor.execute("ALTER TABLE audit_entry DROP CONSTRAINT audit_entry_sequence_is_unique")
        yield books.creditor_id


def _run(statement, *params):
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def _edit(rng, creditor_id):
    place = rng.randint(1, _ENTRIES)
    changes = [
        "actor = actor || 'x'",
        "verb = 'ledger.refunded'",
        "subject = subject || '0'",
        "recorded_at = recorded_at + interval '1 microsecond'",
        "payload = jsonb_set(payload, '{minor,EUR}', '1')",
        "payload = payload || '{\"more\": null}'",
        "payload = payload - 'n'",
        "payload = '{\"n\": 1.5}'",
        "digest = reverse(digest)",
        "digest = translate(left(digest, 1), '0123456789abcdef', '123456789abcdef0') || substr(digest, 2)",
    ]
    _run(f"UPDATE audit_entry SET {rng.choice(changes)} WHERE sequence = %s", place)
    return place


def _relink(rng, creditor_id):
    place = rng.randint(2, _ENTRIES)
    _run("UPDATE audit_entry SET previous_digest = reverse(previous_digest) WHERE sequence = %s", place)
    return place


def _delete(rng, creditor_id):
    place = rng.randint(1, _ENTRIES)
    _run("DELETE FROM audit_entry WHERE sequence = %s", place)
    return place if place == _ENTRIES else place + 1


def _truncate(rng, creditor_id):
    kept = rng.randint(0, _ENTRIES - 1)
    _run("DELETE FROM audit_entry WHERE sequence > %s", kept)
    return kept + 1


def _insert(rng, creditor_id):
    """A copy of a true entry, put in anywhere after it with its number or a new one at the end."""
    source = rng.randint(1, _ENTRIES)
    _run(
        "INSERT INTO audit_entry (creditor_id, sequence, recorded_at, actor, verb, subject, payload,"
        " previous_digest, digest) SELECT creditor_id, %s, recorded_at, actor, verb, subject, payload,"
        " (SELECT digest FROM audit_entry WHERE sequence = %s), digest FROM audit_entry WHERE sequence = %s",
        _ENTRIES + 1,
        _ENTRIES,
        source,
    )
    return _ENTRIES + 1


def _swap(rng, creditor_id):
    first, second = sorted(rng.sample(range(2, _ENTRIES + 1), 2))
    _run(
        "UPDATE audit_entry SET sequence = CASE sequence WHEN %s THEN %s ELSE %s END"
        " WHERE sequence IN (%s, %s)",
        first,
        second,
        first,
        first,
        second,
    )
    return first


def _delete_and_close_the_gap(rng, creditor_id):
    place = rng.randint(1, _ENTRIES - 1)
    _run("DELETE FROM audit_entry WHERE sequence = %s", place)
    _run(
        "UPDATE audit_entry SET sequence = sequence - 1,"
        " previous_digest = CASE sequence WHEN 2 THEN '' ELSE previous_digest END WHERE sequence > %s"
        if place == 1
        else "UPDATE audit_entry SET sequence = sequence - 1 WHERE sequence > %s",
        place,
    )
    return place


def _move_the_head(rng, creditor_id):
    _run("UPDATE audit_head SET sequence = sequence + %s", rng.choice([1, 5, -1]))
    return _ENTRIES + 1


def _remove_the_head(rng, creditor_id):
    _run("DELETE FROM audit_head")
    return _ENTRIES + 1


_WAYS = [
    _edit,
    _relink,
    _delete,
    _truncate,
    _insert,
    _swap,
    _delete_and_close_the_gap,
    _move_the_head,
    _remove_the_head,
]


@contextmanager
def _undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_every_tampering_is_found_and_its_first_entry_named(chain):
    assert verify_audit(chain) == []
    seed = random.SystemRandom().randrange(10**6)
    rng = random.Random(seed)
    for n in range(_TAMPERINGS):
        way = _WAYS[n % len(_WAYS)]
        with _undone():
            place = way(rng, chain)
            found = verify_audit(chain)
        told = f"seed {seed}, tampering {n}: {way.__name__} at {place}"
        assert [each.facts["sequence"] for each in found] == [place], told
    assert verify_audit(chain) == []


@pytest.mark.django_db(transaction=True)
def test_without_the_seals_an_edit_would_pass(chain, monkeypatch):
    monkeypatch.setattr(verification, "seal_of", lambda entry, key: entry.digest)
    with _undone():
        _run("UPDATE audit_entry SET actor = 'eva', payload = '{}' WHERE sequence = 7")
        assert verify_audit(chain) == []


@pytest.mark.django_db(transaction=True)
def test_a_chain_moved_to_another_creditor_does_not_hold_there(chain):
    with open_books() as other:
        _run("SELECT set_config('aldia.creditor', %s, true)", f"{chain},{other.creditor_id}")
        _run("UPDATE audit_entry SET creditor_id = %s WHERE creditor_id = %s", other.creditor_id, chain)
        _run("UPDATE audit_head SET creditor_id = %s WHERE creditor_id = %s", other.creditor_id, chain)
        assert [each.facts["sequence"] for each in verify_audit(other.creditor_id)] == [1]
