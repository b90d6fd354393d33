"""What stands on a sheet of paper: words and tables, ready to print. Nothing in them is ever markup."""

from dataclasses import dataclass
from typing import Literal

Side = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Head:
    """Whose paper it is. lines: postal address and what else stands small under the name."""

    name: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph, line by line. style: "" as a letter is written, "small" for notes, "strong" for a line
    that has to be seen."""

    lines: tuple[str, ...]
    style: Literal["", "small", "strong"] = ""
    kind: Literal["words"] = "words"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table, as many cells as the table has heads. style: "" or "sum" or "heading" (the first
    cell alone, across)."""

    cells: tuple[str, ...]
    style: Literal["", "sum", "heading"] = ""


@dataclass(frozen=True, slots=True)
class Table:
    """heads: one per column. right: columns whose cells stand to the right. wide: the column that takes the
    room that is left."""

    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    right: tuple[int, ...] = ()
    wide: int = 0
    kind: Literal["table"] = "table"


Block = Words | Table


@dataclass(frozen=True, slots=True)
class Section:
    """A part under a heading. new_page: begins on a page of its own."""

    heading: str
    blocks: tuple[Block, ...]
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Slip:
    """How to pay. rows: (label, words). code: what the square code says, "" for none; caption: beside it."""

    heading: str
    rows: tuple[tuple[str, str], ...]
    code: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A letter, or a statement of account.

    title: of the document, for screen readers and programs. to: what the window of the envelope shows and
    nothing else. window: the side of the envelope it is on. back: the line above it for mail that comes back.
    dated: place and date. keys: (label, words) beside the date. heading: the subject.
    """

    title: str
    head: Head
    to: tuple[str, ...]
    dated: str
    heading: str
    body: tuple[Block, ...] = ()
    keys: tuple[tuple[str, str], ...] = ()
    back: str = ""
    window: Side = "right"
    sections: tuple[Section, ...] = ()
    slips: tuple[Slip, ...] = ()
    language: str = "es"
    page_word: str = "Página"
