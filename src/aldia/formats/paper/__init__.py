"""Letters and statements of account as PDF: plain values in, bytes out. docs/rules/letters.md."""

from aldia.formats.paper.epc import EPC_MAX_MINOR, EpcRefused, epc_payload, is_sepa_iban
from aldia.formats.paper.typeset import PaperFailed, joined_pdf, page_count, paper_pdf
from aldia.formats.paper.values import Block, Head, Paper, Row, Section, Slip, Table, Words

__all__ = [
    "EPC_MAX_MINOR",
    "Block",
    "EpcRefused",
    "Head",
    "Paper",
    "PaperFailed",
    "Row",
    "Section",
    "Slip",
    "Table",
    "Words",
    "epc_payload",
    "is_sepa_iban",
    "joined_pdf",
    "page_count",
    "paper_pdf",
]
