"""Every check, unique key and foreign key of the rooms is attacked; the catalogue says that none is missing.

The attacks are made by the owner with the append-only triggers off, so that nothing but the constraint itself
can refuse; all of it is rolled back.
"""

import psycopg
import pytest
from django.db import transaction
from psycopg import sql

from aldia.records.tenancy.scope import scope
from tests import factories as make
from tests.records.attacks import CHECKS, UNIQUES
from tests.records.world import furnish

pytestmark = pytest.mark.django_db(transaction=True)

_ROOMS = "^(tenancy|audit|intake|parties|ledger|cases|outreach|closing)_"

_CHECKS = """
SELECT conname FROM pg_constraint
WHERE contype = 'c' AND conrelid::regclass::text ~ %s
"""

_UNIQUES = """
SELECT indexrelid::regclass::text FROM pg_index
WHERE indisunique AND NOT indisprimary AND indrelid::regclass::text ~ %s
  AND NOT EXISTS (SELECT FROM pg_attribute
                  WHERE attrelid = indrelid AND attname = 'id' AND attnum = ANY (indkey))
"""

_FOREIGN_KEYS = """
SELECT k.conname, k.conrelid::regclass::text, k.confrelid::regclass::text, here.attname
FROM pg_constraint k
CROSS JOIN LATERAL unnest(k.conkey, k.confkey) AS pair (l, r)
JOIN pg_attribute here ON here.attrelid = k.conrelid AND here.attnum = pair.l
JOIN pg_attribute there ON there.attrelid = k.confrelid AND there.attnum = pair.r
WHERE k.contype = 'f' AND there.attname = 'id' AND here.attname <> 'creditor_id'
  AND k.conrelid::regclass::text ~ %s AND k.confrelid::regclass::text ~ %s
ORDER BY 1
"""


@pytest.fixture
def attacker(owner_connection):
    """The owner's connection, both creditors furnished and in scope, user triggers off."""
    creditors = [make.creditor(), make.creditor()]
    for creditor in creditors:
        with transaction.atomic(), scope([creditor.pk]):
            furnish(creditor)
    owner_connection.execute(
        "SELECT set_config('aldia.creditor', %s, false)", [f"{creditors[0].pk},{creditors[1].pk}"]
    )
    owner_connection.ours, owner_connection.theirs = (creditor.pk for creditor in creditors)
    tables = owner_connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename ~ %s", [_ROOMS]
    )
    for (table,) in tables.fetchall():
        owner_connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table)))
    return owner_connection


def _refusal(attacker, statement):
    """The name of the constraint that refuses the statement, None if nothing does."""
    try:
        with attacker.transaction(force_rollback=True):
            attacker.execute(statement)
            attacker.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except psycopg.errors.IntegrityError as refused:
        return refused.diag.constraint_name
    return None


def _names(attacker, question):
    return {name for (name,) in attacker.execute(question, [_ROOMS]).fetchall()}


def test_every_check_refuses_what_it_says(attacker):
    assert _names(attacker, _CHECKS) == set(CHECKS)
    assert {name: _refusal(attacker, f"UPDATE {attack}") for name, attack in CHECKS.items()} == {
        name: name for name in CHECKS
    }


def test_every_unique_key_refuses_a_copy(attacker):
    assert _names(attacker, _UNIQUES) == set(UNIQUES)
    assert {name: _refusal(attacker, _copy(attacker, row)) for name, row in UNIQUES.items()} == {
        name: name for name in UNIQUES
    }


def _copy(attacker, row):
    """The statement that inserts the row again under a fresh primary key."""
    table = row.split()[0]
    key = {"ledger_item_balance": "due_line_id", "ledger_credit_balance": "credit_id"}.get(table, "id")
    written = "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
    written += " AND NOT attisdropped AND attgenerated = ''"
    columns = [name for (name,) in attacker.execute(written, [table]).fetchall()]
    values = [f"-{name}" if name == key else name for name in columns]
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {row}"


def test_no_foreign_key_crosses_creditors(attacker):
    keys = attacker.execute(_FOREIGN_KEYS, [_ROOMS, _ROOMS]).fetchall()
    tenant = [key for key in keys if key[2] not in {"tenancy_creditor", "tenancy_user"}]
    assert len(tenant) > 40
    assert {name: _crossing(attacker, *rest) for name, *rest in tenant} == {
        name: "ForeignKeyViolation" for name, *_ in tenant
    }


def _crossing(attacker, table, target, column):
    """What happens when our rows name the row of the other creditor."""
    mine = "id" if table == "tenancy_creditor" else "creditor_id"
    where = f"{mine} = {attacker.ours} AND {column} IS NOT NULL"
    filled = attacker.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()
    assert filled[0], f"{table}.{column} is empty"
    other = f"(SELECT min(id) FROM {target} WHERE creditor_id = {attacker.theirs})"
    try:
        with attacker.transaction(force_rollback=True):
            attacker.execute(f"UPDATE {table} SET {column} = {other} WHERE {where}")
            attacker.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except psycopg.errors.IntegrityError as refused:
        return type(refused).__name__
    return "accepted"
