"""A call is written down with all that follows from it, or nothing of it."""

from datetime import date

import pytest

from aldia.operations.calls import NewCall, record_call
from aldia.queries.calls import call_sheet
from aldia.records.cases.models import Call
from aldia.records.outreach.models import ContactEntry
from aldia.records.parties.models import ContactPoint
from tests.queries.gate_house import DAY, NOW, house

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PHONE = "+34600000000"


@pytest.fixture
def luz():
    luz = house()
    luz.customer("A", (60_000, date(2026, 11, 10)), reached=("email", "phone"), contact="Marta Gil")
    return luz


def record(luz, code="A", *, now=NOW, actor="user:7", **said):
    new = NewCall(**({"reached": "right_party", "outcome": "spoken"} | said))
    return record_call(
        creditor=luz.creditor, customer_id=luz.customers[code].pk, new=new, actor=actor, now=now
    )


def sheet(luz, code="A", now=NOW):
    with luz.inside():
        return call_sheet(luz.creditor, luz.customers[code].pk, now=now)


def test_a_call_is_kept_as_it_was_said(luz):
    call = record(luz, number=PHONE, number_status="good", reason="forgot", note="Lo mira hoy")
    with luz.inside():
        kept = Call.objects.get()
        assert (kept.pk, kept.reached, kept.outcome, kept.reason) == (
            call.pk,
            "right_party",
            "spoken",
            "forgot",
        )
        assert (kept.on_date, kept.actor, kept.refusal) == (DAY, "user:7", None)
        (entry,) = ContactEntry.objects.filter(kind="call")
        assert (entry.subject, entry.address, entry.channel) == (f"call:{call.pk}", PHONE, "phone")
        assert entry.payload["outcome"] == "spoken"
        assert "note_sha256" in entry.payload
        assert ContactPoint.objects.get(channel="phone").quality == "good"


def test_the_sheet_shows_what_is_needed_to_call(luz):
    seen = sheet(luz)
    assert seen.leave.allowed
    assert [each.value for each in seen.numbers] == [PHONE]
    assert "600,00" in seen.script
    assert "600,00" not in seen.third_party_script + seen.voicemail_script
    assert "Papelería Luz" in seen.third_party_script
    assert seen.asks_reason
    assert len(seen.outcomes) > 10
