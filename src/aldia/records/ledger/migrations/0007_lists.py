"""What the lists of open items and of money need: the due date beside the kept balance, and indexes."""

from django.db import migrations, models
from django.db.models import Q

from aldia.records.schema.operations import RunStatements, Together

_FUNCTION = """
CREATE OR REPLACE FUNCTION ledger_due_line_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp
    SET plan_cache_mode = force_generic_plan
    SET enable_nestloop = off
    SET enable_seqscan = off
AS $kept$
BEGIN
    INSERT INTO ledger_item_balance (due_line_id, creditor_id, customer_id, currency, source_key,
        original_minor, allocated_minor, reversed_minor, open_minor, settled_on, {column} last_effective_on)
    SELECT id, creditor_id, customer_id, currency, source_key, amount_minor, 0, 0, amount_minor, NULL,
        {column} effective_on
    FROM inserted;
    RETURN NULL;
END
$kept$
"""

_EVERY_CREDITOR = """
SELECT set_config('aldia.creditor', coalesce((SELECT string_agg(id::text, ',') FROM tenancy_creditor), ''), true)
"""

_FILL = """
UPDATE ledger_item_balance b SET due_date = l.due_date
FROM ledger_due_line l WHERE l.creditor_id = b.creditor_id AND l.id = b.due_line_id
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0006_kept_balances"), ("tenancy", "0001_initial")]

    operations = [
        migrations.AddField("itembalance", "due_date", models.DateField(null=True)),
        RunStatements(
            "Keep the due date beside the balance",
            [
                _FUNCTION.format(column="due_date,"),
                _EVERY_CREDITOR,
                _FILL,
                "SELECT set_config('aldia.creditor', '', true)",
            ],
            [_FUNCTION.format(column="")],
        ),
        migrations.AlterField("itembalance", "due_date", models.DateField()),
        Together(
            [
                migrations.AddIndex(
                    "itembalance",
                    models.Index(
                        fields=["creditor", "due_date", "due_line"],
                        condition=Q(settled_on__isnull=True),
                        name="item_balance_open_by_due_date",
                    ),
                ),
                migrations.AddIndex(
                    "itembalance",
                    models.Index(
                        fields=["creditor", "original_minor", "due_line"],
                        condition=Q(settled_on__isnull=True),
                        name="item_balance_open_by_amount",
                    ),
                ),
                migrations.AddIndex(
                    "creditbalance",
                    models.Index(
                        fields=["creditor", "credit"],
                        condition=Q(unallocated_minor__gt=0),
                        name="credit_balance_on_account",
                    ),
                ),
                migrations.AddIndex(
                    "credit",
                    models.Index(fields=["creditor", "effective_on", "id"], name="credit_by_value_date"),
                ),
            ]
        ),
    ]
