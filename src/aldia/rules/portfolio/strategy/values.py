"""What a strategy says, once it has been checked: frozen values, amounts still in major units."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from aldia.kernel.money import minor_per_major
from aldia.rules.portfolio.condition_tree import to_minor
from aldia.rules.portfolio.conditions import Condition
from aldia.rules.portfolio.reasons import Reason

CHANNELS = ("email", "sms", "whatsapp", "letter", "certified", "call")
TONES = ("amable", "cercano", "firme", "formal")  # from softest to hardest
FIRM_TONES = frozenset({"firme", "formal"})
DOCUMENT_KINDS = ("delivery", "acceptance", "pre_due", "due_today")
OUTCOMES = tuple(reason.value for reason in Reason)  # no step may bear the name of a reason


@dataclass(frozen=True, slots=True)
class DocumentStep:
    """A notice about one document before it is overdue.

    channels: in the order they are tried. approval: a person says yes first.
    """

    id: str
    kind: str
    title: str
    condition: Condition
    channels: tuple[str, ...]
    tone: str
    template: str
    approval: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of the ladder.

    rank: position in the file, from 1. requires: ids of earlier steps done in the same episode.
    spacing_days: least days since the last sent message, the strategy's unless the step has its own.
    minimum: major units of the strategy's currency, None without its own. new_deadline_days: a new date to
    pay by, None without. approval: a person says yes first. claims: the message demands interest and
    compensation.
    """

    id: str
    rank: int
    title: str
    condition: Condition
    requires: tuple[str, ...]
    channels: tuple[str, ...]
    tone: str
    template: str
    spacing_days: int
    minimum: Decimal | None
    new_deadline_days: int | None
    approval: bool
    claims: bool


@dataclass(frozen=True, slots=True)
class Strategy:
    """A ladder and its amounts. factors: other currency → what every amount is multiplied by for it.

    goodwill: who is up to date again after something firm is thanked.
    """

    name: str
    title: str
    currency: str
    minimum: Decimal
    spacing_days: int
    episode_per: Literal["customer", "item"]
    factors: Mapping[str, Decimal] = field(hash=False)
    documents: tuple[DocumentStep, ...]
    steps: tuple[Step, ...]
    goodwill: bool = True

    def factor(self, currency: str) -> Decimal | None:
        """What the amounts are multiplied by for this currency; None when the strategy has none for it."""
        return Decimal(1) if currency == self.currency else self.factors.get(currency)

    def minimum_minor(self, currency: str) -> int | None:
        """The strategy's minimum in minor units of the currency, half up; None without amounts for it."""
        return self._minor(self.minimum, currency)

    def step_minimum_minor(self, step: Step, currency: str) -> int | None:
        """The step's own minimum likewise; None when it has none or there are no amounts for the currency."""
        return None if step.minimum is None else self._minor(step.minimum, currency)

    def _minor(self, major: Decimal, currency: str) -> int | None:
        factor = self.factor(currency)
        return None if factor is None else to_minor(major, minor_per_major(currency), factor)
