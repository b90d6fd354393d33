"""Lists by pages: every row once, in order, both ways; figures as the engine reckons them this moment."""

import base64
import json
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from psycopg import Connection

from aldia.kernel.text import fold, sort_key
from aldia.operations.run import daily_run
from aldia.queries import credits as money_in
from aldia.queries import customer_list, items, list_pages, sheet, timeline, word_search
from aldia.queries.customer_list import Asked, Sort, customer_page, search_customers
from aldia.queries.items import Item, ItemsAsked, ItemSort, Which, item_page, search_documents
from aldia.queries.list_filter import filter_fields
from aldia.queries.list_pages import Place, place_of
from aldia.queries.reasons import Reading, read_portfolio, reading_room
from aldia.records.ledger.models import DueLine
from aldia.records.parties.models import Customer, CustomerWord
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from tests import factories as make
from tests.factories_portfolio import generated_world
from tests.operations.run.portfolios import put_strategies, world_creditor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

LATER = datetime(2028, 12, 31, 9, tzinfo=UTC)


@pytest.fixture
def day() -> date:
    """After everything that is booked: the kept balances speak of all of it."""
    return generated_world(8).as_of + timedelta(days=400)


@pytest.fixture
def creditor(owner_connection: Connection[Any], day: date, monkeypatch: pytest.MonkeyPatch) -> Creditor:
    for module in (list_pages, customer_list, items, money_in):
        monkeypatch.setattr(module, "PAGE", 15)
    monkeypatch.setattr(list_pages.cut_page, "__defaults__", (15,))
    creditor = world_creditor(owner_connection, generated_world(8))
    daily_run(creditor=creditor, on=day, now=LATER, actor="t")
    return creditor


def _ask(creditor: Creditor, question: Any, *args: Any, **more: Any) -> Any:
    with transaction.atomic(), scope([creditor.pk]):
        return question(*args, **more)


def _reading(creditor: Creditor, day: date) -> Reading:
    with reading_room(creditor) as snapshot:
        return read_portfolio(snapshot, creditor, day)


def _walk(page_of: Any) -> list[Any]:
    """All rows from the first page to the last; then the same pages backwards."""
    pages = [page_of("")]
    while pages[-1].after:
        pages.append(page_of(pages[-1].after))
        assert len(pages) < 100
    back = [pages[-1]]
    while back[-1].before:
        back.append(page_of(back[-1].before))
    assert [page.rows for page in reversed(back)] == [page.rows for page in pages]
    assert pages[0].before == ""
    return [row for page in pages for row in page.rows]


def _customers(creditor: Creditor, day: date, **asked: Any) -> list[Any]:
    return _walk(lambda place: _ask(creditor, customer_page, creditor, Asked(place=place, **asked), day))


KEYS = {
    Sort.OVERDUE: lambda row: row.figures["overdue_minor"],
    Sort.DUNNABLE: lambda row: row.figures["dunnable_minor"],
    Sort.AGE: lambda row: row.figures["days_overdue"],
}


