"""Reviews are walled by creditor; a message names a promise of its own customer."""

from django.db import migrations

from aldia.records.schema.operations import CompositeForeignKey, TenantTable


class Migration(migrations.Migration):
    dependencies = [("outreach", "0022_promises_quality"), ("cases", "0005_walls_cases")]

    operations = [
        TenantTable("outreach_quality_review", append_only=True, creditor_key=False),
        CompositeForeignKey(
            "outreach_message",
            ("creditor_id", "promise_id", "customer_id"),
            "cases_promise",
            ("creditor_id", "id", "customer_id"),
        ),
        CompositeForeignKey(
            "outreach_quality_review",
            ("creditor_id", "call_id", "customer_id"),
            "cases_call",
            ("creditor_id", "id", "customer_id"),
        ),
        CompositeForeignKey(
            "outreach_quality_review",
            ("creditor_id", "message_id", "customer_id"),
            "outreach_message",
            ("creditor_id", "id", "customer_id"),
        ),
        CompositeForeignKey(
            "outreach_quality_review",
            ("creditor_id", "member_id"),
            "tenancy_membership",
            ("creditor_id", "id"),
        ),
        CompositeForeignKey(
            "outreach_quality_review",
            ("creditor_id", "reviewer_id"),
            "tenancy_membership",
            ("creditor_id", "id"),
        ),
    ]
