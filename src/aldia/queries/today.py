"""The page of the day: what the last recorded run decided, and about whom, a page of customers at a time.

Decisions, day figures, the money behind each step and messages are read as they stand stored; the engine
reckons only the customers shown. Everything here asks inside the caller's transaction and scope.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl
from django.core.cache import cache
from django.db.models import Subquery

from aldia.kernel.money import Money
from aldia.queries import today_sql as sql
from aldia.queries.asking import ask
from aldia.queries.decisions import Stored, stored_decisions, told_decisions
from aldia.queries.explain import explanation_of
from aldia.queries.explained import Explanation
from aldia.queries.portfolio import Chosen, Part, freeze, unidentified_money
from aldia.queries.reasons import Reading, decide_under, read_portfolio, step_titles
from aldia.queries.runs import last_run
from aldia.queries.snapshot import Snapshot, snapshot_of
from aldia.queries.terms import InForce, strategies_in_force, terms_of
from aldia.queries.today_customers import first_of_each, matching
from aldia.queries.today_page import Asked, Balance, Group, Planned, ShownCustomer, Today
from aldia.records.cases.models import DailyRun
from aldia.records.closing.models import DaySnapshot
from aldia.records.parties.models import Customer
from aldia.records.tenancy.models import Creditor
from aldia.rules.portfolio.reasons import Reason
from aldia.rules.portfolio.strategy import Strategy
from aldia.rules.portfolio.strategy.values import TONES
from aldia.rules.portfolio.words import outcome_label

CUSTOMERS_PER_PAGE = 50
_KEPT_SECONDS = 24 * 3600

# Why nothing is done: first what somebody can mend, last what is in order.
_REASONS = (
    Reason.MONEY_UNAPPLIED,
    Reason.DISPUTED,
    Reason.COVERED,
    Reason.ON_HOLD,
    Reason.PROMISE,
    Reason.NO_AMOUNT_FOR_CURRENCY,
    Reason.INSOLVENT,
    Reason.SPACING,
    Reason.WAITING,
    Reason.BELOW_MINIMUM,
    Reason.NOTHING_OVERDUE,
    Reason.NOTHING_OPEN,
)


def today(creditor: Creditor, asked: Asked) -> Today | None:
    """The page of the creditor's last recorded run; None when there is none yet. Raises NoStrategy."""
    run = last_run(creditor.pk)
    if run is None:
        return None
    in_force = strategies_in_force(creditor)
    rows, found = _customers(run, asked)
    page, rest = rows[:CUSTOMERS_PER_PAGE], rows[CUSTOMERS_PER_PAGE:]
    with snapshot_of(creditor.pk) as snapshot:
        reckoned = _reckon(snapshot, creditor, run, page, in_force)
        dunnable, unidentified = _kept_figures(snapshot, creditor, run)
    shown = _shown(run, page, reckoned) if reckoned else {}
    messages, tasks = _planned_counts(creditor.pk, run.on_date)
    return Today(
        run=run,
        balances=_balances(creditor.pk, run),
        unidentified=tuple(unidentified),
        messages=messages,
        tasks=tasks,
        groups=_groups(run, in_force.strategies, dunnable, shown),
        found=found,
        next_after=page[-1]["id"] if rest and asked.is_list else None,
    )


def why(creditor: Creditor, customer_id: int, *, lines_max: int | None = None) -> Explanation | None:
    """Everything about one customer as of the last run's day; None for a customer the scope does not hold.

    lines_max: explain no more than so many lines, the oldest. Without a run yet there is nothing to explain:
    None as well. Raises NoStrategy.
    """
    runs = DailyRun.objects.filter(creditor_id=creditor.pk).order_by("-on_date").values("on_date")
    customer = Customer.objects.filter(pk=customer_id).annotate(run_on=Subquery(runs[:1])).first()
    if customer is None or customer.run_on is None:
        return None
    part, day = Part(customer_id, customer_id), customer.run_on
    with snapshot_of(creditor.pk) as snapshot:
        reading = read_portfolio(snapshot, creditor, day, part)
        stored = stored_decisions(snapshot, day, part).get(customer_id)
    outcome = stored.outcome if stored else None
    return explanation_of(creditor, customer, reading, outcome, lines_max=lines_max)