@pytest.mark.parametrize("capped", [False, True], ids=["few", "many"])
def test_every_customer_comes_once_in_each_order(
    creditor: Creditor, day: date, capped: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if capped:
        monkeypatch.setattr(customer_list, "COUNTED_MAX", 3)
    expected = {(r["customer"], r["currency"]) for r in _reading(creditor, day).decided.rows.to_dicts()}
    for sort, key in KEYS.items():
        for descending in (True, False):
            rows = _customers(creditor, day, sort=sort, descending=descending)
            assert len(rows) == len(expected)
            assert {(row.code, row.currency) for row in rows} == expected
            figures = [key(row) for row in rows]
            assert figures == sorted(figures, reverse=descending)


@pytest.mark.parametrize("capped", [False, True], ids=["few", "many"])
def test_by_name_come_also_those_about_whom_nothing_is_booked(
    creditor: Creditor, day: date, capped: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if capped:
        monkeypatch.setattr(customer_list, "COUNTED_MAX", 3)
    rows = _customers(creditor, day)
    with transaction.atomic(), scope([creditor.pk]):
        everybody = set(Customer.objects.values_list("code", flat=True))
    assert {row.code for row in rows} == everybody
    assert len({(row.code, row.currency) for row in rows}) == len(rows)
    assert any(row.currency == "" and row.figures == {} for row in rows)
    assert [row.code for row in _customers(creditor, day, descending=True)] == [r.code for r in rows][::-1]


def test_figures_and_decisions_are_the_engines_and_totals_add_up(creditor: Creditor, day: date) -> None:
    decided = _reading(creditor, day).decided
    rows = _customers(creditor, day, sort=Sort.OVERDUE, descending=True)
    by_key = {(r["customer"], r["currency"]): r for r in decided.rows.to_dicts()}
    assert all(row.figures == by_key[row.code, row.currency] for row in rows)
    outcomes = dict(decided.decisions.select("customer_id", "outcome").iter_rows())
    assert all(row.outcome == outcomes[row.customer_id] for row in rows)
    found = _ask(creditor, customer_page, creditor, Asked(condition="open > 0"), day).found
    sums = (
        decided.rows.filter(pl.col("open_minor") > 0).group_by("currency").agg(pl.col("overdue_minor").sum())
    )
    assert {total.currency: total.overdue.minor for total in found.totals} == dict(sums.iter_rows())


def test_a_payment_of_a_moment_ago_shows_though_the_run_chose_the_rows(creditor: Creditor, day: date) -> None:
    asked = Asked(condition="overdue > 0", sort=Sort.OVERDUE, descending=True)
    first = _ask(creditor, customer_page, creditor, asked, day).rows[0]
    with transaction.atomic(), scope([creditor.pk]):
        customer = Customer.objects.get(pk=first.customer_id)
        make.credit(customer=customer, currency=first.currency, effective_on=day, amount_minor=77)
    again = _ask(creditor, customer_page, creditor, asked, day).rows[0]
    assert again.customer_id == first.customer_id
    assert again.figures["unapplied_minor"] == first.figures["unapplied_minor"] + 77


def test_another_creditor_has_a_list_of_its_own(creditor: Creditor, day: date) -> None:
    stranger = make.creditor()
    page = _ask(stranger, customer_page, stranger, Asked(), day)
    assert (page.rows, page.found.rows, page.kept_on) == ((), 0, None)
    assert _ask(stranger, customer_page, stranger, Asked(condition="open > 0"), day).rows == ()


@pytest.mark.parametrize("common", [0, 1, 20_000], ids=["all common", "some rare", "all rare"])
def test_words_find_customers_by_their_beginnings_without_accents(
    common: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word_search, "_COMMON", common)
    creditor = make.creditor()
    with transaction.atomic(), scope([creditor.pk]):
        put_strategies(creditor)
        for code, name in (("A1", "Peña Ibáñez"), ("A2", "Pena López"), ("B7", "Óptica Núñez")):
            customer = make.customer(
                creditor=creditor, code=code, name=name, folded_name=fold(name), sort_name=sort_key(name)
            )
            for word in {*fold(name).split(), fold(code)}:
                CustomerWord.objects.create(creditor=creditor, customer=customer, word=word)

    def found(text: str) -> list[str]:
        return [match.code for match in _ask(creditor, search_customers, creditor.pk, text)]

    assert found("pena") == ["A2", "A1"]
    assert found("PEÑA") == ["A1", "A2"]
    assert found("Peña I") == ["A1"]
    assert found("n") == ["B7"]
    assert found("p") == ["A2", "A1"]
    assert found("o") == ["B7"]
    assert found("lop pe") == ["A2"]
    assert found("a") == ["A2", "A1"]
    assert found("opti nu") == ["B7"]
    assert found("opti lo") == found("ptica") == found("") == found("%") == found("\0") == []
    page = _ask(creditor, customer_page, creditor, Asked(text="iba pe"), date(2026, 3, 2))
    assert [row.code for row in page.rows] == ["A1"]
    assert page.found.rows == 1


def test_names_that_begin_with_the_text_come_before_those_that_have_it_within() -> None:
    creditor = make.creditor()
    with transaction.atomic(), scope([creditor.pk]):
        put_strategies(creditor)
        for code, name in (("1", "Alimentos Bodega"), ("2", "Bodega Zoe"), ("3", "Bodega Ana"), ("4", "Zoe")):
            customer = make.customer(
                creditor=creditor, code=code, name=name, folded_name=fold(name), sort_name=sort_key(name)
            )
            for word in {*fold(name).split(), code}:
                CustomerWord.objects.create(creditor=creditor, customer=customer, word=word)

    def found(text: str, most: int = 10) -> list[str]:
        return [match.code for match in _ask(creditor, search_customers, creditor.pk, text, most=most)]

    assert found("bodega") == ["3", "2", "1"]
    assert found("bodega", 2) == ["3", "2"]
    assert found("zoe") == ["4", "2"]
    assert found("bodega z") == ["2"]


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "%%%",
        "é",
        "W10",
        "[1,2]",
        base64.urlsafe_b64encode(json.dumps(["a", 1 << 70, "", True]).encode()),
    ],
)
def test_a_token_that_is_none_means_the_first_page(creditor: Creditor, day: date, token: Any) -> None:
    token = token.decode() if isinstance(token, bytes) else token
    assert place_of(token) is None
    first = _ask(creditor, customer_page, creditor, Asked(), day)
    assert _ask(creditor, customer_page, creditor, Asked(place=token), day).rows == first.rows


