"""The verbs of the ledger. Each is one transaction and one audit entry, and runs inside `tenancy.scope`.

Imports hand in frames (`frames`), people one row at a time; both go through the same writing, dating and
checks. Refusals: `operations/refusals.py`. The law behind it: docs/rules/ledger.md.
"""

from aldia.operations.ledger.credits import (
    Applied,
    allocate_credit,
    forgive,
    record_credit_note,
    record_payment,
    refund,
    write_off,
)
from aldia.operations.ledger.debits import Booked, Due, Tax, book_fee, book_invoice
from aldia.operations.ledger.frames import ALLOCATIONS, CREDITS, DOCUMENTS, LINES, TAXES
from aldia.operations.ledger.identifying import identify_credit
from aldia.operations.ledger.many import allocate, book_credits, book_documents
from aldia.operations.ledger.overlays import (
    end_overlay,
    record_acceptance,
    record_cover,
    record_dispute,
    record_hold,
    record_terms,
)
from aldia.operations.ledger.reversing import (
    reverse_allocation,
    reverse_credit,
    reverse_due_line,
    reverse_refund,
    reverse_write_off,
)
from aldia.operations.ledger.undoing import undo_rows

__all__ = [
    "ALLOCATIONS",
    "CREDITS",
    "DOCUMENTS",
    "LINES",
    "TAXES",
    "Applied",
    "Booked",
    "Due",
    "Tax",
    "allocate",
    "allocate_credit",
    "book_credits",
    "book_documents",
    "book_fee",
    "book_invoice",
    "end_overlay",
    "forgive",
    "identify_credit",
    "record_acceptance",
    "record_cover",
    "record_credit_note",
    "record_dispute",
    "record_hold",
    "record_payment",
    "record_terms",
    "refund",
    "reverse_allocation",
    "reverse_credit",
    "reverse_due_line",
    "reverse_refund",
    "reverse_write_off",
    "undo_rows",
    "write_off",
]
