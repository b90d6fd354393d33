"""Taking back: a reversal names its row, a day and an amount, and takes allocations away, newest first."""

from datetime import date, datetime
from typing import Any

import polars as pl

from aldia.operations.bulk import next_ids
from aldia.operations.ledger.placing import refuse_given_up, refuse_negative_days
from aldia.operations.ledger.state import live_allocations, lock_credits, lock_lines
from aldia.operations.ledger.trace import By, Trace, one_verb
from aldia.operations.ledger.writing import write_rows
from aldia.operations.refusals import AmountNotPositive, MoreThanLeft, NoSuchRow, WrongKind
from aldia.queries.reading import read_frame
from aldia.rules.allocation import GIVEN_UP, take_newest_first

REVERSALS = pl.Schema(
    {
        "id": pl.Int64,
        "credit_id": pl.Int64,
        "due_line_id": pl.Int64,
        "allocation_id": pl.Int64,
        "refund_id": pl.Int64,
        "customer_id": pl.Int64,
        "currency": pl.String,
        "amount_minor": pl.Int64,
        "effective_on": pl.Date,
        "kind": pl.String,
        "reason": pl.String,
        "parent_id": pl.Int64,
    }
)

_REFUND = """
SELECT f.id, f.credit_id, c.customer_id, f.currency, f.amount_minor - coalesce(
    (SELECT sum(amount_minor)::bigint FROM ledger_reversal
     WHERE creditor_id = f.creditor_id AND refund_id = f.id), 0)
FROM ledger_refund f JOIN ledger_credit c ON c.creditor_id = f.creditor_id AND c.id = f.credit_id
WHERE f.creditor_id = %s AND f.id = %s
"""

_ALLOCATION = """
SELECT id, credit_id, due_line_id FROM ledger_allocation WHERE creditor_id = %s AND id = %s
"""


def reverse_credit(
    *,
    creditor_id: int,
    credit_id: int,
    on: date,
    actor: str,
    now: datetime,
    amount_minor: int | None = None,
    kind: str = "undo",
    reason: str = "",
) -> int:
    """Take a credit back, all that is left or an amount (a returned debit, say); the reversal's id.

    First its unallocated rest is used up, then allocations, newest first, each by a reversal under this one;
    their lines are open again. An allocation later than `on` is taken back on its own day. Raises
    WrongKind (a write-off or the like: `reverse_write_off`), MoreThanLeft, NotThatDay, TooEarly,
    AmountNotPositive, NoSuchRow.
    """
    by = By(creditor_id, actor, now)
    with one_verb("credit_reversed", by) as trace:
        credit = lock_credits(creditor_id, [credit_id]).row(0, named=True)
        refuse_given_up(credit_id, credit["credit_kind"])
        return _take_credit_back(by, trace, credit, amount_minor, _circumstance(on, kind, reason))


def reverse_write_off(
    *, creditor_id: int, credit_id: int, on: date, actor: str, now: datetime, reason: str = ""
) -> int:
    """Take back, whole, what was given up: its line is open again; the reversal's id.

    Raises WrongKind (money or its equal), MoreThanLeft (taken back before), TooEarly, NoSuchRow.
    """
    by = By(creditor_id, actor, now)
    with one_verb("credit_reversed", by) as trace:
        credit = lock_credits(creditor_id, [credit_id]).row(0, named=True)
        if credit["credit_kind"] not in GIVEN_UP:
            raise WrongKind("Eso no es una baja ni una quita.", id=credit_id, kind=credit["credit_kind"])
        return _take_credit_back(by, trace, credit, None, _circumstance(on, "undo", reason))


def reverse_due_line(
    *,
    creditor_id: int,
    due_line_id: int,
    on: date,
    actor: str,
    now: datetime,
    amount_minor: int | None = None,
    kind: str = "undo",
    reason: str = "",
) -> int:
    """Take a due line back, all that is left of it or an amount; the reversal's id.

    What is allocated beyond the remainder goes back to its credits, newest first. Raises as `reverse_credit`.
    """
    by = By(creditor_id, actor, now)
    with one_verb("due_line_reversed", by) as trace:
        lock_credits(creditor_id, live_allocations(creditor_id, "due_line", [due_line_id])["credit_id"])
        line = lock_lines(creditor_id, [due_line_id]).row(0, named=True)
        allocations = live_allocations(creditor_id, "due_line", [due_line_id])
        amount = _amount(amount_minor, line["original_minor"] - line["reversed_minor"])
        head = {
            "due_line_id": due_line_id,
            "customer_id": line["customer_id"],
            "currency": line["currency"],
            "amount_minor": amount,
        }
        too_much = max(0, amount - line["open_minor"])
        ids = _reverse(by, head, allocations, too_much, _circumstance(on, kind, reason))
        refuse_negative_days(creditor_id, "due_line", due_line_id)
        trace.tell(f"line:{due_line_id}", reversals=ids, minor=amount, kind=kind, on=on.isoformat())
        return ids[0]


