"""The portfolio, its decisions and one customer explained, reckoned a page of customers at a time.

A page costs what its customers cost, however large the portfolio. Ask inside the caller's transaction (not in
a savepoint of it: a snapshot is taken) and scope.
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

from aldia.kernel.money import minor_per_major
from aldia.queries.decisions import CustomerDecision, stored_decisions, told_decisions
from aldia.queries.explain import explanation_of
from aldia.queries.explained import Explanation
from aldia.queries.portfolio import Part, freeze
from aldia.queries.reasons import read_portfolio
from aldia.queries.snapshot import snapshot_of
from aldia.queries.terms import strategies_in_force, terms_of
from aldia.records.parties.models import Customer
from aldia.records.tenancy.models import Creditor
from aldia.rules.portfolio.conditions import Condition, parse_condition
from aldia.rules.portfolio.engine import standing
from aldia.rules.portfolio.vocabulary import vocabulary


@dataclass(frozen=True, slots=True)
class CustomerRange:
    """Customers of a page by id, in ascending order. next_after: None where it is the last page."""

    names: dict[int, str]
    next_after: int | None

    @property
    def part(self) -> Part:
        """The same for the frozen portfolio. Only where there are customers."""
        return Part(min(self.names), max(self.names))


def customer_range(creditor_id: int, *, after: int, limit: int) -> CustomerRange:
    """The next customers after that id."""
    found = Customer.objects.filter(creditor_id=creditor_id, pk__gt=after).order_by("creditor_id", "pk")
    rows = list(found.values_list("pk", "name")[: limit + 1])
    shown = rows[:limit]
    return CustomerRange(dict(shown), shown[-1][0] if len(rows) > limit else None)


def condition_of(creditor: Creditor, text: str) -> Condition:
    """A condition in the words of the creditor's vocabulary. Raises ConditionFault."""
    return parse_condition(text, vocabulary(creditor.aging_edges), where="where")


def portfolio_of(
    creditor: Creditor, customers: CustomerRange, as_of: date, condition: Condition | None
) -> pl.DataFrame:
    """The portfolio rows of these customers for which the condition holds, by customer id and currency.

    Amounts in the condition are units of each row's own currency. Raises NoStrategy.
    """
    with snapshot_of(creditor.pk) as snapshot:
        frames, terms = freeze(snapshot, as_of, customers.part), terms_of(creditor, as_of)
    _lines, rows, _done = standing(frames, strategies_in_force(creditor).strategies, terms)
    return rows if condition is None else _kept(rows, condition)


def _kept(rows: pl.DataFrame, condition: Condition) -> pl.DataFrame:
    holds = pl.lit(value=False)
    for currency in rows["currency"].unique().sort():
        here = condition.expression(minor_per_major(currency))
        holds = pl.when(pl.col("currency") == currency).then(here).otherwise(holds)
    return rows.filter(holds)


def decisions_of(creditor: Creditor, customers: CustomerRange, on: date) -> list[CustomerDecision]:
    """The decisions that a run of that day left for these customers, by customer id. Raises NoStrategy."""
    with snapshot_of(creditor.pk) as snapshot:
        reading = read_portfolio(snapshot, creditor, on, customers.part)
        stored = stored_decisions(snapshot, on, customers.part)
    return told_decisions(reading, customers.names, stored)


def explained(creditor: Creditor, customer_id: int, as_of: date) -> Explanation:
    """What the customer owes on that day, what is decided and why. Raises NoStrategy."""
    customer = Customer.objects.get(creditor=creditor, pk=customer_id)
    part = Part(customer_id, customer_id)
    with snapshot_of(creditor.pk) as snapshot:
        reading = read_portfolio(snapshot, creditor, as_of, part)
        stored = stored_decisions(snapshot, as_of, part).get(customer_id)
    return explanation_of(creditor, customer, reading, stored.outcome if stored else None)
