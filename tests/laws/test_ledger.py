"""Whatever is done to the ledger, in any order: it does what the model says, refuses what the model refuses,
and after every step the invariants hold as of every day. ALDIA_NIGHT_MINUTES lets it run for longer."""

import json
import os
import time
from contextlib import ExitStack
from typing import Any, TypeVar

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from aldia.kernel.errors import AldiaError
from aldia.operations import ledger
from aldia.queries.verify import verify, verify_ledger
from tests.laws.books import day, make_customer, open_books
from tests.laws.model import Given, Model, Refused, Track

_MINOR = st.sampled_from([1, 2, 3, 50, 100]) | st.integers(1, 300)
_DAYS = st.integers(0, 60)
_LATER = st.sampled_from([0, 0, 1, 5, 20, 40, -1]) | st.integers(0, 60)
_CURRENCY = st.sampled_from(["EUR", "EUR", "EUR", "CLP"])

_Row = TypeVar("_Row")

_TABLES = (
    "ledger_document",
    "ledger_due_line",
    "ledger_credit",
    "ledger_allocation",
    "ledger_refund",
    "ledger_reversal",
    "ledger_overlay",
    "audit_entry",
)
_PAST = " UNION ALL ".join(
    f"SELECT '{table}', coalesce(max(id), 0), coalesce(md5(string_agg(t::text, '' ORDER BY id)), ''),"
    " coalesce(md5(string_agg(t::text, '' ORDER BY id)"
    f" FILTER (WHERE id <= (%(seen)s::jsonb->>'{table}')::bigint)), '') FROM {table} t"
    for table in _TABLES
)
_KEPT = """
SELECT 'line', due_line_id, open_minor, 0 FROM ledger_item_balance
UNION ALL SELECT 'credit', credit_id, unallocated_minor, refunded_minor FROM ledger_credit_balance
"""


