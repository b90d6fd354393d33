"""Taken forms are walled by creditor; the cache that all processes share."""

from django.db import migrations

from aldia.records.schema.operations import RunStatements, TenantTable

_CACHE = """
CREATE TABLE django_cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
)
"""


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0005_taken_forms")]

    operations = [
        TenantTable("tenancy_taken_form"),
        RunStatements(
            "The cache",
            [_CACHE, "CREATE INDEX django_cache_expires ON django_cache (expires)"],
            ["DROP TABLE django_cache"],
        ),
    ]
