"""Acts are looked at by somebody else, once, by who may."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from aldia.operations.holds import put_on_hold
from aldia.operations.ledger import record_dispute
from aldia.operations.promises import NewPromise, record_promise
from aldia.operations.quality import Marks, ReviewRefused, UnknownAct, review_act
from aldia.queries.quality import act_of, averages, marked_of, sample_of, words_of
from aldia.records.audit.models import AuditEntry
from aldia.records.cases.models import Call
from aldia.records.outreach.models import Dispatch, Draft, Message
from aldia.records.parties.models import Customer
from aldia.records.tenancy.models import Creditor, Membership
from aldia.records.tenancy.scope import scope
from tests import factories as make
from tests.cli.books import DAY, NOW, Books

pytestmark = pytest.mark.django_db


@pytest.fixture
def luz() -> Creditor:
    from aldia.operations.creditors import create_creditor

    return create_creditor(name="Luz", country="ES", code="luz", now=NOW, actor="prueba").creditor


class House:
    """A collector, somebody who leads, a customer; calls and messages of the collector."""

    def __init__(self, luz: Creditor) -> None:
        self.luz = luz
        with transaction.atomic(), scope([luz.pk]):
            self.customer: Customer = Books(luz).customer("TARDE", name="Bar Tarde, S.L.")
            self.ana: Membership = make.membership(creditor=luz, user=make.user(name="Ana"))
            self.mar: Membership = make.membership(creditor=luz, user=make.user(name="Mar"), role="manager")

    def call(self, member: Membership | None = None, **fields: Any) -> int:
        with transaction.atomic(), scope([self.luz.pk]):
            return Call.objects.create(
                **{
                    "creditor": self.luz,
                    "customer": self.customer,
                    "number": "910000000",
                    "reached": "right_party",
                    "outcome": "spoken",
                    "note": "Pide unos días.",
                    "next_action": "Llamar",
                    "at": NOW,
                    "on_date": DAY,
                    "actor": "user:1",
                    "member": member or self.ana,
                }
                | fields
            ).pk

    def message(self, key: str, *, approved_by: str = "", edited_by: str = "") -> int:
        by: dict[str, Any] = {"creditor": self.luz, "customer": self.customer}
        with transaction.atomic(), scope([self.luz.pk]):
            mail = Dispatch.objects.create(
                **by,
                key=key,
                unit=key,
                channel="email",
                recipient="a@example.com",
                subject="Sobre su factura",
                text="Buenos días.",
                message_id=f"<{key}@example>",
                state="sent",
                worker=1,
                claimed_at=NOW,
                begun_at=NOW,
                finished_at=NOW,
            )
            if edited_by:
                Draft.objects.create(
                    creditor=self.luz, key=key, body="Buenos días.", edited_by=edited_by, edited_at=NOW
                )
            return Message.objects.create(
                **by,
                once_key=key,
                kind="dunning",
                step="friendly",
                channel="email",
                state="sent",
                planned_on=DAY,
                sent_on=DAY,
                sent_at=NOW,
                dispatch=mail,
                approved_by=approved_by,
                approved_at=NOW if approved_by else None,
            ).pk

    def review(self, act_id: int, kind: str = "call", **said: Any) -> Any:
        marks = Marks(
            **{"facts": 3, "respect": 2, "next_step": 1, "note": "Faltó la fecha."} | said.pop("marks", {})
        )
        who = said.pop("by", self.mar)
        return review_act(
            creditor=self.luz,
            kind=kind,
            act_id=act_id,
            marks=marks,
            reviewer_id=who.pk,
            actor=f"user:{who.user_id}",
            now=NOW,
        )


@pytest.fixture
def house(luz: Creditor) -> House:
    return House(luz)


def test_an_act_is_marked_once_with_its_entry_and_counts_in_the_average(house):
    call = house.call()
    made = house.review(call)
    assert (made.facts, made.respect, made.next_step, made.note) == (3, 2, 1, "Faltó la fecha.")
    with transaction.atomic(), scope([house.luz.pk]):
        entry = AuditEntry.objects.order_by("-pk")[0]
        assert (entry.verb, entry.subject) == ("quality.reviewed", f"call:{call}")
        seen = act_of(house.luz, "call", call)
        assert seen is not None
        assert seen.marked is not None
        assert (seen.member, seen.customer, seen.marked.by) == ("Ana", "Bar Tarde, S.L.", "Mar")
        words = words_of(house.luz, seen)
        assert words.text == "Pide unos días."
        assert ("Resultado", "Hablado, sin acuerdo") in words.facts
        assert ("Próximo paso", "Llamar") in words.facts
        (row,) = averages(house.luz, DAY)
    assert (row.member, row.reviews, row.shown) == ("Ana", 1, (3.0, 2.0, 1.0))
    with pytest.raises(ReviewRefused, match="Mar ya lo revisó"):
        house.review(call)


@pytest.mark.parametrize("field", ["facts", "respect", "next_step"])
@pytest.mark.parametrize("mark", [0, 4])
def test_a_mark_that_is_none_is_refused_with_its_field(house, field, mark):
    with pytest.raises(ReviewRefused) as refused:
        house.review(house.call(), marks={field: mark})
    assert refused.value.facts["field"] == field


def test_nobody_marks_their_own_nor_without_the_right_nor_what_is_not_there(house):
    call = house.call(house.mar)
    with pytest.raises(ReviewRefused, match="Lo suyo lo revisa otra persona"):
        house.review(call)
    with pytest.raises(ReviewRefused, match="Ya no puede revisar"):
        house.review(call, by=house.ana)
    Membership.objects.filter(pk=house.mar.pk).update(ended_at=NOW)
    with pytest.raises(ReviewRefused, match="Ya no puede revisar"):
        house.review(house.call())
    Membership.objects.filter(pk=house.mar.pk).update(ended_at=None)
    for kind, number in (("call", 10**9), ("message", 10**9), ("letter", 1)):
        with pytest.raises(UnknownAct):
            house.review(number, kind)
    with pytest.raises(ReviewRefused, match="acórtela"):
        house.review(call, marks={"note": "x" * 2_001})


def test_a_message_is_of_who_wrote_it_else_of_who_said_yes_and_what_left_by_itself_is_nobodys(house):
    ana, mar = f"user:{house.ana.user_id}", f"user:{house.mar.user_id}"
    own = house.message("a", edited_by=ana, approved_by=mar)
    approved = house.message("b", approved_by=ana)
    house.message("c")
    house.message("d", approved_by="cli")
    with transaction.atomic(), scope([house.luz.pk]):
        found = {(act.id, act.member) for act in sample_of(house.luz, DAY)}
        assert found == {(own, "Ana"), (approved, "Ana")}
        seen = act_of(house.luz, "message", own)
        assert seen is not None
        words = words_of(house.luz, seen)
    assert (words.title, words.text) == ("Sobre su factura", "Buenos días.")
    assert house.review(own, "message").message_id == own


def test_of_a_message_it_is_said_whether_its_words_were_written_or_only_approved(house):
    ana = f"user:{house.ana.user_id}"
    acts = {
        key: house.message(key, **by) for key, by in (("a", {"edited_by": ana}), ("b", {"approved_by": ana}))
    }
    with transaction.atomic(), scope([house.luz.pk]):
        shown = {key: act_of(house.luz, "message", act) for key, act in acts.items()}
        assert all(shown.values())
        told = {key: words_of(house.luz, act).is_approved for key, act in shown.items() if act}
    assert told == {"a": False, "b": True}


def test_a_call_is_shown_with_the_promise_the_hold_and_the_dispute_it_left(house):
    with transaction.atomic(), scope([house.luz.pk]):
        books = Books(house.luz)
        books.invoice(house.customer, 50_000, DAY - timedelta(days=40), number="F-1")
        line = books.invoice(house.customer, 20_000, DAY - timedelta(days=30), number="F-2")
    actor = f"user:{house.ana.user_id}"
    call = house.call(actor=actor, recorded_at=NOW)
    by: dict[str, Any] = {"actor": actor, "now": NOW}
    here: dict[str, Any] = {"creditor": house.luz, "customer_id": house.customer.pk}
    word = NewPromise(10_000, "EUR", DAY + timedelta(days=7), call_id=call, source="call")
    record_promise(**by, **here, new=word)
    put_on_hold(**by, **here, until_on=DAY + timedelta(days=5), reason="Espera la copia")
    put_on_hold(**here, until_on=DAY + timedelta(days=6), reason="Por otra mano", actor="user:0", now=NOW)
    with transaction.atomic(), scope([house.luz.pk]):
        record_dispute(**by, creditor_id=house.luz.pk, due_line_id=line, on=DAY, reason="Falta género")
        seen = act_of(house.luz, "call", call)
        assert seen is not None
        left = [fact for fact in words_of(house.luz, seen).facts if fact[0] in _LEFT]
    assert [(label, told.replace("\u00a0", " ")) for label, told in left] == [
        ("Compromiso", "100,00 € para el vie 27 nov 2026"),
        ("Pausa", "Hasta el mié 25 nov 2026 · Espera la copia"),
        ("Incidencia", "F-2 · Falta género"),
    ]


_LEFT = ("Compromiso", "Pausa", "Incidencia")


def test_a_person_reads_what_was_marked_of_their_own_and_of_nobody_elses(house):
    call, left_alone, theirs = house.call(), house.call(), house.call(house.mar)
    house.review(call)
    other = make.membership(creditor=house.luz, user=make.user(name="Eva"), role="manager")
    house.review(theirs, by=other)
    with transaction.atomic(), scope([house.luz.pk]):
        (mine,) = marked_of(house.luz, house.ana.pk, DAY)
        assert marked_of(house.luz, house.ana.pk, DAY + timedelta(weeks=14)) == ()
    assert (mine.id, mine.customer, mine.at) == (call, "Bar Tarde, S.L.", NOW)
    assert mine.marked is not None
    assert (mine.marked.next_step, mine.marked.note, mine.marked.by) == (1, "Faltó la fecha.", "Mar")
    assert left_alone != mine.id


def test_the_sample_is_so_many_of_each_of_one_week_and_leaves_out_what_was_taken_back(house):
    for _n in range(8):
        house.call()
    last_week = house.call(on_date=DAY - timedelta(days=7))
    taken_back = house.call(on_date=DAY - timedelta(days=7))
    house.call(corrects_id=taken_back, outcome="undone", on_date=DAY - timedelta(days=7))
    with transaction.atomic(), scope([house.luz.pk]):
        assert len(sample_of(house.luz, DAY)) == house.luz.quality_sample == 5
        assert sample_of(house.luz, DAY) == sample_of(house.luz, DAY - timedelta(days=4))
        assert [act.id for act in sample_of(house.luz, DAY - timedelta(days=7))] == [last_week]
    Creditor.objects.filter(pk=house.luz.pk).update(quality_sample=0)
    house.luz.refresh_from_db()
    with transaction.atomic(), scope([house.luz.pk]):
        assert sample_of(house.luz, DAY) == ()