def test_a_token_of_another_order_means_the_first_page(creditor: Creditor, day: date) -> None:
    by_name = Place("zzz", 1).token()
    for sort in (Sort.OVERDUE, Sort.AGE):
        first = _ask(creditor, customer_page, creditor, Asked(sort=sort), day)
        assert (
            _ask(creditor, customer_page, creditor, Asked(sort=sort, place=by_name), day).rows == first.rows
        )


def test_every_word_of_the_filter_has_operators_and_known_values(creditor: Creditor) -> None:
    fields = {field.word: field for field in _ask(creditor, filter_fields, creditor)}
    assert "interest" not in fields
    assert [op for op, _ in fields["overdue"].operators] == [">=", "<=", ">", "<", "="]
    assert ("EUR", "EUR") in fields["currency"].choices
    assert ("money_unapplied", "Cobros sin aplicar") in fields["outcome"].choices
    assert {value for value, _ in fields["person_kind"].choices} == {"business", "consumer", "public_body"}


# Open items


def _items(creditor: Creditor, day: date, **asked: Any) -> list[Item]:
    return _walk(lambda place: _ask(creditor, item_page, creditor, ItemsAsked(place=place, **asked), day))


def test_open_items_are_the_engines_open_lines(creditor: Creditor, day: date) -> None:
    lines = _reading(creditor, day).decided.lines.filter(pl.col("open_minor") > 0)
    expected = {row["line_id"]: row for row in lines.to_dicts()}
    for sort in ItemSort:
        for descending in (True, False):
            rows = _items(creditor, day, sort=sort, descending=descending)
            assert len(rows) == len(expected)
            keys = [row.due_date if sort is ItemSort.DUE else row.amount.minor for row in rows]
            assert keys == sorted(keys, reverse=descending)
    for row in rows:
        line = expected[row.line_id]
        assert (row.open.minor, row.effective_due_date, row.days) == (
            line["open_minor"],
            line["effective_due_date"],
            line["days"],
        )
        assert (row.is_overdue, row.disputed.minor, row.covered.minor) == (
            line["overdue"],
            line["disputed_minor"],
            line["covered_minor"],
        )


