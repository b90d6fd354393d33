"""A person makes of an answer what it is: once, with all that follows, or nothing of it."""

from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, transaction

from aldia.kernel.errors import AldiaError
from aldia.operations.inbound import AlreadyLookedAt, Confirmation, NoSuchInbound, assign, confirm, dismiss
from aldia.operations.inbound.deciding import REPLY_KINDS, NotYetAnybodys
from aldia.queries.customers import UnknownCustomer
from aldia.records.cases.models import Task
from aldia.records.ledger.models import DueLine, Overlay
from aldia.records.outreach.models import InboundKind, InboundMessage, OptOut, Reply
from aldia.records.parties.models import ContactPoint
from aldia.records.tenancy.scope import scope
from aldia.rules.inbound import KIND_WORDS
from aldia.rules.inbound import InboundKind as RuleKind
from tests import factories as make
from tests.formats.mail.mails import answer
from tests.operations.inbound.house import ANA, NOW, answers, arrives, verbs, written_to

pytestmark = pytest.mark.django_db(transaction=True)

BY: dict[str, Any] = {"actor": "user:1", "now": NOW}


def _confirm(creditor, message, kind, **said):
    return confirm(
        creditor=creditor, message_id=message.pk, confirmation=Confirmation(kind=kind, **said), **BY
    )


def _inside(creditor, model, **which):
    with transaction.atomic(), scope([creditor.pk]):
        return list(model.objects.filter(creditor=creditor, **which).order_by("pk"))


def test_the_words_of_rules_and_records_are_the_same():
    assert dict(InboundKind.choices) == {kind.value: words for kind, words in KIND_WORDS.items()}
    assert {kind.value for kind in RuleKind} == set(InboundKind.values)


@pytest.mark.parametrize("kind, reply", [(kind.value, taken) for kind, taken in REPLY_KINDS.items()])
def test_what_is_confirmed_is_taken_down_as_a_reply(kind, reply):
    creditor, customer, _dispatch = written_to()
    message = arrives(creditor, answer("Le pago el viernes."))
    done = _confirm(creditor, message, kind)
    (taken,) = _inside(creditor, Reply)
    assert (taken.customer_id, taken.kind, taken.channel) == (customer.pk, reply, "email")
    assert (taken.received_on, taken.note) == (date(2026, 11, 18), "Le pago el viernes.")
    assert (done.state, done.kind, done.handled_by, done.reply_id) == ("handled", kind, "user:1", taken.pk)
    assert verbs(creditor)[-2:] == ["reply.recorded", "inbound.confirmed"]


def test_what_a_machine_wrote_is_no_reply():
    creditor, _customer, _dispatch = written_to()
    message = arrives(creditor, answer("Vuelvo el lunes", Auto_Submitted="auto-replied"))
    assert _confirm(creditor, message, "out_of_office").reply_id is None
    assert _inside(creditor, Reply) == []


def test_a_pause_and_contested_lines_follow_where_the_person_chose_them():
    creditor, customer, _dispatch = written_to()
    line = _inside(creditor, DueLine)[0]
    message = arrives(creditor, answer("No estoy conforme."))
    _confirm(
        creditor, message, "dispute", hold_until=date(2026, 12, 1), disputed_lines=(line.pk,), note="Mal"
    )
    hold, dispute = _inside(creditor, Overlay)
    assert (hold.kind, hold.customer_id, hold.until_on) == ("hold", customer.pk, date(2026, 12, 1))
    assert (dispute.kind, dispute.due_line_id) == ("dispute", line.pk)
    assert _inside(creditor, Reply)[0].note == "Mal"
    assert [task.kind for task in _inside(creditor, Task)] == ["check_dispute"]


def test_a_line_of_somebody_else_is_refused_and_nothing_is_done():
    creditor, _customer, _dispatch = written_to()
    with transaction.atomic(), scope([creditor.pk]):
        other = make.due_line(customer=make.customer(creditor=creditor))
    message = arrives(creditor, answer("No estoy conforme."))
    with pytest.raises(NoSuchInbound):
        _confirm(creditor, message, "dispute", disputed_lines=(other.pk,))
    assert _inside(creditor, Reply) == []
    assert answers(creditor)[0].state == "new"


def test_a_pause_that_ends_before_it_begins_takes_all_of_it_back():
    creditor, _customer, _dispatch = written_to()
    message = arrives(creditor, answer("Hola"))
    with pytest.raises(AldiaError):
        _confirm(creditor, message, "other", hold_until=date(2026, 11, 1))
    assert _inside(creditor, Reply) == []


