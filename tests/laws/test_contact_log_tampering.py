"""Whatever is done to a contact log by somebody with the owner's rights is found, and the first bad entry
named; also where the whole chain is written anew, once a daily run has anchored it.

The controls: without the hashes an edit would pass, and without the anchor a chain that is written anew.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction

from aldia.connectors.postgres.as_owner import as_role_of
from aldia.operations.contact_log import anchor_heads, log_contact
from aldia.queries import verify_contacts as verification
from aldia.queries.doctor import examine
from aldia.queries.verify import verify_contacts
from aldia.records.outreach.models import ContactEntry
from aldia.records.tenancy.models import Creditor
from aldia.rules.contact_chain import LoggedContact, canonical, digest_of, entry_hash
from tests import factories as make
from tests.laws.books import NOW, open_books

_ENTRIES = 40
_ANCHORED = 25
_TAMPERINGS = 200


@pytest.fixture
def log(transactional_db: None, server: Any) -> Iterator[int]:
    """A customer's chain of forty entries, twenty-five of them anchored, its guards off, in a transaction of
    the owner's; a second customer beside it."""
    with as_role_of(server.owner), open_books() as books:
        other = make.customer(creditor=Creditor.objects.get(pk=books.creditor_id), code="OTRO").pk
        for n in range(_ENTRIES):
            if n == _ANCHORED:
                run = make.run(creditor=Creditor.objects.get(pk=books.creditor_id))
                anchor_heads(creditor_id=books.creditor_id, run_id=run.pk, at=NOW, actor="ana")
            for customer in (books.customer_id, other):
                _entry(books.creditor_id, customer, n)
        for statement in (
            "SET CONSTRAINTS ALL IMMEDIATE",
            "ALTER TABLE outreach_contact_entry DISABLE TRIGGER USER",
            "ALTER TABLE outreach_contact_head DISABLE TRIGGER USER",
            "ALTER TABLE outreach_contact_anchor DISABLE TRIGGER USER",
            "ALTER TABLE outreach_contact_anchor DROP CONSTRAINT outreach_contact_anchor_customer_id_seq_fk",
            "ALTER TABLE outreach_contact_entry DROP CONSTRAINT contact_entry_has_one_place_in_its_chain",
            "ALTER TABLE outreach_contact_entry"
            " DROP CONSTRAINT contact_entry_only_the_first_has_no_predecessor",
        ):
            _run(statement)
        yield books.customer_id


def _entry(creditor_id: int, customer_id: int, n: int) -> None:
    log_contact(
        creditor_id=creditor_id,
        customer_id=customer_id,
        kind="sent",
        at=NOW,
        actor="ana",
        channel="email",
        address="a@example.com",
        subject=f"dispatch:{n}",
        payload={"n": n, "text_sha256": digest_of(str(n)), "messages": [{"step": "first"}]},
    )


def _run(statement, *params):
    with connection.cursor() as cursor:
        cursor.execute(statement, params or None)


def _edit(rng, customer):
    place = rng.randint(1, _ENTRIES)
    changes = [
        "actor = actor || 'x'",
        "kind = 'delivery'",
        "channel = 'sms'",
        "address = 'b@example.com'",
        "subject = subject || '0'",
        "at = at + interval '1 microsecond'",
        "recorded_at = recorded_at - interval '1 day'",
        "payload = jsonb_set(payload, '{messages,0,step}', '\"second\"')",
        "payload = payload || '{\"more\": null}'",
        "payload = payload - 'n'",
        "entry_hash = reverse(entry_hash)",
        "entry_hash = translate(left(entry_hash, 1), '0123456789abcdef', '123456789abcdef0')"
        " || substr(entry_hash, 2)",
    ]
    _run(
        f"UPDATE outreach_contact_entry SET {rng.choice(changes)} WHERE customer_id = %s AND seq = %s",
        customer,
        place,
    )
    return place


def _relink(rng, customer):
    place = rng.randint(2, _ENTRIES)
    _run(
        "UPDATE outreach_contact_entry SET prev_hash = reverse(prev_hash)"
        " WHERE customer_id = %s AND seq = %s",
        customer,
        place,
    )
    return place


def _delete(rng, customer):
    place = rng.randint(1, _ENTRIES)
    _run("DELETE FROM outreach_contact_entry WHERE customer_id = %s AND seq = %s", customer, place)
    return place if place == _ENTRIES else place + 1


def _truncate(rng, customer):
    kept = rng.randint(0, _ENTRIES - 1)
    _run("DELETE FROM outreach_contact_entry WHERE customer_id = %s AND seq > %s", customer, kept)
    return kept + 1


def _insert(rng, customer):
    """A copy of a true entry at the end, or where it stood already."""
    source = rng.randint(1, _ENTRIES)
    place = rng.choice([source, _ENTRIES + 1])
    _run(
        "INSERT INTO outreach_contact_entry (creditor_id, customer_id, seq, at, kind, channel, address,"
        " subject, actor, payload, recorded_at, prev_hash, entry_hash) SELECT creditor_id, customer_id, %s,"
        " at, kind, channel, address, subject, actor, payload, recorded_at,"
        " (SELECT entry_hash FROM outreach_contact_entry WHERE customer_id = %s AND seq = %s), entry_hash"
        " FROM outreach_contact_entry"
        " WHERE customer_id = %s AND seq = %s",
        place,
        customer,
        place - 1 or 1,
        customer,
        source,
    )
    return place


def _swap(rng, customer):
    first, second = sorted(rng.sample(range(1, _ENTRIES + 1), 2))
    _run(
        "UPDATE outreach_contact_entry SET seq = CASE seq WHEN %s THEN %s ELSE %s END"
        " WHERE customer_id = %s AND seq IN (%s, %s)",
        *(first, second, first, customer, first, second),
    )
    return first


