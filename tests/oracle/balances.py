"""What is left of every line and credit as of a day, and what stands beside it (ledger.md, aging.md)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from tests.oracle.world import Credit, Customer, Line, Overlay, World


@dataclass(frozen=True, slots=True)
class Paid:
    """What is left of one allocation as of the day: amount > 0."""

    on: date
    amount: int
    credit_kind: str


@dataclass(frozen=True, slots=True)
class LineState:
    """One issued due line as of the day. days = day - effective due date. net: what its allocations carry."""

    line: Line
    customer: Customer
    reversed: int
    net: tuple[Paid, ...]
    open: int
    due: date
    days: int
    counts: bool
    disputed: int
    covered: int

    @property
    def overdue(self) -> bool:
        """It counts and is past its effective due date."""
        return self.counts and self.days > 0


@dataclass(frozen=True, slots=True)
class CreditState:
    """One credit as of the day."""

    credit: Credit
    returned: int
    refunded: int
    allocated: int
    unallocated: int


class Book:
    """The ledger of a world as of one day."""

    def __init__(self, world: World, day: date) -> None:
        self.world = world
        self.day = day
        self.customers = {c.id: c for c in world.customers}
        self._reversed: dict[tuple[str, int], int] = defaultdict(int)
        for row in world.reversals:
            if row.effective_on <= day:
                self._reversed[row.target, row.target_id] += row.amount_minor
        self.overlays = self._overlays_in_force()
        self.lines = self._lines()
        self.credits = self._credits()

    def _overlays_in_force(self) -> list[Overlay]:
        ended = {e.overlay_id for e in self.world.overlay_ends if e.effective_on <= self.day}
        return [o for o in self.world.overlays if o.id not in ended and self._in_force(o)]

    def _in_force(self, overlay: Overlay) -> bool:
        if overlay.effective_on > self.day:
            return False
        if overlay.kind in ("hold", "cover") and overlay.until is not None:
            return self.day < overlay.until
        return True

    def days_on_hold(self, customer_id: int, since: date) -> int:
        """Days after `since`, up to and including the book's day, on which a hold stood: day by day."""
        return sum(
            self._is_held(customer_id, since + timedelta(n)) for n in range(1, (self.day - since).days + 1)
        )

    def _is_held(self, customer_id: int, day: date) -> bool:
        ends = {e.overlay_id: e.effective_on for e in self.world.overlay_ends if e.effective_on <= self.day}
        return any(
            o.effective_on <= day < min(o.until or date.max, ends.get(o.id, date.max))
            for o in self.world.overlays
            if o.kind == "hold" and o.customer_id == customer_id
        )

    def _lines(self) -> list[LineState]:
        kinds = {c.id: c.kind for c in self.world.credits}
        paid: dict[int, list[Paid]] = defaultdict(list)
        for a in self.world.allocations:
            left = a.amount_minor - self._reversed["allocation", a.id]
            if a.effective_on <= self.day and left > 0:
                paid[a.line_id].append(Paid(a.effective_on, left, kinds[a.credit_id]))
        beside: dict[int, list[Overlay]] = defaultdict(list)
        for overlay in self.overlays:
            if overlay.line_id is not None:
                beside[overlay.line_id].append(overlay)
        issued = [line for line in self.world.lines if line.issued_on <= self.day]
        return [self._line(line, paid[line.id], beside[line.id]) for line in sorted(issued, key=_by_id)]

    def _line(self, line: Line, paid: list[Paid], beside: list[Overlay]) -> LineState:
        undone = self._reversed["line", line.id]
        left = line.amount_minor - undone - sum(p.amount for p in paid)
        due = effective_due(line, beside)
        disputed = _part("dispute", beside, left)
        return LineState(
            line=line,
            customer=self.customers[line.customer_id],
            reversed=undone,
            net=tuple(paid),
            open=left,
            due=due,
            days=(self.day - due).days,
            counts=left > self.world.settings.tolerance_minor,
            disputed=disputed,
            covered=_part("cover", beside, left - disputed),
        )

    def _credits(self) -> list[CreditState]:
        allocated: dict[int, int] = defaultdict(int)
        refunded: dict[int, int] = defaultdict(int)
        for a in self.world.allocations:
            if a.effective_on <= self.day:
                allocated[a.credit_id] += a.amount_minor - self._reversed["allocation", a.id]
        for r in self.world.refunds:
            if r.effective_on <= self.day:
                refunded[r.credit_id] += r.amount_minor - self._reversed["refund", r.id]
        states = []
        for credit in self.world.credits:
            if credit.effective_on <= self.day:
                returned = self._reversed["credit", credit.id]
                rest = credit.amount_minor - returned - refunded[credit.id] - allocated[credit.id]
                states.append(CreditState(credit, returned, refunded[credit.id], allocated[credit.id], rest))
        return states


def _by_id(line: Line) -> int:
    return line.id


def effective_due(line: Line, beside: list[Overlay]) -> date:
    """The line's due date, or the date of the latest terms (by effective_on, then id) in force."""
    terms = [o for o in beside if o.kind == "terms"]
    if not terms:
        return line.due_date
    latest = max(terms, key=lambda o: (o.effective_on, o.id))
    assert latest.until is not None
    return latest.until


def _part(kind: str, beside: list[Overlay], at_most: int) -> int:
    total = 0
    for overlay in beside:
        if overlay.kind == kind:
            total += at_most if overlay.amount_minor is None else overlay.amount_minor
    return min(total, at_most)
