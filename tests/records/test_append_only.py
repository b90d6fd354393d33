"""What happened stays: rows are inserted, never changed or removed."""

import psycopg
import pytest
from django.apps import apps
from django.db import connection, transaction

from aldia.records.ledger.models import LedgerRow
from aldia.records.tenancy.scope import scope
from tests import factories as make
from tests.records.refusals import refused
from tests.records.world import furnish

ONLY_GROWS = sorted(
    {model._meta.db_table for model in apps.get_models() if issubclass(model, LedgerRow)}
    | {
        "audit_entry",
        "cases_call",
        "cases_case_event",
        "cases_case_note",
        "cases_decision",
        "cases_kind_judgement",
        "cases_plan_b",
        "cases_promise",
        "cases_promise_line",
        "cases_promise_outcome",
        "cases_strategy_version",
        "ledger_document_copy",
        "outreach_contact_anchor",
        "outreach_contact_entry",
        "outreach_certificate",
        "outreach_certified_event",
        "outreach_dispatch_line",
        "outreach_delivery_event",
        "outreach_dispatch_attachment",
        "outreach_mailbox_mail",
        "outreach_message_line",
        "outreach_reply",
        "parties_consent",
        "outreach_text_version",
    }
)


@pytest.mark.django_db
@pytest.mark.parametrize("table", ONLY_GROWS)
def test_rows_are_neither_changed_nor_removed(ours, table):
    furnish(ours)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone()[0] >= 1
        for statement in (f"UPDATE {table} SET creditor_id = creditor_id", f"DELETE FROM {table}"):
            with refused("append_only:"):
                cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_the_owner_is_refused_too(owner_connection):
    creditor = make.creditor()
    with transaction.atomic(), scope([creditor.pk]):
        make.credit(customer=make.customer(creditor=creditor))
    owner_connection.execute("SELECT set_config('aldia.creditor', %s, false)", [str(creditor.pk)])
    with pytest.raises(psycopg.errors.RestrictViolation, match="append_only:"):
        owner_connection.execute("UPDATE ledger_credit SET amount_minor = 1")


@pytest.mark.django_db
def test_an_upsert_is_refused(ours):
    money = make.credit(customer=make.customer(creditor=ours))
    with refused("append_only:"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_credit SELECT * FROM ledger_credit WHERE id = %s"
            " ON CONFLICT (id) DO UPDATE SET amount_minor = 1",
            [money.pk],
        )
