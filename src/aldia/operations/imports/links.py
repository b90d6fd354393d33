"""Where the copies of documents can be had, as an invoice table tells it."""

import polars as pl

from aldia.operations.imports.context import Context
from aldia.operations.imports.plan import LINKS, Plan, fitted
from aldia.queries.copies import copied_documents
from aldia.queries.imports import links_of_documents


def plan_links(context: Context, fresh: pl.DataFrame, known: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """Plan the link of each document that has another or none; the known rows, `is_changed` where one is new.

    Rows of one document with several links count from the first. A row without one takes none away.
    """
    columns = ["source_row", "document_id", pl.col("copy_url").alias("url")]
    told = pl.concat([known.select(columns), fresh.select(columns)]).drop_nulls("url").sort("source_row")
    if told.is_empty():
        return known
    own = _copied(context, told["document_id"], plan)
    said = told.with_columns(document_id=pl.col("document_id").replace_strict(own, return_dtype=pl.Int64))
    said = said.unique("document_id", keep="first", maintain_order=True)
    there = links_of_documents(context.creditor_id, said["document_id"])
    new = said.join(there, on="document_id", how="left", maintain_order="left").filter(
        pl.col("url").ne_missing(pl.col("known_url"))
    )
    plan.links = fitted(new, LINKS)
    changed = [document for document, copied in own.items() if copied in set(new["document_id"])]
    is_linked = pl.col("copy_url").is_not_null() & pl.col("document_id").is_in(changed)
    return known.with_columns(is_changed=pl.col("is_changed") | is_linked)


def _copied(context: Context, documents: pl.Series, plan: Plan) -> dict[int, int]:
    """Document → whose copy is its own as well: what is added to an invoice is on the invoice's paper."""
    adjusted = plan.documents.filter(pl.col("adjusts_id").is_not_null()).select("id", "adjusts_id")
    fresh = {document: document for document in documents if document < 0} | dict(adjusted.iter_rows())
    known = copied_documents(
        context.creditor_id, {each for each in (*documents, *fresh.values()) if each > 0}
    )
    return {each: known.get(fresh.get(each, each), fresh.get(each, each)) for each in documents}
