"""The audit chain: one entry per deed, sealed with the one before, by one writer at a time."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from aldia.connectors.audit_key import audit_key
from aldia.operations.audit import record_event
from aldia.queries.verify import verify_audit
from aldia.records.audit.models import AuditEntry, AuditHead
from aldia.records.tenancy.scope import scope
from aldia.rules.audit_chain import Sealed, canonical, seal
from tests.laws.books import NOW, make_creditor

_ENTRY = Sealed(
    creditor_id=7,
    sequence=1,
    at=datetime(2026, 6, 1, 11, 30, tzinfo=timezone(timedelta(hours=2))),
    actor="ana",
    verb="ledger.refunded",
    subject="refund:3",
    payload={"ñ": [1, None, True], "a": "«x»"},
    previous="",
)


def _say(creditor_id, verb="ledger.tested", **payload):
    return record_event(
        creditor_id=creditor_id, verb=verb, subject="row:1", actor="ana", payload=payload, at=NOW
    )


def test_the_sealed_text_is_canonical():
    assert canonical(_ENTRY).decode() == (
        '{"actor":"ana","at":"2026-06-01T09:30:00.000000+00:00","creditor":7,"payload":{"a":"«x»",'
        '"ñ":[1,null,true]},"previous":"","sequence":1,"subject":"refund:3","verb":"ledger.refunded"}'
    )


def test_the_seal_needs_the_key():
    assert seal(_ENTRY, b"one") != seal(_ENTRY, b"two")
    assert len(seal(_ENTRY, b"one")) == 64


@given(
    st.recursive(
        st.floats(), lambda inner: st.lists(inner, min_size=1) | st.dictionaries(st.text(), inner, min_size=1)
    )
)
def test_fractions_have_no_canonical_form(value):
    with pytest.raises(ValueError, match="fractions"):
        canonical(Sealed(1, 1, NOW, "a", "v", "", {"x": value}, ""))


@pytest.mark.django_db
def test_entries_count_from_one_per_creditor_and_link_to_the_one_before():
    first, second = make_creditor().pk, make_creditor().pk
    with scope([first, second]):
        assert [_say(first, n=1), _say(second, n=1), _say(first, n=2)] == [1, 1, 2]
        chain = AuditEntry.objects.filter(creditor_id=first).order_by("sequence")
        assert [entry.previous_digest for entry in chain] == ["", chain[0].digest]
        assert AuditHead.objects.get(creditor_id=first).digest == chain[1].digest
        assert verify_audit(first) == verify_audit(second) == []


@pytest.mark.django_db
def test_an_entry_lives_and_dies_with_its_transaction():
    creditor_id = make_creditor().pk
    with scope([creditor_id]):
        _say(creditor_id)
        with transaction.atomic():
            _say(creditor_id)
            transaction.set_rollback(True)
        assert _say(creditor_id) == 2
        assert verify_audit(creditor_id) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_eight_writers_at_once_leave_one_unbroken_chain():
    creditor_id, writers, entries = make_creditor().pk, 8, 25

    def write(writer):
        try:
            for n in range(entries):
                with transaction.atomic(), scope([creditor_id]):
                    _say(creditor_id, writer=writer, n=n)
        finally:
            connection.close()

    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(write, range(writers)))
    with transaction.atomic(), scope([creditor_id]):
        assert AuditEntry.objects.count() == writers * entries
        assert verify_audit(creditor_id) == []


def test_the_key_is_the_environments_where_it_is_set(monkeypatch):
    monkeypatch.setenv("ALDIA_AUDIT_KEY", "shared")
    assert audit_key() == b"shared"


def test_the_key_is_made_once_and_kept_from_others(monkeypatch, tmp_path):
    monkeypatch.delenv("ALDIA_AUDIT_KEY", raising=False)
    monkeypatch.setenv("ALDIA_HOME", str(tmp_path / "h"))
    first = audit_key()
    assert first == audit_key()
    assert len(first) == 64
    assert stat.S_IMODE(os.stat(tmp_path / "h" / "audit_key").st_mode) == 0o600


@pytest.mark.django_db
def test_a_moment_without_a_zone_is_a_mistake():
    creditor_id = make_creditor().pk
    with scope([creditor_id]), pytest.raises(AssertionError, match="aware"):
        record_event(
            creditor_id=creditor_id,
            verb="v",
            subject="",
            actor="a",
            payload={},
            at=datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None),
        )
