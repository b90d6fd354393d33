"""A small history comes again and again, its rows moved as a clerk moves them: the books hold after every
import, and each document is open by what the last file says, or the import asked about it."""

import os
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from aldia.operations import imports
from aldia.operations.imports import ImportOptions
from aldia.queries.verify import verify
from aldia.records.tenancy.models import Creditor
from tests.laws.books import NOW, day, open_books

_HEAD = "Factura;Cliente;Fecha;Vencimiento;Importe;Fecha cobro;Importe cobrado"
_QUESTIONS = {"paid_less", "paid_date_changed", "vanished"}
_STANDING = """
SELECT number, sum(open)::bigint, sum(rest)::bigint FROM (
    SELECT d.number, b.open_minor AS open, 0 AS rest FROM ledger_item_balance b
    JOIN ledger_due_line l ON l.id = b.due_line_id JOIN ledger_document d ON d.id = l.document_id
    UNION ALL
    SELECT coalesce(nullif(c.names_document, ''), d.number), 0, b.unallocated_minor
    FROM ledger_credit_balance b JOIN ledger_credit c ON c.id = b.credit_id
    LEFT JOIN ledger_document d ON d.id = c.adjusts_id) x
GROUP BY number
"""
_NAMES = st.integers(0, 2).map(lambda n: f"F{n}")
_MINOR = st.sampled_from([100, 150, 200, 300]) | st.integers(1, 400)
_PASSES = st.sampled_from([0, 0, 1, 30])


@dataclass(frozen=True)
class _Row:
    """A line of the file. paid_on: a day, where anything is paid."""

    minor: int
    due: int = 40
    paid: int = 0
    paid_on: int = 50

    def text(self, number: str) -> str:
        paid = (f"{day(self.paid_on):%d/%m/%Y}", _euros(self.paid)) if self.paid else ("", "")
        cells = [number, "C1", f"{day(5):%d/%m/%Y}", f"{day(self.due):%d/%m/%Y}", _euros(self.minor), *paid]
        return ";".join(cells)


@dataclass(frozen=True)
class _Before:
    """How things were before an import, to be so again when it is undone."""

    batch_id: int
    rows: dict[str, _Row]
    standing: dict[str, tuple[int, int]]


class ReimportMachine(RuleBasedStateMachine):
    """One creditor's books in one transaction, which is rolled back."""

    @initialize()
    def open(self) -> None:
        self._stack = ExitStack()
        self.books = self._stack.enter_context(open_books())
        self.creditor = Creditor.objects.get(pk=self.books.creditor_id)
        self.now = NOW
        self.past: list[_Before] = []
        self.rows: dict[str, _Row] = {}
        self._import({"F0": _Row(100), "F1": _Row(300, paid=300), "F2": _Row(150, paid=100)})

    def teardown(self) -> None:
        if hasattr(self, "_stack"):
            self._stack.close()

    @rule(number=_NAMES, minor=_MINOR, days=_PASSES)
    def amount_moves(self, number, minor, days):
        self._change(number, days, minor=minor)

    @rule(number=_NAMES, due=st.integers(10, 90), days=_PASSES)
    def due_date_moves(self, number, due, days):
        self._change(number, days, due=due)

    @rule(number=_NAMES, paid=st.just(0) | _MINOR, paid_on=st.sampled_from([50, 50, 60]), days=_PASSES)
    def payment_moves(self, number, paid, paid_on, days):
        self._change(number, days, paid=paid, paid_on=paid_on)

    @rule(number=_NAMES, minor=_MINOR, days=_PASSES)
    def amount_moves_and_is_paid(self, number, minor, days):
        self._change(number, days, minor=minor, paid=minor)

    @precondition(lambda self: len(self.rows) > 1)
    @rule(data=st.data(), days=_PASSES)
    def row_goes(self, data, days):
        number = data.draw(st.sampled_from(sorted(self.rows)))
        self._pass(days)
        self._import({key: row for key, row in self.rows.items() if key != number})

    @precondition(lambda self: self.rows)
    @rule()
    def nothing_moves(self):
        """What was said already books nothing."""
        before = self._rows_written()
        self._import(self.rows)
        assert self._rows_written() == before

    @precondition(lambda self: self.past)
    @rule()
    def last_is_undone(self):
        last = self.past.pop()
        imports.undo(creditor=self.creditor, batch_id=last.batch_id, actor="ana", now=self.now)
        self.rows = last.rows
        now = self._standing()
        assert {key: now.get(key, (0, 0))[0] for key in last.standing} == {
            key: open_ for key, (open_, _) in last.standing.items()
        }
        assert sum(rest for _, rest in now.values()) == sum(rest for _, rest in last.standing.values())
        assert verify(self.creditor.pk) == []

    # --- hands

    def _change(self, number: str, days: int, **said: int) -> None:
        """A row that was gone comes back with it."""
        self._pass(days)
        self._import(self.rows | {number: replace(self.rows.get(number, _Row(100)), **said)})

    def _pass(self, days: int) -> None:
        self.now += timedelta(days=days)

    def _import(self, rows: dict[str, _Row]) -> None:
        before = self._standing()
        content = "\n".join([_HEAD, *(row.text(number) for number, row in sorted(rows.items()))]) + "\n"
        batch = imports.stage(
            creditor=self.creditor,
            kind="invoices",
            file_name="historia.csv",
            content=content.encode(),
            options=ImportOptions(date_format="dd/mm/aaaa", decimal=","),
            mapping={},
            source_name=None,
            actor="ana",
            now=self.now,
        )
        report = imports.commit(creditor=self.creditor, batch_id=batch.pk, actor="ana", now=self.now)
        self.past.append(_Before(batch.pk, self.rows, before))
        self.rows = rows
        self._look(report)

    def _look(self, report) -> None:
        assert verify(self.creditor.pk) == []
        asked = [each["sentence"] for each in report.findings if each["code"] in _QUESTIONS]
        for number, (open_, rest) in self._standing().items():
            row = self.rows.get(number)
            told = max(0, row.minor - row.paid) if row else 0
            assert open_ == told or any(f"«{number}»" in each for each in asked), (number, open_, told)
            assert min(open_, rest) == 0, f"{number}: {open_} open beside {rest} unapplied"

    def _standing(self) -> dict[str, tuple[int, int]]:
        """number → what is open, what is unapplied."""
        with connection.cursor() as cursor:
            cursor.execute(_STANDING)
            return {number: (open_, rest) for number, open_, rest in cursor.fetchall()}

    def _rows_written(self) -> list[int]:
        tables = ("document", "due_line", "credit", "allocation", "reversal", "overlay")
        counts = " UNION ALL ".join(f"SELECT count(*) FROM ledger_{table}" for table in tables)
        with connection.cursor() as cursor:
            cursor.execute(counts)
            return [count for (count,) in cursor.fetchall()]


def _euros(minor: int) -> str:
    return f"{minor // 100},{minor % 100:02d}"


_SETTINGS: dict[str, Any] = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "print_blob": True,
}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_history_may_come_in_any_version_and_order():
    run_state_machine_as_test(
        ReimportMachine, settings=settings(max_examples=6, stateful_step_count=10, **_SETTINGS)
    )


@pytest.mark.night
@pytest.mark.django_db(transaction=True)
def test_a_history_comes_all_night():
    until = time.monotonic() + 60 * float(os.environ.get("ALDIA_NIGHT_MINUTES", "10"))
    while time.monotonic() < until:
        run_state_machine_as_test(
            ReimportMachine,
            settings=settings(max_examples=20, stateful_step_count=20, database=None, **_SETTINGS),
        )
