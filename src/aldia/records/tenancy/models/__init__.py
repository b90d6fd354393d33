"""Creditors, users, memberships, and the row every tenant table is."""

from aldia.records.tenancy.models.creditor import AddressForm, CopyChoice, Creditor, CreditorKind, WindowSide
from aldia.records.tenancy.models.house import House
from aldia.records.tenancy.models.once import TakenForm
from aldia.records.tenancy.models.people import Membership, Role, User, UserManager
from aldia.records.tenancy.models.rows import TenantRow
from aldia.records.tenancy.models.tokens import ApiToken
from aldia.records.tenancy.models.views import SavedView

__all__ = [
    "AddressForm",
    "ApiToken",
    "CopyChoice",
    "Creditor",
    "CreditorKind",
    "House",
    "Membership",
    "Role",
    "SavedView",
    "TakenForm",
    "TenantRow",
    "User",
    "UserManager",
    "WindowSide",
]
