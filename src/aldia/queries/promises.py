"""Promises to pay as they stand: of a customer, of a creditor by date, and how often words are kept.

What a promise has come to is asked of the rule each time; nothing here decides it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import polars as pl

from aldia.kernel.money import Money
from aldia.queries.asking import ask
from aldia.queries.portfolio import Chosen, freeze_promises
from aldia.queries.reasons import Reading
from aldia.queries.snapshot import Snapshot, own_view
from aldia.queries.terms import terms_of
from aldia.records.cases.models import PaymentMethod, PromiseSource, PromiseVerdict
from aldia.records.tenancy.models import Creditor
from aldia.rules.portfolio.lines import lines_as_of
from aldia.rules.portfolio.promises import (
    BROKEN,
    DECIDED,
    KEPT,
    OPEN,
    PARTLY_KEPT,
    free_minor,
    promise_lines,
    promise_standings,
)

STATES: Mapping[str, str] = {OPEN: "Pendiente"} | {each.value: str(each.label) for each in PromiseVerdict}
"""State of a promise → its word."""

_NUMBERS = """
SELECT l.id AS line_id, d.number FROM ledger_due_line l
JOIN ledger_document d ON d.creditor_id = l.creditor_id AND d.id = l.document_id
WHERE l.creditor_id = %(creditor)s AND l.id = ANY(%(ids)s)
"""


@dataclass(frozen=True, slots=True)
class Book:
    """The promises of a few customers as of a day.

    standings: PROMISE_STANDINGS. parts: PROMISE_LINE_STANDINGS. lines: their due lines with number, currency,
    open_minor, effective_due_date, overdue, disputed_minor (due or not) and promised_minor, what open
    promises expect of each.
    """

    standings: pl.DataFrame
    parts: pl.DataFrame
    lines: pl.DataFrame

    def standing(self, promise_id: int) -> dict[str, Any]:
        """The standing of one promise."""
        return self.standings.row(by_predicate=pl.col("promise_id") == promise_id, named=True)

    def label(self, promise_id: int) -> str:
        """Its state in a word."""
        return STATES[self.standing(promise_id)["state"]]


def promise_book(snapshot: Snapshot, creditor: Creditor, customer_ids: Iterable[int], on: date) -> Book:
    """What the rule says of these customers' promises; in the creditor's scope."""
    frames = freeze_promises(snapshot, on, Chosen(ids=tuple(sorted(set(customer_ids)))))
    terms = terms_of(creditor, on)
    parts = promise_lines(frames, terms)
    standings = promise_standings(frames, terms, parts)
    opened = standings.filter(pl.col("state") == OPEN).select("promise_id")
    promised = (
        parts.join(opened, on="promise_id", how="semi")
        .group_by("line_id")
        .agg(promised_minor=(pl.col("required_minor") - pl.col("paid_minor")).sum())
    )
    lines = (
        lines_as_of(frames, terms)
        .drop("disputed_minor")
        .join(_disputed(frames.overlays), on="line_id", how="left")
        .join(promised, on="line_id", how="left")
        .join(_numbers(creditor.pk, frames.lines["line_id"]), on="line_id", how="left")
        .select(
            "line_id",
            "number",
            "currency",
            "open_minor",
            "effective_due_date",
            "overdue",
            pl.when("whole").then("open_minor").otherwise("part").fill_null(0).alias("disputed_minor"),
            pl.col("promised_minor").fill_null(0),
        )
    )
    return Book(standings, parts, lines)


def _disputed(overlays: pl.DataFrame) -> pl.DataFrame:
    """Per line: whether all of it is contested, else how much; due or not."""
    return (
        overlays.filter(kind="dispute")
        .group_by("line_id")
        .agg(whole=pl.col("amount_minor").is_null().any(), part=pl.col("amount_minor").sum())
    )


def _numbers(creditor_id: int, line_ids: pl.Series) -> pl.DataFrame:
    rows = ask(_NUMBERS, creditor=creditor_id, ids=line_ids.to_list())
    return pl.DataFrame(rows, schema={"line_id": pl.Int64, "number": pl.String}, orient="row")


@dataclass(frozen=True, slots=True)
class PromiseSeen:
    """One promise for reading. required: what is left to be paid of it once other credits are off. label,
    method, source: Spanish words, the last two also as codes. decided_on: None while it is open. numbers: of
    its documents. taken_by: name of who took it down, "" for nobody of the house. waits_for_matching: its day
    is over, the money is there and nobody has said yet what it is for."""

    id: int
    customer_id: int
    code: str
    name: str
    amount: Money
    required: Money
    paid: Money
    made_on: date
    promised_on: date
    until_on: date
    state: str
    label: str
    decided_on: date | None
    method: str
    source: str
    promised_by: str
    note: str
    taken_by: str
    taken_by_id: int | None
    numbers: tuple[str, ...]
    reason: str = ""
    waits_for_matching: bool = False
    method_code: str = ""
    source_code: str = ""

    @property
    def missing(self) -> Money:
        """What is still to come of it."""
        return Money(self.required.minor - self.paid.minor, self.paid.currency)

    @property
    def is_open(self) -> bool:
        """Whether it may still be kept."""
        return self.state == OPEN


_SEEN = """
SELECT p.id, p.customer_id, c.code, c.name, p.method, p.source, p.promised_by, p.note,
       p.taken_by_id, coalesce(u.name, '') AS taken_by, coalesce(w.reason, '') AS reason,
       ARRAY(SELECT DISTINCT d.number FROM cases_promise_line l
             JOIN ledger_due_line x ON x.creditor_id = l.creditor_id AND x.id = l.due_line_id
             JOIN ledger_document d ON d.creditor_id = x.creditor_id AND d.id = x.document_id
             WHERE l.creditor_id = p.creditor_id AND l.promise_id = p.id ORDER BY d.number) AS numbers