class LedgerMachine(RuleBasedStateMachine):
    """One creditor's books in one transaction, which is rolled back."""

    @initialize()
    def open(self) -> None:
        self._stack = ExitStack()
        self.books = self._stack.enter_context(open_books())
        self.customers = [self.books.customer_id, make_customer(creditor_id=self.books.creditor_id)]
        self.model = Model()
        self.seen: dict[str, int] = dict.fromkeys(_TABLES, 0)
        self.digests: dict[str, str] = {}
        self.numbers = 0
        for amount, issued in ((100, 0), (250, 10), (40, 30)):
            self.numbers += 1
            self._book(
                f"N-{self.numbers}",
                amounts=[amount],
                issued=issued,
                term=15,
                currency="EUR",
                who=0,
                kind="invoice",
            )
        for minor, on, known in ((120, 5, True), (200, 12, False)):
            self._pay(list(self.model.lines.values()), minor, on, "EUR", known)

    def teardown(self) -> None:
        if hasattr(self, "_stack"):
            try:
                connection.check_constraints()
                assert verify(self.books.creditor_id) == []
            finally:
                self._stack.close()

    # --- debits

    @precondition(lambda self: len(self.model.lines) < 7)
    @rule(
        amounts=st.lists(_MINOR, min_size=1, max_size=2),
        issued=_DAYS,
        term=st.integers(0, 40),
        currency=_CURRENCY,
        who=st.integers(0, 1),
        kind=st.sampled_from(["invoice", "fee"]),
    )
    def book(self, *, amounts, issued, term, currency, who, kind):
        self.numbers += 1
        self._book(
            f"N-{self.numbers}",
            amounts=amounts,
            issued=issued,
            term=term,
            currency=currency,
            who=who,
            kind=kind,
        )

    @precondition(lambda self: self.model.lines)
    @rule(data=st.data(), amount=_MINOR)
    def book_again_under_the_same_number(self, data, amount):
        """Re-import: a number is taken while one of its lines is not wholly reversed."""
        key = data.draw(st.sampled_from(sorted({line.key for line in self.model.lines.values()})))
        kind, number = key.split(":")
        self._book(number, amounts=[amount], issued=3, term=10, currency="EUR", who=0, kind=kind)

    def _book(self, number, *, amounts, issued, term, currency, who, kind):
        key = f"{kind}:{number}"
        taken = {line.order[1] for line in self.model.lines.values() if line.key == key and line.live} & set(
            range(1, len(amounts) + 1)
        )
        dues = [ledger.Due(minor, day(issued + term * (n + 1))) for n, minor in enumerate(amounts)]
        booked = self._try(
            lambda: _expect(not taken, "source_key_taken"),
            lambda: self.books.do(
                "book_invoice",
                customer_id=self.customers[who],
                number=number,
                issued_on=day(issued),
                dues=dues,
                currency=currency,
                kind=kind,
            ),
        )
        for n, (line_id, minor) in enumerate(
            zip(booked.due_line_ids if booked else (), amounts, strict=False)
        ):
            due = issued + term * (n + 1)
            self.model.lines[line_id] = Track(
                line_id,
                currency,
                issued,
                minor,
                order=(due, n + 1),
                key=key,
                customer=self.customers[who],
                document=booked.document_id,
            )

    # --- credits

    @rule(data=st.data(), minor=_MINOR, on=_DAYS, currency=_CURRENCY, known=st.booleans())
    def pay(self, data, minor, on, currency, known):
        self._pay(self._some_lines(data, currency), minor, on, currency, known)

    def _pay(self, lines, minor, on, currency, known):
        credit = Track(0, currency, on, minor, customer=self.customers[0] if known else None)
        applied, given = self._try_both(
            lambda: self.model.spread(credit, lines, minor),
            lambda: self.books.payment(
                minor,
                on=on,
                currency=currency,
                customer_id=credit.customer,
                due_line_ids=[line.id for line in lines],
            ),
        )
        if applied:
            credit.id = applied.credit_id
            self.model.credits[credit.id] = credit
            assert list(applied.allocated) == given
            assert applied.rest_minor == credit.left

    @precondition(lambda self: self.model.lines)
    @rule(data=st.data(), minor=_MINOR, on=_DAYS)
    def note(self, data, minor, on):
        """A credit note for the document of a line."""
        line = self._a_line(data)
        same = [each for each in self.model.lines.values() if each.document == line.document and each.live]
        credit = Track(0, line.currency, on, minor, customer=line.customer)
        self.numbers += 1
        applied, given = self._try_both(
            lambda: self.model.spread(credit, same, minor),
            lambda: self.books.do(
                "record_credit_note",
                customer_id=line.customer,
                number=f"R-{self.numbers}",
                amount_minor=minor,
                currency=line.currency,
                issued_on=day(on),
                adjusts_id=line.document,
            ),
        )
        credit.id = applied.credit_id
        self.model.credits[credit.id] = credit
        assert list(applied.allocated) == given

    @precondition(lambda self: self.model.lines)
    @rule(data=st.data(), on=_DAYS, verb=st.sampled_from(["write_off", "forgive"]))
    def give_up(self, data, on, verb):
        line = self._a_line(data)
        minor = self._asked(data, line.left)
        amount = line.left if minor is None else minor
        credit = Track(0, line.currency, on, max(amount, 0), customer=line.customer, given_up=True)

        def expected():
            _expect(bool(line.left) and amount <= line.left, "more_than_open")
            _expect(amount > 0, "amount_not_positive")
            return self.model.spread(credit, [line], amount)

        applied, _ = self._try_both(
            expected,
            lambda: self.books.do(verb, due_line_id=line.id, amount_minor=minor, on=on),
        )
        if applied:
            credit.id = applied.credit_id
            self.model.credits[credit.id] = credit

    @precondition(lambda self: self.model.credits and self.model.lines)
    @rule(data=st.data())
    def allocate(self, data):
        credit = self._a_credit(data)
        lines = self._some_lines(data, credit.currency)
        minor = self._asked(data, credit.left)
        asked = credit.left if minor is None else minor
        fits = min(asked, sum(line.left for line in lines))

        def expected():
            _expect(not credit.given_up, "wrong_kind")
            _expect(minor is None or minor > 0, "amount_not_positive")
            _expect(asked <= credit.left, "more_than_left")
            _expect(minor is None or fits == minor, "more_than_open")
            return self.model.spread(credit, lines, asked)

        applied, given = self._try_both(
            expected,
            lambda: self.books.do(
                "allocate_credit",
                credit_id=credit.id,
                due_line_ids=[line.id for line in lines],
                amount_minor=minor,
            ),
        )
        if applied:
            assert list(applied.allocated) == given

    @precondition(lambda self: self.model.credits)
    @rule(data=st.data(), later=_LATER)
    def refund(self, data, later):
        credit = self._a_credit(data)
        minor, on = self._asked(data, credit.left) or 1, credit.first_day + later
        refund_id, _ = self._try_both(
            lambda: _of_its_kind(not credit.given_up, lambda: self.model.refund(credit, minor, on)),
            lambda: self.books.do("refund", credit_id=credit.id, amount_minor=minor, on=on),
        )
        if refund_id:
            self.model.refunds[-1].id = refund_id

    @precondition(lambda self: self._unknown())
    @rule(data=st.data())
    def identify(self, data):
        credit = self._one_of(data, self._unknown() * 4 + list(self.model.credits.values()))
        self._try_both(
            lambda: self.model.identify(credit, -1, self.customers[1]),
            lambda: self.books.do("identify_credit", credit_id=credit.id, customer_id=self.customers[1]),
            then=self._renumber,
        )

    def _unknown(self):
        return [each for each in self.model.credits.values() if each.customer is None and each.live]

    def _renumber(self, new_id):
        new = self.model.credits.pop(-1)
        new.id = new_id
        self.model.credits[new_id] = new

    # --- reversals

    @precondition(lambda self: self.model.credits)
    @rule(data=st.data(), later=_LATER)
    def reverse_credit(self, data, later):
        credit = self._a_credit(data)
        minor, on = (
            self._asked(data, credit.original - credit.reversed - credit.refunded),
            credit.first_day + later,
        )
        self._try_both(
            lambda: _of_its_kind(not credit.given_up, lambda: self.model.reverse(credit, minor, on)),
            lambda: self.books.do("reverse_credit", credit_id=credit.id, amount_minor=minor, on=on),
        )

    @precondition(lambda self: any(each.given_up for each in self.model.credits.values()))
    @rule(data=st.data(), later=_LATER)
    def reverse_write_off(self, data, later):
        credits_ = list(self.model.credits.values())
        credit = self._one_of(data, [each for each in credits_ if each.given_up] * 3 + credits_)
        on = credit.first_day + later
        self._try_both(
            lambda: _of_its_kind(credit.given_up, lambda: self.model.reverse(credit, None, on)),
            lambda: self.books.do("reverse_write_off", credit_id=credit.id, on=on),
        )

    @precondition(lambda self: self.model.lines)
    @rule(data=st.data(), later=_LATER)
    def reverse_line(self, data, later):
        line = self._a_line(data)
        minor, on = self._asked(data, line.original - line.reversed), line.first_day + later
        self._try_both(
            lambda: self.model.reverse(line, minor, on),
            lambda: self.books.do("reverse_due_line", due_line_id=line.id, amount_minor=minor, on=on),
        )

    @precondition(lambda self: self.model.allocations)
    @rule(data=st.data(), later=_LATER)
    def reverse_allocation(self, data, later):
        given = self._one_of(data, self.model.allocations)
        minor, on = self._asked(data, given.left), given.day + later
        self._try_both(
            lambda: _of_its_kind(not given.credit.given_up, lambda: self.model.take_back(given, minor, on)),
            lambda: self.books.do("reverse_allocation", allocation_id=given.id, amount_minor=minor, on=on),
        )

    @precondition(lambda self: self.model.refunds)
    @rule(data=st.data(), later=_LATER)
    def reverse_refund(self, data, later):
        given = self._one_of(data, self.model.refunds)
        minor, on = self._asked(data, given.left), given.day + later
        self._try_both(
            lambda: self.model.take_back(given, minor, on),
            lambda: self.books.do("reverse_refund", refund_id=given.id, amount_minor=minor, on=on),
        )

    @precondition(lambda self: self.model.lines and self.model.credits)
    @rule(data=st.data())
    def undo(self, data):
        """A line and a credit, as if they had come with a wrong file."""
        line, credit = self._a_line(data), self._a_credit(data)
        self._try_both(
            lambda: self.model.undo(line, credit),
            lambda: self.books.do("undo_rows", due_line_ids=[line.id], credit_ids=[credit.id]),
        )

    # --- overlays

    @precondition(lambda self: self.model.lines)
    @rule(data=st.data(), on=_DAYS, verb=st.sampled_from(["record_terms", "record_dispute", "record_cover"]))
    def lay_beside(self, data, on, verb):
        """Moves no money: the model does not even hear of it."""
        more = {} if verb == "record_dispute" else {"until_on": day(on + 10)}
        self.books.do(verb, due_line_id=self._a_line(data).id, on=on, **more)

    # --- invariants

    @invariant()
    def balances_are_the_models(self):
        if hasattr(self, "model"):
            lines = {("line", id_, line.left, 0) for id_, line in self.model.lines.items()}
            credits_ = {("credit", id_, each.left, each.refunded) for id_, each in self.model.credits.items()}
            assert set(self._ask(_KEPT)) == lines | credits_

    @invariant()
    def books_are_sound(self):
        if hasattr(self, "model"):
            assert verify_ledger(self.books.creditor_id) == []

    @invariant()
    def what_was_written_stays_as_it_was(self):
        if hasattr(self, "model"):
            self._look_at_the_past()

    def _look_at_the_past(self):
        """I4: rows seen earlier are there, letter by letter."""
        rows = self._ask(_PAST, {"seen": json.dumps(self.seen)})
        if self.digests:
            assert {table: past for table, _, _, past in rows} == self.digests
        self.seen = {table: highest for table, highest, _, _ in rows}
        self.digests = {table: whole for table, _, whole, _ in rows}

    # --- hands

    def _ask(self, query, params=None):
        with connection.cursor() as cursor:
            cursor.execute(query, params)
            return cursor.fetchall()

    def _a_line(self, data) -> Track:
        """Rather one of which something is open."""
        lines = list(self.model.lines.values())
        return self._one_of(data, [each for each in lines if each.left] * 2 + lines)

    def _a_credit(self, data) -> Track:
        """Rather one of which something is left."""
        credits_ = list(self.model.credits.values())
        return self._one_of(data, [each for each in credits_ if each.left] * 3 + credits_)

    def _one_of(self, data, rows: list[_Row]) -> _Row:
        place: int = data.draw(st.integers(0, len(rows) - 1))
        return rows[place]

    def _some_lines(self, data, currency) -> list[Track]:
        lines = [each for each in self.model.lines.values() if each.currency == currency]
        if not lines or data.draw(st.integers(0, 5)) == 0:
            return []
        chosen = data.draw(st.lists(st.integers(0, len(lines) - 1), min_size=1, max_size=3, unique=True))
        return [lines[each] for each in chosen]

    def _asked(self, data, left):
        """All of it, a part, one too much, nothing."""
        return data.draw(st.none() | st.integers(1, max(1, left)) | st.sampled_from([left + 1, 0]))

    def _try(self, expected, act):
        return self._try_both(expected, act)[0]

    def _try_both(self, expected, act, then=None):
        """Ask the model, then the ledger: the same answer or the same refusal."""
        foreseen, code = None, ""
        try:
            foreseen = expected()
        except Refused as refusal:
            code = str(refusal)
        if code:
            with pytest.raises(AldiaError) as heard:
                act()
            assert heard.value.code == code
            return None, None
        result = act()
        if then:
            then(result)
        self._number_allocations()
        return result, foreseen

    def _number_allocations(self):
        """New allocations have their ids from the database, in the order in which the model made them."""
        new: list[Given] = [each for each in self.model.allocations if not each.id]
        with connection.cursor() as cursor:
            known = max((each.id for each in self.model.allocations), default=0)
            cursor.execute(
                "SELECT id, amount_minor, effective_on FROM ledger_allocation WHERE id > %s ORDER BY id",
                [known],
            )
            rows = cursor.fetchall()
        assert [(minor, on) for _, minor, on in rows] == [(each.left, day(each.day)) for each in new]
        for each, (id_, _, _) in zip(new, rows, strict=True):
            each.id = id_


def _expect(holds, code):
    if not holds:
        raise Refused(code)


def _of_its_kind(right_kind, act):
    """What is done to money is not done to what was given up, nor the other way round."""
    _expect(right_kind, "wrong_kind")
    return act()


_SETTINGS: dict[str, Any] = {
    "stateful_step_count": 30,
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "print_blob": True,
}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_ledger_does_what_the_model_says_and_its_invariants_hold():
    run_state_machine_as_test(LedgerMachine, settings=settings(max_examples=24, **_SETTINGS))


@pytest.mark.night
@pytest.mark.django_db(transaction=True)
def test_the_ledger_holds_all_night():
    until = time.monotonic() + 60 * float(os.environ.get("ALDIA_NIGHT_MINUTES", "10"))
    while time.monotonic() < until:
        run_state_machine_as_test(
            LedgerMachine,
            settings=settings(
                max_examples=100,
                database=None,
                phases=[Phase.generate, Phase.shrink],
                **(_SETTINGS | {"stateful_step_count": 100}),
            ),
        )
