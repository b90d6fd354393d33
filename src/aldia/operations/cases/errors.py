"""What can be wrong with work on a case."""

from aldia.kernel.errors import AldiaError


class NoSuchCase(AldiaError):
    """The creditor has no such case. facts: case."""

    code = "no_such_case"


class CaseIsClosed(AldiaError):
    """Nothing is overdue any more, so there is nothing to work on. facts: case."""

    code = "case_is_closed"


class CaseChanged(AldiaError):
    """Somebody else was first. facts: case, changes (Spanish, one per change), by (who, as a reader knows
    them), version (the one there is now)."""

    code = "case_changed"


class CaseIsTaken(AldiaError):
    """A colleague has it open. facts: case, by (as a reader knows them)."""

    code = "case_is_taken"


class CaseRefused(AldiaError):
    """A change a case cannot take. facts: field, and what was asked."""

    code = "case_refused"


class MayNotWork(AldiaError):
    """Whoever acts has lost the access or the right meanwhile. facts: actor."""

    code = "may_not_work"


class NoteRefused(AldiaError):
    """A note that says nothing or too much. facts: field."""

    code = "note_refused"
