"""A call does a task of its own customer, and is found by it."""

from django.db import migrations, models

from aldia.records.schema.operations import CompositeForeignKey


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0008_promised_in_part"),
        ("parties", "0009_for_life"),
        ("tenancy", "0014_large_account_owner"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="task",
            constraint=models.UniqueConstraint(
                fields=("creditor", "id", "customer"), name="task_creditor_id_id_customer"
            ),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=models.Q(("task__isnull", False)), fields=["creditor", "task"], name="call_by_task"
            ),
        ),
        CompositeForeignKey(
            "cases_call",
            ("creditor_id", "task_id", "customer_id"),
            "cases_task",
            ("creditor_id", "id", "customer_id"),
        ),
    ]
