"""Who may open an address: every view of the desk carries a `Policy`; one without breaks the tests."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.http.response import HttpResponseBase

from aldia.rules.rights import Right


class Door(StrEnum):
    """How far in an address lies."""

    STREET = "street"  # anybody
    SIGNED = "signed"  # a provider, by the signature of what it says
    HALL = "hall"  # whoever has logged in
    CREDITOR = "creditor"  # a member of the creditor in the address


@dataclass(frozen=True, slots=True)
class Policy:
    """right: what a member needs, None outside a creditor. methods: those the view answers."""

    door: Door
    right: Right | None
    methods: tuple[str, ...]


def declared(view: Callable[..., HttpResponseBase], policy: Policy) -> Callable[..., Any]:
    """The view with its policy on it, for the authorization matrix."""
    view.policy = policy  # type: ignore[attr-defined]
    return view
