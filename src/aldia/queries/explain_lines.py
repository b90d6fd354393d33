"""The customer's due lines, each with its interest to the day and segment. docs/rules/interest.md."""

from collections import defaultdict
from datetime import date
from typing import Any

import polars as pl

from aldia.queries.explained import ExplainedLine
from aldia.queries.reasons import Reading
from aldia.records.ledger.models import DueLine
from aldia.rules.interest import InterestRow, explain_interest
from aldia.rules.law import RateSeries
from aldia.rules.portfolio.frames import Terms
from aldia.rules.portfolio.interest import CONTRACT, LEGAL, STATUTORY, with_span

_RATES = {CONTRACT: "agreed", LEGAL: "legal", STATUTORY: "statutory"}


def open_lines_of(reading: Reading) -> pl.DataFrame:
    """Lines with something open, oldest due date first."""
    return reading.decided.lines.filter(pl.col("open_minor") > 0).sort("effective_due_date", "line_id")


def explained_lines(reading: Reading, open_lines: pl.DataFrame) -> tuple[ExplainedLine, ...]:
    """These lines, in their order. The interest rows add up to the engine's figure."""
    shown = open_lines.select("line_id")
    paid = _allocations(reading.frames.allocations.join(shown, on="line_id", how="semi"))
    late = open_lines.filter("overdue")
    spans = {row["line_id"]: row for row in _spans(late, reading).iter_rows(named=True)}
    numbers = dict(
        DueLine.objects.filter(pk__in=open_lines["line_id"].to_list()).values_list("pk", "document__number")
    )
    return tuple(
        _line(row, numbers[row["line_id"]], paid[row["line_id"]], spans.get(row["line_id"]), reading.terms)
        for row in open_lines.iter_rows(named=True)
    )


def _spans(late: pl.DataFrame, reading: Reading) -> pl.DataFrame:
    """Which rate each overdue line bears, from when and until when: the engine's own table."""
    facts = ("line_id", "customer_id", "document_id", "currency", "kind", "open_minor", "effective_due_date")
    return with_span(late.select(facts), reading.frames, reading.terms)


def _allocations(frame: pl.DataFrame) -> dict[int, tuple[tuple[int, date], ...]]:
    found: dict[int, list[tuple[int, date]]] = defaultdict(list)
    rows = frame.sort("effective_on").select("line_id", "amount_minor", "effective_on").iter_rows()
    for line_id, minor, paid_on in rows:
        found[line_id].append((minor, paid_on))
    return defaultdict(tuple, {line_id: tuple(each) for line_id, each in found.items()})


def _line(
    row: dict[str, Any],
    number: str,
    paid: tuple[tuple[int, date], ...],
    span: dict[str, Any] | None,
    terms: Terms,
) -> ExplainedLine:
    rate, interest = _interest(row, paid, span, terms)
    return ExplainedLine(
        line_id=row["line_id"],
        number=number,
        kind=row["kind"],
        currency=row["currency"],
        issued_on=row["issued_on"],
        due_date=row["due_date"],
        effective_due_date=row["effective_due_date"],
        days=row["days"],
        amount_minor=row["amount_minor"],
        open_minor=row["open_minor"],
        overdue=row["overdue"],
        disputed_minor=row["disputed_minor"],
        covered_minor=row["covered_minor"],
        interest_minor=row["interest_minor"],
        compensation_minor=row["compensation_minor"],
        allocated=paid,
        rate=rate,
        interest=interest,
    )


def _interest(
    row: dict[str, Any], paid: tuple[tuple[int, date], ...], span: dict[str, Any] | None, terms: Terms
) -> tuple[str, tuple[InterestRow, ...]]:
    rate = _rate(span, terms) if span else None
    if span is None or rate is None or span["start"] >= span["end"]:
        return "", ()
    found = explain_interest(
        allocations=paid,
        open_minor=row["open_minor"],
        start=span["start"],
        end=span["end"],
        rate=rate,
        currency=row["currency"],
    )
    assert found.total_minor == row["interest_minor"], "the explanation adds up to the engine's figure"
    return _RATES[span["rate"]], found.rows


def _rate(span: dict[str, Any], terms: Terms) -> RateSeries | int | None:
    if span["rate"] == CONTRACT:
        return int(span["contract_rate_bp"])
    return terms.legal_interest if span["rate"] == LEGAL else terms.late_interest
