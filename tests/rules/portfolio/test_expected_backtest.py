"""How well expected cash would have done: reckoned as of past days, compared with what then came in.

The demonstration's portfolio, and a public history of 2,466 invoices where somebody has laid it beside the
house (simulated data of others, not ours to ship). The figures stand in docs/rules/expected.md §6.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from aldia.operations.demo.events import ReturnedDebit
from aldia.operations.demo.portfolio import demo_tables
from aldia.rules.portfolio.engine import standing
from aldia.rules.portfolio.expected import WEEKS, Expected, expected_cash, expected_part
from aldia.rules.portfolio.frames import Frames, Terms

PUBLIC = Path(__file__).parents[4] / "shared/data/ar/ibm_watson_accounts_receivable.csv"


@dataclass(frozen=True)
class History:
    """Frames of the whole of it; `as_of` cuts them back to a day."""

    customers: list[dict[str, Any]]
    lines: list[dict[str, Any]]
    allocations: list[dict[str, Any]]

    def as_of(self, day: date) -> Frames:
        return Frames.from_rows(
            customers=self.customers,
            lines=[line for line in self.lines if line["issued_on"] <= day],
            allocations=[paid for paid in self.allocations if paid["effective_on"] <= day],
        )


@dataclass(frozen=True)
class Score:
    """Errors as shares of all that came in; inside: share of the weeks within the band."""

    error: float
    due: float
    overdue_at_once: float
    bias: float
    inside: float


def _score(history: History, days: Iterable[date], currency: str) -> Score:
    came = errors = due_errors = at_once_errors = bias = inside = weeks = 0
    for day in days:
        expected, overdue, received = _one_day(history, day, currency)
        for week, band in enumerate(expected.weeks):
            got, falls_due = received[week], expected.due[week]
            came += got
            errors += abs(band.expected - got)
            bias += band.expected - got
            due_errors += abs(falls_due - got)
            at_once_errors += abs(falls_due + (overdue if week == 0 else 0) - got)
            inside += band.low <= got <= band.high
            weeks += 1
    assert came > 0
    return Score(errors / came, due_errors / came, at_once_errors / came, bias / came, inside / weeks)


def _one_day(history: History, day: date, currency: str) -> tuple[Expected, int, list[int]]:
    """What is expected, what of it is overdue, and what then came in per week from the lines open."""
    frames, terms = history.as_of(day), Terms(as_of=day)
    lines, rows, _ = standing(frames, {}, terms)
    part = expected_part(lines, rows, frames, terms)
    overdue = part.due.filter((pl.col("currency") == currency) & (pl.col("week") == 0))["room_minor"].sum()
    left = lines.filter((pl.col("open_minor") > 0) & (pl.col("currency") == currency))
    still_open = set(left["line_id"])
    received = [0] * WEEKS
    for paid in history.allocations:
        week = ((paid["effective_on"] - day).days - 1) // 7
        if 0 <= week < WEEKS and paid["line_id"] in still_open:
            received[week] += paid["amount_minor"]
    return expected_cash([part], day)[currency], int(overdue), received


def _fridays(first: date, last: date, step: int = 7) -> list[date]:
    return [first + timedelta(days=n) for n in range(0, (last - first).days + 1, step)]


@pytest.mark.slow
def test_on_the_demonstrations_portfolio_the_error_is_half_of_due_dates() -> None:
    last = date(2026, 11, 20)
    score = _score(_demo(last), _fridays(date(2026, 2, 6), last - timedelta(days=56), step=28), "EUR")
    assert score.error < 0.25
    assert score.error < 0.7 * min(score.due, score.overdue_at_once)
    assert abs(score.bias) < 0.06
    assert 0.75 < score.inside < 0.95


@pytest.mark.slow
@pytest.mark.skipif(not PUBLIC.exists(), reason="no ../shared/data/ar beside the repository")
def test_on_a_public_history_the_error_is_half_of_due_dates() -> None:
    score = _score(_public(), _fridays(date(2012, 5, 4), date(2013, 9, 13), step=35), "USD")
    assert score.error < 0.25
    assert score.error < 0.6 * min(score.due, score.overdue_at_once)
    assert abs(score.bias) < 0.05
    assert 0.7 < score.inside < 0.9


def _demo(last: date) -> History:
    """The demonstration's files; money is poured by invoice number, oldest due date first."""
    tables = demo_tables(last_date=last)
    returned = {each.payment for each in tables.events if isinstance(each, ReturnedDebit)}
    people = {
        row["Código"]: (n, row["Segmento"] or row["Tipo"])
        for n, row in enumerate(_rows(tables.customers_csv), 1)
    }
    lines, by_number = [], defaultdict(list)
    for n, row in enumerate(_rows(tables.invoices_csv), 1):
        minor = _minor(row["Importe total"])
        if minor > 0:
            customer, money = people[row["Cód. cliente"]][0], (minor, row["Moneda"])
            lines.append(_line(n, customer, money, _day(row["Fecha factura"]), _day(row["Vencimiento"])))
            by_number[row["Nº factura"]].append([n, customer, minor])
    allocations = []
    for row in [*_rows(tables.payments_csv), *_rows(tables.payments_after_returns_csv)]:
        left = 0 if row["Referencia"] in returned else _minor(row["Importe"])
        for place in by_number.get(row["Nº factura"], []):
            part = min(left, place[2])
            if part:
                allocations.append(_paid(place[0], place[1], part, _day(row["Fecha valor"])))
                place[2] -= part
                left -= part
    return History([_customer(n, segment) for n, segment in people.values()], lines, allocations)


def _public() -> History:
    with PUBLIC.open(newline="") as file:
        rows = list(csv.DictReader(file))
    ids = {code: n for n, code in enumerate(sorted({row["customerID"] for row in rows}), 1)}
    lines, allocations = [], []
    for n, row in enumerate(rows, 1):
        customer, minor = ids[row["customerID"]], round(float(row["InvoiceAmount"]) * 100)
        issued, due, settled = (
            datetime.strptime(row[name], "%m/%d/%Y").date()
            for name in ("InvoiceDate", "DueDate", "SettledDate")
        )
        lines.append(_line(n, customer, (minor, "USD"), issued, due))
        allocations.append(_paid(n, customer, minor, settled))
    return History([_customer(n, "business") for n in ids.values()], lines, allocations)


def _rows(table: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.decode("utf-8-sig")), delimiter=";"))


def _minor(text: str) -> int:
    return int(text.replace(".", "").replace(",", "")) if "," in text else int(text.replace(".", "")) * 100


def _day(text: str) -> date:
    return datetime.strptime(text, "%d/%m/%Y").date()


def _customer(customer_id: int, segment: str) -> dict[str, Any]:
    said = {"customer_id": customer_id, "customer": f"C{customer_id}", "segment": segment, "country": "ES"}
    return {**said, "person_kind": "business", "language": "es", "strategy": "s", "has_email": True}


def _line(n: int, customer: int, money: tuple[int, str], issued: date, due: date) -> dict[str, Any]:
    minor, currency = money
    said = {"line_id": n, "customer_id": customer, "document_id": n, "currency": currency, "kind": "invoice"}
    return {**said, "amount_minor": minor, "issued_on": issued, "due_date": due}


def _paid(n: int, customer: int, minor: int, day: date) -> dict[str, Any]:
    return {
        "line_id": n,
        "customer_id": customer,
        "amount_minor": minor,
        "effective_on": day,
        "by_money": True,
    }
