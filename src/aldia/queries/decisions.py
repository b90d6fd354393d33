"""What was or would be decided about every customer on a day, with the reason in words."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from aldia.queries.portfolio import EVERYBODY, Part
from aldia.queries.reasons import Reading, facts_by_customer, read_portfolio, reading_room, step_titles
from aldia.queries.snapshot import Snapshot
from aldia.records.cases.models import DailyRun
from aldia.records.tenancy.models import Creditor
from aldia.rules.portfolio.words import outcome_label, plain_sentence, reason_sentence


@dataclass(frozen=True, slots=True)
class CustomerDecision:
    """outcome: a step id or a reason. title: its Spanish words. next_on: when it may change by itself."""

    customer: str
    name: str
    outcome: str
    step: str | None
    title: str
    next_on: date | None
    sentence: str

    def as_dict(self) -> dict[str, Any]:
        """As `aldia decisions --json` prints it."""
        return {
            "customer": self.customer,
            "name": self.name,
            "outcome": self.outcome,
            "step": self.step,
            "title": self.title,
            "next_on": self.next_on.isoformat() if self.next_on else None,
            "sentence": self.sentence,
        }


@dataclass(frozen=True, slots=True)
class DayDecisions:
    """One decision per customer, by code. recorded: as a run of that day left them, not reckoned anew.

    newcomers: customers that came after that run and have no decision of that day.
    """

    on: date
    recorded: bool
    decisions: tuple[CustomerDecision, ...]
    newcomers: int = 0

    def counts(self) -> dict[str, int]:
        """outcome → customers."""
        return dict(Counter(decision.outcome for decision in self.decisions))

    def as_dict(self) -> dict[str, Any]:
        """As `aldia decisions --json` prints it."""
        return {
            "on": self.on.isoformat(),
            "recorded": self.recorded,
            "newcomers": self.newcomers,
            "counts": self.counts(),
            "decisions": [decision.as_dict() for decision in self.decisions],
        }


@dataclass(frozen=True, slots=True)
class Stored:
    """A decision as a run recorded it."""

    outcome: str
    step: str | None
    next_on: date | None
    on: date


def decisions_on(creditor: Creditor, on: date) -> DayDecisions:
    """Every customer's decision; where a run of that day is on record, as they stood stored that day."""
    with reading_room(creditor) as snapshot:
        names = dict(snapshot.read("SELECT id, name FROM parties_customer").iter_rows())
        recorded = DailyRun.objects.filter(creditor=creditor, on_date=on).exists()
        stored = stored_decisions(snapshot, on) if recorded else None
        reading = read_portfolio(snapshot, creditor, on)
    told = told_decisions(reading, names, stored)
    told.sort(key=lambda decision: decision.customer)
    return DayDecisions(on, recorded, tuple(told), newcomers=reading.decided.decisions.height - len(told))


def told_decisions(
    reading: Reading, names: dict[int, str], stored: dict[int, Stored] | None
) -> list[CustomerDecision]:
    """The decisions of a reading in words; `stored` ones, where given, stand in their place."""
    facts, titles = facts_by_customer(reading), step_titles(reading.strategies)
    codes = dict(reading.frames.customers.select("customer_id", "customer").iter_rows())
    told = []
    for row in reading.decided.decisions.iter_rows(named=True):
        customer_id = row["customer_id"]
        reckoned = Stored(row["outcome"], row["step"], row["next_on"], reading.terms.as_of)
        decision = reckoned if stored is None else stored.get(customer_id)
        if decision is None:  # came after that day's run
            continue
        title = outcome_label(decision.outcome, titles)
        told.append(
            CustomerDecision(
                customer=codes[customer_id],
                name=names.get(customer_id, ""),
                outcome=decision.outcome,
                step=decision.step,
                title=title,
                next_on=decision.next_on,
                sentence=reason_sentence(decision.outcome, facts[customer_id])
                if _same(decision, reckoned)
                else plain_sentence(decision.outcome, title),
            )
        )
    return told


def _same(stored: Stored, reckoned: Stored) -> bool:
    """Only then do today's figures explain the stored decision."""
    return (stored.outcome, stored.next_on) == (reckoned.outcome, reckoned.next_on)


_STORED = """
SELECT DISTINCT ON (customer_id) customer_id, outcome, step, next_on, on_date
FROM cases_decision WHERE on_date <= {day}{within}
ORDER BY customer_id, on_date DESC, id DESC
"""


def stored_decisions(snapshot: Snapshot, on: date, part: Part = EVERYBODY) -> dict[int, Stored]:
    """customer_id → the last decision recorded on or before the day."""
    sql = _STORED.format(day=f"DATE '{on}'", within=part.within("customer_id"))
    rows = snapshot.read(sql).iter_rows(named=True)
    return {
        row["customer_id"]: Stored(row["outcome"], row["step"] or None, row["next_on"], row["on_date"])
        for row in rows
    }
