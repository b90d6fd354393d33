"""The one gate: every message of every channel takes this last look before it leaves. docs/rules/gate.md."""

from aldia.rules.gate.look import look
from aldia.rules.gate.moments import next_allowed
from aldia.rules.gate.values import Allowed, Contact, GateFacts, GateLimits, GateRule, Refused
from aldia.rules.gate.words import RULE_WORDS, refusal_sentence, rule_label
from aldia.rules.portfolio.strategy import FIRM_TONES

__all__ = [
    "FIRM_TONES",
    "RULE_WORDS",
    "Allowed",
    "Contact",
    "GateFacts",
    "GateLimits",
    "GateRule",
    "Refused",
    "look",
    "next_allowed",
    "refusal_sentence",
    "rule_label",
]
