"""What the rows of the ledger add up to as of a day, in plain Python: no view, no cache, no frame."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.oracle.promises import Judged, until
from tests.simulation.house import House

_CUSTOMERS = "SELECT id, code, insolvent_on FROM parties_customer"
_LINES = """
SELECT l.id, l.customer_id, d.number, l.currency, l.amount_minor, l.due_date, l.effective_on
FROM ledger_due_line l JOIN ledger_document d ON d.id = l.document_id
"""
_CREDITS = "SELECT id, customer_id, currency, amount_minor, effective_on FROM ledger_credit"
_ALLOCATIONS = "SELECT id, credit_id, due_line_id, amount_minor, effective_on FROM ledger_allocation"
_REFUNDS = "SELECT id, credit_id, amount_minor, effective_on FROM ledger_refund"
_REVERSALS = """
SELECT credit_id, due_line_id, allocation_id, refund_id, amount_minor, effective_on FROM ledger_reversal
"""
_OVERLAYS = """
SELECT o.id, o.customer_id, o.due_line_id, o.kind, o.amount_minor, o.until_on, o.effective_on
FROM ledger_overlay o LEFT JOIN ledger_overlay_end e ON e.overlay_id = o.id AND e.effective_on <= %(day)s
WHERE e.id IS NULL AND o.effective_on <= %(day)s ORDER BY o.effective_on, o.id
"""
_LINES_KEPT = "SELECT due_line_id, open_minor, last_effective_on FROM ledger_item_balance"
_CREDITS_KEPT = "SELECT credit_id, unallocated_minor, last_effective_on FROM ledger_credit_balance"


@dataclass(frozen=True, slots=True)
class Standing:
    """A due line as of the day, minor units. days: late by so many, 0 or less before."""

    id: int
    customer_id: int
    number: str
    currency: str
    open_minor: int
    due_on: date
    days: int
    overdue: bool
    disputed_minor: int
    covered_minor: int

    @property
    def asked_minor(self) -> int:
        """What a reminder may ask for."""
        return self.open_minor - self.disputed_minor - self.covered_minor


@dataclass(frozen=True, slots=True)
class Rows:
    """Every row there is. kept: the two balances the database keeps."""

    customers: list[tuple[Any, ...]]
    lines: list[tuple[Any, ...]]
    credits: list[tuple[Any, ...]]
    allocations: list[tuple[Any, ...]]
    refunds: list[tuple[Any, ...]]
    reversals: list[tuple[Any, ...]]
    overlays: list[tuple[Any, ...]]
    lines_kept: list[tuple[Any, ...]]
    credits_kept: list[tuple[Any, ...]]


def read_rows(house: House, day: date) -> Rows:
    """The ledger; of circumstances only those in force on the day."""
    with house.cursor() as cursor:

        def ask(query: str) -> list[tuple[Any, ...]]:
            cursor.execute(query, {"day": day})
            return list(cursor.fetchall())

        return Rows(
            *map(
                ask,
                (
                    _CUSTOMERS,
                    _LINES,
                    _CREDITS,
                    _ALLOCATIONS,
                    _REFUNDS,
                    _REVERSALS,
                    _OVERLAYS,
                    _LINES_KEPT,
                    _CREDITS_KEPT,
                ),
            )
        )


class Books:
    """The books as of a day. tolerance_minor: what may stay open of a line without counting as late.
    words: what becomes of promises as of that day, by id. promised: who is left in peace for one."""

    def __init__(
        self, rows: Rows, day: date, *, tolerance_minor: int, words: dict[int, Judged] | None = None
    ) -> None:
        self.rows, self.day, self._tolerance = rows, day, tolerance_minor
        self.words = words or {}
        self.promised = {
            each.promise.customer_id
            for each in self.words.values()
            if each.state == "open" and until(each.promise) >= day
        }
        self.codes = {id_: code for id_, code, _ in rows.customers}
        self.insolvent = {id_ for id_, _, on in rows.customers if on is not None and on <= day}
        self._taken = _taken_back(rows.reversals, day)
        self.held = {row[1] for row in rows.overlays if row[3] == "hold" and _stands(row, day)}
        self.credits_left = self._credits()
        self.lines = self._lines()
        self.unapplied = self._unapplied()

    def of_customer(self, customer_id: int) -> list[Standing]:
        """Its due lines."""
        return [line for line in self.lines.values() if line.customer_id == customer_id]

    def dunnable(self, customer_id: int) -> dict[str, int]:
        """Currency → what may be asked for now; only currencies with something overdue."""
        sums: dict[str, int] = defaultdict(int)
        for line in self.of_customer(customer_id):
            if line.overdue:
                sums[line.currency] += line.asked_minor
        return {
            currency: max(0, minor - self.unapplied.get((customer_id, currency), 0))
            for currency, minor in sums.items()
        }

    def _back(self, kind: str, id_: int) -> int:
        return self._taken.get((kind, id_), 0)

    def _moves(self, rows: Iterable[tuple[Any, ...]], kind: str) -> Iterable[tuple[Any, int]]:
        """(row, what is left of its amount) of rows that count by now; amount and day stand last."""
        return ((row, row[-2] - self._back(kind, row[0])) for row in rows if row[-1] <= self.day)

    def _credits(self) -> dict[int, int]:
        left = {row[0]: minor for row, minor in self._moves(self.rows.credits, "credit")}
        for rows, kind in ((self.rows.allocations, "allocation"), (self.rows.refunds, "refund")):
            for row, minor in self._moves(rows, kind):
                if minor:
                    left[row[1]] -= minor
        return left

    def _lines(self) -> dict[int, Standing]:
        allocated: dict[int, int] = defaultdict(int)
        for row, minor in self._moves(self.rows.allocations, "allocation"):
            allocated[row[2]] += minor
        return {
            row[0]: self._standing(row, row[4] - self._back("line", row[0]) - allocated[row[0]])
            for row in self.rows.lines
            if row[-1] <= self.day
        }

    def _standing(self, row: tuple[Any, ...], open_minor: int) -> Standing:
        id_, customer_id, number, currency, _, due_on, _ = row
        beside = [each for each in self.rows.overlays if each[2] == id_ and _stands(each, self.day)]
        due_on = next((each[5] for each in reversed(beside) if each[3] == "terms"), due_on)
        days = (self.day - due_on).days
        overdue = days > 0 and open_minor > self._tolerance
        disputed = _part(beside, "dispute", open_minor) if overdue else 0
        covered = _part(beside, "cover", open_minor - disputed) if overdue else 0
        return Standing(
            id_, customer_id, number, currency, open_minor, due_on, days, overdue, disputed, covered
        )

    def _unapplied(self) -> dict[tuple[int, str], int]:
        sums: dict[tuple[int, str], int] = defaultdict(int)
        for id_, customer_id, currency, _, on in self.rows.credits:
            if customer_id is not None and on <= self.day:
                sums[customer_id, currency] += self.credits_left[id_]
        return sums


def _taken_back(reversals: Iterable[tuple[Any, ...]], day: date) -> dict[tuple[str, int], int]:
    taken: dict[tuple[str, int], int] = defaultdict(int)
    for credit, line, allocation, refund, minor, on in reversals:
        named = (("credit", credit), ("line", line), ("allocation", allocation), ("refund", refund))
        for kind, id_ in named:
            if id_ is not None and on <= day:
                taken[kind, id_] += minor
    return taken


def _stands(overlay: tuple[Any, ...], day: date) -> bool:
    kind, until = overlay[3], overlay[5]
    return kind in ("terms", "dispute") or until is None or until > day


def _part(beside: list[tuple[Any, ...]], kind: str, most: int) -> int:
    """How much of the line the circumstances of a kind take, no more than the most."""
    parts = [each[4] for each in beside if each[3] == kind]
    if any(part is None for part in parts):
        return most
    return min(most, sum(int(part) for part in parts))
