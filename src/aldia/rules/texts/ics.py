"""The due dates of an invoice as a calendar file (RFC 5545): an entry of one day each, without alarm."""

import re
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from aldia.kernel.money import format_money
from aldia.rules.texts.clean import one_line
from aldia.rules.texts.speech import Said
from aldia.rules.texts.tongues import amounts_locale

MEDIA_TYPE = "text/calendar; charset=utf-8; method=PUBLISH"
FILE_NAME = "vencimiento.ics"
_LINE_MAX = 75  # octets, without the line end
_SUMMARY = {"es": "Vencimiento: {} ({})", "en": "Due date: {} ({})"}
_SPECIAL = re.compile(r"([\\;,])")


def due_date_calendar(
    lines: Sequence[Said],
    *,
    creditor: str,
    creditor_key: str,
    stamped: datetime,
    language: str = "es",
    country: str = "ES",
) -> bytes:
    """One entry for each due line, in their order, as a file to attach.

    creditor: name that is shown. creditor_key: tells creditors apart for ever (their code); with the due line
    it makes the UID, so that a second file moves an entry instead of adding one. stamped: aware; the moment
    the file is written. The title names no amount: a calendar is seen by others; it stands in the notes.
    """
    entries = [
        written
        for line in lines
        for written in _entry(line, creditor, creditor_key, stamped, (language, country))
    ]
    content = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Al Dia//ES",
        "METHOD:PUBLISH",
        *entries,
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(each)}\r\n" for each in content).encode()


def _entry(
    line: Said, creditor: str, creditor_key: str, stamped: datetime, spoken: tuple[str, str]
) -> Iterator[str]:
    language, country = spoken
    title = _SUMMARY.get(language, _SUMMARY["es"]).format(one_line(line.number), one_line(creditor))
    amount = format_money(line.asked_minor, line.currency, amounts_locale(language, country))
    yield "BEGIN:VEVENT"
    yield f"UID:{_uid(line, creditor_key)}"
    yield f"DTSTAMP:{stamped.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{line.due_date:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{line.due_date + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_escaped(title)}"
    yield f"DESCRIPTION:{_escaped(f'{one_line(line.label)}: {amount}')}"
    yield "CLASS:PRIVATE"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _uid(line: Said, creditor_key: str) -> str:
    """The same for the same due line, and of no other; says nothing of either."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"aldia:due-line:{creditor_key}:{line.due_line_id}"))


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text).replace("\n", "\\n")


def _folded(line: str) -> str:
    """In pieces of at most 75 octets, each further one behind a space; no letter is torn apart."""
    pieces, piece, size = [], "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > _LINE_MAX:
            pieces.append(piece)
            piece, size = "", 1  # the space that goes before it
        piece += character
        size += octets
    return "\r\n ".join([*pieces, piece])
