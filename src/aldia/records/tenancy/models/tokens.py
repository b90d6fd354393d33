"""Keys with which programs come in through the API."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, Q
from django.db.models.functions import Now

from aldia.records.tenancy.models.creditor import Creditor
from aldia.records.tenancy.models.people import User


class ApiToken(models.Model):
    """A token of one creditor; only its digest is kept. Read before a scope is set, so without row security.

    digest: SHA-256 of the token, 64 hexadecimal digits. prefix: its first letters, to tell tokens apart.
    scopes: `customers:read`, `payments:write` …
    """

    creditor = models.ForeignKey(Creditor, models.PROTECT, related_name="api_tokens")
    name = models.CharField()
    prefix = models.CharField(max_length=16)
    digest = models.CharField(max_length=64, unique=True, db_collation="C")
    scopes = ArrayField(models.CharField())
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "tenancy_api_token"
        constraints = [
            CheckConstraint(name="api_token_digest_is_sha256", condition=Q(digest__regex="^[0-9a-f]{64}$")),
            CheckConstraint(name="api_token_has_a_name", condition=~Q(name="")),
        ]
