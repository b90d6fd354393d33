"""Tables become rows of the ledger: stage → look → commit, and undo.

A file is read, compared with what is booked, and kept; one transaction books it, all or nothing. Each kind of
table has a planner (`invoices`, `payments`, `customers`) that says what would be new; `booking` writes it.
"""

from aldia.operations.imports.committing import commit
from aldia.operations.imports.options import ImportOptions, Kind
from aldia.operations.imports.refusals import BatchBusy, BatchState, ImportRefused, NoSuchBatch, UndoRefused
from aldia.operations.imports.report import ImportReport
from aldia.operations.imports.reviewing import keep_file, look_again, look_as_it_is
from aldia.operations.imports.staging import discard, stage
from aldia.operations.imports.undoing import undo

__all__ = [
    "BatchBusy",
    "BatchState",
    "ImportOptions",
    "ImportRefused",
    "ImportReport",
    "Kind",
    "NoSuchBatch",
    "UndoRefused",
    "commit",
    "discard",
    "keep_file",
    "look_again",
    "look_as_it_is",
    "stage",
    "undo",
]