def test_overdue_and_disputed_items_are_those_the_rules_say(creditor: Creditor, day: date) -> None:
    for on in (day, day - timedelta(days=390), day - timedelta(days=430)):
        reading = _reading(creditor, day)
        balances = {row["line_id"]: row["open_minor"] for row in reading.decided.lines.to_dicts()}
        then = _reading(creditor, on)
        tolerance = creditor.tolerance_minor
        late = {
            row["line_id"]
            for row in then.decided.lines.to_dicts()
            if row["days"] > 0 and balances[row["line_id"]] > tolerance
        }
        issued = set(then.decided.lines["line_id"].to_list())
        found = {row.line_id for row in _items(creditor, on, which=Which.OVERDUE, descending=True)}
        assert found & issued == late
        disputed = set(then.frames.overlays.filter(kind="dispute")["line_id"].to_list())
        listed = {row.line_id for row in _items(creditor, on, which=Which.DISPUTED)}
        assert listed == {line for line in disputed if balances[line] > 0}


def test_items_are_found_by_number_in_any_case_or_by_words_of_the_customer(
    creditor: Creditor, day: date
) -> None:
    with transaction.atomic(), scope([creditor.pk]):
        customer = make.customer(creditor=creditor, name="Peña")
        CustomerWord.objects.create(creditor=creditor, customer=customer, word="pena")
        document = make.document(customer=customer, number="Fra-XZ/77")
        line = make.due_line(customer=customer, document=document)
    for text in ("Fra-XZ/7", "FRA-XZ/77".capitalize(), "peñ"):
        page = _ask(creditor, item_page, creditor, ItemsAsked(text=text), day)
        assert [row.line_id for row in page.rows] == ([] if text == "Fra-xz/77" else [line.pk])
    with transaction.atomic(), scope([creditor.pk]):
        lower = make.document(customer=customer, number="f-9912")
    (match,) = _ask(creditor, search_documents, creditor.pk, "F-991")
    assert (match.document_id, match.customer_id) == (lower.pk, customer.pk)
    assert _ask(creditor, search_documents, creditor.pk, " ") == []


# Money


def test_credits_come_newest_first_and_add_up(creditor: Creditor, day: date) -> None:
    def walk(which: money_in.WhichCredits) -> list[Any]:
        def page(place: str) -> Any:
            asked = money_in.CreditsAsked(which=which, place=place)
            return _ask(creditor, money_in.credit_page, creditor, asked)

        return _walk(page)

    unapplied = walk(money_in.WhichCredits.UNAPPLIED)
    dates = [row.value_on for row in unapplied]
    assert dates == sorted(dates, reverse=True)
    frames = _reading(creditor, day).frames
    assert sum(row.unallocated.minor for row in unapplied) == frames.credits["unallocated_minor"].sum()
    every = [row for which in ("payments", "others") for row in walk(money_in.WhichCredits(which))]
    for row in every:
        parts = (row.allocated, row.refunded, row.reversed, row.unallocated)
        assert sum(part.minor for part in parts) == row.amount.minor
    nobodys = walk(money_in.WhichCredits.UNIDENTIFIED)
    assert {row.credit_id for row in nobodys} == {
        row.credit_id for row in every if row.customer_id is None and row.unallocated.minor
    }
    for which, part in (("reversed", "reversed"), ("refunded", "refunded")):
        listed = {row.credit_id for row in walk(money_in.WhichCredits(which))}
        assert listed == {row.credit_id for row in every if getattr(row, part).minor}


def test_payments_are_known_up_to_the_newest_and_by_source(creditor: Creditor) -> None:
    with transaction.atomic(), scope([creditor.pk]):
        batch = make.batch(creditor=creditor, kind="payments", state="committed", committed_at=make.MORNING)
    fresh = _ask(creditor, money_in.payment_freshness, creditor.pk)
    assert fresh.newest_on is not None
    assert [(each.name, each.batch_id) for each in fresh.sources] == [("", batch.pk)]


# The sheet