FROM cases_promise p
JOIN parties_customer c ON c.creditor_id = p.creditor_id AND c.id = p.customer_id
LEFT JOIN tenancy_membership m ON m.creditor_id = p.creditor_id AND m.id = p.taken_by_id
LEFT JOIN tenancy_user u ON u.id = m.user_id
LEFT JOIN cases_promise_outcome w ON w.creditor_id = p.creditor_id AND w.promise_id = p.id
     AND w.verdict = 'withdrawn'
WHERE p.creditor_id = %(creditor)s AND p.id = ANY(%(ids)s)
"""

# Customers whose promises a board has to look at: those of the days asked, and all without a verdict.
_ON_BOARD = """
SELECT p.id, p.customer_id FROM cases_promise p
WHERE p.creditor_id = %(creditor)s AND p.made_on <= %(on)s
  AND (p.promised_on BETWEEN %(since)s AND %(until)s
       OR NOT EXISTS (SELECT FROM cases_promise_outcome o
                      WHERE o.creditor_id = p.creditor_id AND o.promise_id = p.id))
  {whose}
ORDER BY p.promised_on, p.id
"""
_BY_MEMBER = "AND p.taken_by_id = %(member)s"


@dataclass(frozen=True, slots=True)
class PromiseBoard:
    """Promises by date, the earliest first. expected: what open ones still bring, per currency."""

    rows: tuple[PromiseSeen, ...]
    counts: Mapping[str, int]
    expected: tuple[Money, ...]


def promises_of(creditor: Creditor, customer_id: int, on: date) -> tuple[PromiseSeen, ...]:
    """The customer's promises, the latest first; in a transaction and the creditor's scope."""
    book = promise_book(own_view(creditor.pk), creditor, [customer_id], on)
    return tuple(reversed(_seen(creditor, book.standings, on)))


def promises_in(creditor: Creditor, reading: Reading) -> tuple[PromiseSeen, ...]:
    """The same of a portfolio of one that is read already."""
    return tuple(reversed(_seen(creditor, reading.decided.promises, reading.terms.as_of)))


def promise_seen(creditor: Creditor, promise_id: int, on: date) -> PromiseSeen | None:
    """One promise; None where there is none. In a transaction and the creditor's scope."""
    rows = ask(_SEEN, creditor=creditor.pk, ids=[promise_id])
    if not rows:
        return None
    seen = promises_of(creditor, rows[0]["customer_id"], on)
    return next((each for each in seen if each.id == promise_id), None)


