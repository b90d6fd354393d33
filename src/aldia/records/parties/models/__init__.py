"""Customers, groups, beneficiaries, contacts and their points."""

from aldia.records.parties.models.contacts import Channel, Contact, ContactPoint, ContactRole, PointQuality
from aldia.records.parties.models.customers import (
    Beneficiary,
    BeneficiaryKind,
    Customer,
    CustomerGroup,
    CustomerWord,
    FormOfAddress,
    GroupKind,
    PersonKind,
)

__all__ = [
    "Beneficiary",
    "BeneficiaryKind",
    "Channel",
    "Contact",
    "ContactPoint",
    "ContactRole",
    "Customer",
    "CustomerGroup",
    "CustomerWord",
    "FormOfAddress",
    "GroupKind",
    "PersonKind",
    "PointQuality",
]
