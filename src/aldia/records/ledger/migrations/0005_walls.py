"""The ledger is walled by creditor and only grows; keys hold creditor, payer and currency together."""

from django.db import migrations

from aldia.records.schema.operations import CompositeForeignKey, TenantTable


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_balances"), ("parties", "0002_walls")]

    operations = [
        TenantTable("ledger_document", append_only=True, creditor_key=False),
        TenantTable("ledger_tax_line", append_only=True, creditor_key=False),
        TenantTable("ledger_acceptance", append_only=True, creditor_key=False),
        TenantTable("ledger_due_line", append_only=True, creditor_key=False),
        TenantTable("ledger_credit", append_only=True),
        TenantTable("ledger_allocation", append_only=True, creditor_key=False),
        TenantTable("ledger_refund", append_only=True, creditor_key=False),
        TenantTable("ledger_reversal", append_only=True),
        TenantTable("ledger_overlay", append_only=True, creditor_key=False),
        TenantTable("ledger_overlay_end", append_only=True, creditor_key=False),
        TenantTable("ledger_item_balance", creditor_key=False),
        TenantTable("ledger_credit_balance", creditor_key=False),
        CompositeForeignKey(
            "ledger_document", ("creditor_id", "customer_id"), "parties_customer", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "ledger_document",
            ("creditor_id", "beneficiary_id", "customer_id"),
            "parties_beneficiary",
            ("creditor_id", "id", "customer_id"),
        ),
        CompositeForeignKey(
            "ledger_document",
            ("creditor_id", "adjusts_id", "currency"),
            "ledger_document",
            ("creditor_id", "id", "currency"),
        ),
        CompositeForeignKey(
            "ledger_document", ("creditor_id", "batch_id"), "intake_import_batch", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "ledger_tax_line", ("creditor_id", "document_id"), "ledger_document", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "ledger_acceptance", ("creditor_id", "document_id"), "ledger_document", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "ledger_acceptance", ("creditor_id", "customer_id"), "parties_customer", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "ledger_due_line",
            ("creditor_id", "document_id", "currency"),
            "ledger_document",
            ("creditor_id", "id", "currency"),
        ),
        CompositeForeignKey(
            "ledger_due_line", ("creditor_id", "customer_id"), "parties_customer", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "ledger_due_line", ("creditor_id", "batch_id"), "intake_import_batch", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "ledger_credit", ("creditor_id", "customer_id"), "parties_customer", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "ledger_credit",
            ("creditor_id", "adjusts_id", "currency"),
            "ledger_document",
            ("creditor_id", "id", "currency"),
        ),
        CompositeForeignKey(
            "ledger_credit", ("creditor_id", "batch_id"), "intake_import_batch", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "ledger_allocation",
            ("creditor_id", "due_line_id", "customer_id", "currency"),
            "ledger_due_line",
            ("creditor_id", "id", "customer_id", "currency"),
        ),
        CompositeForeignKey(
            "ledger_allocation",
            ("creditor_id", "credit_id", "currency"),
            "ledger_credit",
            ("creditor_id", "id", "currency"),
        ),
        CompositeForeignKey(
            "ledger_refund",
            ("creditor_id", "credit_id", "currency"),
            "ledger_credit",
            ("creditor_id", "id", "currency"),
        ),
        CompositeForeignKey(
            "ledger_reversal",
            ("creditor_id", "credit_id", "currency"),
            "ledger_credit",
            ("creditor_id", "id", "currency"),
        ),
        CompositeForeignKey(
            "ledger_reversal",
            ("creditor_id", "due_line_id", "customer_id", "currency"),
            "ledger_due_line",
            ("creditor_id", "id", "customer_id", "currency"),
        ),
        CompositeForeignKey(
            "ledger_reversal",
            ("creditor_id", "allocation_id", "customer_id", "currency"),
            "ledger_allocation",
            ("creditor_id", "id", "customer_id", "currency"),
        ),
        CompositeForeignKey(
            "ledger_reversal",
            ("creditor_id", "refund_id", "currency"),
            "ledger_refund",
            ("creditor_id", "id", "currency"),
        ),
        CompositeForeignKey(
            "ledger_reversal", ("creditor_id", "customer_id"), "parties_customer", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "ledger_reversal",
            ("creditor_id", "parent_id"),
            "ledger_reversal",
            ("creditor_id", "id"),
            deferrable=True,
        ),
        CompositeForeignKey(
            "ledger_reversal", ("creditor_id", "batch_id"), "intake_import_batch", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "ledger_overlay", ("creditor_id", "customer_id"), "parties_customer", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "ledger_overlay", ("creditor_id", "due_line_id"), "ledger_due_line", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "ledger_overlay", ("creditor_id", "batch_id"), "intake_import_batch", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "ledger_overlay_end", ("creditor_id", "overlay_id"), "ledger_overlay", ("creditor_id", "id")
        ),
    ]
