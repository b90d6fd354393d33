"""Promises for generated worlds: several on a line, before and after money came, some withdrawn."""

import random
from datetime import date, timedelta

from tests.oracle.ledger import Ledger
from tests.oracle.world import Line, Promise, PromisePart


def add_promises(rng: random.Random, ledger: Ledger, as_of: date) -> None:
    """To about a third of the customers. What is promised of a line in all is never more than its amount."""
    left = {line.id: line.amount_minor for line in ledger.lines.values()}
    last = max(ledger.allocations, default=0)
    for customer in ledger.customers:
        mine = [x for x in ledger.lines.values() if x.customer_id == customer.id and x.issued_on <= as_of]
        for _ in range(rng.choice([0, 0, 0, 1, 2, 4]) if mine else 0):
            chosen = _some(rng, [x for x in mine if left[x.id] > 0])
            parts = tuple(_part(rng, line, left) for line in chosen)
            if parts:
                made = _promise(rng, ledger, as_of, parts, known=rng.choice([0, 0, rng.randint(0, last)]))
                ledger.promises.append(made)


def _some(rng: random.Random, lines: list[Line]) -> list[Line]:
    if not lines:
        return []
    first = rng.choice(lines)
    same = [x for x in lines if x.currency == first.currency and x is not first]
    return [first, *same[: rng.choice([0, 0, 1, 2])]]


def _part(rng: random.Random, line: Line, left: dict[int, int]) -> PromisePart:
    amount = left[line.id] if rng.random() < 0.4 else rng.randint(1, left[line.id])
    left[line.id] -= amount
    whole = line.amount_minor
    return PromisePart(line.id, amount, rng.choice([whole, rng.randint(amount, whole)]))


def _promise(
    rng: random.Random, ledger: Ledger, as_of: date, parts: tuple[PromisePart, ...], *, known: int
) -> Promise:
    issued = max(ledger.lines[part.line_id].issued_on for part in parts)
    made_on = max(issued, as_of - timedelta(days=rng.choice([-1, 0, 1, 5, 12, 30, 60, 370])))
    promised_on = made_on + timedelta(days=rng.choice([0, 1, 4, 10, 40]))
    first = ledger.lines[parts[0].line_id]
    total = sum(part.amount for part in parts)
    withdrawn = made_on + timedelta(days=rng.randint(0, 8)) if rng.random() < 0.12 else None
    return Promise(
        id=len(ledger.promises) + 1,
        customer_id=first.customer_id,
        currency=first.currency,
        made_on=made_on,
        promised_on=promised_on,
        grace_days=rng.choice([0, 0, 2, 5]),
        tolerance=min(rng.choice([0, 0, 50, 1000]), total - 1),
        known=known,
        parts=parts,
        withdrawn_on=withdrawn,
    )
