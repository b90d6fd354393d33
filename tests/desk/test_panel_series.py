"""The panel's pictures are fed with the panel's own figures, in step with one another."""

from dataclasses import replace
from datetime import date, timedelta

from aldia.desk.panel.series import (
    aging_series,
    expected_series,
    movement_series,
    roll_series,
    trend_series,
)
from aldia.queries.panel_page import (
    Bucket,
    CurrencyPanel,
    ExpectedCash,
    ExpectedWeek,
    Figure,
    Moved,
    Roll,
    TrendPoint,
)

DAY = date(2026, 11, 20)


def _panel(currency: str = "EUR") -> CurrencyPanel:
    nothing = Figure(0, 0, "")
    week = ExpectedWeek(DAY + timedelta(days=1), low=20, expected=50, high=90, due=30, rows="w")
    return CurrencyPanel(
        currency=currency,
        customers=2,
        outstanding=Figure(100, 10_000, "o"),
        overdue=Figure(60, 6_000, "v"),
        dunnable=nothing,
        unapplied=nothing,
        aging=(
            Bucket("not_due", 40, 4_000, "a"),
            Bucket("1_30", 0, 0, "b"),
            Bucket("over_30", 60, 6_000, "c"),
        ),
        ratios=(),
        trend=(TrendPoint(DAY, 100, 60, None, True),),
        since=DAY - timedelta(days=30),
        movement=(Moved("entered", 2, 60, "e"), Moved("cured", 1, 15, "f")),
        rolls=(Roll("not_due", "over_30", 60, 6_000), Roll("new", "settled", 5, 10_000)),
        expected=ExpectedCash(True, (week,), 20, 50, 90, 50, 0, 0, 0, 40),
    )


def test_every_series_of_a_picture_is_as_long_as_its_axis() -> None:
    shown = _panel()
    axes = {
        "buckets": aging_series(shown),
        "days": trend_series(shown),
        "standings": movement_series(shown),
    }
    for axis, series in [*axes.items(), ("days", expected_series(shown))]:
        lists = [values for values in series.values() if isinstance(values, list)]
        assert {len(values) for values in lists} == {len(series[axis])}


def test_a_bucket_without_money_keeps_its_place() -> None:
    assert aging_series(_panel())["minor"] == [40, 0, 60]


def test_the_band_is_its_foot_and_its_width() -> None:
    series = expected_series(_panel())
    assert (series["low"], series["width"], series["expected"]) == ([20], [70], [50])


def test_who_is_cured_counts_below_zero() -> None:
    assert movement_series(_panel())["customers"] == [2, -1]


def test_cells_of_the_heat_map_stand_at_their_buckets() -> None:
    series = roll_series(_panel())
    told = [
        (series["then"][row], series["now"][column], minor) for column, row, _share, minor in series["cells"]
    ]
    assert told == [("not_due", "over_30", 60), ("new", "settled", 5)]


def test_amounts_say_how_many_of_their_digits_are_decimals() -> None:
    assert [aging_series(_panel(currency))["digits"] for currency in ("EUR", "CLP", "BHD")] == [2, 0, 3]


def test_without_an_estimate_there_is_an_empty_picture() -> None:
    shown = _panel()
    assert expected_series(replace(shown, expected=None))["days"] == []
