"""Laws of reading: what was written is what is read, whatever the grammar, and no bytes break the reader."""

import contextlib
from datetime import date
from decimal import Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st

from aldia.formats.table import TableRefused
from aldia.formats.table.dates import DateFormat, Loose, Order, read_loosely, settle
from aldia.formats.table.numbers import Fault, Number, split_number, to_minor, value_of
from aldia.formats.table.plain_numbers import plain_minor, plain_series
from tests.formats.table.tables import GOOD, HEAD, changed, csv_bytes, invoices, look, workbook

_MINOR = st.integers(-(10**14), 10**14)
_GRAMMAR = st.sampled_from(
    [(",", "."), (",", " "), (",", ""), (",", "'"), (".", ","), (".", " "), (".", ""), (".", "'")]
)
_DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


def _written(minor: int, exponent: int, sign: str, thousands: str) -> str:
    text = f"{Decimal(abs(minor)).scaleb(-exponent):,.{exponent}f}"
    grouped = text.replace(",", "_").replace(".", sign).replace("_", thousands)
    return f"-{grouped}" if minor < 0 else grouped


def _read(text: str, sign: str, exponent: int) -> int | Fault:
    number = split_number(text)
    assert isinstance(number, Number)
    value = value_of(number, sign, text)  # type: ignore[arg-type]
    return value if isinstance(value, Fault) else to_minor(value, exponent, text)


@given(minor=_MINOR, exponent=st.sampled_from([0, 2, 3]), grammar=_GRAMMAR)
def test_an_amount_written_in_either_grammar_is_read_to_the_cent(minor, exponent, grammar):
    assert _read(_written(minor, exponent, *grammar), grammar[0], exponent) == minor


@given(minor=_MINOR, wrap=st.sampled_from(["{} €", "€{}", "{} EUR", "EUR {}", " {} ", "{}\u00a0€"]))
def test_a_currency_at_either_end_changes_nothing(minor, wrap):
    assert _read(wrap.format(_written(minor, 2, ",", ".")), ",", 2) == minor


@given(cells=st.lists(st.one_of(st.just(""),
st.tuples(_MINOR, _GRAMMAR).map(lambda p: _written(p[0] // 1000, 2, *p[1])),
       st.text("0123456789.,-' ", max_size=12)), max_size=12), sign=st.sampled_from([",", "."]),
       exponent=st.sampled_from([0, 2, 3]))  # fmt: skip
@example(cells=["1.234", "-0,50", "12"], sign=",", exponent=2)
def test_the_quick_way_agrees_with_the_careful_one(cells, sign, exponent):
    series = plain_series(cells)
    quick = plain_minor(series, sign, exponent) if series is not None else None
    if quick is not None:
        assert quick == [_read(cell, sign, exponent) if cell else None for cell in cells]


@given(value=st.decimals(allow_nan=False, allow_infinity=False, places=5, min_value=-1000, max_value=1000))
def test_decimals_beyond_the_currency_are_refused_never_rounded(value):
    read = to_minor(value, 2, str(value))
    assert isinstance(read, Fault) or Decimal(read) == value * 100


@given(
    day=_DAYS,
    order=st.sampled_from([Order.DAY_FIRST, Order.MONTH_FIRST]),
    mark=st.sampled_from("/-."),
    zeros=st.booleans(),
)
def test_a_date_written_in_a_known_order_is_read_back(day, order, mark, zeros):
    width = "02" if zeros else ""
    first, second = (day.day, day.month) if order is Order.DAY_FIRST else (day.month, day.day)
    text = f"{first:{width}}{mark}{second:{width}}{mark}{day.year}"
    loose = read_loosely(text)
    assert isinstance(loose, Loose)
    assert settle(loose, DateFormat(order), text) == day


@given(day=_DAYS)
def test_an_iso_date_needs_no_declaration(day):
    assert (
        read_loosely(day.isoformat())
        == read_loosely(f"{day:%Y%m%d}")
        == read_loosely(f"{day}T10:00:00Z")
        == day
    )


@settings(deadline=None, max_examples=25)
@given(days=st.lists(_DAYS, min_size=1, max_size=8), us=st.booleans())
def test_dates_are_read_right_or_the_file_is_blocked(days, us):
    form = "%m/%d/%Y" if us else "%d/%m/%Y"
    rows = [
        changed(number=f"F{i}", issue=day.strftime(form), due=day.strftime(form))
        for i, day in enumerate(days)
    ]
    found = look(invoices(*rows))
    if found.findings.blocking:
        assert all(day.day <= 12 for day in days)
    else:
        assert found.interpreted.frame["issue_date"].to_list() == days


@settings(deadline=None, max_examples=25)
@given(
    amounts=st.lists(st.integers(1, 10**9), min_size=1, max_size=8),
    grammar=_GRAMMAR,
    exponent=st.sampled_from([2, 3]),
)
def test_amounts_are_read_right_or_the_file_is_blocked(amounts, grammar, exponent):
    rows = [changed(number=f"F{i}", amount=_written(a, exponent, *grammar)) for i, a in enumerate(amounts)]
    found = look(invoices(*rows), currency="EUR" if exponent == 2 else "BHD")
    if not found.findings.blocking:
        assert found.interpreted.frame["amount_minor"].to_list() == amounts


@settings(deadline=None, max_examples=30)
@given(cells=st.lists(st.text(st.characters(codec="utf-8"), max_size=20), min_size=1, max_size=5))
@example(cells=["\x1f\x1f\x08"] * 3)
def test_any_text_in_any_cell_is_read_or_said(cells):
    row = [*cells, *GOOD][:5]
    data = csv_bytes([HEAD, GOOD, row])
    if sum(c < "\x09" or "\x0e" <= c < " " for c in "".join(row)) > 3:
        with contextlib.suppress(TableRefused):  # so many control characters may mean that it is no text
            look(data, delimiter=";")
        return
    found = look(data, delimiter=";")
    counted = (
        found.interpreted.rows_refused + found.interpreted.rows_excluded + found.interpreted.frame.height
    )
    assert found.findings.blocking or counted == found.interpreted.rows_read


@settings(deadline=None, max_examples=100)
@given(data=st.binary(max_size=400))
def test_any_bytes_give_rows_or_one_sentence(data):
    with contextlib.suppress(TableRefused):
        look(data)


_BOOK = workbook([HEAD, GOOD, GOOD])


@settings(deadline=None, max_examples=60)
@given(place=st.integers(0, len(_BOOK) - 1), byte=st.integers(0, 255))
def test_a_workbook_with_one_byte_changed_gives_rows_or_one_sentence(place, byte):
    with contextlib.suppress(TableRefused):
        look(_BOOK[:place] + bytes([byte]) + _BOOK[place + 1 :])
