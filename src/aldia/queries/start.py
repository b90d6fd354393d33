"""What the six questions were answered with before, and what stands in force now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aldia.records.cases.models import StrategyAssignment
from aldia.records.ledger.models import Credit, Document
from aldia.records.tenancy.models import Creditor
from aldia.rules.portfolio.strategy import digest
from aldia.rules.shipped import shipped_strategies

PROFILE_KEY = "start"


@dataclass(frozen=True, slots=True)
class Present:
    """answers: as kept in the profile, {} before the first time. main: name of the strategy for everybody.

    hand_made: names in force whose document is neither the house's nor the assistant's last. is_empty:
    nothing is booked yet, so that even the country may still change.
    """

    answers: Mapping[str, Any]
    main: str
    hand_made: tuple[str, ...]
    is_empty: bool


def present(creditor: Creditor) -> Present:
    """Of the creditor, which is in scope."""
    start = creditor.profile.get(PROFILE_KEY, {})
    assigned = list(
        StrategyAssignment.objects.filter(creditor=creditor, customer__isnull=True).select_related(
            "strategy_version"
        )
    )
    digests: dict[str, str] = {each.strategy_version.name: each.strategy_version.digest for each in assigned}
    known = {name: digest(toml) for name, toml in shipped_strategies().items()}
    mine = start.get("digests", {})
    return Present(
        answers=start.get("answers", {}),
        main=next((each.strategy_version.name for each in assigned if not each.segment), ""),
        hand_made=tuple(
            sorted(name for name, it in digests.items() if it not in (known.get(name), mine.get(name)))
        ),
        is_empty=nothing_booked(creditor),
    )


def nothing_booked(creditor: Creditor) -> bool:
    """No document and no money yet."""
    return not any(model.objects.filter(creditor=creditor).exists() for model in (Document, Credit))
