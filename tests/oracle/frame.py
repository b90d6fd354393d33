"""The portfolio as of a day: for each customer and currency, every column of the vocabulary."""

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise

from tests.oracle.balances import Book, CreditState, LineState
from tests.oracle.behaviour import behaviour, contact
from tests.oracle.claims import compensated_lines, interest
from tests.oracle.kinds import debtor_kind
from tests.oracle.promises import figures
from tests.oracle.world import EXPONENTS, Customer, Strategy, Value, World

Row = dict[str, Value]


def strategy_of(world: World, customer: Customer) -> Strategy:
    """The customer's own, else its segment's, else its person kind's, else the creditor's default."""
    segments = world.settings.segment_strategies
    assigned = segments.get(segment_of(customer)) or segments.get(customer.person_kind)
    return world.strategies[customer.strategy or assigned or world.settings.default_strategy]


def segment_of(customer: Customer) -> str:
    """The customer's segment, else its person kind."""
    return customer.segment or customer.person_kind


def money_scale(strategy: Strategy, currency: str) -> Fraction | None:
    """Minor units of the currency in one major unit of the strategy's; None: it has no amounts for it."""
    if currency == strategy.currency:
        return Fraction(10 ** EXPONENTS[currency])
    factor = strategy.factors.get(currency)
    return None if factor is None else Fraction(factor) * 10 ** EXPONENTS[currency]


def words(row: Mapping[str, Value], scale: Fraction | None) -> dict[str, Value]:
    """The row as conditions see it: money without `_minor`, in major units of the strategy's currency."""
    seen: dict[str, Value] = {}
    for name, value in row.items():
        if not name.endswith("_minor"):
            seen[name] = value
        elif scale is None or value is None:
            seen[name.removesuffix("_minor")] = None
        else:
            assert isinstance(value, int)
            seen[name.removesuffix("_minor")] = Fraction(value) / scale
    return seen


def portfolio(book: Book) -> dict[tuple[int, str], Row]:
    """Every row, keyed by customer id and currency."""
    states: dict[tuple[int, str], list[LineState]] = defaultdict(list)
    mine: dict[tuple[int, str], list[CreditState]] = defaultdict(list)
    for state in book.lines:
        states[state.line.customer_id, state.line.currency].append(state)
    for known in book.credits:
        if known.credit.customer_id is not None:
            mine[known.credit.customer_id, known.credit.currency].append(known)
    compensated = compensated_lines(book)
    keys = sorted(set(states) | set(mine))
    return {key: _row(book, key, states[key], mine[key], compensated) for key in keys}


def _row(
    book: Book,
    key: tuple[int, str],
    states: list[LineState],
    mine: list[CreditState],
    compensated: set[int],
) -> Row:
    customer_id, currency = key
    customer = book.customers[customer_id]
    strategy = strategy_of(book.world, customer)
    fixed = sum(book.world.law.compensation_minor for s in states if s.line.id in compensated)
    return {
        **_identity(customer, currency, strategy),
        **_balances(book, customer_id, states, sum(c.unallocated for c in mine)),
        **_aging(book.world.settings.aging_edges, states),
        "interest_minor": sum(interest(book, s) for s in states),
        "compensation_minor": fixed,
        **behaviour(book, states, mine),
        "debtor_kind": debtor_kind(book, customer_id),
        **figures(book, customer_id, currency),
        **contact(book.world, customer_id, strategy.per, book.day),
        **_standing(book, customer),
    }


def _identity(customer: Customer, currency: str, strategy: Strategy) -> Row:
    return {
        "customer": customer.code,
        "currency": currency,
        "person_kind": customer.person_kind,
        "segment": segment_of(customer),
        "country": customer.country,
        "language": customer.language,
        "strategy": strategy.name,
    }


def _balances(book: Book, customer_id: int, states: list[LineState], unapplied: int) -> Row:
    overdue = [s for s in states if s.overdue]
    opened = [s for s in states if s.open > 0]
    amount = sum(s.open for s in overdue)
    disputed = sum(s.disputed for s in overdue)
    covered = sum(s.covered for s in overdue)
    return {
        "open_minor": sum(s.open for s in states),
        "overdue_minor": amount,
        "dunnable_minor": max(0, amount - unapplied - disputed - covered),
        "unapplied_minor": unapplied,
        "disputed_minor": disputed,
        "covered_minor": covered,
        "items_open": len(opened),
        "items_overdue": len(overdue),
        "days_overdue": max((s.days for s in overdue), default=0),
        "days_on_hold": max((book.days_on_hold(customer_id, s.due) for s in overdue), default=0),
        "oldest_due_date": min((s.due for s in opened), default=None),
        "next_due_date": min((s.due for s in opened if s.due >= book.day), default=None),
    }


def bucket(edges: tuple[int, ...], days: int) -> str:
    """The name of the ageing column for a line so many days past its effective due date."""
    if days <= 0:
        return "aging_not_due_minor"
    for low, high in pairwise(edges):
        if low < days <= high:
            return f"aging_{low + 1}_{high}_minor"
    return f"aging_over_{edges[-1]}_minor"


def _aging(edges: tuple[int, ...], states: list[LineState]) -> Row:
    names = [bucket(edges, high) for high in edges] + [bucket(edges, edges[-1] + 1)]
    sums = dict.fromkeys(names, 0)
    for state in states:
        sums[bucket(edges, state.days)] += state.open
    return {**sums}


def _standing(book: Book, customer: Customer) -> Row:
    return {
        "on_hold": any(o.kind == "hold" and o.customer_id == customer.id for o in book.overlays),
        "insolvent": customer.insolvent_on is not None and customer.insolvent_on <= book.day,
        "has_email": customer.has_email,
        "has_phone": customer.has_phone,
        "has_whatsapp": customer.has_whatsapp,
        "has_post": customer.has_post,
    }
