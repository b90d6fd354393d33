"""Creditors, users, memberships, and the row every tenant table is."""

from aldia.records.tenancy.models.creditor import Creditor, CreditorKind
from aldia.records.tenancy.models.people import Membership, Role, User, UserManager
from aldia.records.tenancy.models.rows import TenantRow

__all__ = ["Creditor", "CreditorKind", "Membership", "Role", "TenantRow", "User", "UserManager"]
