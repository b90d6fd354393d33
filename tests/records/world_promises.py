"""A promise of the world that the attacks work upon, with what it was for and what became of it."""

from datetime import date, timedelta

from aldia.records.cases.models import Call, DailyRun, Promise, PromiseLine, PromiseOutcome
from aldia.records.ledger.models import DueLine


def promise_of(line: DueLine | None, call: Call, run: DailyRun, day: date) -> Promise:
    """Something of the line's rest, said in the call."""
    assert line is not None
    own = {"creditor_id": line.creditor_id}
    of = own | {"customer": line.customer}
    promise = Promise.objects.create(
        **of,
        case=call.case,
        call=call,
        source="call",
        made_on=day,
        promised_on=day + timedelta(days=5),
        grace_days=2,
        currency=line.currency,
        amount_minor=100,
        taken_by=call.member,
        actor="ana",
    )
    part = {"due_line": line, "currency": line.currency, "amount_minor": 100, "open_minor": 100}
    PromiseLine.objects.create(**of, **part, promise=promise)
    PromiseOutcome.objects.create(
        **of, promise=promise, verdict="broken", decided_on=day, run=run, actor=f"run:{run.pk}"
    )
    return promise
