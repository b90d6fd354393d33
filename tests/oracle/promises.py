"""What becomes of promises to pay, from docs/rules/promises.md alone, in plain loops."""

from dataclasses import dataclass
from datetime import date, timedelta

from tests.oracle.balances import Book
from tests.oracle.world import MONEY_KINDS, Promise, PromisePart, World


@dataclass(slots=True)
class Coin:
    """What is left of one allocation to a line: amount stands by the day, left is not taken yet."""

    id: int
    credit_date: date
    is_money: bool
    amount: int
    left: int


@dataclass(frozen=True, slots=True)
class Judged:
    """One promise as of the day."""

    promise: Promise
    required: int
    paid: int
    state: str

    @property
    def missing(self) -> int:
        """What it still expects."""
        return self.required - self.paid


def until(promise: Promise) -> date:
    """The last day on which money counts."""
    return promise.promised_on + timedelta(days=promise.grace_days)


def judge(book: Book) -> dict[int, Judged]:
    """Every promise made by the day, by id."""
    world, day = book.world, book.day
    made = [p for p in world.promises if p.made_on <= day]
    lines = {part.line_id for p in made for part in p.parts}
    required, paid = dict.fromkeys([p.id for p in made], 0), dict.fromkeys([p.id for p in made], 0)
    for line_id in sorted(lines):
        for promise_id, (needs, came) in _on_line(world, day, line_id, made).items():
            required[promise_id] += needs
            paid[promise_id] += came
    sums = {p.id: (required[p.id], paid[p.id]) for p in made}
    return {p.id: Judged(p, *sums[p.id], _state(book, p, *sums[p.id])) for p in made}


def is_withdrawn(promise: Promise, day: date) -> bool:
    """Taken back by the day."""
    return promise.withdrawn_on is not None and promise.withdrawn_on <= day


def _on_line(world: World, day: date, line_id: int, made: list[Promise]) -> dict[int, tuple[int, int]]:
    """Promise → (required, paid) on this line."""
    coins = _coins(world, day, line_id)
    amount = _amount(world, day, line_id)
    row = [p for p in made if not is_withdrawn(p, day) and any(x.line_id == line_id for x in p.parts)]
    found = {}
    for promise in sorted(row, key=lambda p: (p.promised_on, p.id)):
        part = next(x for x in promise.parts if x.line_id == line_id)
        last = min(day, until(promise))
        others = sum(c.amount for c in coins if not c.is_money and c.credit_date <= last)
        known = sum(c.amount for c in coins if c.is_money and c.id <= promise.known)
        before = sum(c.amount - c.left for c in coins if c.is_money and c.id > promise.known)
        needs = min(part.amount, max(0, amount - others - known - before))
        found[promise.id] = (needs, _take(promise, part, coins, amount=amount, last=last))
    return found


def _take(promise: Promise, part: PromisePart, coins: list[Coin], *, amount: int, last: date) -> int:
    standing = sum(c.amount for c in coins if c.id <= promise.known)
    reopened = max(0, amount - standing - part.open_then)
    wanted = part.amount
    for coin in sorted(coins, key=lambda c: c.id):
        if not coin.is_money or coin.id <= promise.known or coin.credit_date > last:
            continue
        usable = coin.left
        if coin.credit_date < promise.made_on:
            makes_up = min(reopened, usable)
            reopened -= makes_up
            usable -= makes_up
        taken = min(wanted, usable)
        coin.left -= taken
        wanted -= taken
    return part.amount - wanted


def _coins(world: World, day: date, line_id: int) -> list[Coin]:
    credits_ = {c.id: c for c in world.credits}
    coins = []
    for a in world.allocations:
        if a.line_id != line_id or a.effective_on > day:
            continue
        gone = sum(
            r.amount_minor
            for r in world.reversals
            if r.target == "allocation" and r.target_id == a.id and r.effective_on <= day
        )
        credit, left = credits_[a.credit_id], a.amount_minor - gone
        if left > 0:
            coins.append(Coin(a.id, credit.effective_on, credit.kind in MONEY_KINDS, left, left))
    return coins


def _amount(world: World, day: date, line_id: int) -> int:
    line = next(x for x in world.lines if x.id == line_id)
    if line.issued_on > day:
        return 0
    gone = (
        r.amount_minor
        for r in world.reversals
        if r.target == "line" and r.target_id == line_id and r.effective_on <= day
    )
    return line.amount_minor - sum(gone)


def _state(book: Book, promise: Promise, required: int, paid: int) -> str:
    if is_withdrawn(promise, book.day):
        return "withdrawn"
    if paid == 0 and required <= promise.tolerance:
        return "released"
    missing = required - paid
    if paid > 0 and missing <= promise.tolerance:
        return "kept"
    waiting = sum(
        c.unallocated
        for c in book.credits
        if c.credit.customer_id == promise.customer_id
        and c.credit.currency == promise.currency
        and c.credit.effective_on <= until(promise)
    )
    if book.day <= until(promise) or waiting >= missing - promise.tolerance:
        return "open"
    return "partly_kept" if paid > 0 else "broken"


def paused_until(book: Book, customer_id: int) -> date | None:
    """The latest last day of the customer's open promises whose days are not over."""
    days = [
        until(j.promise)
        for j in judge(book).values()
        if j.promise.customer_id == customer_id and j.state == "open" and until(j.promise) >= book.day
    ]
    return max(days, default=None)


def unanswered_broken(book: Book, customer_id: int) -> Promise | None:
    """The broken promise that makes the next step due at once; None for none."""
    mine = [
        j
        for j in judge(book).values()
        if j.promise.customer_id == customer_id and j.state not in ("withdrawn", "released")
    ]
    last = max(mine, key=lambda j: j.promise.id, default=None)
    if last is None or last.state != "broken":
        return None
    parts = {x.line_id for x in last.promise.parts}
    if not any(s.line.id in parts and s.open > 0 for s in book.lines):
        return None
    if any(on > until(last.promise) for on in _done_days(book, customer_id)):
        return None
    return last.promise


def _done_days(book: Book, customer_id: int) -> list[date]:
    """The days for which steps were planned that are done by the day."""
    day, days = book.day, []
    for m in book.world.messages:
        if m.customer_id != customer_id or m.kind != "dunning" or m.planned_on > day:
            continue
        gone = m.state in ("sent", "unknown") and m.sent_on is not None and m.sent_on <= day
        if gone or m.state == "skipped":
            days.append(m.planned_on)
    for t in book.world.tasks:
        closed = t.done_on is not None and t.done_on <= day
        if t.customer_id == customer_id and t.state in ("done", "skipped") and closed and t.created_on <= day:
            days.append(t.created_on)
    return days


def figures(book: Book, customer_id: int, currency: str) -> dict[str, int | date | None]:
    """The four words of the vocabulary."""
    mine = [j for j in judge(book).values() if j.promise.customer_id == customer_id]
    recent = [j for j in mine if (book.day - j.promise.promised_on).days < 365]
    to_come = [j for j in mine if j.state == "open" and j.promise.currency == currency]
    return {
        "promised_minor": sum(j.missing for j in to_come),
        "promise_until": paused_until(book, customer_id),
        "promises_kept": sum(j.state == "kept" for j in recent),
        "promises_broken": sum(j.state == "broken" for j in recent),
    }
