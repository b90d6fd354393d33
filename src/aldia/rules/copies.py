"""Copies of documents that go with messages: which, attached or linked. docs/rules/copies.md."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from aldia.kernel.text import fold
from aldia.rules.texts.uses import KINDS

ATTACHED_MAX = 30
"""Files that one mail carries at most, however small."""
VALID_DAYS = 90
"""So long the address of a copy in this house opens it."""


class CopyMode(StrEnum):
    """How copies go with a message."""

    ATTACHED = "attached"
    LINKED = "linked"
    NEITHER = "neither"


class Occasion(StrEnum):
    """What a message is for, as far as copies are concerned."""

    DELIVERY = "delivery"
    REMINDERS = "reminders"
    DEMANDS = "demands"
    REQUEST = "request"  # the customer asked for them


_DELIVERY = frozenset({"delivery", "acceptance", "registration", "easy_pay"})  # handed over (again)
_REMINDERS = frozenset(
    {
        "statement",
        "balance_confirmation",
        "pre_due",
        "due_today",
        "friendly",
        "second",
        "arrange_ahead",
        "fixed_date",
        "public_status",
        "public_second",
        "promise_broken",
    }
)
_DEMANDS = frozenset(
    {
        "firm",
        "formal_demand",
        "suspension_notice",
        "public_claim",
        "public_silence",
        "last_notice",
        "negotiation",
    }
)
COPY = "copy"
"""The kind of text that brings copies a customer has asked for."""


def occasion_of(template: str) -> Occasion | None:
    """What a text of that kind is for; None where copies have no place. A template of the creditor's own is a
    reminder, a person's own words ("free") carry none."""
    if template == COPY:
        return Occasion.REQUEST
    if template in _DELIVERY:
        return Occasion.DELIVERY
    if template in _DEMANDS:
        return Occasion.DEMANDS
    own = template not in KINDS and template not in ("", "free")
    return Occasion.REMINDERS if template in _REMINDERS or own else None


@dataclass(frozen=True, slots=True)
class CopyFile:
    """A file in force. kind: pdf or xml. size: bytes."""

    id: int
    kind: str
    content_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class OnHand:
    """What there is of one document. files: the PDF first. link: as it was given. address: of its file in
    this house, "" where the house has none that can be reached."""

    document_id: int
    number: str
    files: tuple[CopyFile, ...] = ()
    link: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """What a message brings of one document: files, else an address, else word that the copy was left out."""

    document_id: int
    attached: tuple[CopyFile, ...] = ()
    url: str = ""

    @property
    def is_left_out(self) -> bool:
        """There is a copy, and it has no room in this mail and no address."""
        return not self.attached and not self.url


def shared(
    wanted: Sequence[tuple[CopyMode, OnHand]], *, may_attach: bool, bytes_max: int
) -> tuple[Share, ...]:
    """What a message brings of these documents, in their order; nothing of one that has nothing to bring.

    wanted: each with how its copy shall go. may_attach: the channel carries files. bytes_max: of all files of
    the mail together, before they are encoded. What has no room is linked where there is an address, else
    left out.
    """
    found: list[Share] = []
    room, places = bytes_max, ATTACHED_MAX
    for mode, each in wanted:
        if mode is CopyMode.NEITHER:
            continue
        url = each.link or each.address
        attaches = mode is CopyMode.ATTACHED and may_attach and bool(each.files)
        taken = tuple(_that_fit(each.files, room, places)) if attaches else ()
        room -= sum(file.size for file in taken)
        places -= len(taken)
        if taken or url or attaches:
            found.append(Share(each.document_id, taken, "" if taken else url))
    return tuple(found)


def _that_fit(files: Sequence[CopyFile], room: int, places: int) -> Iterator[CopyFile]:
    for file in files:
        if file.size <= room and places > 0:
            room, places = room - file.size, places - 1
            yield file


_UNFIT = re.compile(r"[^0-9A-Za-z._-]+")
_STEM_MAX = 60


def attached_name(number: str, kind: str, taken: set[str]) -> str:
    """«F-2026-118.pdf»: what the recipient sees, none twice in one mail. It joins the names taken."""
    plain = _UNFIT.sub("-", fold(number).upper()).strip("-._")[:_STEM_MAX] or "COPIA"
    name, again = f"{plain}.{kind}", 1
    while name.casefold() in taken:
        again += 1
        name = f"{plain}-{again}.{kind}"
    taken.add(name.casefold())
    return name
