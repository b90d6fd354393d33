"""Lists that people keep under a name."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.db.models.functions import Now

from aldia.records.schema.fields import TenantForeignKey
from aldia.records.tenancy.models.people import Membership
from aldia.records.tenancy.models.rows import TenantRow


class SavedView(TenantRow):
    """A list as somebody likes to see it. page: which list. state: its query (filter, columns, order).

    owner: whose it is; null for everybody of the creditor.
    """

    page = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    state = models.JSONField()
    owner = TenantForeignKey(Membership, null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "tenancy_saved_view"
        constraints = [
            UniqueConstraint(
                fields=["creditor", "page", "owner", "name"],
                name="saved_view_name_is_unique",
                nulls_distinct=False,
            ),
            CheckConstraint(name="saved_view_has_a_name", condition=~Q(name="")),
        ]
