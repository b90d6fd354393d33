"""Where the copies of documents can be had, as an invoice table tells it."""

import polars as pl

from aldia.operations.imports.context import Context
from aldia.operations.imports.plan import LINKS, Plan, fitted
from aldia.queries.imports import links_of_documents


def plan_links(context: Context, fresh: pl.DataFrame, known: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """Plan the link of each document that has another or none; the known rows, `is_changed` where one is new.

    Rows of one document with several links count from the first. A row without one takes none away.
    """
    columns = ["document_id", pl.col("copy_url").alias("url")]
    said = (
        pl.concat([fresh.select(columns), known.select(columns)])
        .drop_nulls()
        .unique("document_id", keep="first", maintain_order=True)
    )
    if said.is_empty():
        return known
    there = links_of_documents(context.creditor_id, said["document_id"])
    new = said.join(there, on="document_id", how="left", maintain_order="left").filter(
        pl.col("url").ne_missing(pl.col("known_url"))
    )
    plan.links = fitted(new, LINKS)
    touched = new.select("document_id", is_linked=pl.lit(value=True))
    found = known.join(touched, on="document_id", how="left", maintain_order="left")
    is_linked = pl.col("is_linked").fill_null(value=False)
    return found.with_columns(is_changed=pl.col("is_changed") | is_linked).drop("is_linked")
