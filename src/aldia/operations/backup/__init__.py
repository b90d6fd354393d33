"""Copies of the whole house: made and proven, put back under lock, and the lock taken off by a person."""

from aldia.operations.backup.making import Backup, make_backup
from aldia.operations.backup.reconciling import Choice, unlock_sending
from aldia.operations.backup.restoring import Restored, restore_backup

__all__ = ["Backup", "Choice", "Restored", "make_backup", "restore_backup", "unlock_sending"]
