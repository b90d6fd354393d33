"""What an import took back of other imports comes again, from the day it went, when that import is undone."""

from datetime import datetime

import polars as pl

from aldia.operations.bulk import next_ids
from aldia.operations.imports.plan import fitted
from aldia.operations.imports.second_pour import pour_again
from aldia.operations.ledger.frames import CREDITS, DOCUMENTS, LINES
from aldia.operations.ledger.writing import write_credits, write_documents
from aldia.queries.import_undo import corrected_by, returned_by


def restore(creditor_id: int, batch_id: int, now: datetime) -> None:
    """Credits that were sent back or corrected, and corrected lines, with what they paid or were paid by."""
    reason = f"Vuelve al deshacer la importación {batch_id}."
    _restore_credits(creditor_id, batch_id, reason, now)
    _restore_lines(creditor_id, batch_id, reason, now)


def _restore_credits(creditor_id: int, batch_id: int, reason: str, now: datetime) -> None:
    heads, given = returned_by(creditor_id, batch_id)
    if heads.height:
        again = heads.with_columns(next_ids("ledger_credit", heads.height), reason=pl.lit(reason))
        write_credits(creditor_id, fitted(again, CREDITS), now)
        own = again.select("parent_id", credit_id="id")
        pour_again(creditor_id, given.join(own, on="parent_id", maintain_order="left"), now)


def _restore_lines(creditor_id: int, batch_id: int, reason: str, now: datetime) -> None:
    heads, given = corrected_by(creditor_id, batch_id)
    if heads.height:
        documents = heads.with_columns(
            next_ids("ledger_document", heads.height),
            issued_on="effective_on",
            total_minor="amount_minor",
            description=pl.lit(reason),
        )
        lines = documents.rename({"id": "document_id"}).with_columns(
            next_ids("ledger_due_line", heads.height),
            due_date=pl.max_horizontal("due_date", "effective_on"),
        )
        write_documents(creditor_id, fitted(documents, DOCUMENTS), fitted(lines, LINES), None, now)
        own = lines.select("parent_id", due_line_id="id")
        pour_again(creditor_id, given.join(own, on="parent_id", maintain_order="left"), now)
