"""Why a copy is not made, not believed or not put back."""

from aldia.kernel.errors import AldiaError


class BackupRefused(AldiaError):
    """The file cannot be written there."""

    code = "backup_refused"


class BackupUnproven(AldiaError):
    """What was put back from the copy is not what was copied. facts: differences."""

    code = "backup_unproven"


class BackupDamaged(AldiaError):
    """The file is no copy of ours, or not whole."""

    code = "backup_damaged"


class RestoreRefused(AldiaError):
    """The copy is sound, and may not be put back here."""

    code = "restore_refused"


class KeyMissing(RestoreRefused):
    """The audit chains of the copy were sealed with a key that is not here."""

    code = "key_missing"


class StillPending(AldiaError):
    """Messages that may have left before the restore: a person says what becomes of them. facts: count."""

    code = "still_pending"


class RunFirst(AldiaError):
    """A creditor's run of today has not been made since the restore. facts: creditors."""

    code = "run_first"


class NotLocked(AldiaError):
    """Sending is not under lock."""

    code = "not_locked"
