"""Money whose payer was unknown gets one: the unknown credit is reversed, the known one takes its place."""

from datetime import datetime
from typing import Any

import polars as pl

from aldia.operations.bulk import next_ids
from aldia.operations.ledger.frames import CREDITS
from aldia.operations.ledger.placing import place, refuse_negative_days
from aldia.operations.ledger.reversing import REVERSALS
from aldia.operations.ledger.state import live_allocations, lock_credits, lock_lines
from aldia.operations.ledger.trace import By, one_verb
from aldia.operations.ledger.writing import write_credits, write_rows
from aldia.operations.refusals import AnotherCustomer, MoreThanLeft
from aldia.queries.reading import read_frame

_COPIED = ["kind", "number", "reference", "payer_name", "method", "names_document", "source_key"]


def identify_credit(*, creditor_id: int, credit_id: int, customer_id: int, actor: str, now: datetime) -> int:
    """Say whose an unidentified payment is; the id of the credit that takes its place.

    Whose it was is a fact about the past: both rows bear the value date, and what it pays it pays from the
    same days on. What was refunded stays with the old credit, and with it the source key.
    Raises AnotherCustomer (it has one already), MoreThanLeft (nothing is left of it), NoSuchRow.
    """
    by = By(creditor_id, actor, now)
    with one_verb("credit_identified", by) as trace:
        credit = lock_credits(creditor_id, [credit_id]).row(0, named=True)
        if credit["credit_customer_id"] is not None:
            raise AnotherCustomer("El cobro ya tiene cliente.", id=credit_id)
        allocations = live_allocations(creditor_id, "credit", [credit_id])
        lock_lines(creditor_id, allocations["due_line_id"])
        amount = credit["left_minor"] + int(allocations["left_minor"].sum())
        if amount == 0:
            raise MoreThanLeft("Del cobro no queda nada que identificar.", id=credit_id)
        new_id = int(next_ids("ledger_credit", 1)[0])
        _take_away(by, credit, amount, allocations, new_id)
        refuse_negative_days(creditor_id, "credit", credit_id)
        _put_in_place(by, credit, amount, new_id, customer_id)
        _pay_again(creditor_id, new_id, allocations, now)
        trace.tell(f"credit:{credit_id}", becomes=new_id, customer=customer_id, minor=amount)
        return new_id


def _take_away(by: By, credit: dict[str, Any], amount: int, allocations: pl.DataFrame, new_id: int) -> None:
    head_id = int(next_ids("ledger_reversal", 1)[0])
    why = {"kind": "correction", "reason": f"Identificado: pasa al cobro {new_id}."}
    head = {
        "id": head_id,
        "credit_id": credit["credit_id"],
        "currency": credit["credit_currency"],
        "amount_minor": amount,
        "effective_on": credit["value_on"],
        **why,
    }
    ids = iter(next_ids("ledger_reversal", allocations.height))
    taken = [
        {
            "id": next(ids),
            "allocation_id": row["allocation_id"],
            "customer_id": row["customer_id"],
            "currency": row["currency"],
            "amount_minor": row["left_minor"],
            "effective_on": row["effective_on"],
            "parent_id": head_id,
            **why,
        }
        for row in allocations.iter_rows(named=True)
    ]
    write_rows("ledger_reversal", by.creditor_id, pl.DataFrame([head, *taken], schema=REVERSALS), by.now)


def _put_in_place(by: By, credit: dict[str, Any], amount: int, new_id: int, customer_id: int) -> None:
    schema = pl.Schema({name: CREDITS[name] for name in _COPIED})
    query = f"SELECT {', '.join(_COPIED)} FROM ledger_credit WHERE creditor_id = %s AND id = %s"
    row = read_frame(query, [by.creditor_id, credit["credit_id"]], schema).with_columns(
        id=pl.lit(new_id, pl.Int64),
        customer_id=pl.lit(customer_id, pl.Int64),
        currency=pl.lit(credit["credit_currency"]),
        amount_minor=pl.lit(amount, pl.Int64),
        effective_on=pl.lit(credit["value_on"]),
        reason=pl.lit(f"Identificado: viene del cobro {credit['credit_id']}."),
    )
    if credit["refunded_minor"]:
        row = row.with_columns(source_key=pl.lit(""))
    write_credits(by.creditor_id, row, by.now)


def _pay_again(creditor_id: int, credit_id: int, allocations: pl.DataFrame, now: datetime) -> None:
    if allocations.is_empty():
        return
    rows = allocations.sort("allocation_id").select(
        pl.lit(credit_id, pl.Int64).alias("credit_id"), "due_line_id", amount_minor="left_minor"
    )
    place(creditor_id, rows, now)
