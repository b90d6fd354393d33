"""A creditor with messages to send, and ways to send them: again, in parallel, until somebody dies."""

import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import repeat
from typing import Any

from django.db import connection, transaction

from aldia.kernel import faults
from aldia.operations.outbox import (
    SendReport,
    claiming,
    send_everything,
    set_mail_account,
    use_mailbox,
)
from aldia.queries.outbox import mailbox
from aldia.queries.rendering import Rendered, RenderedLine
from aldia.records.outreach.models import Dispatch, Message
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import ask_alone, scope
from aldia.rules.gate import Allowed
from tests import factories as make

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DAY = date(2026, 11, 20)
ACTOR = "prueba"


def house_with_mail(units: int = 5, *, recipients: Callable[[int], str] | None = None) -> Creditor:
    """A creditor with so many approved units of one message each, for one customer each."""
    creditor = make.creditor()
    use_mailbox(creditor=creditor, actor=ACTOR, now=NOW)
    with transaction.atomic(), scope([creditor.pk]):
        run = make.run(creditor=creditor)
        for number in range(units):
            to = recipients(number) if recipients else f"c{number}"
            customer = make.customer(creditor=creditor, code=to)
            line = make.due_line(customer=customer)
            message = make.message(
                customer=customer,
                once_key=f"episode:{customer.pk}/first/1",
                bundle=f"dunning:{number:02}:{DAY}",
                state="approved",
                approved_by="ana",
                approved_at=NOW,
                planned_on=DAY,
                run=run,
                due_line=line,
            )
            assert message.pk
    return creditor


def over_smtp(creditor: Creditor, port: int) -> None:
    """From now on its mail leaves for the server on that port of this machine."""
    set_mail_account(
        creditor=creditor,
        host="127.0.0.1",
        port=port,
        security="none",
        from_address="cobros@example.com",
        actor=ACTOR,
        now=NOW,
    )


def without_the_mark(
    creditor_ids: list[int], statement: str, values: dict[str, Any], *, real: Any = ask_alone
) -> tuple[bool]:
    """In place of `settling.ask_alone`: nothing that begins is written down."""
    real(creditor_ids, statement, {**values, "next": None})
    return (True,)


def pass_everything(monkeypatch: Any) -> None:
    """A gate that lets everything pass, and a text that names the customer; any time is the present."""
    monkeypatch.setattr(claiming, "looked_at", lambda creditor, units, **_moment: _allowed(units))
    monkeypatch.setattr(claiming, "written", lambda creditor, units, **_moment: _texts(units))
    monkeypatch.setattr("aldia.kernel.clock.is_present", lambda moment: True)


def _allowed(units: Any) -> dict[str, Allowed]:
    return {unit.key: Allowed(tuple(unit.message_ids)) for unit in units}


def _texts(units: Any) -> dict[str, Rendered]:
    from aldia.records.parties.models import Customer

    codes = dict(Customer.objects.values_list("pk", "code"))
    lines = dict(
        Message.objects.filter(pk__in=[pk for unit in units for pk in unit.message_ids]).values_list(
            "pk", "due_line_id"
        )
    )
    return {
        unit.key: Rendered(
            recipient=f"{codes[unit.customer_id]}@example.com",
            recipient_name=codes[unit.customer_id],
            subject="Aviso",
            text="Debe 100 €",
            html="",
            language="es",
            lines=tuple(_line(lines[pk]) for pk in unit.message_ids if lines[pk]),
        )
        for unit in units
    }


def _line(due_line_id: int | None) -> RenderedLine:
    assert due_line_id is not None
    return RenderedLine(due_line_id, "EUR", 10_000, 21, 0, 0, None, None)


def send(creditor: Creditor, *, now: datetime = NOW, **options: Any) -> SendReport:
    """Everything that may leave at that moment."""
    return send_everything(creditor=creditor, moments=repeat(now), actor=ACTOR, **options)


def send_after_a_death(creditor: Creditor, *, now: datetime = NOW) -> SendReport:
    """What the next worker does, once the server has noticed that the last one is gone."""
    total = SendReport()
    for _ in range(200):
        total.add(send(creditor, now=now))
        if "claimed" not in fates(creditor, Dispatch):
            return total
        time.sleep(0.02)
    raise AssertionError("what a dead worker claimed stayed claimed")


def die_sending(creditor: Creditor, fault: str, **options: Any) -> bool:
    """Send in a process of its own that is killed at the fault point, or «after 0.2 s»; False if it lived."""
    connection.close()
    child = os.fork()
    if child == 0:
        os.environ["ALDIA_FAULT"] = fault
        faults.reached.clear()
        try:
            send(creditor, **options)
        finally:
            os._exit(0)
    if fault.startswith("after "):
        time.sleep(float(fault.split()[1]))
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    return False


def fates(creditor: Creditor, model: Any = Message) -> Counter[str]:
    """How many messages (or dispatches) stand in which state."""
    with transaction.atomic(), scope([creditor.pk]):
        return Counter(model.objects.filter(creditor=creditor).values_list("state", flat=True))


def in_mailbox(creditor: Creditor) -> Counter[str]:
    """How often each key lies in the mailbox."""
    return Counter(each.key for each in mailbox(creditor))


def messages(creditor: Creditor, **which: Any) -> list[Message]:
    """Its messages, oldest first."""
    with transaction.atomic(), scope([creditor.pk]):
        return list(Message.objects.filter(creditor=creditor, **which).order_by("pk"))


def dispatches(creditor: Creditor, **which: Any) -> list[Dispatch]:
    """Its dispatches, oldest first."""
    with transaction.atomic(), scope([creditor.pk]):
        return list(Dispatch.objects.filter(creditor=creditor, **which).order_by("pk"))
