"""Why a customer gets no step today. docs/rules/strategy.md §2."""

from enum import StrEnum


class Reason(StrEnum):
    """Why no step is taken today, in the order in which they are asked."""

    NOTHING_OPEN = "nothing_open"
    NOTHING_OVERDUE = "nothing_overdue"
    INSOLVENT = "insolvent"
    ON_HOLD = "on_hold"
    PROMISE = "promise_open"
    MONEY_UNAPPLIED = "money_unapplied"
    DISPUTED = "disputed"
    COVERED = "covered"
    NO_AMOUNT_FOR_CURRENCY = "no_amount_for_currency"
    BELOW_MINIMUM = "below_minimum"
    WAITING = "waiting"
    SPACING = "spacing"
