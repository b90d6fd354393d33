"""Who may do what: one table, asked by every door and proved by the authorization matrix."""

from collections.abc import Mapping
from enum import StrEnum


class Right(StrEnum):
    """Something a role may do for a creditor. The API's scopes are other words for some of them."""

    LOOK = "look"  # every list and sheet
    APPROVE = "approve"  # approve, edit, skip, postpone messages; tick off tasks
    NOTE = "note"  # replies and remarks of customers, calls and promises; how they are reached
    TEAM = "team"  # other people's cases: whose they are, taking one over, the team's day
    RELEASE = "release"  # the yes after the brake; the red button; resolving doubts
    RECORD_MONEY = "record_money"  # payments, allocations, refunds, reversals
    WRITE_OFF = "write_off"  # write-offs and forgiveness, within the member's limit
    IMPORT = "import"  # files in, and their undoing
    STRATEGY = "strategy"  # strategies and texts
    SETTINGS = "settings"  # creditor, mail account, run time
    PEOPLE = "people"  # users, roles, API tokens
    AUDIT = "audit"  # the audit chain
    EVIDENCE = "evidence"  # the contacts with a customer as a file for others


_WORK = frozenset({Right.LOOK, Right.APPROVE, Right.NOTE})
_MONEY = frozenset({Right.LOOK, Right.NOTE, Right.RECORD_MONEY, Right.IMPORT})
_LEAD = (
    _WORK
    | _MONEY
    | {
        Right.TEAM,
        Right.RELEASE,
        Right.WRITE_OFF,
        Right.STRATEGY,
        Right.SETTINGS,
        Right.AUDIT,
        Right.EVIDENCE,
    }
)

RIGHTS: Mapping[str, frozenset[Right]] = {
    "administrator": frozenset(Right),
    "manager": _LEAD,
    "gestor": _WORK,
    "treasurer": _MONEY,
    "viewer": frozenset({Right.LOOK}),
}
"""Role → what it may do."""


def may(role: str, right: Right) -> bool:
    """Whether the role has the right; a role we do not know has none."""
    return right in RIGHTS.get(role, frozenset())


def within_authority(minor: int, limit_minor: int | None, *, same_currency: bool) -> bool:
    """Whether somebody may give up so much of a line. limit_minor: in the creditor's currency, None for none.

    An amount in another currency cannot be compared with a limit, so it is beyond any.
    """
    return limit_minor is None or (same_currency and minor <= limit_minor)
