"""The calendar file of a due date, read back as RFC 5545 wants it written."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aldia.rules.texts.ics import due_date_calendar
from tests.rules.texts.talk import said

STAMPED = datetime(2026, 11, 20, 9, 30, tzinfo=timezone(timedelta(hours=1)))


def written(*lines, **changed):
    facts: dict[str, Any] = {"creditor": "Papelería Luz", "creditor_key": "luz", "stamped": STAMPED}
    return due_date_calendar(lines, **facts | changed)


def unfolded(content: bytes) -> list[str]:
    assert content.endswith(b"\r\n")
    return content.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]


def values(content: bytes) -> dict[str, str]:
    return dict(line.split(":", 1) for line in unfolded(content))


def test_an_entry_of_one_day_without_alarm():
    lines = unfolded(written(said(due_date=date(2026, 12, 31))))
    assert lines[:4] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Al Dia//ES", "METHOD:PUBLISH"]
    assert lines[-1] == "END:VCALENDAR"
    assert "DTSTART;VALUE=DATE:20261231" in lines
    assert "DTEND;VALUE=DATE:20270101" in lines
    assert "DTSTAMP:20261120T083000Z" in lines
    assert "CLASS:PRIVATE" in lines
    assert not [line for line in lines if "ALARM" in line]


def test_the_title_names_no_amount_and_the_notes_do():
    told = values(written(said()))
    assert told["SUMMARY"] == "Vencimiento: F-2026/118 (Papelería Luz)"
    assert told["DESCRIPTION"] == "Factura F-2026/118: 340\\,00\u00a0€"
    english = values(written(said(label="Invoice F-2026/118"), language="en"))
    assert english["SUMMARY"].startswith("Due date: ")
    assert english["DESCRIPTION"] == "Invoice F-2026/118: €340.00"


def test_the_same_due_line_keeps_its_identity_and_no_other_has_it():
    first = values(written(said()))["UID"]
    moved = values(written(said(due_date=date(2027, 1, 1)), stamped=datetime(2027, 1, 1, tzinfo=UTC)))["UID"]
    assert first == moved
    assert first != values(written(said(due_line_id=2)))["UID"]
    assert first != values(written(said(), creditor_key="sol"))["UID"]


def test_each_due_line_is_an_entry_of_its_own():
    content = written(said(), said(due_line_id=2, number="F-2"))
    assert content.count(b"BEGIN:VEVENT") == content.count(b"END:VEVENT") == 2
    assert written().count(b"VEVENT") == 0


@pytest.mark.parametrize(
    ("name", "escaped"),
    [("Luz; Sol, S.L.", "Luz\\; Sol\\, S.L."), ("a\\n", "a\\\\n"), ("a\r\nATTENDEE:x", "a ATTENDEE:x")],
)
def test_what_means_something_in_a_calendar_is_escaped(name, escaped):
    assert values(written(said(), creditor=name))["SUMMARY"].endswith(f"({escaped})")


@given(st.text(max_size=300), st.text(max_size=100))
def test_whatever_the_names_are_lines_are_short_and_properties_are_ours(name, number):
    content = written(said(number=number, label=number), creditor=name)
    for line in content.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # no letter is torn apart
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", content)
    known = {"BEGIN", "END", "VERSION", "PRODID", "METHOD", "UID", "DTSTAMP", "SUMMARY", "DESCRIPTION"}
    known |= {"CLASS", "TRANSP", "DTSTART;VALUE=DATE", "DTEND;VALUE=DATE"}
    assert {line.split(":", 1)[0] for line in unfolded(content)} <= known
