"""Debits, credits, what ties them, what undoes them, what lies beside them, and two cached balances."""

from aldia.records.ledger.models.balances import CreditBalance, ItemBalance
from aldia.records.ledger.models.copies import COPY_BYTES_MAX, COPY_URL_MAX, CopyKind, DocumentCopy
from aldia.records.ledger.models.debits import (
    Acceptance,
    AcceptanceState,
    Document,
    DocumentKind,
    DueLine,
    TaxKind,
    TaxLine,
)
from aldia.records.ledger.models.money import Allocation, Credit, CreditKind, Refund
from aldia.records.ledger.models.overlays import Overlay, OverlayEnd, OverlayKind
from aldia.records.ledger.models.reversals import Reversal, ReversalKind
from aldia.records.ledger.models.rows import LedgerRow

__all__ = [
    "COPY_BYTES_MAX",
    "COPY_URL_MAX",
    "Acceptance",
    "AcceptanceState",
    "Allocation",
    "CopyKind",
    "Credit",
    "CreditBalance",
    "CreditKind",
    "Document",
    "DocumentCopy",
    "DocumentKind",
    "DueLine",
    "ItemBalance",
    "LedgerRow",
    "Overlay",
    "OverlayEnd",
    "OverlayKind",
    "Refund",
    "Reversal",
    "ReversalKind",
    "TaxKind",
    "TaxLine",
]
