"""What the catalogue says of the walls: and that the questions would find a hole."""

import pytest
from django.db import connection

from aldia.records.schema import inspection
from aldia.records.schema.untenanted import UNTENANTED, is_untenanted

pytestmark = pytest.mark.django_db


def _ask(question, *rest):
    with connection.cursor() as cursor:
        return question(cursor, *rest)


def _me():
    return _ask(lambda cursor: inspection._rows(cursor, "SELECT current_user"))[0][0]


def test_every_table_of_a_creditor_has_a_forced_policy():
    assert _ask(inspection.tables_without_policy) == []
    assert _ask(inspection.policies_not_forced) == []


def test_every_foreign_key_between_creditors_rows_names_the_creditor():
    assert _ask(inspection.foreign_keys_not_composite) == []


def test_the_application_owns_nothing_and_bypasses_nothing():
    assert _ask(inspection.roles_that_bypass, [_me()]) == []
    assert _ask(inspection.tables_owned_by, _me()) == []


def test_what_is_listed_as_untenanted_is_so_for_a_reason():
    assert all(len(reason) > 15 for reason in UNTENANTED.values())
    assert is_untenanted("procrastinate_jobs")
    assert not is_untenanted("ledger_credit")


@pytest.mark.django_db(transaction=True)
def test_holes_are_found(owner_connection):
    owner = owner_connection
    role = owner.execute("SELECT current_user").fetchone()[0]
    owner.execute("CREATE TABLE hole (creditor_id bigint, customer_id bigint REFERENCES parties_customer)")
    owner.execute("ALTER TABLE parties_customer NO FORCE ROW LEVEL SECURITY")
    cursor = owner.cursor()
    assert inspection.tables_without_policy(cursor) == ["hole"]
    assert inspection.policies_not_forced(cursor) == ["parties_customer"]
    assert inspection.foreign_keys_not_composite(cursor) == ["hole_customer_id_fkey: hole → parties_customer"]
    assert "hole" in inspection.tables_owned_by(cursor, role)
    assert "hole" in inspection.tables_truncatable_by(cursor, role)
    owner.rollback()
