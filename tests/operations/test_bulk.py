"""Frames go into tables as they are, by either road, and nothing of them is read as anything but data."""

from datetime import UTC, date, datetime

import polars as pl
import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aldia.operations import bulk
from aldia.operations.bulk import NulInText, insert_frame, insert_rows, next_ids, update_frame, with_ids
from aldia.records.tenancy.scope import scope
from tests.laws.books import make_creditor

pytestmark = pytest.mark.django_db

_TEXTS = st.text(
    st.one_of(
        st.sampled_from("\"'\\,;\n\r\t.NÑñ%{}() 🙂"), st.characters(exclude_characters="\0", codec="utf-8")
    ),
    max_size=12,
) | st.sampled_from(["\\.", "\\.\n", "\n\\.\n", "", "NULL", "\\N", '"', '""', " ", "\ufeff", "%s", "{}"])


@pytest.fixture
def creditor_id():
    creditor = make_creditor()
    with scope([creditor.pk]):
        yield creditor.pk


@pytest.fixture(params=[0, 10**9], ids=["by_copy", "by_values"])
def road(request, monkeypatch):
    """Which way the rows travel, whatever their number."""
    monkeypatch.setattr(bulk, "FEW_ROWS_MAX", request.param)


def _customers(creditor_id, columns="code, name"):
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM parties_customer WHERE creditor_id = %s ORDER BY id", [creditor_id]
        )
        return cursor.fetchall()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(texts=st.lists(_TEXTS, min_size=1, max_size=8), tags=st.lists(_TEXTS, max_size=3))
