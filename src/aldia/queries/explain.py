"""A portfolio of one: the same engine, the same figures, opened up for a reader."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl

from aldia.queries.customers import customer_by_code
from aldia.queries.decisions import stored_decisions
from aldia.queries.explain_lines import explained_lines, open_lines_of
from aldia.queries.explain_steps import explained_steps
from aldia.queries.explained import Event, ExplainedDecision, Explanation
from aldia.queries.portfolio import Part
from aldia.queries.reasons import Reading, facts_by_customer, read_portfolio, reading_room
from aldia.records.cases.models import Task, TaskState
from aldia.records.outreach.models import Message, MessageKind, MessageState, Reply, ReplyKind
from aldia.records.parties.models import Customer
from aldia.records.tenancy.models import Creditor
from aldia.rules.portfolio.strategy import Strategy
from aldia.rules.portfolio.words import outcome_label, reason_sentence


def explain(creditor: Creditor, customer_code: str, as_of: date) -> Explanation:
    """What the customer owes on that day, what is decided and why. Raises UnknownCustomer, NoStrategy."""
    with reading_room(creditor) as snapshot:
        customer = customer_by_code(customer_code)
        part = Part(customer.pk, customer.pk)
        reading = read_portfolio(snapshot, creditor, as_of, part)
        stored = stored_decisions(snapshot, as_of, part).get(customer.pk)
        return explanation_of(creditor, customer, reading, stored.outcome if stored else None)


def explanation_of(
    creditor: Creditor,
    customer: Customer,
    reading: Reading,
    stored: str | None,
    *,
    lines_max: int | None = None,
) -> Explanation:
    strategy = reading.strategies[reading.frames.customers["strategy"][0]]
    open_lines = open_lines_of(reading)
    credits_ = reading.frames.credits.filter(pl.col("unallocated_minor") > 0)
    return Explanation(
        on=reading.terms.as_of,
        creditor=creditor.code,
        customer=customer.code,
        name=customer.name,
        person_kind=customer.person_kind,
        strategy=strategy.name,
        strategy_title=strategy.title,
        strategy_currency=strategy.currency,
        strategy_minimum_minor=strategy.minimum_minor(strategy.currency) or 0,
        spacing_days=strategy.spacing_days,
        decision=_decision(customer, reading, strategy, stored),
        balances=tuple(reading.decided.rows.drop("customer_id").iter_rows(named=True)),
        lines=explained_lines(reading, open_lines if lines_max is None else open_lines.head(lines_max)),
        lines_in_all=open_lines.height,
        steps=explained_steps(reading, strategy),
        episodes=tuple(_recorded(reading).select("opened_on", "line_id").iter_rows()),
        unapplied=tuple(
            credits_.sort("effective_on").select("effective_on", "unallocated_minor", "currency").iter_rows()
        ),
        history=_history(customer, reading.terms.as_of, strategy),
    )


def _recorded(reading: Reading) -> pl.DataFrame:
    """Open episodes on record; those a run of today would open have ids below zero."""
    return reading.frames.episodes.filter(pl.col("episode_id") > 0).sort("opened_on")


def _decision(
    customer: Customer, reading: Reading, strategy: Strategy, stored: str | None
) -> ExplainedDecision:
    row: dict[str, Any] = reading.decided.decisions.row(0, named=True)
    return ExplainedDecision(
        outcome=row["outcome"],
        step=row["step"],
        title=outcome_label(row["outcome"], _titles(strategy)),
        sentence=reason_sentence(row["outcome"], facts_by_customer(reading)[customer.pk]),
        next_on=row["next_on"],
        stored=stored if stored != row["outcome"] else None,
    )


def _titles(strategy: Strategy) -> dict[str, str]:
    notices = {notice.id: notice.title for notice in strategy.documents}
    return notices | {step.id: step.title for step in strategy.steps}


def _history(customer: Customer, as_of: date, strategy: Strategy) -> tuple[Event, ...]:
    events = [
        *_messages(customer, as_of, _titles(strategy)),
        *_tasks(customer, as_of, _titles(strategy)),
        *_replies(customer, as_of),
    ]
    return tuple(sorted(events, key=lambda event: event.on))


def _messages(customer: Customer, as_of: date, titles: dict[str, str]) -> Iterator[Event]:
    messages = Message.objects.filter(customer=customer, planned_on__lte=as_of).order_by("planned_on", "pk")
    for message in messages:
        title = titles.get(message.step) or MessageKind(message.kind).label
        state = MessageState(message.state).label
        reason = f": {outcome_label(message.reason, titles).lower()}" if message.reason else ""
        on = message.sent_on or message.planned_on
        yield Event(on, "message", f"{title}, por {_inside(message.get_channel_display())}", state + reason)


def _inside(label: str) -> str:
    """A label inside a sentence: small letters, but for SMS."""
    return label if label.isupper() or label == "WhatsApp" else label.lower()


def _tasks(customer: Customer, as_of: date, titles: dict[str, str]) -> Iterator[Event]:
    for task in Task.objects.filter(customer=customer, due_on__lte=as_of).order_by("due_on", "pk"):
        yield Event(
            task.due_on,
            "task",
            titles.get(task.step) or outcome_label(task.kind, titles),
            TaskState(task.state).label,
        )


def _replies(customer: Customer, as_of: date) -> Iterator[Event]:
    for reply in Reply.objects.filter(customer=customer, received_on__lte=as_of).order_by(
        "received_on", "pk"
    ):
        note = f": {reply.note}" if reply.note else ""
        yield Event(reply.received_on, "reply", ReplyKind(reply.kind).label + note, "Recibida")