def promise_board(
    creditor: Creditor,
    on: date,
    *,
    states: Iterable[str] = (),
    since: date | None = None,
    until: date | None = None,
    member_id: int | None = None,
) -> PromiseBoard:
    """Promises for the days since … until (both included; the last 30 days and what is to come where nothing
    is said) and those that nobody has judged yet.

    states: only these; member_id: only those that person took down. counts: by state, before `states`. In a
    transaction and the creditor's scope.
    """
    asked = {
        "creditor": creditor.pk,
        "on": on,
        "since": since or on - timedelta(days=30),
        "until": until or date.max,
        "member": member_id,
    }
    rows = ask(_ON_BOARD.format(whose=_BY_MEMBER if member_id is not None else ""), **asked)
    wanted = {row["id"] for row in rows}
    if not wanted:
        return PromiseBoard((), {}, ())
    book = promise_book(own_view(creditor.pk), creditor, {row["customer_id"] for row in rows}, on)
    mine = book.standings.filter(pl.col("promise_id").is_in(sorted(wanted)))
    chosen = frozenset(states)
    shown = mine.filter(pl.col("state").is_in(sorted(chosen))) if chosen else mine
    return PromiseBoard(
        rows=_seen(creditor, shown.sort("promised_on", "promise_id"), on),
        counts=dict(mine.group_by("state").len().sort("state").iter_rows()),
        expected=_expected(mine),
    )


def expected_of(creditor: Creditor, customer_id: int, on: date) -> tuple[Money, ...]:
    """What open promises of the customer still bring, per currency. In a transaction and scope."""
    return _expected(promise_book(own_view(creditor.pk), creditor, [customer_id], on).standings)


def free_to_promise(creditor: Creditor, customer_id: int, on: date) -> tuple[Money, ...]:
    """What may still be promised of what is overdue, per currency; none where that is nothing.

    In a transaction and the creditor's scope.
    """
    lines = promise_book(own_view(creditor.pk), creditor, [customer_id], on).lines
    sums = lines.filter("overdue").group_by("currency").agg(minor=free_minor().sum()).sort("currency")
    return tuple(Money(minor, currency) for currency, minor in sums.iter_rows() if minor)


def _expected(standings: pl.DataFrame) -> tuple[Money, ...]:
    sums = (
        standings.filter(pl.col("state") == OPEN)
        .group_by("currency")
        .agg(minor=(pl.col("required_minor") - pl.col("paid_minor")).sum())
        .sort("currency")
    )
    return tuple(Money(minor, currency) for currency, minor in sums.iter_rows() if minor)


def _seen(creditor: Creditor, standings: pl.DataFrame, on: date) -> tuple[PromiseSeen, ...]:
    ids = standings["promise_id"].to_list()
    told = {row["id"]: row for row in ask(_SEEN, creditor=creditor.pk, ids=ids)} if ids else {}
    return tuple(_one(row, told[row["promise_id"]], on) for row in standings.iter_rows(named=True))


