"""Customers, groups, beneficiaries, contacts and their points; what keeps us from writing; who sells."""

from aldia.records.parties.models.circumstances import (
    AreaHold,
    Circumstance,
    CircumstanceKind,
    LocalHoliday,
)
from aldia.records.parties.models.consents import Consent, ConsentChannel, ConsentSource, ConsentState
from aldia.records.parties.models.contacts import (
    ENDING_DIGITS,
    Channel,
    Contact,
    ContactPoint,
    ContactRole,
    PointQuality,
    sought_by,
)
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
from aldia.records.parties.models.sales_notices import SalesDigest, SalesNotice
from aldia.records.parties.models.salespeople import SalesChoice, SalesDigestState, Salesperson

__all__ = [
    "ENDING_DIGITS",
    "AreaHold",
    "Beneficiary",
    "BeneficiaryKind",
    "Channel",
    "Circumstance",
    "CircumstanceKind",
    "Consent",
    "ConsentChannel",
    "ConsentSource",
    "ConsentState",
    "Contact",
    "ContactPoint",
    "ContactRole",
    "Customer",
    "CustomerGroup",
    "CustomerWord",
    "FormOfAddress",
    "GroupKind",
    "LocalHoliday",
    "PersonKind",
    "PointQuality",
    "SalesChoice",
    "SalesDigest",
    "SalesDigestState",
    "SalesNotice",
    "Salesperson",
    "sought_by",
]
