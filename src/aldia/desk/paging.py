"""Where the next page of a list by days begins, as its address says it: `2026-11-20~123`."""

from datetime import date

_TEXT_MAX = 60


def day_and_id(text: str) -> tuple[date, int] | None:
    """The last row of the page before; None for what cannot be read, or nothing."""
    day, _sep, number = text[:_TEXT_MAX].partition("~")
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        return None
    try:
        return date.fromisoformat(day), int(number)
    except ValueError:
        return None


def in_words(after: tuple[date, int] | None) -> str:
    """The other way; "" for the first page."""
    return f"{after[0].isoformat()}~{after[1]}" if after else ""