def test_any_text_comes_back_as_it_went_in(creditor_id, road, texts, tags):
    with transaction.atomic():
        frame = pl.DataFrame(
            {
                "code": [f"K{i}" for i in range(len(texts))],
                "name": texts,
                "tags": [tags] * len(texts),
            },
            schema={"code": pl.String, "name": pl.String, "tags": pl.List(pl.String)},
        )
        assert insert_frame("parties_customer", creditor_id, frame, order_by=["code"]) == len(texts)
        found = _customers(creditor_id, "name, tags")
        assert found == [(text, tags) for text in texts]
        transaction.set_rollback(True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(text=_TEXTS | st.none())
def test_a_table_of_one_column_of_text_keeps_null_empty_and_end_of_data_apart(creditor_id, road, text):
    """The staging table has only the frame's columns: one here, so a line of input may be anything."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE scrap (creditor_id bigint, word text) ON COMMIT DROP")
        frame = pl.DataFrame({"word": [text, "after", text]}, schema={"word": pl.String})
        assert insert_frame("scrap", creditor_id, frame) == 3
        cursor.execute("SELECT word FROM scrap")
        assert sorted(cursor.fetchall(), key=str) == sorted([(text,), ("after",), (text,)], key=str)
        transaction.set_rollback(True)


def test_every_type_comes_back_as_it_went_in(creditor_id, road):
    at = datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC)
    frame = pl.DataFrame(
        {
            "code": ["a", "b"],
            "name": ["x", ""],
            "minor": [True, False],
            "contract_rate_bp": [1015, None],
            "insolvent_on": [date(2026, 1, 31), None],
            "recorded_at": [at, at],
        },
        schema_overrides={"recorded_at": pl.Datetime("us", "UTC")},
    )
    insert_frame("parties_customer", creditor_id, frame, order_by=["code"])
    assert _customers(creditor_id, ", ".join(frame.columns)) == [
        ("a", "x", True, 1015, date(2026, 1, 31), at),
        ("b", "", False, None, None, at),
    ]


def test_json_travels_as_text(creditor_id, road):
    frame = pl.DataFrame(
        {
            "sequence": [1],
            "actor": ["a"],
            "verb": ["v"],
            "digest": ["d"],
            "payload": ['{"words": "«ñ» \\"x\\" \\n", "n": [1, null]}'],
        }
    )
    insert_frame("audit_entry", creditor_id, frame)
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload->>'words', payload->'n'->>0 FROM audit_entry")
        assert cursor.fetchall() == [('«ñ» "x" \n', "1")]


def test_a_text_that_is_too_long_is_refused_and_not_cut(creditor_id, road):
    frame = pl.DataFrame({"code": ["a"], "name": ["x"], "country": ["ESP"]})
    with pytest.raises(DatabaseError) as refusal:
        insert_frame("parties_customer", creditor_id, frame)
    assert isinstance(refusal.value.__cause__, psycopg.errors.StringDataRightTruncation)


@pytest.mark.parametrize("column", ["name", "tags"])
def test_nul_is_refused_by_name(creditor_id, column):
    frame = pl.DataFrame({"code": ["a"], "name": ["b"], "tags": [["c"]]})
    bad = {"name": pl.lit("x\0y"), "tags": pl.lit(pl.Series([["x\0y"]]))}[column]
    with pytest.raises(NulInText) as refusal:
        insert_frame("parties_customer", creditor_id, frame.with_columns(bad.alias(column)))
    assert refusal.value.facts == {"column": column}


def test_rows_that_exist_are_left_out_and_not_counted(creditor_id, road):
    insert_frame("parties_customer", creditor_id, pl.DataFrame({"code": ["a"], "name": ["first"]}))
    again = pl.DataFrame({"code": ["a", "b"], "name": ["second", "new"]})
    assert insert_frame("parties_customer", creditor_id, again, unless_exists=True) == 1
    assert _customers(creditor_id) == [("a", "first"), ("b", "new")]


def test_rows_go_in_in_the_order_asked_for(creditor_id, road):
    frame = pl.DataFrame({"code": ["b", "c", "a"], "name": ["2", "3", "1"]})
    insert_frame("parties_customer", creditor_id, frame, order_by=["code"])
    assert [code for code, _ in _customers(creditor_id)] == ["a", "b", "c"]


def test_column_names_are_names_and_never_code(creditor_id, road):
    frame = pl.DataFrame({'code"); DROP TABLE parties_customer; --': ["a"]})
    with pytest.raises((DatabaseError, KeyError)):
        insert_frame("parties_customer", creditor_id, frame)


def test_two_inserts_of_many_rows_in_one_transaction_do_not_meet(creditor_id, road):
    for code in ("a", "b"):
        insert_frame("parties_customer", creditor_id, pl.DataFrame({"code": [code], "name": ["x"]}))
    assert len(_customers(creditor_id)) == 2


def test_an_empty_frame_is_no_work(creditor_id):
    assert insert_frame("parties_customer", creditor_id, pl.DataFrame({"code": []})) == 0
    assert update_frame("parties_customer", creditor_id, "id", pl.DataFrame({"id": [], "name": []})) == 0
    assert next_ids("parties_customer", 0).to_list() == []


def test_another_creditors_scope_refuses_the_rows(creditor_id, road):
    other = make_creditor().pk
    with pytest.raises(DatabaseError, match="row-level security"):
        insert_frame("parties_customer", other, pl.DataFrame({"code": ["a"], "name": ["x"]}))


def test_update_sets_the_columns_of_the_rows_with_the_key_and_no_others(creditor_id, road):
    frame = with_ids("parties_customer", pl.DataFrame({"code": ["a", "b", "c"], "name": ["1", "2", "3"]}))
    insert_frame("parties_customer", creditor_id, frame)
    changed = pl.DataFrame({"id": [frame["id"][0], frame["id"][2], -1], "name": ["un'o", "", "nobody"]})
    assert update_frame("parties_customer", creditor_id, "id", changed) == 2
    assert _customers(creditor_id) == [("a", "un'o"), ("b", "2"), ("c", "")]


def test_ids_are_ascending_and_never_given_twice():
    first, second = next_ids("ledger_credit", 1000), next_ids("ledger_credit", 1000)
    ids = [*first, *second]
    assert ids == sorted(set(ids))
    assert first.dtype == pl.Int64


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(texts=st.lists(_TEXTS, min_size=1, max_size=8))
def test_rows_of_their_own_come_back_as_they_went_in_and_in_their_order(creditor_id, texts):
    rows = [{"code": f"K{i}", "name": text} for i, text in enumerate(texts)]
    with transaction.atomic():
        told = insert_rows("parties_customer", creditor_id, rows, returning=("code", "name"))
        assert told == [(f"K{i}", text) for i, text in enumerate(texts)]
        assert _customers(creditor_id, "code, name") == told
        transaction.set_rollback(True)


def test_rows_of_their_own_may_carry_days_moments_and_nothing(creditor_id):
    moment = datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE scrap (creditor_id bigint, day date, at timestamptz, minor bigint)"
            " ON COMMIT DROP"
        )
        rows: list[dict[str, object]] = [
            {"day": date(2024, 2, 29), "at": moment, "minor": 2**53 + 1},
            {"day": None, "at": None, "minor": None},
        ]
        assert insert_rows("scrap", creditor_id, rows) == []
        cursor.execute("SELECT day, at, minor FROM scrap ORDER BY minor")
        assert cursor.fetchall() == [(date(2024, 2, 29), moment, 2**53 + 1), (None, None, None)]


def test_no_rows_are_no_statement(creditor_id, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert insert_rows("parties_customer", creditor_id, [], returning=("id",)) == []


def test_rows_of_another_creditor_are_refused(creditor_id):
    other = make_creditor().pk
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        insert_rows("parties_customer", other, [{"code": "K", "name": "Ana"}])
