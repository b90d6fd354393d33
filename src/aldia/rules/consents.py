"""What a customer said about being written to, and what follows for one address. docs/rules/contact.md §4."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """What holds for an address: agreed to, refused, or nothing said."""

    GRANTED = "granted"
    REFUSED = "refused"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Said:
    """One thing a customer said. address: "" for the whole channel. state: granted, refused or lifted."""

    channel: str
    address: str
    state: str


_NUMBER_MIN = 8  # digits of a number without the code of its country


def folded_address(address: str) -> str:
    """By which two ways of writing an address are the same: case, spaces and signs between digits."""
    plain = "".join(address.casefold().split())
    return plain if "@" in plain else "".join(each for each in plain if each.isalnum())


def _is_same(one: str, other: str) -> bool:
    """A telephone number is the same with and without the code of its country."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    return short.isdigit() and len(short) >= _NUMBER_MIN and long.isdigit() and long.endswith(short)


def standing_of(
    said: Iterable[Said], channel: str, address: str, *, agreed: frozenset[str] = frozenset()
) -> Standing:
    """What holds for the address on the channel: of what speaks of it, the last thing said.

    said: oldest first. agreed: channels that the creditor's contracts have the customer agree to, which hold
    until something else is said.
    """
    mine = folded_address(address)
    states = [
        each.state
        for each in said
        if each.channel == channel and (not each.address or _is_same(folded_address(each.address), mine))
    ]
    last = states[-1] if states else "lifted"
    if last == "lifted":
        return Standing.GRANTED if channel in agreed else Standing.SILENT
    return Standing(last)


def may_be_used(standing: Standing, *, asks_consent: bool) -> bool:
    """asks_consent: law or provider want the customer's consent to the channel."""
    return standing is Standing.GRANTED or (standing is Standing.SILENT and not asks_consent)


def is_same_address(one: str, other: str) -> bool:
    """True for two ways of writing the same: a telephone is the same with and without its country's code."""
    return _is_same(folded_address(one), folded_address(other))