def _one(row: Mapping[str, Any], told: Mapping[str, Any], on: date) -> PromiseSeen:
    return PromiseSeen(
        id=row["promise_id"],
        customer_id=row["customer_id"],
        code=told["code"],
        name=told["name"],
        amount=Money(row["amount_minor"], row["currency"]),
        required=Money(row["required_minor"], row["currency"]),
        paid=Money(row["paid_minor"], row["currency"]),
        made_on=row["made_on"],
        promised_on=row["promised_on"],
        until_on=row["until_on"],
        state=row["state"],
        label=STATES[row["state"]],
        decided_on=row["decided_on"],
        method=str(PaymentMethod(told["method"]).label) if told["method"] else "",
        source=str(PromiseSource(told["source"]).label),
        promised_by=told["promised_by"],
        note=told["note"],
        taken_by=told["taken_by"],
        taken_by_id=told["taken_by_id"],
        numbers=tuple(told["numbers"]),
        reason=told["reason"],
        waits_for_matching=row["state"] == OPEN and row["until_on"] < on,
        method_code=told["method"],
        source_code=told["source"],
    )


@dataclass(frozen=True, slots=True)
class KeptRate:
    """How words were kept, of promises that were decided. promised, paid: minor units per currency."""

    kept: int = 0
    partly_kept: int = 0
    broken: int = 0
    promised: Mapping[str, int] = field(default_factory=dict)
    paid: Mapping[str, int] = field(default_factory=dict)

    @property
    def decided(self) -> int:
        """How many it is reckoned on."""
        return self.kept + self.partly_kept + self.broken

    @property
    def by_count(self) -> Fraction | None:
        """Share of promises that were kept; None where none was decided."""
        return Fraction(self.kept, self.decided) if self.decided else None

    def by_money(self, currency: str) -> Fraction | None:
        """Share of the money promised in the currency that came in time; None where none was decided."""
        promised = self.promised.get(currency, 0)
        return Fraction(self.paid.get(currency, 0), promised) if promised else None


# The latest verdicts on record; who took it down, and whose it was.
_KEPT = """
SELECT p.customer_id, p.taken_by_id AS member_id, p.currency, o.verdict, p.amount_minor, o.paid_minor
FROM cases_promise p
CROSS JOIN LATERAL (SELECT verdict, paid_minor FROM cases_promise_outcome
                    WHERE creditor_id = p.creditor_id AND promise_id = p.id AND decided_on <= %(on)s
                    ORDER BY id DESC LIMIT 1) o
WHERE p.creditor_id = %(creditor)s AND p.promised_on > %(since)s AND o.verdict = ANY(%(verdicts)s)
  {whose}
"""


def kept_rate(
    creditor: Creditor,
    on: date,
    *,
    customer_id: int | None = None,
    member_id: int | None = None,
    days: int = 365,
) -> KeptRate:
    """Of a customer, of those a person took down, or of all; promised for the last `days` days.

    By the verdicts that runs have recorded up to the day. In scope.
    """
    whose = "AND p.customer_id = %(customer)s " if customer_id is not None else ""
    whose += _BY_MEMBER if member_id is not None else ""
    rows = _verdicts(creditor, on, days, whose, customer=customer_id, member=member_id)
    return _rate(rows)


def kept_rates_by_member(creditor: Creditor, on: date, *, days: int = 365) -> dict[int, KeptRate]:
    """Member → how the promises were kept that they took down. In scope; one SELECT."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in _verdicts(creditor, on, days, "AND p.taken_by_id IS NOT NULL"):
        found[row["member_id"]].append(row)
    return {member: _rate(rows) for member, rows in found.items()}


def _verdicts(creditor: Creditor, on: date, days: int, whose: str, **values: Any) -> list[dict[str, Any]]:
    since, verdicts = on - timedelta(days=days), list(DECIDED)
    query = _KEPT.format(whose=whose)
    return ask(query, creditor=creditor.pk, on=on, since=since, verdicts=verdicts, **values)


def _rate(rows: Iterable[Mapping[str, Any]]) -> KeptRate:
    counts, promised, paid = Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        counts[row["verdict"]] += 1
        promised[row["currency"]] += row["amount_minor"]
        paid[row["currency"]] += row["paid_minor"]
    return KeptRate(counts[KEPT], counts[PARTLY_KEPT], counts[BROKEN], dict(promised), dict(paid))