def test_a_copy_leaves_a_task_and_a_wrong_person_a_bad_address_too():
    creditor, customer, _dispatch = written_to()
    first = arrives(creditor, answer("¿Me manda la factura?"))
    _confirm(creditor, first, "copy")
    second = arrives(creditor, answer("Se han equivocado de persona", message_id="<r2@c.example>"))
    _confirm(creditor, second, "wrong_person")
    assert [task.kind for task in _inside(creditor, Task)] == ["send_copy", "bad_address"]
    assert _inside(creditor, ContactPoint)[0].quality == "bad"
    assert customer.code == "ANA"


def test_an_end_that_was_not_clear_takes_effect_when_a_person_says_so():
    creditor, _customer, _dispatch = written_to()
    message = arrives(creditor, answer("¿Cómo me doy de baja?"))
    assert _inside(creditor, OptOut) == []
    _confirm(creditor, message, "opt_out")
    assert [row.address for row in _inside(creditor, OptOut)] == [ANA]


def test_nobodys_answer_is_assigned_first_and_its_address_may_be_kept():
    creditor, customer, _dispatch = written_to()
    message = arrives(creditor, answer("Hola", sender="maria@otra.example", answers=""))
    with pytest.raises(NotYetAnybodys):
        _confirm(creditor, message, "other")
    with pytest.raises(UnknownCustomer):
        assign(creditor=creditor, message_id=message.pk, customer_code="NADIE", **BY)
    done = assign(creditor=creditor, message_id=message.pk, customer_code="ana", remember=True, **BY)
    assert done.customer_id == customer.pk
    assert {point.value for point in _inside(creditor, ContactPoint)} == {ANA, "maria@otra.example"}
    _confirm(creditor, message, "other")


def test_who_comes_second_is_told_who_was_first_and_changes_nothing():
    creditor, _customer, _dispatch = written_to()
    message = arrives(creditor, answer("Ya he pagado."))
    _confirm(creditor, message, "paid")
    with pytest.raises(AlreadyLookedAt, match="Dice que ha pagado"):
        dismiss(creditor=creditor, message_id=message.pk, reason="Publicidad", **BY)
    with pytest.raises(AlreadyLookedAt):
        _confirm(creditor, message, "dispute")
    assert len(_inside(creditor, Reply)) == 1


def test_who_was_shown_another_customer_confirms_nothing():
    creditor, customer, _dispatch = written_to()
    with transaction.atomic(), scope([creditor.pk]):
        make.customer(creditor=creditor, code="OTRA")
    message = arrives(creditor, answer("Ya he pagado."))
    assign(creditor=creditor, message_id=message.pk, customer_code="OTRA", **BY)
    with pytest.raises(AlreadyLookedAt, match="otro cliente"):
        _confirm(creditor, message, "paid", shown_customer_id=customer.pk)


def test_two_at_the_same_moment_make_one_reply():
    creditor, _customer, _dispatch = written_to()
    message = arrives(creditor, answer("Ya he pagado."))
    ready, refused = Barrier(2), []

    def act():
        try:
            ready.wait()
            _confirm(creditor, message, "paid")
        except AlreadyLookedAt as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [Thread(target=act) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert len(_inside(creditor, Reply)) == 1


def test_what_is_left_aside_says_why():
    creditor, _customer, _dispatch = written_to()
    message = arrives(creditor, answer("Compre ahora"))
    with pytest.raises(NotYetAnybodys):
        dismiss(creditor=creditor, message_id=message.pk, reason="  ", **BY)
    done = dismiss(creditor=creditor, message_id=message.pk, reason="Publicidad", **BY)
    assert (done.state, done.reason) == ("dismissed", "Publicidad")
    assert verbs(creditor)[-1] == "inbound.dismissed"


def test_answers_of_another_creditor_do_not_exist():
    creditor, _customer, _dispatch = written_to()
    message = arrives(creditor, answer("Hola"))
    other = make.creditor()
    for act in (
        lambda: _confirm(other, message, "other"),
        lambda: dismiss(creditor=other, message_id=message.pk, reason="No", **BY),
        lambda: assign(creditor=other, message_id=message.pk, customer_code="ANA", **BY),
    ):
        with pytest.raises(NoSuchInbound):
            act()


@pytest.mark.parametrize(
    "change",
    [
        {"text": "otra cosa"},
        {"sender": "x@y.example"},
        {"suggestion": {}},
        {"state": "new", "handled_by": ""},
    ],
)
def test_the_words_of_an_answer_stay_and_it_is_looked_at_once(change):
    creditor, _customer, _dispatch = written_to()
    message = arrives(creditor, answer("Hola"))
    dismiss(creditor=creditor, message_id=message.pk, reason="No", **BY)
    with pytest.raises(Exception, match="inbound_stays"), transaction.atomic(), scope([creditor.pk]):
        InboundMessage.objects.filter(pk=message.pk).update(**change)
    with pytest.raises(Exception, match="inbound_stays"), transaction.atomic(), scope([creditor.pk]):
        InboundMessage.objects.filter(pk=message.pk)._raw_delete("default")
