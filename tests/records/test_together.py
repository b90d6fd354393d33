"""Operations done together leave what they leave one by one, and go back the other way round."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection, migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from aldia.records.schema.operations import Together


def _shop() -> Operation:
    fields: list[Any] = [("id", models.BigAutoField(primary_key=True)), ("name", models.CharField())]
    return migrations.CreateModel(name="Shop", fields=fields)


def _sale() -> Operation:
    to_shop: Any = models.ForeignKey("together.Shop", on_delete=models.CASCADE)
    return migrations.CreateModel(
        name="Sale", fields=[("id", models.BigAutoField(primary_key=True)), ("shop", to_shop)]
    )


def _amounts() -> list[Operation]:
    return [
        migrations.AddField("sale", "minor", models.BigIntegerField(default=0, db_default=0)),
        migrations.AddField("sale", "paid", models.BigIntegerField(default=0, db_default=0)),
    ]


def _rules() -> list[Operation]:
    not_less = models.CheckConstraint(condition=models.Q(minor__gte=0), name="together_not_less_than_nothing")
    not_more = models.CheckConstraint(
        condition=models.Q(paid__lte=models.F("minor")), name="together_not_more_than_all"
    )
    return [
        migrations.AddConstraint("sale", not_less),
        migrations.AddConstraint("sale", not_more),
        migrations.AddIndex("sale", models.Index(fields=["shop", "minor"], name="together_by_shop")),
    ]


ONE_BY_ONE = [_shop(), _sale(), *_amounts(), *_rules()]
TOGETHER = [Together([_shop(), _sale()]), Together(_amounts()), Together(_rules())]


def _state(operations: Sequence[Operation], *, drawn: bool) -> ProjectState:
    state = ProjectState()
    if drawn:
        assert state.apps
    for each in operations:
        each.state_forwards("together", state)
    return state


@pytest.mark.parametrize("drawn", [False, True], ids=["not drawn", "drawn"])
def test_the_models_are_those_of_one_operation_after_the_other(drawn):
    one_by_one, together = _state(ONE_BY_ONE, drawn=drawn), _state(TOGETHER, drawn=drawn)
    assert together == one_by_one
    shop, sale = (together.apps.get_model("together", name) for name in ("Shop", "Sale"))
    assert sale._meta.get_field("shop").remote_field.model is shop
    assert {"minor", "paid"} < {field.name for field in sale._meta.get_fields()}


_CATALOGUE = """
SELECT 'column', a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a
WHERE a.attrelid = to_regclass('together_sale') AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL SELECT 'constraint', conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = to_regclass('together_sale') AND contype = 'c'
UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes
WHERE tablename = 'together_sale' AND indexname LIKE 'together_by%' ORDER BY 1, 2
"""


def _after(operations: Sequence[Operation], owner: Any) -> tuple[list[Any], list[Any]]:
    """The table after all of them forwards, and after the last of them backwards."""
    state = ProjectState()
    catalogue = []
    with connection.schema_editor(collect_sql=True) as editor:
        for each in operations:
            before = state.clone()
            each.state_forwards("together", state)
            each.database_forwards("together", editor, before, state)
        forwards = "\n".join(editor.collected_sql)
    last_state = ProjectState()
    for each in operations[:-1]:
        each.state_forwards("together", last_state)
    with connection.schema_editor(collect_sql=True) as editor:
        operations[-1].database_backwards("together", editor, state, last_state)
        backwards = "\n".join(editor.collected_sql)
    for statements in (forwards, backwards):
        owner.execute(statements)
        catalogue.append(owner.execute(_CATALOGUE).fetchall())
    owner.rollback()
    return catalogue[0], catalogue[1]


@pytest.mark.django_db(transaction=True)
def test_the_tables_are_those_of_one_operation_after_the_other(owner_connection):
    there, _less_one = _after(ONE_BY_ONE, owner_connection)
    together, without_rules = _after(TOGETHER, owner_connection)
    assert together == there
    assert len(there) == 4 + 2 + 1
    assert [row for row in there if row[0] == "column"] == without_rules


def test_it_says_what_each_of_them_does():
    assert Together(_amounts()).describe() == "; ".join(each.describe() for each in _amounts())