def reverse_allocation(
    *,
    creditor_id: int,
    allocation_id: int,
    on: date,
    actor: str,
    now: datetime,
    amount_minor: int | None = None,
    kind: str = "deallocation",
    reason: str = "",
) -> int:
    """Take an allocation back, wholly or in part: the line is open, the credit unapplied again; the
    reversal's id. Raises WrongKind (of a write-off or the like), MoreThanLeft, TooEarly, AmountNotPositive,
    NoSuchRow."""
    with one_verb("allocation_reversed", By(creditor_id, actor, now)) as trace:
        named = _one(_ALLOCATION, creditor_id, allocation_id, ["id", "credit_id", "due_line_id"])
        credit = lock_credits(creditor_id, [named["credit_id"]])
        refuse_given_up(named["credit_id"], credit["credit_kind"][0])
        lock_lines(creditor_id, [named["due_line_id"]])
        live = live_allocations(creditor_id, "credit", [named["credit_id"]])
        found = live.filter(pl.col("allocation_id") == allocation_id)
        amount = _amount(amount_minor, int(found["left_minor"].sum()))
        row = {
            "allocation_id": allocation_id,
            "customer_id": found["customer_id"][0],
            "currency": found["currency"][0],
            "amount_minor": amount,
        }
        ids = _write(creditor_id, [row | _circumstance(on, kind, reason)], now)
        trace.tell(f"allocation:{allocation_id}", reversals=ids, minor=amount, on=on.isoformat())
        return ids[0]


def reverse_refund(
    *,
    creditor_id: int,
    refund_id: int,
    on: date,
    actor: str,
    now: datetime,
    amount_minor: int | None = None,
    kind: str = "undo",
    reason: str = "",
) -> int:
    """Take a refund back, wholly or in part: the money is unapplied again; the reversal's id.

    Raises MoreThanLeft, TooEarly, AmountNotPositive, NoSuchRow.
    """
    columns = ["id", "credit_id", "customer_id", "currency", "left_minor"]
    with one_verb("refund_reversed", By(creditor_id, actor, now)) as trace:
        lock_credits(creditor_id, [_one(_REFUND, creditor_id, refund_id, columns)["credit_id"]])
        found = _one(_REFUND, creditor_id, refund_id, columns)
        amount = _amount(amount_minor, found["left_minor"])
        row = {
            "refund_id": refund_id,
            "customer_id": found["customer_id"],
            "currency": found["currency"],
            "amount_minor": amount,
        }
        ids = _write(creditor_id, [row | _circumstance(on, kind, reason)], now)
        trace.tell(f"refund:{refund_id}", reversals=ids, minor=amount, on=on.isoformat())
        return ids[0]


def _take_credit_back(
    by: By, trace: Trace, credit: dict[str, Any], amount_minor: int | None, circumstance: dict[str, Any]
) -> int:
    """The locked credit, all that is left of it or an amount; the reversal's id."""
    credit_id, rest = credit["credit_id"], credit["left_minor"]
    allocations = live_allocations(by.creditor_id, "credit", [credit_id])
    amount = _amount(amount_minor, rest + int(allocations["left_minor"].sum()))
    lock_lines(by.creditor_id, allocations["due_line_id"])
    head = {
        "credit_id": credit_id,
        "customer_id": credit["credit_customer_id"],
        "currency": credit["credit_currency"],
        "amount_minor": amount,
    }
    ids = _reverse(by, head, allocations, max(0, amount - rest), circumstance)
    refuse_negative_days(by.creditor_id, "credit", credit_id)
    on = circumstance["effective_on"].isoformat()
    trace.tell(f"credit:{credit_id}", reversals=ids, minor=amount, kind=circumstance["kind"], on=on)
    return ids[0]


def _reverse(
    by: By, head: dict[str, Any], allocations: pl.DataFrame, take_minor: int, circumstance: dict[str, Any]
) -> list[int]:
    """The head and, under it, what it takes from the allocations, in one statement: balances move at once."""
    live = allocations.select("allocation_id", "effective_on", "left_minor")
    taken = dict(take_newest_first(take_minor, list(live.iter_rows())))
    head_id = int(next_ids("ledger_reversal", 1)[0])
    rows = [{"id": head_id, **head, **circumstance}]
    ids = iter(next_ids("ledger_reversal", len(taken)))
    for row in allocations.iter_rows(named=True):
        if row["allocation_id"] in taken:
            rows.append(
                {
                    "id": next(ids),
                    "allocation_id": row["allocation_id"],
                    "customer_id": row["customer_id"],
                    "currency": row["currency"],
                    "amount_minor": taken[row["allocation_id"]],
                    **circumstance,
                    "effective_on": max(circumstance["effective_on"], row["effective_on"]),
                    "parent_id": head_id,
                }
            )
    return _write(by.creditor_id, rows, by.now)


def _write(creditor_id: int, rows: list[dict[str, Any]], now: datetime) -> list[int]:
    schema = REVERSALS if "id" in rows[0] else pl.Schema({k: v for k, v in REVERSALS.items() if k != "id"})
    return write_rows("ledger_reversal", creditor_id, pl.DataFrame(rows, schema=schema), now).to_list()


def _circumstance(on: date, kind: str, reason: str) -> dict[str, Any]:
    return {"effective_on": on, "kind": kind, "reason": reason}


def _amount(asked_minor: int | None, left_minor: int) -> int:
    if left_minor <= 0:
        raise MoreThanLeft("No queda nada que anular.", left_minor=left_minor)
    amount = left_minor if asked_minor is None else asked_minor
    if amount <= 0:
        raise AmountNotPositive("El importe debe ser mayor que cero.", asked_minor=amount)
    if amount > left_minor:
        raise MoreThanLeft("Se anula más de lo que queda.", asked_minor=amount, left_minor=left_minor)
    return amount


def _one(query: str, creditor_id: int, id_: int, columns: list[str]) -> dict[str, Any]:
    types = {name: pl.String if name == "currency" else pl.Int64 for name in columns}
    found = read_frame(query, [creditor_id, id_], pl.Schema(types))
    if found.is_empty():
        raise NoSuchRow(f"No existe el apunte {id_}.", id=id_)
    return found.row(0, named=True)
