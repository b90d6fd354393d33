"""Rates through time: the table, the segments and a plain count of days agree."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aldia.rules.law import (
    Confidence,
    ContactLimits,
    ContactWindow,
    RatePeriod,
    RateSeries,
    Segment,
    fixed_rate_segments,
)

DAY = timedelta(days=1)
ORIGIN = date(2020, 1, 1)
HOURS = ContactWindow(time(9), time(21))


def period(first: date, days: int, rate_bp: int) -> RatePeriod:
    return RatePeriod(first, first + (days - 1) * DAY, rate_bp, f"desde {first}", Confidence.STATUTE)


@st.composite
def series(draw) -> RateSeries:
    first = ORIGIN + draw(st.integers(0, 60)) * DAY
    periods = []
    for days, rate_bp in draw(
        st.lists(st.tuples(st.integers(1, 40), st.integers(0, 2000)), min_size=1, max_size=6)
    ):
        periods.append(period(first, days, rate_bp))
        first += days * DAY
    return RateSeries(tuple(periods))


days = st.integers(-30, 400).map(lambda n: ORIGIN + n * DAY)


def naive_rate(rates: RateSeries, day: date) -> int:
    """Written without the module: 0 before, the last rate after."""
    found = [p.rate_bp for p in rates.periods if p.first <= day <= p.last]
    if found:
        return found[0]
    return 0 if day < rates.periods[0].first else rates.periods[-1].rate_bp


def naive_sum(rates: RateSeries, start: date, end: date) -> int:
    return sum(naive_rate(rates, start + n * DAY) for n in range(1, (end - start).days + 1))


HALVES = RateSeries(
    (
        RatePeriod(date(2023, 1, 1), date(2023, 6, 30), 1050, "BOE uno", Confidence.STATUTE),
        RatePeriod(date(2023, 7, 1), date(2023, 12, 31), 1200, "BOE dos", Confidence.SECONDARY),
    )
)


@given(rates=series(), start=days, length=st.integers(0, 300))
def test_table_segments_and_a_count_of_days_agree(rates, start, length):
    end = start + length * DAY
    segments = rates.segments(start, end)
    expected = naive_sum(rates, start, end)
    assert sum(s.days * s.rate_bp for s in segments) == expected
    assert rates.cumulated(end) - rates.cumulated(start) == expected
    table = rates.day_table(start, end)
    assert table[-1] - table[0] == expected


@given(rates=series(), start=days, length=st.integers(1, 300))
def test_segments_cover_every_day_once_and_in_order(rates, start, length):
    covered = [s.first + n * DAY for s in rates.segments(start, start + length * DAY) for n in range(s.days)]
    assert covered == [start + n * DAY for n in range(1, length + 1)]


@given(rates=series(), first=days, length=st.integers(0, 60))
def test_the_table_holds_c_for_each_of_its_days(rates, first, length):
    table = rates.day_table(first, first + length * DAY)
    assert table == [rates.cumulated(first + n * DAY) for n in range(length + 1)]


@given(rates=series(), day=days)
def test_the_rate_of_a_day_is_that_of_its_period(rates, day):
    assert rates.rate_on(day) == naive_rate(rates, day)


def test_c_counts_from_the_first_day_of_the_series():
    assert HALVES.cumulated(date(2022, 12, 31)) == 0
    assert HALVES.cumulated(date(2023, 1, 1)) == 1050
    assert HALVES.day_table(date(2022, 12, 30), date(2023, 1, 2)) == [0, 0, 1050, 2100]


def test_a_table_that_ends_before_it_begins_is_empty():
    assert HALVES.day_table(date(2023, 1, 2), date(2023, 1, 1)) == []


def test_segments_carry_their_source_and_confidence():
    assert HALVES.segments(date(2023, 6, 28), date(2023, 7, 1)) == (
        Segment(date(2023, 6, 29), date(2023, 6, 30), 2, 1050, "BOE uno", Confidence.STATUTE),
        Segment(date(2023, 7, 1), date(2023, 7, 1), 1, 1200, "BOE dos", Confidence.SECONDARY),
    )


def test_days_after_the_last_known_rate_use_it_and_say_so():
    assert HALVES.known_until == date(2023, 12, 31)
    known, trusted = HALVES.segments(date(2023, 12, 30), date(2024, 1, 2))
    assert (known.rate_bp, known.confidence) == (1200, Confidence.SECONDARY)
    assert (trusted.rate_bp, trusted.confidence) == (1200, Confidence.PROVISIONAL)
    assert (trusted.first, trusted.days) == (date(2024, 1, 1), 2)
    assert trusted.source == "Último tipo conocido, el del 31/12/2023; falta el publicado después"


def test_days_before_the_series_bear_nothing_and_say_so():
    (unknown, known) = HALVES.segments(date(2022, 12, 30), date(2023, 1, 1))
    assert (unknown.days, unknown.rate_bp) == (1, 0)
    assert unknown.source == "Sin tipo conocido antes del 01/01/2023"
    assert known.rate_bp == 1050


@pytest.mark.parametrize("end", [date(2023, 3, 1), date(2023, 2, 1)])
def test_nothing_runs_until_a_day_has_passed(end):
    assert HALVES.segments(date(2023, 3, 1), end) == ()
    assert fixed_rate_segments(900, date(2023, 3, 1), end) == ()


def test_an_agreed_rate_is_one_segment_without_legal_confidence():
    (segment,) = fixed_rate_segments(900, date(2024, 2, 28), date(2024, 3, 1))
    assert (segment.first, segment.last) == (date(2024, 2, 29), date(2024, 3, 1))
    assert (segment.days, segment.rate_bp, segment.confidence) == (2, 900, None)


@pytest.mark.parametrize(
    "second_begins",
    [date(2020, 1, 10), date(2020, 1, 12), date(2019, 12, 1)],
    ids=["overlap", "gap", "order"],
)
def test_a_series_with_days_missing_or_doubled_cannot_exist(second_begins):
    with pytest.raises(AssertionError, match="neither gaps nor overlaps"):
        RateSeries((period(ORIGIN, 10, 500), period(second_begins, 10, 600)))


@pytest.mark.parametrize("rate", [4.5, True, -1])
def test_a_rate_is_a_whole_number_of_basis_points(rate):
    with pytest.raises(AssertionError):
        RatePeriod(ORIGIN, ORIGIN, rate, "fuente", Confidence.STATUTE)


def test_a_contact_window_that_closes_before_it_opens_cannot_exist():
    with pytest.raises(AssertionError):
        ContactWindow(HOURS.closes, HOURS.opens)


def test_every_confidence_has_its_spanish_label():
    assert [c.label for c in Confidence] == [
        "visto en texto legal",
        "visto en fuente secundaria",
        "derivado",
        "provisional",
        "no verificado",
    ]


def test_contact_limits_want_all_seven_days():
    with pytest.raises(AssertionError, match="each day"):
        ContactLimits((HOURS,) * 5, None, (), None, frozenset(), "any", False, None)  # type: ignore[arg-type]
