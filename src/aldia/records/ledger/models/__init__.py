"""Debits, credits, what ties them, what undoes them, what lies beside them, and two cached balances."""

from aldia.records.ledger.models.balances import CreditBalance, ItemBalance
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
    "Acceptance",
    "AcceptanceState",
    "Allocation",
    "Credit",
    "CreditBalance",
    "CreditKind",
    "Document",
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
