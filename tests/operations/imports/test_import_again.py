"""The same table comes again: new, unchanged, changed, vanished; and whatever comes twice is booked once."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aldia.kernel.errors import AldiaError
from aldia.operations import imports, ledger
from aldia.operations.imports import BatchState, ImportOptions, UndoRefused
from aldia.queries.verify import verify
from aldia.records.tenancy.scope import scope
from tests.laws.books import make_creditor
from tests.operations.imports.tables import (
    INVOICES,
    NOW,
    TODAY,
    asked,
    balances,
    imported,
    open_on,
    payments,
    said,
    staged,
    table,
    unapplied,
)

pytestmark = pytest.mark.django_db

F1 = ["F1", "C1", "13/01/2026", "13/02/2026", "100,00"]
F2 = ["F2", "C1", "14/01/2026", "14/02/2026", "50,00"]
PAID = (*INVOICES, "Fecha cobro", "Importe cobrado")
LATER = NOW + timedelta(days=30)


@pytest.fixture
def creditor():
    found = make_creditor()
    yield found
    with scope([found.pk]):
        assert verify(found.pk) == []


def _counts(report):
    return {name: report.counts[name] for name in ("new", "unchanged", "changed", "vanished")}


def test_every_row_is_new_unchanged_changed_or_vanished(creditor):
    imported(creditor, table(F1, F2, ["F3", *F1[1:]]))
    report = imported(creditor, table(F1, [*F2[:4], "60,00"], ["F4", *F1[1:]]), now=LATER)
    assert _counts(report) == {"new": 1, "unchanged": 1, "changed": 1, "vanished": 1}
    assert "F3" in said(report, "vanished")["sentence"]
    assert sum(line[3] for line in balances(creditor)) == 10_000 + 6_000 + 10_000 + 10_000


def test_more_is_a_debit_and_less_a_credit_that_name_the_document(creditor):
    imported(creditor, table(F1, F2))
    imported(creditor, table([*F1[:4], "130,00"], [*F2[:4], "20,00"]), now=LATER)
    notes = """SELECT kind, total_minor, adjusts_id IS NOT NULL, issued_on FROM ledger_document
        WHERE kind <> 'invoice'"""
    assert asked(creditor, notes) == [("charge_note", 3_000, True, LATER.date())]
    credits_ = "SELECT kind, amount_minor, adjusts_id IS NOT NULL, effective_on FROM ledger_credit"
    assert asked(creditor, credits_) == [("credit_note", 3_000, True, LATER.date())]
    assert sum(minor for _, _, minor in open_on(creditor, LATER.date() - timedelta(days=1))) == 15_000
    assert sum(minor for _, _, minor in open_on(creditor, LATER.date())) == 15_000
    report = imported(creditor, table([*F1[:4], "130,00"], [*F2[:4], "20,00"]), now=LATER)
    assert _counts(report) == {"new": 0, "unchanged": 2, "changed": 0, "vanished": 0}
    imported(creditor, table([*F1[:4], "90,00"], [*F2[:4], "50,00"]), now=LATER)
    numbers = {"F1": 0, "F2": 0}
    for _, number, _, open_minor in balances(creditor):
        numbers[number] += open_minor
    assert numbers == {"F1": 9_000, "F2": 5_000}


def test_another_due_date_is_an_agreed_term_from_today(creditor):
    imported(creditor, table(F1))
    report = imported(creditor, table([*F1[:3], "30/06/2026", F1[4]]))
    assert _counts(report)["changed"] == 1
    overlays = "SELECT kind, until_on, effective_on FROM ledger_overlay ORDER BY id"
    assert asked(creditor, overlays) == [("terms", date(2026, 6, 30), TODAY)]
    again = imported(creditor, table([*F1[:3], "30/06/2026", F1[4]]))
    assert _counts(again)["unchanged"] == 1
    imported(creditor, table(F1), now=LATER)
    assert asked(creditor, overlays)[1] == ("terms", date(2026, 2, 13), LATER.date())


def test_a_term_that_a_person_agreed_is_not_taken_back_by_the_file(creditor):
    imported(creditor, table(F1))
    line = asked(creditor, "SELECT id FROM ledger_due_line")[0][0]
    with scope([creditor.pk]):
        ledger.record_terms(
            creditor_id=creditor.pk,
            due_line_id=line,
            until_on=date(2026, 9, 1),
            on=TODAY,
            actor="ana",
            now=NOW,
        )
    assert _counts(imported(creditor, table(F1)))["unchanged"] == 1


def test_another_issue_date_is_said_and_not_booked(creditor):
    imported(creditor, table(F1))
    report = imported(creditor, table(["F1", "C1", "10/01/2026", *F1[3:]]))
    assert _counts(report)["changed"] == 1
    assert said(report, "issue_changed")["row"] == 2
    assert len(balances(creditor)) == 1


def test_a_payment_filled_in_later_is_booked_once_and_only_what_is_more(creditor):
    imported(creditor, table([*F1, "", ""], head=PAID))
    part = table([*F1, "20/02/2026", "40,00"], head=PAID)
    assert _counts(imported(creditor, part))["changed"] == 1
    assert _counts(imported(creditor, part))["unchanged"] == 1
    imported(creditor, table([*F1, "25/02/2026", "100,00"], head=PAID))
    paid = asked(creditor, "SELECT amount_minor, effective_on FROM ledger_credit ORDER BY id")
    assert paid == [(4_000, date(2026, 2, 20)), (6_000, date(2026, 2, 25))]
    assert balances(creditor)[0][3] == 0


def test_what_the_bank_already_brought_is_not_paid_again_by_the_paid_column(creditor):
    imported(creditor, table([*F1, "", ""], head=PAID))
    payments(creditor, ["B1", "C1", "20/02/2026", "100,00", "F1", ""])
    report = imported(creditor, table([*F1, "20/02/2026", "100,00"], head=PAID))
    assert _counts(report)["unchanged"] == 1
    assert unapplied(creditor) == {"payment": 0}


def test_a_returned_payment_is_not_paid_again_by_the_same_file(creditor):
    content = table([*F1, "20/02/2026", "100,00"], head=PAID)
    imported(creditor, content)
    credit = asked(creditor, "SELECT id FROM ledger_credit")[0][0]
    with scope([creditor.pk]):
        ledger.reverse_credit(
            creditor_id=creditor.pk,
            credit_id=credit,
            on=date(2026, 3, 1),
            actor="ana",
            now=NOW,
            kind="returned_debit",
        )
    imported(creditor, content)
    assert balances(creditor)[0][3] == 10_000


def test_a_row_that_could_not_be_used_has_not_vanished(creditor):
    imported(creditor, table(F1, F2))
    report = imported(creditor, table(F1, [*F2[:3], "31/02/2026", F2[4]]), partial=True)
    assert report.counts["vanished"] == 0


def test_what_was_added_to_a_paid_invoice_is_asked_for_when_the_invoice_vanishes(creditor):
    paid = [*F1, "20/02/2026", "100,00"]
    imported(creditor, table(paid, head=PAID))
    raised = [*F1[:4], "136,00", *paid[5:]]
    assert imported(creditor, table(raised, [*F2, "", ""], head=PAID)).counts["vanished"] == 0
    report = imported(creditor, table(F2))
    assert report.counts["vanished"] == 1
    sentence = said(report, "vanished")["sentence"]
    assert "F1" in sentence
    assert "36,00" in sentence


def test_only_lines_of_the_same_source_can_vanish(creditor):
    imported(creditor, table(F1), source_name="sap")
    report = imported(creditor, table(F2), source_name="sage")
    assert report.counts["vanished"] == 0
    assert imported(creditor, table(F2), source_name="sap").counts["vanished"] == 1


def test_the_same_document_from_another_source_is_not_owed_twice(creditor):
    imported(creditor, table(F1), source_name="sap")
    assert _counts(imported(creditor, table(F1), source_name="sage"))["unchanged"] == 1
    assert sum(line[3] for line in balances(creditor)) == 10_000


def test_due_lines_keep_who_they_are_when_one_is_left_out(creditor):
    head = ["31/01/2026", "28/02/2026", "31/03/2026"]
    rows = [["F1", "C1", "13/01/2026", due, f"{i + 1}0,00"] for i, due in enumerate(head)]
    imported(creditor, table(*rows))
    report = imported(creditor, table(*rows[1:]))
    assert _counts(report) == {"new": 0, "unchanged": 2, "changed": 0, "vanished": 1}


def test_a_further_due_line_extends_its_document(creditor):
    imported(creditor, table(F1))
    further = ["F1", "C1", "13/01/2026", "13/03/2026", "25,00"]
    assert _counts(imported(creditor, table(F1, further)))["new"] == 1
    assert _counts(imported(creditor, table(F1, further)))["unchanged"] == 2
    assert sum(line[3] for line in balances(creditor)) == 12_500


def test_open_balances_alone_are_followed_downwards_and_asked_about_upwards(creditor):
    head = (*INVOICES, "Saldo pendiente")
    imported(creditor, table([*F1, "100,00"], head=head))
    imported(creditor, table([*F1, "40,00"], head=head), now=LATER)
    credits_ = "SELECT kind, amount_minor, effective_on FROM ledger_credit"
    assert asked(creditor, credits_) == [("opening_credit", 6_000, LATER.date())]
    report = imported(creditor, table([*F1, "70,00"], head=head), now=LATER)
    assert said(report, "open_differs")["row"] == 2
    assert balances(creditor)[0][3] == 4_000


def test_where_only_the_open_balance_is_given_a_smaller_one_is_money_not_a_smaller_invoice(creditor):
    head = (*INVOICES[:4], "Saldo pendiente")
    imported(creditor, table(F1, head=head))
    imported(creditor, table([*F1[:4], "40,00"], head=head))
    assert asked(creditor, "SELECT kind, amount_minor FROM ledger_credit") == [("opening_credit", 6_000)]


def test_a_saved_source_remembers_columns_and_grammar_for_files_too_short_to_prove_them(creditor):
    head = ("Ref. interna", *INVOICES[1:])
    mapping = {"number": "Ref. interna"}
    imported(
        creditor,
        table(F1, F2, head=head),
        mapping=mapping,
        source_name="gestoría",
        options=ImportOptions(),
    )
    short = table(["F9", "C1", "01/02/2026", "03/04/2026", "10,00"], head=head)
    imported(creditor, short, source_name="gestoría", options=ImportOptions())
    assert ("C1", "F9", date(2026, 4, 3), 1_000) in balances(creditor)
    batch = staged(creditor, short, options=ImportOptions(), mapping=mapping)
    assert batch.counts["errors"] == 1


def test_a_batch_is_committed_once_undone_once_and_discarded_only_before(creditor):
    batch = staged(creditor, table(F1))
    verbs = {"creditor": creditor, "batch_id": batch.pk, "actor": "ana", "now": NOW}
    with pytest.raises(BatchState, match="en revisión"):
        imports.undo(**verbs)
    imports.commit(**verbs)
    for verb in (imports.commit, imports.discard):
        with pytest.raises(BatchState, match="ya está registrada"):
            verb(**verbs)
    imports.undo(**verbs)
    for verb in (imports.commit, imports.undo, imports.discard):
        with pytest.raises(BatchState, match="ya está deshecha"):
            verb(**verbs)
    other = staged(creditor, table(F1))
    imports.discard(creditor=creditor, batch_id=other.pk, actor="ana", now=NOW)
    with pytest.raises(BatchState, match="está descartada"):
        imports.commit(**(verbs | {"batch_id": other.pk}))
    with pytest.raises(imports.NoSuchBatch):
        imports.commit(**(verbs | {"creditor": make_creditor()}))


def test_an_import_that_a_later_one_adjusts_is_undone_after_it(creditor):
    first = imported(creditor, table(F1))
    second = imported(creditor, table([*F1[:4], "130,00"]))
    verbs = {"creditor": creditor, "actor": "ana", "now": NOW}
    with pytest.raises(UndoRefused, match=f"importación {second.batch_id}"):
        imports.undo(batch_id=first.batch_id, **verbs)
    imports.undo(batch_id=second.batch_id, **verbs)
    assert sum(line[3] for line in balances(creditor)) == 10_000
    imports.undo(batch_id=first.batch_id, **verbs)
    assert balances(creditor) == []


def test_an_import_whose_money_was_refunded_is_not_undone(creditor):
    report = imported(creditor, table([*F1, "20/02/2026", "130,00"], head=PAID))
    credit = asked(creditor, "SELECT id FROM ledger_credit")[0][0]
    with scope([creditor.pk]):
        ledger.refund(
            creditor_id=creditor.pk, credit_id=credit, amount_minor=3_000, on=TODAY, actor="ana", now=NOW
        )
    with pytest.raises(UndoRefused, match="se devolvió dinero"):
        imports.undo(creditor=creditor, batch_id=report.batch_id, actor="ana", now=NOW)
    assert balances(creditor)[0][3] == 0


def test_undoing_invoices_leaves_other_money_unapplied_and_it_pays_them_when_they_come_again(creditor):
    first = imported(creditor, table(F1))
    payments(creditor, ["B1", "C1", "20/02/2026", "100,00", "F1", ""])
    undone = imports.undo(creditor=creditor, batch_id=first.batch_id, actor="ana", now=NOW)
    assert said(undone, "money_unapplied")["severity"] == "info"
    assert unapplied(creditor) == {"payment": 10_000}
    imported(creditor, table(F1))
    assert unapplied(creditor) == {"payment": 0}


def test_undoing_terms_and_disputes_as_if_they_had_never_been(creditor):
    imported(creditor, table(F1))
    head = (*INVOICES, "Disputa")
    report = imported(creditor, table([*F1[:3], "30/06/2026", F1[4], "Sí"], head=head))
    assert report.counts["terms"] == report.counts["disputes"] == 1
    imports.undo(creditor=creditor, batch_id=report.batch_id, actor="ana", now=NOW)
    ends = """SELECT o.effective_on = e.effective_on
        FROM ledger_overlay o JOIN ledger_overlay_end e ON e.overlay_id = o.id"""
    assert asked(creditor, ends) == [(True,), (True,)]
    assert _counts(imported(creditor, table(F1)))["unchanged"] == 1


@st.composite
def _histories(draw):
    """Versions of one table: amounts, due dates and payments that move as a clerk moves them."""
    versions = []
    for _ in range(draw(st.integers(1, 4))):
        rows = []
        for i in range(draw(st.integers(1, 4))):
            amount = draw(st.integers(1, 9_999))
            paid = draw(st.one_of(st.none(), st.integers(1, 12_000)))
            due = date(2026, 2, 1) + timedelta(days=draw(st.integers(0, 60)))
            rows.append((i, amount, due, paid))
        versions.append(rows)
    return versions


def _cents(minor):
    return f"{minor // 100},{minor % 100:02d}"


def _version(rows):
    return table(
        *(
            [
                f"F{i}",
                f"C{i % 2}",
                "13/01/2026",
                f"{due:%d/%m/%Y}",
                _cents(amount),
                "" if paid is None else "20/02/2026",
                "" if paid is None else _cents(paid),
            ]
            for i, amount, due, paid in rows
        ),
        head=PAID,
    )


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(versions=_histories())
def test_whatever_a_table_becomes_the_books_hold_and_the_last_version_again_books_nothing(versions):
    with transaction.atomic():
        creditor = make_creditor()
        for rows in versions:
            imported(creditor, _version(rows))
        before = asked(creditor, "SELECT count(*) FROM ledger_credit")
        again = imported(creditor, _version(versions[-1]))
        assert (again.counts["new"], again.counts["changed"]) == (0, 0)
        assert asked(creditor, "SELECT count(*) FROM ledger_credit") == before
        owed = {f"F{i}": amount for i, amount, _, _ in versions[-1]}
        query = """
            SELECT d.number, sum(b.original_minor - b.reversed_minor)::bigint - coalesce((
                SELECT sum(k.original_minor - k.reversed_minor) FROM ledger_credit_balance k
                JOIN ledger_credit c ON c.id = k.credit_id JOIN ledger_document n ON n.id = c.adjusts_id
                WHERE n.number = d.number AND c.kind = 'credit_note'), 0)::bigint
            FROM ledger_item_balance b JOIN ledger_due_line l ON l.id = b.due_line_id
            JOIN ledger_document d ON d.id = l.document_id GROUP BY d.number"""
        assert owed.items() <= dict(asked(creditor, query)).items()
        with scope([creditor.pk]):
            assert verify(creditor.pk) == []
        transaction.set_rollback(True)


def _lines_or_sentence(creditor, content):
    try:
        return imported(creditor, content, partial=True).counts["due_lines"], "."
    except AldiaError as refusal:
        return 0, refusal.sentence


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 700), noise=st.binary(max_size=3))
def test_a_file_cut_anywhere_is_imported_whole_in_rows_or_refused_in_words(cut, noise):
    content = _version([(i, 1_000 + i, date(2026, 2, 13), None if i % 2 else 500) for i in range(12)])
    with transaction.atomic():
        creditor = make_creditor()
        lines, sentence = _lines_or_sentence(creditor, content[:cut] + noise)
        assert sentence.endswith(".")
        assert len(balances(creditor)) == lines
        transaction.set_rollback(True)
