"""Firm and kind: what makes a relation with a customer, as plain rules. docs/rules/relation.md."""

from aldia.rules.outcomes import Effect

GOODWILL = "goodwill"
"""Kind, step and template of the thanks to who is up to date again after something firm."""

GOODWILL_DAYS = 30
"""So many days after a case closed it is still thanked for."""

CONTACT_DAYS = 30

GOOD_REPLIES = frozenset({"forgot", "promises", "paid", "asks"})
"""Kinds of reply in which a customer takes part: says how it stands, what will be done, or asks."""

GOOD_EFFECTS = frozenset({Effect.PROMISE, Effect.PAID, Effect.PLAN, Effect.COPY})
"""Effects of a call's outcome that show the same."""

PLAN_B = "plan_b"
"""Kind of the task that asks for a plan."""