def test_the_sheet_says_what_the_engine_says_in_ten_queries(creditor: Creditor, day: date) -> None:
    reading = _reading(creditor, day)
    for row in random.Random(1).sample(reading.decided.decisions.to_dicts(), 8):
        key = row["customer_id"]
        with transaction.atomic(), scope([creditor.pk]), CaptureQueriesContext(connection) as asked:
            found = sheet.customer_sheet(creditor, key, day)
        assert len(asked) <= 10
        assert found is not None
        assert found.decision.outcome == row["outcome"]
        standing = {each.currency: each.figures for each in found.standing}
        mine = reading.decided.rows.filter(customer_id=key).to_dicts()
        assert standing == {each["currency"]: each for each in mine}
        for each in found.standing:
            assert sum(amount.minor for _, amount in each.aging) == each.open.minor
        lines = reading.decided.lines.filter((pl.col("customer_id") == key) & (pl.col("open_minor") > 0))
        assert {each.line_id for each in found.lines} == set(lines["line_id"].to_list())
        dots = {each.currency: len(each.dots) for each in found.rhythm}
        assert dots == {each["currency"]: each["items_settled"] for each in mine}
        left = reading.frames.credits.filter(customer_id=key)["unallocated_minor"].sum()
        assert sum(each.left.minor for each in found.credits) == left


def test_a_customer_of_another_creditor_has_no_sheet(creditor: Creditor, day: date) -> None:
    stranger = make.creditor()
    with transaction.atomic(), scope([stranger.pk]):
        theirs = make.customer(creditor=stranger)
    assert _ask(creditor, sheet.customer_sheet, creditor, theirs.pk, day) is None


def test_the_timeline_tells_everything_once_latest_first(
    creditor: Creditor, day: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timeline, "ENTRIES", 5)
    with transaction.atomic(), scope([creditor.pk]):
        customer = DueLine.objects.order_by("-customer_id")[0].customer_id

    def walk(**more: Any) -> list[timeline.Entry]:
        said = {"titles": {}, "until": day, **more}
        page = _ask(creditor, timeline.timeline, creditor, customer, **said)
        entries = list(page.entries)
        while page.after:
            page = _ask(creditor, timeline.timeline, creditor, customer, **said, place=page.after)
            entries += page.entries
        return entries

    entries = walk()
    assert len({(entry.kind, entry.id) for entry in entries}) == len(entries)
    days = [entry.on for entry in entries]
    assert days == sorted(days, reverse=True)
    tables = {
        "invoice": "ledger_document WHERE customer_id = %s",
        "money": "ledger_credit WHERE customer_id = %s",
        "decision": "cases_decision WHERE customer_id = %s",
        "task": "cases_task WHERE customer_id = %s",
        "reply": "outreach_reply WHERE customer_id = %s",
        "overlay": "ledger_overlay WHERE customer_id = %s",
        "message": "outreach_message WHERE customer_id = %s",
        "reversal": "ledger_reversal WHERE parent_id IS NULL AND customer_id = %s",
    }
    for kind, table in tables.items():
        with transaction.atomic(), scope([creditor.pk]), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}", [customer])
            assert sum(entry.kind == kind for entry in entries) == cursor.fetchone()[0], kind
    sides = {entry.kind: {e.side for e in entries if e.kind == entry.kind} for entry in entries}
    assert sides.get("reply", {"customer"}) == {"customer"}
    assert sides["invoice"] == {"house"}
    assert {entry.kind for entry in walk(topics=("money",))} <= {"invoice", "money", "reversal", "refund"}
    assert walk(topics=()) == []


def test_settled_lines_come_latest_first(creditor: Creditor, day: date) -> None:
    reading = _reading(creditor, day)
    settled = reading.decided.lines.filter(pl.col("open_minor") == 0)
    for key in settled["customer_id"].unique().to_list()[:3]:
        rows = _walk(lambda place, key=key: _ask(creditor, sheet.settled_page, creditor.pk, key, place))
        assert {row.line_id for row in rows} == set(settled.filter(customer_id=key)["line_id"].to_list())
        days = [row.settled_on for row in rows]
        assert days == sorted(days, reverse=True)