def _customers(run: DailyRun, asked: Asked) -> tuple[list[dict[str, Any]], int | None]:
    """One more than a page of those asked for, and how many there are; else the first of every group."""
    if not asked.is_list:
        return first_of_each(run, max(1, CUSTOMERS_PER_PAGE // max(1, len(run.counts)))), None
    return matching(run, asked, CUSTOMERS_PER_PAGE + 1)


def _reckon(
    snapshot: Snapshot,
    creditor: Creditor,
    run: DailyRun,
    rows: Sequence[Mapping[str, Any]],
    in_force: InForce,
) -> Reading | None:
    """The engine over these customers alone."""
    ids = tuple(row["id"] for row in rows)
    if not ids:
        return None
    frames = freeze(snapshot, run.on_date, Chosen(ids=ids))
    return decide_under(frames, in_force.strategies, terms_of(creditor, run.on_date))


def _kept_figures(
    snapshot: Snapshot, creditor: Creditor, run: DailyRun
) -> tuple[dict[str, list[Money]], list[Money]]:
    """Dunnable money per step, as the run left it, and unidentified money: once per run."""
    key = f"aldia:today:{creditor.pk}:{run.pk}:{run.recorded_at.timestamp()}"
    kept = cache.get(key)
    if kept is None:
        known = unidentified_money(snapshot, run.on_date)
        unidentified = [Money(minor, currency) for currency, minor in known.items()]
        kept = (_dunnable_by_step(creditor.pk), unidentified)
        cache.set(key, kept, _KEPT_SECONDS)
    found: tuple[dict[str, list[Money]], list[Money]] = kept
    return found


def _dunnable_by_step(creditor_id: int) -> dict[str, list[Money]]:
    found = defaultdict(list)
    for row in ask(sql.ASKED_FOR, creditor=creditor_id):
        found[row["outcome"]].append(Money(row["minor"], row["currency"]))
    return dict(found)


def _shown(
    run: DailyRun, rows: Sequence[Mapping[str, Any]], reading: Reading
) -> dict[str, list[ShownCustomer]]:
    """outcome → customers of the page, in its order."""
    stored = {
        row["id"]: Stored(row["outcome"], row["step"] or None, row["next_on"], run.on_date) for row in rows
    }
    names = {row["id"]: row["name"] for row in rows}
    told = {each.customer: each for each in told_decisions(reading, names, stored)}
    amounts, days = _amounts(reading.decided.rows)
    planned = _planned(run, stored, _titles(reading))
    shown = defaultdict(list)
    for row in rows:
        key = row["id"]
        customer = ShownCustomer(key, told[row["code"]], tuple(amounts[key]), days[key], tuple(planned[key]))
        shown[row["outcome"]].append(customer)
    return shown


def _amounts(rows: pl.DataFrame) -> tuple[dict[int, list[tuple[Money, Money]]], Counter[int]]:
    amounts: dict[int, list[tuple[Money, Money]]] = defaultdict(list)
    days: Counter[int] = Counter()
    wanted = rows.sort("currency").select(
        "customer_id", "currency", "open_minor", "overdue_minor", "days_overdue"
    )
    for customer_id, currency, open_minor, overdue_minor, late in wanted.iter_rows():
        if open_minor:
            amounts[customer_id].append((Money(open_minor, currency), Money(overdue_minor, currency)))
        days[customer_id] = max(days[customer_id], late)
    return amounts, days


def _planned(
    run: DailyRun, ids: Iterable[int], titles: Mapping[int, Mapping[str, str]]
) -> dict[int, list[Planned]]:
    rows = ask(sql.PLANNED, creditor=run.creditor_id, ids=list(ids), day=run.on_date)
    planned = defaultdict(list)
    for row in rows:
        customer_id, step = row.pop("customer_id"), row.pop("step")
        planned[customer_id].append(Planned(**row, title=titles[customer_id].get(step, "")))
    return planned


def _planned_counts(creditor_id: int, on: date) -> tuple[dict[str, int], int]:
    """Messages of the day per state, and its open tasks."""
    rows = ask(sql.PLANNED_COUNTS, creditor=creditor_id, day=on)
    messages = {row["state"]: row["count"] for row in rows if not row["is_task"]}
    return messages, sum(row["count"] for row in rows if row["is_task"])


def _balances(creditor_id: int, run: DailyRun) -> tuple[Balance, ...]:
    """A currency with nothing open is left out."""
    rows = DaySnapshot.objects.filter(creditor_id=creditor_id, on_date=run.on_date, outstanding_minor__gt=0)
    return tuple(_balance(row) for row in rows.order_by("-outstanding_minor", "currency"))


def _balance(row: DaySnapshot) -> Balance:
    buckets = [(name.removeprefix("aging_"), Money(minor, row.currency)) for name, minor in row.aging.items()]
    return Balance(
        open=Money(row.outstanding_minor, row.currency),
        overdue=Money(row.overdue_minor, row.currency),
        aging=tuple(sorted(buckets, key=lambda bucket: _age(bucket[0]))),
    )


def _age(bucket: str) -> tuple[int, int]:
    """not_due, 1_30, 31_60 … over_360."""
    days = [int(part) for part in bucket.split("_") if part.isdigit()]
    return (1, days[0]) if bucket.startswith("over") else (0, days[0] if days else 0)


def _titles(reading: Reading) -> dict[int, dict[str, str]]:
    """customer_id → the titles of steps and notices in the customer's own strategy."""
    known = {
        name: {notice.id: notice.title for notice in strategy.documents}
        | {step.id: step.title for step in strategy.steps}
        for name, strategy in reading.strategies.items()
    }
    strategies = reading.frames.customers.select("customer_id", "strategy").iter_rows()
    return {customer_id: known[name] for customer_id, name in strategies}


def _groups(
    run: DailyRun,
    strategies: Mapping[str, Strategy],
    dunnable: Mapping[str, Sequence[Money]],
    shown: Mapping[str, Sequence[ShownCustomer]],
) -> tuple[Group, ...]:
    """Steps from the softest to the hardest, then reasons from what can be mended to what is in order."""
    titles, firmness = step_titles(strategies), _firmness(strategies)
    groups = [
        Group(
            outcome=outcome,
            title=outcome_label(outcome, titles),
            is_step=outcome not in _REASONS,
            count=count,
            dunnable=None if outcome in _REASONS else tuple(dunnable.get(outcome, ())),
            shown=tuple(shown.get(outcome, ())),
        )
        for outcome, count in run.counts.items()
    ]
    return tuple(sorted(groups, key=lambda group: _place(group, firmness)))


def _place(group: Group, firmness: Mapping[str, tuple[int, int]]) -> tuple[int, int, int, str]:
    if group.is_step:
        return (0, *firmness.get(group.outcome, (len(TONES), 0)), group.outcome)
    return (1, _REASONS.index(Reason(group.outcome)), 0, group.outcome)


def _firmness(strategies: Mapping[str, Strategy]) -> dict[str, tuple[int, int]]:
    """Step → (hardness of its tone, rank); of the hardest where strategies share an id."""
    found: dict[str, tuple[int, int]] = {}
    for step in (step for each in strategies.values() for step in each.steps):
        found[step.id] = max(found.get(step.id, (0, 0)), (TONES.index(step.tone), step.rank))
    return found
