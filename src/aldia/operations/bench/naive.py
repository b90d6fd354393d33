"""What one writes first: walk the customers, walk their lines, ask, save. Only for comparison.

It decides less than the run (no behaviour, no claims, no holds) and still shows what a query per row costs.
"""

from datetime import date, timedelta

from django.db import transaction

from aldia.kernel.clock import stopwatch
from aldia.kernel.money import round_half_up
from aldia.operations.bench.portfolio import STRATEGY
from aldia.queries.terms import terms_of
from aldia.records.cases.models import Episode
from aldia.records.ledger.models import Allocation, DueLine, Overlay
from aldia.records.outreach.models import Message, MessageLine
from aldia.records.parties.models import ContactPoint, Customer
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.law import RateSeries
from aldia.rules.portfolio.strategy import Strategy, read_strategy

_YEAR_BP = 365 * 10_000


def naive_run(creditor: Creditor, on: date) -> float:
    """Seconds of the loop over the whole portfolio; what it wrote is rolled back."""
    terms, strategy, start = terms_of(creditor, on), read_strategy(STRATEGY), stopwatch()
    assert terms.late_interest is not None
    with transaction.atomic():
        with scope([creditor.pk]):
            for customer in Customer.objects.filter(creditor=creditor):
                overdue = _overdue_lines(creditor, customer, terms.late_interest, on)
                if overdue:
                    _write(creditor, customer, overdue, strategy, on)
        seconds = stopwatch() - start
        transaction.set_rollback(True)
    return seconds


def _overdue_lines(
    creditor: Creditor, customer: Customer, rates: RateSeries, on: date
) -> list[tuple[DueLine, int, int, int]]:
    """Line, open, days and interest of what is overdue and not disputed."""
    overdue = []
    for line in DueLine.objects.filter(creditor=creditor, customer=customer, effective_on__lte=on):
        paid = Allocation.objects.filter(due_line=line, effective_on__lte=on)
        left = line.amount_minor - sum(allocation.amount_minor for allocation in paid)
        disputed = Overlay.objects.filter(due_line=line, kind="dispute").exists()
        days = (on - line.due_date).days
        if days > 0 and left > 0 and not disputed:
            rate = sum(segment.days * segment.rate_bp for segment in rates.segments(line.due_date, on))
            overdue.append((line, left, days, round_half_up(left * rate, _YEAR_BP)))
    return overdue


def _write(
    creditor: Creditor,
    customer: Customer,
    overdue: list[tuple[DueLine, int, int, int]],
    strategy: Strategy,
    on: date,
) -> None:
    episode, _ = Episode.objects.get_or_create(
        creditor=creditor, customer=customer, closed_on=None, defaults={"opened_on": on}
    )
    days = max(each[2] for each in overdue)
    asked = [(step, step.condition.days_overdue_asked("unknown")) for step in strategy.steps]
    reached = [step for step, least in asked if least is not None and least <= days]
    done = set(
        Message.objects.filter(customer=customer, episode=episode, state="sent").values_list(
            "step", flat=True
        )
    )
    able = [step for step in reached if set(step.requires) <= done]
    recent = Message.objects.filter(customer=customer, sent_on__gt=on - timedelta(days=strategy.spacing_days))
    if not able or able[-1].id in done or recent.exists():
        return
    step = able[-1]
    email = ContactPoint.objects.filter(customer=customer, channel="email").exists()
    message, _ = Message.objects.get_or_create(
        creditor=creditor,
        once_key=f"naive:episode:{episode.pk}/{step.id}/1",
        defaults={
            "bundle": f"naive:{customer.pk}",
            "customer": customer,
            "episode": episode,
            "kind": "dunning",
            "step": step.id,
            "rank": step.rank,
            "channel": "email" if email else "letter",
            "planned_on": on,
        },
    )
    for line, left, late, interest in overdue:
        MessageLine.objects.create(
            creditor=creditor,
            message=message,
            customer=customer,
            due_line=line,
            currency=line.currency,
            open_minor=left,
            days_overdue=late,
            interest_minor=interest,
        )
