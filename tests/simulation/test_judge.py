"""The judge's own eyes: mails read, sums done, steps compared, by example."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.simulation.books import Books, Rows
from tests.simulation.calendar import why_closed
from tests.simulation.journal import Journal
from tests.simulation.people import Person
from tests.simulation.reading import read_mail
from tests.simulation.rows_judged import faults_of_money
from tests.simulation.steps_judged import (
    Step,
    _downwards,
    _forgotten,
    _rests,
    _too_soon,
    _twice,
    _without_leave,
)

DAY = date(2026, 5, 20)
MAIL = """Hola:

Factura F-1 · venció el 05/05/2026 · 15 días de retraso · 1.340,50\u00a0€
Factura F-2 · venció el 19/05/2026 · 1 día de retraso · 20,00 US$
Pagos recibidos sin aplicar: -40,50 €
Total en EUR: 1.300,00 €
Total en USD: 20,00 US$
"""


def test_a_mail_is_read_to_the_cent():
    said = read_mail(MAIL)
    assert [(each.label, each.days, each.minor, each.currency) for each in said.asked] == [
        ("Factura F-1", 15, 134_050, "EUR"),
        ("Factura F-2", 1, 2_000, "USD"),
    ]
    assert (said.taken_off, said.totals) == ({"EUR": 4_050}, {"EUR": 130_000, "USD": 2_000})


@pytest.mark.parametrize(
    ("moment", "place", "why"),
    [
        (datetime(2026, 11, 18, 8, 30, tzinfo=UTC), "ES", ""),
        (datetime(2026, 11, 18, 8, 30, tzinfo=UTC), "ES-CN", "window"),
        (datetime(2026, 11, 18, 12, 30, tzinfo=UTC), "MX", "window"),
        (datetime(2026, 11, 16, 18, 0, tzinfo=UTC), "MX", "holiday"),
        (datetime(2026, 11, 2, 10, 0, tzinfo=UTC), "ES", "holiday"),
        (datetime(2026, 11, 2, 10, 0, tzinfo=UTC), "ES-CN", ""),
        (datetime(2026, 11, 21, 10, 0, tzinfo=UTC), "ES", "weekend"),
    ],
)
def test_the_calendar_of_the_judge_knows_the_places(moment, place, why):
    assert why_closed(moment, place, weekends=False) == why


def _rows() -> Rows:
    """A line of 100 €, a payment of 150 € of which 60 went to it, 20 were given back, 10 returned."""
    day = DAY - timedelta(days=30)
    return Rows(
        customers=[(1, "C1", None)],
        lines=[(5, 1, "F-1", "EUR", 10_000, DAY - timedelta(days=10), day)],
        credits=[(7, 1, "EUR", 15_000, day)],
        allocations=[(8, 7, 5, 6_000, day)],
        refunds=[(9, 7, 2_000, day)],
        reversals=[(7, None, None, None, 1_000, day)],
        overlays=[],
        lines_kept=[(5, 4_000, day)],
        credits_kept=[(7, 6_000, day)],
    )


def _laws(rows: Rows) -> set[str]:
    return {fault.law for fault in faults_of_money(Books(rows, DAY, tolerance_minor=0))}


def test_sound_books_have_no_fault_and_say_what_may_be_asked_for():
    books = Books(_rows(), DAY, tolerance_minor=0)
    assert list(faults_of_money(books)) == []
    assert (books.lines[5].open_minor, books.lines[5].days, books.unapplied[1, "EUR"]) == (4_000, 10, 6_000)
    assert books.dunnable(1) == {"EUR": 0}


def test_unsound_books_are_seen():
    rows = _rows()
    assert _laws(replace(rows, lines_kept=[(5, 4_001, DAY)])) == {"I2"}
    assert _laws(replace(rows, credits_kept=[(7, 6_001, DAY)])) == {"I2"}
    spent = replace(rows, allocations=[(8, 7, 5, 14_000, DAY)], lines_kept=[(5, -4_000, DAY)])
    assert _laws(replace(spent, credits_kept=[(7, -2_000, DAY)])) == {"I1"}


def test_circumstances_take_their_part_of_a_line():
    dispute = (1, 1, 5, "dispute", 1_500, None, DAY)
    cover = (2, 1, 5, "cover", None, DAY + timedelta(days=1), DAY)
    line = Books(replace(_rows(), overlays=[dispute, cover]), DAY, tolerance_minor=0).lines[5]
    assert (line.disputed_minor, line.covered_minor, line.asked_minor) == (1_500, 2_500, 0)
    terms = (3, 1, 5, "terms", None, DAY + timedelta(days=4), DAY)
    line = Books(replace(_rows(), overlays=[terms]), DAY, tolerance_minor=0).lines[5]
    assert (line.days, line.overdue) == (-4, False)


def _step(step: str, day: int, *, episode: int = 1, mail: str = "") -> Step:
    on = DAY + timedelta(days=day)
    at = datetime(on.year, on.month, on.day, 10, tzinfo=UTC)
    key = f"episode:{episode}/{step}/1"
    name = mail or f"dunning:4:{on}"
    return Step(key, name, name, 4, episode, None, "dunning", step, at, on, "pymes", held=False)


def test_steps_that_stand_are_not_blamed():
    steps = [_step("friendly", 0), _step("second", 7), _step("firm", 20)]
    assert [*_twice(steps), *_too_soon(steps), *_without_leave(Journal(), steps)] == []
    assert list(_downwards(steps, [(1, "friendly"), (1, "second")])) == []


def test_steps_that_do_not_are_each_seen():
    assert list(_twice([_step("friendly", 0), _step("friendly", 9)]))
    assert list(_too_soon([_step("friendly", 0), _step("second", 6)]))
    assert list(_downwards([_step("second", 0), _step("friendly", 9)], [(1, "friendly")]))
    assert list(_downwards([_step("second", 0)], []))
    assert list(_without_leave(Journal(), [_step("formal", 0)]))
    held = replace(_step("friendly", 0), held=True)
    assert list(_without_leave(Journal(), [held]))
    assert not list(_without_leave(Journal(approved={held.mail: held.at}), [held]))


def test_somebody_long_late_and_never_tried_is_forgotten():
    long_ago = (5, 1, "F-1", "EUR", 90_000, DAY - timedelta(days=15), DAY - timedelta(days=45))
    books = Books(replace(_rows(), lines=[long_ago]), DAY, tolerance_minor=0)
    debtor = Person(code="C1", word="q", name="Q", kind="business", habit="never")
    assert [fault.law for fault in _forgotten(books, 1, debtor, set())] == ["forgotten"]
    assert not list(_forgotten(books, 1, debtor, {(1, None)}))
    assert not list(_forgotten(books, 1, debtor, set(), {DAY}))
    public = replace(debtor, kind="public_body")
    assert not list(_forgotten(books, 1, public, set()))


def test_who_was_written_to_lately_may_wait_for_the_next_step():
    pupil = Person(code="C1", word="q", name="Q", kind="consumer", habit="never", segment="academia")
    assert _rests(DAY, DAY - timedelta(days=9), pupil)
    assert not _rests(DAY, DAY - timedelta(days=60), pupil)
    assert not _rests(DAY, None, pupil)
