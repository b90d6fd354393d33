"""What must be known to take an import back. One creditor, inside its scope; amounts in minor units."""

from collections.abc import Iterable

import polars as pl

from aldia.queries import imports_sql as sql
from aldia.queries.imports import read_named


def booked_by(creditor_id: int, batch_id: int) -> tuple[list[int], list[int]]:
    """Ids of the due lines and of the credits of an import of which something is left."""
    params = {"creditor": creditor_id, "batch": batch_id}
    ids = pl.Schema({"id": pl.Int64})
    return (
        read_named(sql.BOOKED.format(row="due_line", cache="item"), params, ids)["id"].to_list(),
        read_named(sql.BOOKED.format(row="credit", cache="credit"), params, ids)["id"].to_list(),
    )


def dependants_of(creditor_id: int, batch_id: int) -> pl.DataFrame:
    """kind (refund, document, credit), id, batch_id of what stands in the way of undoing an import."""
    schema = pl.Schema({"kind": pl.String, "id": pl.Int64, "batch_id": pl.Int64})
    return read_named(sql.DEPENDANTS, {"creditor": creditor_id, "batch": batch_id}, schema)


def overlays_of(creditor_id: int, batch_id: int) -> pl.DataFrame:
    """overlay_id, effective_on of an import's circumstances that have no end."""
    schema = pl.Schema({"overlay_id": pl.Int64, "effective_on": pl.Date})
    return read_named(sql.OVERLAYS, {"creditor": creditor_id, "batch": batch_id}, schema)


def taken_by(creditor_id: int, line_ids: Iterable[int], credit_ids: Iterable[int]) -> int:
    """How many other credits pay these lines."""
    params = {"creditor": creditor_id, "lines": list(line_ids), "credits": list(credit_ids)}
    return int(read_named(sql.OTHERS, params, pl.Schema({"n": pl.Int64}))["n"][0])


def returned_by(creditor_id: int, batch_id: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What an import sent back or corrected of credits that are not its own: the credits as they would come
    again (with `parent_id`, the reversal), and parent_id, due_line_id, amount_minor of what they paid."""
    params = {"creditor": creditor_id, "batch": batch_id}
    texts = ["kind", "currency", "number", "reference", "payer_name", "method", "names_document"]
    credits_ = pl.Schema(
        {
            "parent_id": pl.Int64,
            "customer_id": pl.Int64,
            **dict.fromkeys(texts, pl.String),
            "amount_minor": pl.Int64,
            "effective_on": pl.Date,
            "source_key": pl.String,
            "adjusts_id": pl.Int64,
            "batch_id": pl.Int64,
        }
    )
    paid = pl.Schema({"parent_id": pl.Int64, "due_line_id": pl.Int64, "amount_minor": pl.Int64})
    return read_named(sql.RETURNED, params, credits_), read_named(sql.RETURNED_FROM, params, paid)


def corrected_by(creditor_id: int, batch_id: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What an import corrected of lines that are not its own: the lines as they would come again (with
    `parent_id`, the reversal), and parent_id, credit_id, amount_minor of what had paid them."""
    params = {"creditor": creditor_id, "batch": batch_id}
    lines = pl.Schema(
        {
            "parent_id": pl.Int64,
            "customer_id": pl.Int64,
            **dict.fromkeys(["kind", "number", "currency"], pl.String),
            "adjusts_id": pl.Int64,
            "beneficiary_id": pl.Int64,
            "batch_id": pl.Int64,
            "amount_minor": pl.Int64,
            "effective_on": pl.Date,
            "due_date": pl.Date,
            "source_key": pl.String,
        }
    )
    paid = pl.Schema({"parent_id": pl.Int64, "credit_id": pl.Int64, "amount_minor": pl.Int64})
    return read_named(sql.CORRECTED, params, lines), read_named(sql.CORRECTED_FROM, params, paid)
