"""How a customer pays and when it was last spoken to (docs/rules/aging.md §4 and §5)."""

import math
from datetime import date, timedelta
from fractions import Fraction

from tests.oracle.balances import Book, CreditState, LineState
from tests.oracle.world import MONEY_KINDS, CallMade, Episode, Value, World


def settled_on(state: LineState, day: date) -> date | None:
    """The day the line was settled by money, within 730 days; else None."""
    after_reversals = state.line.amount_minor - state.reversed
    if after_reversals <= 0 or sum(p.amount for p in state.net) != after_reversals:
        return None
    if not any(p.credit_kind in MONEY_KINDS for p in state.net):
        return None
    latest = max(p.on for p in state.net)
    return latest if latest > day - timedelta(days=730) else None


def _mean(numbers: list[int]) -> Fraction:
    return Fraction(sum(numbers), len(numbers))


def _median(numbers: list[int]) -> Fraction:
    ordered, half = sorted(numbers), len(numbers) // 2
    if len(numbers) % 2:
        return Fraction(ordered[half])
    return Fraction(ordered[half - 1] + ordered[half], 2)


def _spread(numbers: list[int]) -> float:
    mean = _mean(numbers)
    variance = sum(((n - mean) ** 2 for n in numbers), Fraction(0)) / len(numbers)
    return math.sqrt(variance)


def behaviour(book: Book, states: list[LineState], credits: list[CreditState]) -> dict[str, Value]:
    """The columns of payment behaviour for one customer's lines and credits in one currency."""
    settled = []
    for state in states:
        on = settled_on(state, book.day)
        if on is not None:
            settled.append((on, state.line.id, (on - state.line.due_date).days))
    late = [days for _, _, days in sorted(settled)]
    payments = [
        c.credit.effective_on
        for c in credits
        if c.credit.kind == "payment" and c.returned < c.credit.amount_minor
    ]
    return {
        "items_settled": len(late),
        "days_late_mean": float(_mean(late)) if late else None,
        "days_late_median": float(_median(late)) if late else None,
        "days_late_spread": _spread(late) if late else None,
        "days_late_trend": float(_mean(late[-3:]) - _mean(late[:-3])) if len(late) >= 6 else None,
        "late_share": float(Fraction(sum(d > 0 for d in late), len(late))) if late else None,
        "last_payment_on": max(payments, default=None),
    }


def sent_days(world: World, customer_id: int, day: date) -> list[date]:
    """Days dunning messages went out to the customer, up to and including the day."""
    return [
        m.sent_on
        for m in world.messages
        if m.customer_id == customer_id
        and m.kind == "dunning"
        and m.state in ("sent", "unknown")
        and m.sent_on is not None
        and m.sent_on <= day
    ]


def open_episodes(world: World, customer_id: int, per: str, day: date) -> list[Episode]:
    """The customer's open episodes of the strategy's sort: its own, or one for each of its lines."""
    return [
        e
        for e in world.episodes
        if e.customer_id == customer_id
        and (e.line_id is not None) == (per == "item")
        and e.opened_on <= day
        and (e.closed_on is None or e.closed_on > day)
    ]


def done_steps(world: World, episode_ids: set[int], day: date) -> dict[str, int]:
    """Steps done in these episodes up to and including the day, with the rank they had (strategy.md §4)."""
    done: dict[str, int] = {}
    for m in world.messages:
        if m.kind != "dunning" or m.episode_id not in episode_ids or m.rank is None:
            continue
        sent = m.state in ("sent", "unknown") and m.sent_on is not None and m.sent_on <= day
        if sent or (m.state == "skipped" and m.planned_on <= day):
            done[m.step] = m.rank
    for t in world.tasks:
        finished = t.state in ("done", "skipped") and t.done_on is not None and t.done_on <= day
        if finished and t.episode_id in episode_ids:
            done[t.step] = t.rank
    return done


def highest(done: dict[str, int]) -> tuple[str | None, int | None]:
    """The highest-ranked step done, and its rank."""
    if not done:
        return None, None
    step = max(done, key=lambda s: done[s])
    return step, done[step]


def _called(calls: list[CallMade], day: date) -> dict[str, Value]:
    """Of the calls up to the day; the day orders them, then the id."""
    month, year = day - timedelta(days=30), day - timedelta(days=365)
    in_order = sorted(calls, key=lambda c: (c.said_on, c.id))
    told = [c for c in in_order if c.reason and c.said_on > year]
    last, reason = (several[-1] if several else None for several in (in_order, told))
    return {
        "last_outcome": last.outcome if last else None,
        "last_outcome_on": last.said_on if last else None,
        "last_reason": reason.reason if reason else None,
        "last_reason_on": reason.said_on if reason else None,
        "calls_30d": sum(c.tried and c.said_on > month for c in calls),
        "right_party_30d": sum(c.spoken and c.said_on > month for c in calls),
    }


def contact(world: World, customer_id: int, per: str, day: date) -> dict[str, Value]:
    """The contact columns, the same for every row of the customer."""
    sent = sent_days(world, customer_id, day)
    replies = [r for r in world.replies if r.customer_id == customer_id and r.received_on <= day]
    last = max(replies, key=lambda r: (r.received_on, r.id), default=None)
    month = day - timedelta(days=30)
    episodes = open_episodes(world, customer_id, per, day)
    step, rank = highest(done_steps(world, {e.id for e in episodes}, day))
    calls = [c for c in world.calls if c.customer_id == customer_id and c.said_on <= day]
    contacts = sent + [r.received_on for r in replies] + [c.said_on for c in calls if c.spoken]
    return {
        "last_sent_on": max(sent, default=None),
        "messages_30d": sum(on > month for on in sent),
        "last_reply_kind": last.kind if last else None,
        "last_reply_on": last.received_on if last else None,
        "replies_30d": sum(r.received_on > month for r in replies),
        "last_contact_on": max(contacts, default=None),
        **_called(calls, day),
        "last_step": step,
        "last_rank": rank,
        "episode_opened_on": min((e.opened_on for e in episodes), default=None),
    }
