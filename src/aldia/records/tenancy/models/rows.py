"""What every row of a creditor begins with."""

from django.db import models

from aldia.records.tenancy.models.creditor import Creditor


class TenantRow(models.Model):
    """A row that belongs to one creditor: seen and written only within its scope (`TenantTable`)."""

    id = models.BigAutoField(primary_key=True)
    creditor = models.ForeignKey(
        Creditor, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )

    class Meta:
        abstract = True
