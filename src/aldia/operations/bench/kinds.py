"""How often the rule finds the kind that was planted. docs/rules/kinds.md §5."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from aldia.operations.bench.kinds_people import Life, lives
from aldia.rules.portfolio.behaviour import settled_lines
from aldia.rules.portfolio.frames import Frames, Terms
from aldia.rules.portfolio.kinds import Kind, debtor_kinds
from aldia.rules.portfolio.lines import lines_as_of
from aldia.rules.portfolio.promises import PROMISE_STANDINGS

AS_OF = date(2026, 11, 20)
_MINOR = 100_00
_TERMS_DAYS = 30


@dataclass(frozen=True, slots=True)
class Score:
    """Of one kind. planted: customers who are of it; found: of them, those named so; named: all named so."""

    planted: int
    found: int
    named: int

    @property
    def recall(self) -> float:
        """Of those who are, how many are named so."""
        return self.found / self.planted if self.planted else 1.0

    @property
    def precision(self) -> float:
        """Of those named so, how many are."""
        return self.found / self.named if self.named else 1.0


@dataclass(frozen=True, slots=True)
class Confusion:
    """counts: (planted, named) → customers."""

    counts: Counter[tuple[str, str]]

    @property
    def customers(self) -> int:
        """All of them."""
        return self.counts.total()

    @property
    def accuracy(self) -> float:
        """The share that is named rightly; one of whom nothing is said counts as wrong."""
        return sum(n for (planted, named), n in self.counts.items() if planted == named) / self.customers

    @property
    def told(self) -> float:
        """The share of whom something is said."""
        return sum(n for (_planted, named), n in self.counts.items() if named != "unknown") / self.customers

    def score(self, kind: str) -> Score:
        """How well one kind is found."""
        return Score(
            planted=sum(n for (planted, _named), n in self.counts.items() if planted == kind),
            found=self.counts[kind, kind],
            named=sum(n for (_planted, named), n in self.counts.items() if named == kind),
        )

    def as_dict(self) -> dict[str, Any]:
        """As `aldia bench kinds --json` prints it."""
        planted = [kind for kind in Kind if kind is not Kind.UNKNOWN]
        return {
            "customers": self.customers,
            "accuracy": round(self.accuracy, 4),
            "told": round(self.told, 4),
            "table": {one: {other: self.counts[one, other] for other in Kind} for one in planted},
            "recall": {kind: round(self.score(kind).recall, 4) for kind in planted},
            "precision": {kind: round(self.score(kind).precision, 4) for kind in planted},
        }


def measure_kinds(customers: int, seed: int) -> Confusion:
    """Plant, infer as of one day, compare."""
    planted = lives(customers, seed, AS_OF)
    frames, terms = frames_of(planted), Terms(as_of=AS_OF)
    lines = lines_as_of(frames, terms)
    settled = settled_lines(lines, frames, terms)
    seen = debtor_kinds(lines, settled, _promises(planted), frames, terms)
    named = dict(seen.select("customer_id", "inferred_kind").iter_rows())
    return Confusion(Counter((life.kind, named[number]) for number, life in enumerate(planted, start=1)))


def frames_of(planted: list[Life]) -> Frames:
    """The lives as the engine reads a portfolio; a customer's id is its place, from 1."""
    rows: dict[str, list[dict[str, object]]] = {name: [] for name in Frames.schemas()}
    for customer, life in enumerate(planted, start=1):
        rows["customers"].append({"customer_id": customer, "customer": str(customer), "strategy": "pymes"})
        _debts(rows, customer, life)
        rows["replies"] += [
            {"reply_id": len(rows["replies"]) + n, "customer_id": customer, "kind": kind, "received_on": on}
            for n, (on, kind) in enumerate(life.said)
        ]
        rows["calls"] += [
            {"call_id": len(rows["calls"]) + n, "customer_id": customer, "outcome": "spoken"}
            | {"reason": reason, "tried": True, "spoken": True, "said_on": on}
            for n, (on, reason) in enumerate(life.told)
        ]
    return Frames.from_rows(**rows)


def _promises(planted: list[Life]) -> pl.DataFrame:
    """What became of their promises, as `promise_standings` would have it."""
    rows = [
        {"customer_id": customer, "promised_on": on, "state": state}
        for customer, life in enumerate(planted, start=1)
        for on, state in life.verdicts
    ]
    return pl.DataFrame(rows, schema=PROMISE_STANDINGS)


def _debts(rows: dict[str, list[dict[str, object]]], customer: int, life: Life) -> None:
    for bill in life.bills:
        line = len(rows["lines"]) + 1
        whose = {"line_id": line, "customer_id": customer}
        issued = bill.due - timedelta(days=_TERMS_DAYS)
        rows["lines"].append(
            whose
            | {"document_id": line, "currency": bill.currency, "kind": "invoice", "amount_minor": _MINOR}
            | {"issued_on": issued, "due_date": bill.due}
        )
        left = _MINOR
        for number, on in enumerate(bill.paid, start=1):
            is_last = number == len(bill.paid) and not bill.part
            minor = left if is_last else left // 2
            left -= minor
            money = {"amount_minor": minor, "effective_on": max(on, issued), "by_money": True}
            rows["allocations"].append(whose | money)
        if bill.disputed:
            beside = {"overlay_id": line, "kind": "dispute", "effective_on": bill.due}
            rows["overlays"].append(whose | beside)
