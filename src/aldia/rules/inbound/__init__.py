"""What customers answer, read by plain rules into a suggestion for a person. docs/rules/inbound.md."""

from aldia.rules.inbound.classify import classify
from aldia.rules.inbound.values import InboundKind, Reading, SaidAmount, SaidDate
from aldia.rules.inbound.words import KIND_WORDS, because_sentence

__all__ = [
    "KIND_WORDS",
    "InboundKind",
    "Reading",
    "SaidAmount",
    "SaidDate",
    "because_sentence",
    "classify",
]
