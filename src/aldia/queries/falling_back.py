"""By which channel a step goes on when the one before has not reached the customer."""

from collections.abc import Sequence
from datetime import datetime

from aldia.queries.outbox import sendable
from aldia.queries.terms import strategy_of
from aldia.queries.texts import own_texts, text_for, use_for
from aldia.queries.ways import open_ways
from aldia.records.outreach.models import Dispatch, Message
from aldia.records.parties.models import Customer
from aldia.records.tenancy.models import Creditor


def next_channel(
    creditor: Creditor, dispatch: Dispatch, messages: Sequence[Message], *, now: datetime
) -> str:
    """The next channel of the ladder of the bundle's highest step by which the customer may be written to,
    that has a way out of the house and a text; "" where there is none. In scope."""
    top = max(messages, key=lambda each: each.rank or 0, default=None)
    ladder = _ladder(creditor, top) if top else ()
    if top is None or dispatch.channel not in ladder:
        return ""
    beyond = ladder[ladder.index(dispatch.channel) + 1 :]
    customer = Customer.objects.get(pk=dispatch.customer_id)
    reached = open_ways(creditor, customer.pk, beyond, now=now)
    own, ways = own_texts(creditor), sendable(creditor)
    for channel in beyond:
        use = use_for(top.template, channel, form=customer.form_of_address, language=customer.language)
        if channel in ways and channel in reached and text_for(own, use) is not None:
            return channel
    return ""


def _ladder(creditor: Creditor, message: Message) -> tuple[str, ...]:
    """The channels of its step or notice, in order, as the strategy that planned it writes it."""
    if message.strategy_version_id is None:
        return ()
    strategy = strategy_of(creditor, message.strategy_version_id)
    several = strategy.steps if message.kind == "dunning" else strategy.documents
    return next((each.channels for each in several if each.id == message.step), ())
