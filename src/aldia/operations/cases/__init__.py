"""Cases: opened and closed by runs, worked by people."""

from aldia.operations.cases.bulk import Many, postpone, prioritise, reassign, undo_many
from aldia.operations.cases.changes import NOT_SAID, CaseChanges
from aldia.operations.cases.changing import change_case, locked_case_of, touch_case
from aldia.operations.cases.errors import (
    CaseChanged,
    CaseIsClosed,
    CaseIsTaken,
    CaseRefused,
    MayNotWork,
    NoSuchCase,
    NoteRefused,
)
from aldia.operations.cases.locks import Taken, leave_case, must_not_be_taken, take_case, take_over
from aldia.operations.cases.notes import add_note, withdraw_note, write_note
from aldia.operations.cases.settling import Settled, settle_cases
from aldia.operations.cases.workers import must_work

__all__ = [
    "NOT_SAID",
    "CaseChanged",
    "CaseChanges",
    "CaseIsClosed",
    "CaseIsTaken",
    "CaseRefused",
    "Many",
    "MayNotWork",
    "NoSuchCase",
    "NoteRefused",
    "Settled",
    "Taken",
    "add_note",
    "change_case",
    "leave_case",
    "locked_case_of",
    "must_not_be_taken",
    "must_work",
    "postpone",
    "prioritise",
    "reassign",
    "settle_cases",
    "take_case",
    "take_over",
    "touch_case",
    "undo_many",
    "withdraw_note",
    "write_note",
]
