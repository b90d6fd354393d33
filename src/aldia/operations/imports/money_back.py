"""Payments that went back: which earlier payment each return takes away."""

from collections import defaultdict
from typing import Any

import polars as pl

from aldia.kernel.money import format_money
from aldia.operations.imports.context import Context
from aldia.operations.imports.plan import RETURNS, Plan
from aldia.queries.imports import returned_on

_PAYMENT = ["credit_id", "customer_id", "currency", "reference", "names_document", "value_on", "amount_minor"]


def plan_returns(
    context: Context, back: pl.DataFrame, known: pl.DataFrame, fresh: pl.DataFrame, plan: Plan
) -> dict[str, int]:
    """Plan a reversal for each return of the file; how many are new, unchanged, refused.

    known: credits of the ledger; fresh: new payments of the same file. A return takes away the payment it
    names by reference, else the latest of the same customer and amount up to its day; else it is an error.
    """
    if back.is_empty():
        return {"new": 0, "unchanged": 0, "refused": 0}
    seen = _Seen.of(context, back)
    payments = _Payments(_payments(known, fresh))
    found: list[dict[str, Any]] = []
    lost: list[int] = []
    unchanged = 0
    for row in back.sort("value_date", "source_row").iter_rows(named=True):
        if seen.takes(row):
            unchanged += 1
            continue
        credit_id = payments.take(row)
        if credit_id is None:
            lost.append(row["source_row"])
        else:
            found.append(_return(row, credit_id))
    plan.returns = pl.DataFrame(found, schema=RETURNS)
    plan.count(returns=len(found))
    _say_lost(back.filter(pl.col("source_row").is_in(lost)), plan)
    return {"new": len(found), "unchanged": unchanged, "refused": len(lost)}


class _Seen:
    """Returns of earlier imports: each accounts for one equal row."""

    def __init__(self, rows: pl.DataFrame) -> None:
        self._left: dict[tuple[Any, ...], list[tuple[int | None, str]]] = defaultdict(list)
        for row in rows.iter_rows(named=True):
            key = (row["effective_on"], row["amount_minor"], row["currency"])
            self._left[key].append((row["customer_id"], row["reference"]))

    @classmethod
    def of(cls, context: Context, back: pl.DataFrame) -> "_Seen":
        return cls(returned_on(context.creditor_id, back["value_date"]))

    def takes(self, row: dict[str, Any]) -> bool:
        """Is this return known already? Then it accounts for no other row."""
        equal = self._left[(row["value_date"], row["amount_minor"], row["currency"])]
        for who in equal:
            customer_id, reference = who
            if (reference and reference == row["reference"]) or customer_id == row["customer_id"]:
                equal.remove(who)
                return True
        return False


class _Payments:
    """Payments that may go back, and what is left of each."""

    def __init__(self, rows: pl.DataFrame) -> None:
        self._by_reference: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        self._by_amount: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
        for row in rows.sort("value_on", "source_order", descending=True).iter_rows(named=True):
            if row["reference"]:
                self._by_reference[(row["reference"], row["currency"])].append(row)
            if row["customer_id"] is not None:
                key = (row["customer_id"], row["currency"], row["amount_minor"])
                self._by_amount[key].append(row)

    def take(self, row: dict[str, Any]) -> int | None:
        """The credit that this return takes away."""
        named = self._by_reference[(row["reference"] or "", row["currency"])]
        equal = self._by_amount[(row["customer_id"], row["currency"], row["amount_minor"])]
        of_invoice = [p for p in equal if row["invoice_number"] in {None, p["names_document"]}]
        for payment in (*named, *of_invoice):
            if payment["left"] >= row["amount_minor"] and payment["value_on"] <= row["value_date"]:
                payment["left"] -= row["amount_minor"]
                return int(payment["credit_id"])
        return None


def _payments(known: pl.DataFrame, fresh: pl.DataFrame) -> pl.DataFrame:
    """Live payments, `left`: not yet taken back."""
    booked = known.filter((pl.col("kind") == "payment") & (pl.col("credit_id") > 0))
    new = fresh.filter(pl.col("kind") == "payment").select(
        "customer_id",
        "currency",
        pl.col("reference").fill_null(""),
        "amount_minor",
        credit_id="id",
        names_document=pl.col("invoice_number").fill_null(""),
        value_on="value_date",
    )
    rows = pl.concat([booked.select(_PAYMENT), new.select(_PAYMENT)])
    return rows.with_columns(left="amount_minor", source_order=pl.col("credit_id").abs())


def _return(row: dict[str, Any], credit_id: int) -> dict[str, Any]:
    return {
        "credit_id": credit_id,
        "amount_minor": row["amount_minor"],
        "effective_on": row["value_date"],
        "reason": row["description"] or "Devuelto según el archivo importado.",
    }


def _say_lost(rows: pl.DataFrame, plan: Plan) -> None:
    plan.notes.say(
        rows,
        "error",
        "return_without_payment",
        "amount",
        lambda row: (
            f"no hay ningún cobro anterior de {format_money(row['amount_minor'], row['currency'])} de ese "
            "cliente que se pueda devolver. Compruebe el cliente y el importe, o indique la referencia "
            "del cobro."
        ),
    )
