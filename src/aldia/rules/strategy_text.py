"""A strategy's document changed as a careful person would: line by line, its comments kept.

The document must be one that `read_strategy` accepts and that writes each key on a line of its own
(conditions may run over several), as the shipped ones do.
"""

import re
from collections.abc import Callable, Collection

_HEAD = re.compile(r"^\s*\[")
_ID = re.compile(r'^id = "([a-z0-9_]+)"', re.MULTILINE)
_KIND = re.compile(r"^\[\[(document|step)\]\]", re.MULTILINE)
_DAYS = re.compile(r"\bdays_overdue >= (\d+)")
_APPROVAL = re.compile(r"^approval = (true|false)[^\n]*\n?", re.MULTILINE)

Change = Callable[[str], str]


def without_notices(toml: str, ids: Collection[str]) -> str:
    """Without the [[document]] blocks of these ids, and the comments right above them."""
    return "".join(block for block in _blocks(toml) if not (_kind(block) == "document" and _id(block) in ids))


def with_approvals(toml: str, ids: Collection[str]) -> str:
    """Exactly these steps and notices ask for a person's yes."""

    def change(block: str) -> str:
        said, wanted = _APPROVAL.search(block), _id(block) in ids
        if wanted == (said is not None and said[1] == "true"):
            return block
        bare = _APPROVAL.sub("", block)
        return _appended(bare, "approval = true") if wanted else bare

    return _each_rung(toml, change)


def with_first_day(toml: str, day: int) -> str:
    """The first step begins on that day overdue; no other condition changes."""
    first = next((_id(block) for block in _blocks(toml) if _kind(block) == "step"), "")
    return _each_rung(
        toml,
        lambda block: (
            _DAYS.sub(f"days_overdue >= {day}", block, count=1)
            if _id(block) == first and _kind(block) == "step"
            else block
        ),
    )


def _each_rung(toml: str, change: Change) -> str:
    return "".join(change(block) if _kind(block) else block for block in _blocks(toml))


def _kind(block: str) -> str:
    found = _KIND.search(block)
    return found[1] if found else ""


def _id(block: str) -> str:
    found = _ID.search(block)
    return found[1] if found else ""


def _appended(block: str, line: str) -> str:
    """The line after the last key of the block, before the blank lines that end it."""
    body = block.rstrip("\n")
    return f"{body}\n{line}\n" + "\n" * (len(block) - len(body) - 1)


def _blocks(toml: str) -> list[str]:
    """The document in parts, one per table; a comment right above a table belongs to it."""
    parts: list[list[str]] = [[]]
    for line in toml.splitlines(keepends=True):
        if _HEAD.match(line):
            parts.append([*_comment_above(parts[-1]), line])
        else:
            parts[-1].append(line)
    return ["".join(part) for part in parts]


def _comment_above(part: list[str]) -> list[str]:
    """Takes the comment lines off the end of the part before."""
    start = len(part)
    while start and part[start - 1].startswith("#"):
        start -= 1
    above = part[start:]
    del part[start:]
    return above