def _delete_and_close_the_gap(rng, customer):
    place = rng.randint(1, _ENTRIES - 1)
    _run("DELETE FROM outreach_contact_entry WHERE customer_id = %s AND seq = %s", customer, place)
    _run(
        "UPDATE outreach_contact_entry SET seq = seq - 1 WHERE customer_id = %s AND seq > %s", customer, place
    )
    return place


def _move_the_end(rng, customer):
    _run(
        "UPDATE outreach_contact_head SET seq = seq + %s WHERE customer_id = %s",
        rng.choice([1, 5, -1]),
        customer,
    )
    return _ENTRIES + 1


def _remove_the_end(rng, customer):
    _run("DELETE FROM outreach_contact_head WHERE customer_id = %s", customer)
    return _ENTRIES + 1


def _write_anew(rng, customer):
    """An edit of what was anchored, every hash after it made right again, and the end too."""
    place = rng.randint(1, _ANCHORED)
    _run(
        "UPDATE outreach_contact_entry SET address = 'b@example.com' WHERE customer_id = %s AND seq = %s",
        customer,
        place,
    )
    _make_right(customer)
    return _ANCHORED


def _shorten_and_write_anew(rng, customer):
    """Entries that were anchored are gone, and the end says so."""
    kept = rng.randint(1, _ANCHORED - 1)
    _run("DELETE FROM outreach_contact_entry WHERE customer_id = %s AND seq > %s", customer, kept)
    _make_right(customer)
    return _ANCHORED


def _make_right(customer):
    before, last = "", None
    for last in ContactEntry.objects.filter(customer_id=customer).order_by("seq"):
        right = entry_hash(before, digest_of(canonical(_logged(last))))
        ContactEntry.objects.filter(pk=last.pk).update(prev_hash=before, entry_hash=right)
        before = right
    assert last is not None
    _run(
        "UPDATE outreach_contact_head SET seq = %s, entry_hash = %s, anchored_seq = least(anchored_seq, %s)"
        " WHERE customer_id = %s",
        *(last.seq, before, last.seq, customer),
    )


def _logged(entry):
    names = (
        *("creditor_id", "customer_id", "seq", "at", "recorded_at", "kind", "channel", "address"),
        *("subject", "actor", "payload"),
    )
    return LoggedContact(**{name: getattr(entry, name) for name in names})


_WAYS = [
    _edit,
    _relink,
    _delete,
    _truncate,
    _insert,
    _swap,
    _delete_and_close_the_gap,
    _move_the_end,
    _remove_the_end,
    _write_anew,
    _shorten_and_write_anew,
]


@contextmanager
def _undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.slow
def test_every_tampering_is_found_and_its_first_entry_named(log):
    creditor_id = ContactEntry.objects.values_list("creditor_id", flat=True)[0]
    assert verify_contacts(creditor_id) == []
    seed = random.SystemRandom().randrange(10**6)
    rng = random.Random(seed)
    for n in range(_TAMPERINGS):
        way = _WAYS[n % len(_WAYS)]
        with _undone():
            place = way(rng, log)
            found = verify_contacts(creditor_id)
        told = f"seed {seed}, tampering {n}: {way.__name__} at {place}"
        assert [(each.facts["customer"], each.facts["seq"]) for each in found] == [(log, place)], told
    assert verify_contacts(creditor_id) == []


def test_the_house_reckons_every_hash_as_the_database_does(log):
    for entry in ContactEntry.objects.order_by("customer_id", "seq"):
        assert entry.entry_hash == entry_hash(entry.prev_hash, digest_of(canonical(_logged(entry))))


def test_without_the_hashes_an_edit_would_pass(log, monkeypatch):
    creditor_id = ContactEntry.objects.values_list("creditor_id", flat=True)[0]
    blind = verification._BAD_ENTRIES.replace("OR entry_hash <> reckoned", "")
    monkeypatch.setattr(verification, "_BAD_ENTRIES", blind)
    with _undone():
        _run("UPDATE outreach_contact_entry SET address = 'b@example.com' WHERE seq = 7")
        assert verify_contacts(creditor_id) == []


def test_without_the_anchor_a_chain_written_anew_would_pass(log):
    creditor_id = ContactEntry.objects.values_list("creditor_id", flat=True)[0]
    with _undone():
        _run("UPDATE outreach_contact_head SET anchored_seq = 0")
        _run("DELETE FROM outreach_contact_anchor")
        _write_anew(random.Random(1), log)
        assert [each.facts.get("run") is not None for each in verify_contacts(creditor_id)] == [True]
        _run("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        _run("DELETE FROM audit_entry WHERE verb = 'contacts.anchored'")
        assert verify_contacts(creditor_id) == []


def test_an_anchor_that_was_changed_is_not_what_the_audit_chain_says(log):
    creditor_id = ContactEntry.objects.values_list("creditor_id", flat=True)[0]
    with _undone():
        _write_anew(random.Random(2), log)
        _run(
            "UPDATE outreach_contact_anchor a SET entry_hash = e.entry_hash FROM outreach_contact_entry e"
            " WHERE e.customer_id = a.customer_id AND e.seq = a.seq"
        )
        assert [list(each.facts) for each in verify_contacts(creditor_id)] == [["run"]]


def test_the_doctor_says_it_too(log):
    with _undone():
        _run("UPDATE outreach_contact_entry SET address = 'b@example.com' WHERE seq = 7")
        check = next(each for each in examine() if each.name == "contacts")
    assert not check.ok
    assert "la anotación 7" in check.sentence
