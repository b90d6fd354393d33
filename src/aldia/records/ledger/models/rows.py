"""What every row of the ledger carries."""

from django.db import models
from django.db.models.functions import Now

from aldia.records.tenancy.models import TenantRow


class LedgerRow(TenantRow):
    """A row that is only ever inserted. effective_on: business date, "as of D" reads it ≤ D; recorded_at:
    the instant it was typed in."""

    effective_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True
