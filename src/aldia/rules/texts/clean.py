"""Values made inert: one line, no control and no direction marks, of bounded length."""

import unicodedata

VALUE_MAX = 160  # characters of a name or a number
BLOCK_MAX = 2_000  # characters of the creditor's own paragraphs

_DIRECTION_MARKS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_HIDDEN = frozenset({"Cc", "Cs", "Co", "Cn"})  # control, surrogates, private, unassigned


def one_line(value: str, at_most: int = VALUE_MAX) -> str:
    """The value on one line: every run of spaces and line ends is a space, hidden characters are gone."""
    spaced = value
    if not value.isprintable():  # what is hidden, marks a direction or ends a line is not
        spaced = "".join(" " if each.isspace() else each for each in value if each.isspace() or _shown(each))
    line = " ".join(spaced.split())
    return line if len(line) <= at_most else line[: at_most - 1].rstrip() + "…"


def some_lines(value: str, at_most: int = BLOCK_MAX) -> str:
    """The same line by line; empty lines at both ends are gone, several between are one."""
    lines = [one_line(line, at_most) for line in value.splitlines()]
    kept = [line for line, before in zip(lines, ["", *lines], strict=False) if line or before]
    return "\n".join(kept).strip("\n")[:at_most]


def _shown(character: str) -> bool:
    return character not in _DIRECTION_MARKS and unicodedata.category(character) not in _HIDDEN
