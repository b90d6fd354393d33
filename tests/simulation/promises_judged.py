"""What customers promised, and what became of it: by the oracle, from plain rows. docs/rules/promises.md."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from tests.oracle import world as as_told
from tests.oracle.balances import Book
from tests.oracle.promises import Judged, judge
from tests.simulation.books import Books, Rows
from tests.simulation.house import House
from tests.simulation.verdicts import Fault

_PROMISES = """
SELECT id, customer_id, currency, made_on, promised_on, grace_days, tolerance_minor, known_allocation_id
FROM cases_promise ORDER BY id
"""
_PARTS = "SELECT promise_id, due_line_id, amount_minor, open_minor FROM cases_promise_line ORDER BY id"
_KINDS = "SELECT id, kind FROM ledger_credit"
_VERDICTS = """
SELECT DISTINCT ON (promise_id) promise_id, id, verdict, paid_minor FROM cases_promise_outcome
ORDER BY promise_id, id DESC
"""


def words_of(house: House, rows: Rows, day: date) -> dict[int, Judged]:
    """Every promise as of the day, by id; nothing is read where nobody ever promised anything."""
    if not house.promised:
        return {}
    return judge(Book(_world(house, rows, day), day))


def faults_of_promises(house: House, books: Books) -> Iterator[Fault]:
    """After a run: each promise is what was said, and what is on record of it is what the money says; of one
    that is open nothing has been written down since the last look."""
    recorded = {promise: rest for promise, *rest in house.ask(_VERDICTS)} if books.words else {}
    if set(books.words) != set(house.promised):
        yield Fault("promises", f"{sorted(books.words)} are kept, {sorted(house.promised)} were said")
    for id_, each in books.words.items():
        said = (sum(part.amount for part in each.promise.parts), each.promise.promised_on)
        if said != house.promised[id_]:
            yield Fault("promises", f"promise {id_} is kept as {said}, said was {house.promised[id_]}")
        row, verdict, paid = recorded.get(id_, (0, "open", each.paid))
        if each.state == "open" and row == house.verdicts.get(id_, 0):
            continue  # what was decided before stands until the money that waits is matched
        house.verdicts[id_] = row
        if verdict != each.state or (verdict != "withdrawn" and paid != each.paid):
            yield Fault(
                "promises",
                f"promise {id_} is {verdict} with {paid}; the rows say {each.state} with {each.paid}"
                f" of {each.required}",
            )


def _world(house: House, rows: Rows, day: date) -> as_told.World:
    kinds = dict(house.ask(_KINDS))
    return as_told.World(
        as_of=day,
        settings=as_told.Settings(tolerance_minor=house.creditor.tolerance_minor),
        law=as_told.Law(),
        strategies={},
        customers=tuple(as_told.Customer(id_, code, "business") for id_, code, _ in rows.customers),
        lines=tuple(
            as_told.Line(id_, id_, number, "invoice", customer, currency, minor, on, due)
            for id_, customer, number, currency, minor, due, on in rows.lines
        ),
        credits=tuple(
            as_told.Credit(id_, kinds[id_], customer, currency, minor, on)
            for id_, customer, currency, minor, on in rows.credits
        ),
        allocations=tuple(as_told.Allocation(*row) for row in rows.allocations),
        refunds=tuple(as_told.Refund(*row) for row in rows.refunds),
        reversals=tuple(_reversal(number, row) for number, row in enumerate(rows.reversals, start=1)),
        promises=tuple(_promises(house)),
    )


def _reversal(number: int, row: tuple[Any, ...]) -> as_told.Reversal:
    *named, minor, on = row
    target, id_ = next(
        (target, id_)
        for target, id_ in zip(("credit", "line", "allocation", "refund"), named, strict=True)
        if id_ is not None
    )
    return as_told.Reversal(number, target, id_, minor, on)


def _promises(house: House) -> Iterator[as_told.Promise]:
    parts: dict[int, list[as_told.PromisePart]] = defaultdict(list)
    for promise, *part in house.ask(_PARTS):
        parts[promise].append(as_told.PromisePart(*part))
    for id_, *said in house.ask(_PROMISES):
        customer, currency, made_on, promised_on, grace, tolerance, known = said
        yield as_told.Promise(
            id_,
            customer,
            currency,
            made_on,
            promised_on,
            grace_days=grace,
            tolerance=tolerance,
            known=known,
            parts=tuple(parts[id_]),
            withdrawn_on=house.taken_back.get(id_),
        )
