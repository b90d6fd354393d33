"""What did not reach the customer goes on by the next channel of its step's ladder. docs/rules/outbox.md."""

from collections.abc import Sequence
from datetime import date, datetime

from aldia.kernel.clock import business_date
from aldia.queries.falling_back import next_channel
from aldia.records.outreach.models import Dispatch, Message, MessageLine
from aldia.records.tenancy.models import Creditor


def go_on_elsewhere(creditor: Creditor, dispatch: Dispatch, *, now: datetime) -> str:
    """Plan the steps of a dispatch that failed or came back anew on the next channel; "" where there is none.

    The new rows bear the next occurrence of the same step, as a run would give them, so that whoever plans
    first, run or fallback, the step leaves once. They pass the gate like any other. Inside a transaction in
    scope; called again it does nothing.
    """
    messages = list(Message.objects.filter(dispatch=dispatch).order_by("pk"))
    channel = next_channel(creditor, dispatch, messages, now=now)
    if not channel:
        return ""
    on = business_date(now, creditor.time_zone)
    made = [_anew(message, channel, on) for message in messages]
    before = set(_keys(creditor, made))
    fresh = [each for each in made if each.once_key not in before]
    Message.objects.bulk_create(fresh, ignore_conflicts=True)
    _tell_the_same(creditor, messages, fresh)
    return channel if fresh else ""


def _anew(message: Message, channel: str, on: date) -> Message:
    subject, step, occurrence = message.once_key.rsplit("/", 2)
    return Message(
        creditor_id=message.creditor_id,
        once_key=f"{subject}/{step}/{int(occurrence) + 1}",
        customer_id=message.customer_id,
        episode_id=message.episode_id,
        due_line_id=message.due_line_id,
        kind=message.kind,
        bundle=message.bundle,
        step=message.step,
        rank=message.rank,
        occurrence=message.occurrence + 1,
        channel=channel,
        tone=message.tone,
        template=message.template,
        strategy_version_id=message.strategy_version_id,
        run_id=message.run_id,
        planned_on=on,
        deadline_on=message.deadline_on,
    )


def _keys(creditor: Creditor, made: Sequence[Message]) -> list[str]:
    rows = Message.objects.filter(creditor_id=creditor.pk, once_key__in=[each.once_key for each in made])
    return list(rows.values_list("once_key", flat=True))


def _tell_the_same(creditor: Creditor, messages: Sequence[Message], fresh: Sequence[Message]) -> None:
    """The plan's lines of the earlier rows, for the new ones."""
    wanted = [each.once_key for each in fresh]
    rows = Message.objects.filter(creditor_id=creditor.pk, once_key__in=wanted)
    by_key = dict(rows.values_list("once_key", "pk"))
    new_of = {
        old.pk: by_key[new.once_key]
        for old in messages
        for new in fresh
        if new.once_key.rsplit("/", 1)[0] == old.once_key.rsplit("/", 1)[0] and new.once_key in by_key
    }
    lines = MessageLine.objects.filter(message_id__in=list(new_of))
    MessageLine.objects.bulk_create(
        [
            MessageLine(
                creditor_id=line.creditor_id,
                message_id=new_of[line.message_id],
                customer_id=line.customer_id,
                due_line_id=line.due_line_id,
                currency=line.currency,
                open_minor=line.open_minor,
                days_overdue=line.days_overdue,
                interest_minor=line.interest_minor,
                compensation_minor=line.compensation_minor,
                claim_from=line.claim_from,
                claim_until=line.claim_until,
            )
            for line in lines
        ]
    )
