"""What every act leaves in the customer's contact log."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from aldia.operations.contact_log import log_contact
from aldia.operations.outbox import claiming, postpone, resolve_doubt, skip
from aldia.operations.replies import record_reply
from aldia.operations.tasks import close_task
from aldia.queries.verify import verify_contacts
from aldia.records.cases.models import Task
from aldia.records.outreach.models import Alert, ContactEntry, ContactKind, Dispatch
from aldia.records.parties.models import Customer
from aldia.records.tenancy.scope import scope
from aldia.rules.contact_chain import LoggedContact, canonical, digest_of, entry_hash
from aldia.rules.gate import Refused
from tests import factories as make
from tests.channels.smtp_sink import smtp_sink
from tests.operations.outbox.house import (
    ACTOR,
    DAY,
    NOW,
    die_sending,
    fates,
    house_with_mail,
    over_smtp,
    pass_everything,
    send,
    send_after_a_death,
)

pytestmark = pytest.mark.django_db(transaction=True)


def logged(creditor, **which):
    """The entries, by customer and place."""
    with transaction.atomic(), scope([creditor.pk]):
        assert verify_contacts(creditor.pk) == []
        rows = ContactEntry.objects.filter(creditor=creditor, **which)
        return list(rows.select_related("customer").order_by("customer_id", "seq"))


def alerts(creditor):
    with transaction.atomic(), scope([creditor.pk]):
        return list(Alert.objects.filter(creditor=creditor).order_by("pk"))


@pytest.fixture
def house(monkeypatch):
    pass_everything(monkeypatch)
    return house_with_mail(2)


def test_a_mail_that_left_is_logged_with_its_words_by_hash(house):
    send(house)
    first, second = logged(house)
    assert (first.kind, first.seq, first.channel, first.address) == ("sent", 1, "email", "c0@example.com")
    assert first.actor == ACTOR
    assert first.at == NOW
    assert first.payload["text_sha256"] == digest_of("Debe 100 €")
    assert "html_sha256" not in first.payload
    assert first.payload["title"] == "Aviso"
    assert first.payload["said"] == "buzón de pruebas"
    assert first.payload["attempt"] == 1
    (message,) = first.payload["messages"]
    assert (message["kind"], message["approved_by"]) == ("dunning", "ana")
    with transaction.atomic(), scope([house.pk]):
        dispatch = Dispatch.objects.get(customer_id=first.customer_id)
    assert first.subject == f"dispatch:{dispatch.pk}"
    assert first.payload["message_id"] == dispatch.message_id
    assert second.seq == 1, "each customer has a chain of their own"


def test_sending_again_logs_nothing_again(house):
    for _ in range(3):
        send(house)
    assert len(logged(house)) == 2


def test_what_the_server_put_off_is_an_attempt_without_words(monkeypatch, tmp_path):
    pass_everything(monkeypatch)
    with smtp_sink(tmp_path) as (_judge, port):
        house = house_with_mail(1, recipients=lambda number: "later")
        over_smtp(house, port)
        send(house)
    (entry,) = logged(house)
    assert entry.kind == "returned"
    assert "text_sha256" not in entry.payload
    assert "451" in entry.payload["said"]


def test_an_address_that_does_not_exist_is_logged_and_told(monkeypatch, tmp_path):
    pass_everything(monkeypatch)
    with smtp_sink(tmp_path) as (_judge, port):
        house = house_with_mail(1, recipients=lambda number: "nobody")
        with transaction.atomic(), scope([house.pk]):
            make.membership(creditor=house, role="manager")
        over_smtp(house, port)
        send(house)
    (entry,) = logged(house)
    assert (entry.kind, entry.payload["text_sha256"]) == ("failed", digest_of("Debe 100 €"))
    assert [each.kind for each in alerts(house)] == ["bounce"]


def test_a_doubt_and_what_a_person_found_out(house):
    assert die_sending(house, "outbox.begun")
    send_after_a_death(house)
    doubt = logged(house, kind="unknown")
    assert len(doubt) == 1
    assert doubt[0].payload["text_sha256"] == digest_of("Debe 100 €")
    with transaction.atomic(), scope([house.pk]):
        key = Dispatch.objects.get(state="unknown").key
    resolve_doubt(creditor=house, key=key, sent=True, actor="user:1", now=NOW)
    mine = logged(house, customer_id=doubt[0].customer_id)
    assert [(entry.seq, entry.kind) for entry in mine] == [(1, "unknown"), (2, "arrived")]
    assert mine[1].actor == "user:1"


def test_a_refusal_for_ever_is_logged_one_that_waits_is_not(house, monkeypatch):
    def refused(creditor, units, *, now, **_facts):
        later = now + timedelta(hours=1)
        return {
            unit.key: Refused("paid", source="libro", retry_at=None if place == 0 else later, facts={"n": 1})
            for place, unit in enumerate(sorted(units, key=lambda each: each.key))
        }

    monkeypatch.setattr(claiming, "looked_at", refused)
    send(house)
    (entry,) = logged(house)
    assert (entry.kind, entry.channel, entry.address) == ("refused", "email", "")
    assert entry.payload["rule"] == "paid"
    assert entry.payload["source"] == "libro"
    assert [each["step"] for each in entry.payload["messages"]] == ["first"]
    assert fates(house)["cancelled"] == 1


def test_what_a_person_leaves_out_or_puts_off_is_logged_under_their_name(house):
    first, second = f"dunning:00:{DAY}", f"dunning:01:{DAY}"
    skip(creditor=house, keys=[first], actor="user:7", now=NOW)
    postpone(creditor=house, keys=[second], until=NOW + timedelta(days=2), actor="user:8", now=NOW)
    assert [(e.kind, e.actor) for e in logged(house)] == [("skipped", "user:7"), ("postponed", "user:8")]
    assert logged(house)[1].payload["until"] == (NOW + timedelta(days=2)).isoformat()


def test_a_reply_is_logged_with_its_note_by_hash(house):
    record_reply(
        creditor=house,
        customer_code="c0",
        kind="promises",
        received_on=DAY,
        now=NOW,
        actor="user:7",
        note="Paga el lunes",
    )
    (entry,) = logged(house)
    assert (entry.kind, entry.payload["reply_kind"]) == ("reply", "promises")
    assert entry.payload["note_sha256"] == digest_of("Paga el lunes")
    assert "Paga el lunes" not in str(entry.payload)


def test_a_call_is_logged_and_no_other_task(house):
    with transaction.atomic(), scope([house.pk]):
        customer = Customer.objects.get(code="c0")
        own = {"creditor": house, "customer": customer, "due_on": DAY}
        call = Task.objects.create(**own, once_key="a", kind="dunning", step="call", channel="call")
        other = Task.objects.create(**own, once_key="b", kind="missing_address", channel="email")
    for task in (call, other):
        close_task(creditor=house, task_id=task.pk, done=True, on=DAY, actor="user:7", now=NOW)
    (entry,) = logged(house)
    assert (entry.kind, entry.channel, entry.payload["done"]) == ("call", "phone", True)


def test_who_works_the_customer_is_told_of_a_doubt_and_nobody_else(house):
    with transaction.atomic(), scope([house.pk]):
        owner, manager = make.membership(creditor=house), make.membership(creditor=house, role="manager")
        make.membership(creditor=house, role="administrator")
        Customer.objects.filter(code="c0").update(owner=owner)
    assert die_sending(house, "outbox.begun")
    send_after_a_death(house)
    (told,) = alerts(house)
    expected = owner if told.customer_id == _id_of(house, "c0") else manager
    assert (told.kind, told.member_id) == ("doubt", expected.pk)


def _id_of(creditor, code):
    with transaction.atomic(), scope([creditor.pk]):
        return Customer.objects.get(code=code).pk


def test_log_contact_wants_a_kind_it_knows_and_the_database_gives_the_place(house):
    with transaction.atomic(), scope([house.pk]):
        said = {"creditor_id": house.pk, "customer_id": Customer.objects.get(code="c0").pk, "actor": "ana"}
        with pytest.raises(ValueError, match="rumour"):
            log_contact(**said, kind="rumour", at=NOW)
        assert [log_contact(**said, kind=kind, at=NOW) for kind in ContactKind.values] == list(
            range(1, len(ContactKind.values) + 1)
        )
    assert [entry.kind for entry in logged(house)] == list(ContactKind.values)


def test_who_writes_a_place_or_hash_of_their_own_is_overruled(house):
    with transaction.atomic(), scope([house.pk]):
        customer = Customer.objects.get(code="c0")
        ContactEntry.objects.create(
            creditor=house,
            customer=customer,
            at=NOW,
            kind="sent",
            actor="ana",
            seq=99,
            prev_hash="f" * 64,
            entry_hash="0" * 64,
        )
    (entry,) = logged(house)
    assert (entry.seq, entry.prev_hash) == (1, "")


_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=4),
    max_leaves=8,
)


def test_whatever_a_payload_holds_the_database_hashes_what_the_house_makes_of_it():
    creditor = make.creditor()
    with transaction.atomic(), scope([creditor.pk]):
        customer = make.customer(creditor=creditor)

    @settings(max_examples=80, phases=[Phase.explicit, Phase.generate])
    @given(st.dictionaries(_TEXTS, _VALUES, max_size=5), _TEXTS, st.datetimes(datetime(1990, 1, 1)))
    def agree(payload, address, at):
        with transaction.atomic(), scope([creditor.pk]):
            log_contact(
                creditor_id=creditor.pk,
                customer_id=customer.pk,
                kind="sent",
                at=at.replace(tzinfo=UTC),
                actor="ana",
                address=address,
                payload=payload,
            )
            entry = ContactEntry.objects.order_by("-seq")[0]
            text = canonical(
                LoggedContact(**{name: getattr(entry, name) for name in LoggedContact.__slots__})
            )
            assert entry.entry_hash == entry_hash(entry.prev_hash, digest_of(text))

    agree()
    with transaction.atomic(), scope([creditor.pk]):
        assert verify_contacts(creditor.pk) == []
