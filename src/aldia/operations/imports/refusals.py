"""What an import refuses, with a Spanish sentence."""

from aldia.kernel.errors import AldiaError


class ImportRefused(AldiaError):
    """The file has errors, so nothing of it was booked. facts: findings, findings_total, errors."""

    code = "import_refused"


class NoSuchBatch(AldiaError):
    """No import of that number belongs to the creditor."""

    code = "no_such_batch"


class BatchState(AldiaError):
    """The import is not in a state that allows this. facts: batch_id, state."""

    code = "batch_state"


class ImportUnderWay(AldiaError):
    """An import of the creditor books at this moment; what was asked may be asked again after it."""

    code = "import_under_way"


class UndoRefused(AldiaError):
    """Something later depends on what the import booked. facts: batch_id."""

    code = "undo_refused"


class BatchBusy(AldiaError):
    """Long work about the import is under way. facts: batch_id."""

    code = "batch_busy"
