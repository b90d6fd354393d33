"""Many rows at once, as imports book them."""

from datetime import datetime

import polars as pl

from aldia.operations.ledger.frames import DOCUMENTS, shaped
from aldia.operations.ledger.placing import place
from aldia.operations.ledger.trace import SYSTEM, By, one_verb
from aldia.operations.ledger.writing import write_credits, write_documents


def book_documents(
    *,
    creditor_id: int,
    documents: pl.DataFrame,
    lines: pl.DataFrame,
    taxes: pl.DataFrame | None = None,
    now: datetime,
    actor: str = SYSTEM,
) -> pl.Series:
    """Book documents (DOCUMENTS) with their due lines (LINES) and taxes (TAXES); the ids of the lines.

    Raises SourceKeyTaken, NoSuchRow, DueBeforeIssue, AmountNotPositive, BadValue; then nothing is booked.
    """
    with one_verb("documents_booked", By(creditor_id, actor, now)) as trace:
        ids = write_documents(creditor_id, documents, lines, taxes, now)
        totals = _totals(shaped(documents, DOCUMENTS).select("currency", amount_minor="total_minor"))
        trace.tell(_batch(documents), documents=documents.height, lines=lines.height, minor=totals)
        return ids


def book_credits(*, creditor_id: int, credits: pl.DataFrame, now: datetime, actor: str = SYSTEM) -> pl.Series:
    """Book credits (CREDITS), unallocated; their ids. Raises SourceKeyTaken, NoSuchRow, AmountNotPositive,
    BadValue; then nothing is booked."""
    with one_verb("credits_booked", By(creditor_id, actor, now)) as trace:
        ids = write_credits(creditor_id, credits, now)
        trace.tell(_batch(credits), credits=credits.height, minor=_totals(credits))
        return ids


def allocate(*, creditor_id: int, allocations: pl.DataFrame, now: datetime, actor: str = SYSTEM) -> pl.Series:
    """Allocate credits to due lines (ALLOCATIONS); the ids. The day is computed here (`placing.place`).

    Raises MoreThanOpen, MoreThanLeft, CurrenciesDiffer, NoSuchRow, AmountNotPositive; then nothing is
    allocated.
    """
    with one_verb("allocated", By(creditor_id, actor, now)) as trace:
        ids = place(creditor_id, allocations, now)
        total = int(allocations["amount_minor"].sum())
        trace.tell(
            "", allocations=allocations.height, credits=allocations["credit_id"].n_unique(), minor=total
        )
        return ids


def _totals(rows: pl.DataFrame) -> dict[str, int]:
    sums = rows.group_by("currency").agg(pl.col("amount_minor").sum()).sort("currency")
    return dict(sums.iter_rows())


def _batch(rows: pl.DataFrame) -> str:
    """`batch:17` where all rows come from one."""
    batches = rows["batch_id"].unique().to_list() if "batch_id" in rows.columns else []
    return f"batch:{batches[0]}" if len(batches) == 1 and batches[0] is not None else ""
