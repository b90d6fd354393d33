"""A builder of worlds: adds rows as the ledger would, and refuses what its constraints forbid.

It holds law I1 on every day, not only in total: no line's open amount and no credit's unallocated rest is
negative as of any date. A reversal is never dated before the row it takes back from.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tests.oracle.world import (
    Acceptance,
    Allocation,
    CallMade,
    Credit,
    Customer,
    Episode,
    Judgement,
    Law,
    Line,
    Message,
    Overlay,
    OverlayEnd,
    Promise,
    Refund,
    Reply,
    Reversal,
    Settings,
    Strategy,
    Task,
    World,
)


class Refused(ValueError):
    """The ledger would not take this row."""


@dataclass
class Ledger:
    """Rows so far. Every add method returns the row; ids run from 1 per kind of row."""

    customers: list[Customer] = field(default_factory=list)
    lines: dict[int, Line] = field(default_factory=dict)
    credits: dict[int, Credit] = field(default_factory=dict)
    allocations: dict[int, Allocation] = field(default_factory=dict)
    refunds: dict[int, Refund] = field(default_factory=dict)
    reversals: list[Reversal] = field(default_factory=list)
    overlays: list[Overlay] = field(default_factory=list)
    overlay_ends: list[OverlayEnd] = field(default_factory=list)
    acceptances: list[Acceptance] = field(default_factory=list)
    episodes: list[Episode] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    calls: list[CallMade] = field(default_factory=list)
    judgements: list[Judgement] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    claims: dict[int, date] = field(default_factory=dict)
    documents: int = 0

    def next_document(self) -> int:
        """An id for a new document."""
        self.documents += 1
        return self.documents

    def add_line(self, line: Line) -> Line:
        """A due line; its amount must be positive."""
        self._positive(line.amount_minor)
        self.lines[line.id] = line
        return line

    def add_credit(self, credit: Credit) -> Credit:
        """A credit; without customer only a payment or an opening credit."""
        self._positive(credit.amount_minor)
        if credit.customer_id is None and credit.kind not in ("payment", "opening_credit"):
            raise Refused("only payments and opening credits may be unidentified")
        self.credits[credit.id] = credit
        return credit

    def allocate(self, credit_id: int, line_id: int, amount: int) -> Allocation:
        """Ties money of a credit to a line of the same currency."""
        self._positive(amount)
        credit, line = self.credits[credit_id], self.lines[line_id]
        if credit.currency != line.currency or credit.customer_id is None:
            raise Refused("another currency, or nobody's money")
        on = max(credit.effective_on, line.issued_on)
        row = Allocation(len(self.allocations) + 1, credit_id, line_id, amount, on)
        self.allocations[row.id] = row
        if self._in_the_red(line_id=line_id, credit_id=credit_id):
            del self.allocations[row.id]
            raise Refused("more allocated than there is")
        return row

    def refund(self, credit_id: int, amount: int, on: date) -> Refund:
        """Gives unallocated money back."""
        self._positive(amount)
        row = Refund(len(self.refunds) + 1, credit_id, amount, on)
        self.refunds[row.id] = row
        if on < self.credits[credit_id].effective_on or self._in_the_red(credit_id=credit_id):
            del self.refunds[row.id]
            raise Refused("more refunded than there is")
        return row

    def reverse_line(self, line_id: int, amount: int, on: date) -> None:
        """Takes back part of a line, no more than is open."""
        self._undo([("line", line_id, amount)], on, earliest=self.lines[line_id].issued_on, line_id=line_id)

    def reverse_allocation(self, allocation_id: int, amount: int, on: date) -> None:
        """Takes back part of an allocation."""
        row = self.allocations[allocation_id]
        if amount > row.amount_minor - self.taken("allocation", row.id):
            raise Refused("more than is left of the allocation")
        self._undo(
            [("allocation", row.id, amount)],
            on,
            earliest=row.effective_on,
            line_id=row.line_id,
            credit_id=row.credit_id,
        )

    def reverse_refund(self, refund_id: int, amount: int, on: date) -> None:
        """Takes back part of a refund."""
        row = self.refunds[refund_id]
        if amount > row.amount_minor - self.taken("refund", row.id):
            raise Refused("more than is left of the refund")
        self._undo([("refund", row.id, amount)], on, earliest=row.effective_on, credit_id=row.credit_id)

    def reverse_credit(self, credit_id: int, amount: int, on: date) -> None:
        """Takes back part of a credit: first its unallocated rest, then its allocations, newest first."""
        unallocated = sum(delta for _, delta in self._credit_moves(credit_id))
        need = amount - unallocated
        undone = [("credit", credit_id, amount)]
        earliest = self.credits[credit_id].effective_on
        mine = [a for a in self.allocations.values() if a.credit_id == credit_id]
        for row in sorted(mine, key=lambda a: (a.effective_on, a.id), reverse=True):
            part = min(need, row.amount_minor - self.taken("allocation", row.id))
            if part > 0:
                undone.append(("allocation", row.id, part))
                earliest = max(earliest, row.effective_on)
                need -= part
        if need > 0:
            raise Refused("more than is left of the credit")
        self._undo(undone, on, earliest=earliest, credit_id=credit_id)

    def taken(self, target: str, target_id: int) -> int:
        """How much of a row was reversed so far."""
        return sum(r.amount_minor for r in self.reversals if (r.target, r.target_id) == (target, target_id))

    def left_open(self, line_id: int) -> int:
        """Open amount of a line with all rows known, whatever their date."""
        return sum(delta for _, delta in self._line_moves(line_id))

    def left_unallocated(self, credit_id: int) -> int:
        """Unallocated rest of a credit with all rows known, whatever their date."""
        return sum(delta for _, delta in self._credit_moves(credit_id))

    def _undo(
        self,
        undone: list[tuple[str, int, int]],
        on: date,
        *,
        earliest: date,
        line_id: int | None = None,
        credit_id: int | None = None,
    ) -> None:
        before = len(self.reversals)
        for target, target_id, amount in undone:
            self._positive(amount)
            self.reversals.append(Reversal(len(self.reversals) + 1, target, target_id, amount, on))
        if on < earliest or self._in_the_red(line_id=line_id, credit_id=credit_id):
            del self.reversals[before:]
            raise Refused("a reversal before its row, or of more than is left")

    def _positive(self, amount: int) -> None:
        if amount <= 0:
            raise Refused("amounts are positive")

    def _in_the_red(self, *, line_id: int | None = None, credit_id: int | None = None) -> bool:
        line = line_id is not None and ever_negative(self._line_moves(line_id))
        return line or (credit_id is not None and ever_negative(self._credit_moves(credit_id)))

    def _line_moves(self, line_id: int) -> list[tuple[date, int]]:
        line = self.lines[line_id]
        moves = [(line.issued_on, line.amount_minor)]
        mine = {a.id for a in self.allocations.values() if a.line_id == line_id}
        moves += [(a.effective_on, -a.amount_minor) for a in self.allocations.values() if a.id in mine]
        for r in self.reversals:
            if r.target == "line" and r.target_id == line_id:
                moves.append((r.effective_on, -r.amount_minor))
            if r.target == "allocation" and r.target_id in mine:
                moves.append((r.effective_on, r.amount_minor))
        return moves

    def _credit_moves(self, credit_id: int) -> list[tuple[date, int]]:
        credit = self.credits[credit_id]
        moves = [(credit.effective_on, credit.amount_minor)]
        used = {a.id: a for a in self.allocations.values() if a.credit_id == credit_id}
        given = {r.id: r for r in self.refunds.values() if r.credit_id == credit_id}
        moves += [(a.effective_on, -a.amount_minor) for a in used.values()]
        moves += [(r.effective_on, -r.amount_minor) for r in given.values()]
        for r in self.reversals:
            if r.target == "credit" and r.target_id == credit_id:
                moves.append((r.effective_on, -r.amount_minor))
            if (r.target == "allocation" and r.target_id in used) or (
                r.target == "refund" and r.target_id in given
            ):
                moves.append((r.effective_on, r.amount_minor))
        return moves

    def world(self, as_of: date, settings: Settings, law: Law, strategies: Mapping[str, Strategy]) -> World:
        """The rows as a world."""
        return World(
            as_of=as_of,
            settings=settings,
            law=law,
            strategies=dict(strategies),
            customers=tuple(self.customers),
            lines=tuple(self.lines.values()),
            credits=tuple(self.credits.values()),
            allocations=tuple(self.allocations.values()),
            refunds=tuple(self.refunds.values()),
            reversals=tuple(self.reversals),
            overlays=tuple(self.overlays),
            overlay_ends=tuple(self.overlay_ends),
            acceptances=tuple(self.acceptances),
            episodes=tuple(self.episodes),
            messages=tuple(self.messages),
            tasks=tuple(self.tasks),
            replies=tuple(self.replies),
            calls=tuple(self.calls),
            judgements=tuple(self.judgements),
            promises=tuple(self.promises),
            claims=dict(self.claims),
        )


def ever_negative(moves: list[tuple[date, int]]) -> bool:
    """Whether the running sum is below zero at the end of any day."""
    by_day: dict[date, int] = defaultdict(int)
    for on, delta in moves:
        by_day[on] += delta
    balance = 0
    for on in sorted(by_day):
        balance += by_day[on]
        if balance < 0:
            return True
    return False
