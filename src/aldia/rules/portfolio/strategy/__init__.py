"""A strategy: the creditor's ladder of steps as a checked value. docs/rules/strategy.md."""

from aldia.rules.portfolio.strategy.reading import StrategyRefused, digest, read_strategy
from aldia.rules.portfolio.strategy.values import (
    CHANNELS,
    DOCUMENT_KINDS,
    FIRM_TONES,
    OUTCOMES,
    TONES,
    DocumentStep,
    Step,
    Strategy,
)

__all__ = [
    "CHANNELS",
    "DOCUMENT_KINDS",
    "FIRM_TONES",
    "OUTCOMES",
    "TONES",
    "DocumentStep",
    "Step",
    "Strategy",
    "StrategyRefused",
    "digest",
    "read_strategy",
]
