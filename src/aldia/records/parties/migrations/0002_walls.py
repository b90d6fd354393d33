"""Parties are walled by creditor; keys keep minors from being recipients."""

from django.db import migrations

from aldia.records.schema.operations import CompositeForeignKey, TenantTable


class Migration(migrations.Migration):
    dependencies = [("parties", "0001_initial"), ("intake", "0002_walls")]

    operations = [
        TenantTable("parties_customer_group"),
        TenantTable("parties_customer"),
        TenantTable("parties_customer_word", creditor_key=False),
        TenantTable("parties_beneficiary", creditor_key=False),
        TenantTable("parties_contact", creditor_key=False),
        TenantTable("parties_contact_point", creditor_key=False),
        CompositeForeignKey(
            "parties_customer", ("creditor_id", "owner_id"), "tenancy_membership", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "parties_customer", ("creditor_id", "group_id"), "parties_customer_group", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "parties_customer", ("creditor_id", "batch_id"), "intake_import_batch", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "parties_customer_word", ("creditor_id", "customer_id"), "parties_customer", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "parties_beneficiary", ("creditor_id", "customer_id"), "parties_customer", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "parties_contact",
            ("creditor_id", "customer_id", "customer_minor"),
            "parties_customer",
            ("creditor_id", "id", "minor"),
            on_update="CASCADE",
        ),
        CompositeForeignKey(
            "parties_contact_point",
            ("creditor_id", "contact_id", "customer_id", "reachable_contact"),
            "parties_contact",
            ("creditor_id", "id", "customer_id", "is_recipient"),
        ),
    ]
