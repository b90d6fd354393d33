"""The timeline tells who did what: people by name, programs by what they are, the run as the run."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from aldia.operations.cases import add_note
from aldia.operations.circumstances import NewCircumstance, record_circumstance
from aldia.operations.holds import end_hold, put_on_hold
from aldia.operations.kinds import judge_kind
from aldia.operations.plans_b import write_plan_b
from aldia.operations.promises import NewPromise, record_promise, withdraw_promise
from aldia.operations.replies import record_reply
from aldia.operations.tasks import close_task
from aldia.queries.timeline import Entry, timeline
from aldia.records.cases.models import Call, Task
from aldia.records.outreach.models import Dispatch, Draft, Message
from aldia.records.parties.models import Customer
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from tests import factories as make
from tests.cli.books import DAY, NOW, Books

pytestmark = pytest.mark.django_db


class House:
    """A creditor, somebody who owes it, and two who work there."""

    def __init__(self) -> None:
        from aldia.operations.creditors import create_creditor

        self.luz: Creditor = create_creditor(
            name="Luz", country="ES", code="luz", now=NOW, actor="prueba"
        ).creditor
        with transaction.atomic(), scope([self.luz.pk]):
            books = Books(self.luz)
            self.late: Customer = books.customer("TARDE")
            books.invoice(self.late, 80_000, DAY - timedelta(days=40))
        self.gema = f"user:{make.user(name='Gema Sol').pk}"
        self.mar = f"user:{make.user(name='Mar Gil').pk}"

    def by(self, who: str) -> dict[str, Any]:
        return {"creditor": self.luz, "actor": who, "now": NOW}

    def told(self) -> tuple[Entry, ...]:
        with transaction.atomic(), scope([self.luz.pk]):
            return timeline(self.luz, self.late.pk, titles={}, until=DAY).entries

    def authors(self) -> dict[str, str]:
        return {entry.kind: entry.by for entry in self.told()}


@pytest.fixture
def house() -> House:
    return House()


def test_every_act_of_a_person_bears_their_name(house):
    late, gema, mar = house.late.pk, house.by(house.gema), house.by(house.mar)
    record_reply(customer_code="TARDE", kind="forgot", received_on=DAY, **gema)
    add_note(customer_id=late, text="Prefiere tardes", **mar)
    judge_kind(customer_id=late, kind="careless", note="Se le olvida.", **gema)
    write_plan_b(customer_id=late, for_on=DAY + timedelta(days=9), text="Llamar a su gerente.", **mar)
    hold = put_on_hold(customer_id=late, until_on=DAY + timedelta(days=5), reason="Espera la copia", **gema)
    end_hold(hold_id=hold.hold_id, reason="Ya la tiene", **mar)
    promised = NewPromise(amount_minor=1_000, currency="EUR", promised_on=DAY + timedelta(days=5))
    promise = record_promise(customer_id=late, new=promised, **gema)
    withdraw_promise(promise_id=promise.pk, reason="Era de otro", **mar)
    found = house.authors()
    assert {kind: found[kind] for kind in ("reply", "kind", "overlay", "promise")} == dict.fromkeys(
        ("reply", "kind", "overlay", "promise"), "Gema Sol"
    )
    theirs = ("case_note", "plan_b", "overlay_end", "promise_outcome")
    assert {kind: found[kind] for kind in theirs} == dict.fromkeys(theirs, "Mar Gil")


def test_calls_tasks_and_circumstances_too(house):
    with transaction.atomic(), scope([house.luz.pk]):
        here: dict[str, Any] = {"creditor": house.luz, "customer": house.late}
        Call.objects.create(
            **here,
            reached="right_party",
            outcome="spoken",
            at=NOW,
            on_date=DAY,
            actor=house.gema,
            number="910",
        )
        task = Task.objects.create(**here, once_key="t/1", kind="call", channel="call", due_on=DAY)
    close_task(task_id=task.pk, done=True, on=DAY, **house.by(house.mar))
    silence = NewCircumstance(kind="complaint", from_on=DAY, note="Escribió a consumo")
    record_circumstance(customer_id=house.late.pk, new=silence, **house.by(house.gema))
    found = house.authors()
    assert [found[kind] for kind in ("call", "task", "circumstance")] == ["Gema Sol", "Mar Gil", "Gema Sol"]


def test_a_message_bears_who_wrote_its_words_else_who_said_yes(house):
    with transaction.atomic(), scope([house.luz.pk]):
        for key, edited_by, approved_by in (
            ("own", house.gema, house.mar),
            ("yes", "", house.mar),
            ("alone", "", ""),
        ):
            here: dict[str, Any] = {"creditor": house.luz, "customer": house.late}
            mail = Dispatch.objects.create(
                **here, key=key, unit=key, channel="email", recipient="a@example.com", subject=key,
                text="Hola.", message_id=f"<{key}@example>", state="sent", worker=1, claimed_at=NOW,
                begun_at=NOW, finished_at=NOW,
            )  # fmt: skip
            if edited_by:
                Draft.objects.create(
                    creditor=house.luz, key=key, body="Hola.", edited_by=edited_by, edited_at=NOW
                )
            Message.objects.create(
                **here, once_key=key, kind="dunning", step="friendly", channel="email", state="sent",
                planned_on=DAY, sent_on=DAY, sent_at=NOW, dispatch=mail, approved_by=approved_by,
                approved_at=NOW if approved_by else None,
            )  # fmt: skip
    sent = {entry.title: entry.by for entry in house.told() if entry.kind == "dispatch"}
    assert sent == {"own": "Gema Sol", "yes": "Mar Gil", "alone": ""}


def test_what_nobody_did_bears_no_name_and_a_program_is_no_person(house):
    assert house.authors() == {"invoice": ""}
    add_note(customer_id=house.late.pk, text="Por un programa", **house.by("cli"))
    assert house.authors()["case_note"] == "la línea de comandos"


def test_a_plan_b_says_for_which_day_and_its_words(house):
    for_on = DAY + timedelta(days=9)
    write_plan_b(customer_id=house.late.pk, for_on=for_on, text="Llamar.", **house.by(house.gema))
    (plan,) = [entry for entry in house.told() if entry.kind == "plan_b"]
    assert (plan.title, plan.note, plan.side) == ("Plan B para el dom 29 nov 2026", "Llamar.", "house")


def test_the_names_of_a_page_are_asked_for_once(house):
    for who in (house.gema, house.mar, "cli"):
        add_note(customer_id=house.late.pk, text="Nota", **house.by(who))
    with transaction.atomic(), scope([house.luz.pk]), CaptureQueriesContext(connection) as asked:
        timeline(house.luz, house.late.pk, titles={}, until=DAY)
    assert sum("tenancy_user" in each["sql"] and "UNION" not in each["sql"] for each in asked) == 1
