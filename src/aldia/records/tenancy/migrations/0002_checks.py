"""Ageing edges ascend: a check that needs a function."""

from django.db import migrations

from aldia.records.schema.operations import RunStatements

_STRICTLY_ASCENDING = """
CREATE FUNCTION schema_strictly_ascending(edges integer[]) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN cardinality(edges) > 0 AND array_position(edges, NULL) IS NULL
        AND edges = ARRAY(SELECT DISTINCT edge FROM unnest(edges) AS edge ORDER BY edge)
"""


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0001_initial")]

    operations = [
        RunStatements(
            "Check that ageing edges ascend",
            [
                _STRICTLY_ASCENDING,
                "ALTER TABLE tenancy_creditor ADD CONSTRAINT creditor_aging_edges_ascend"
                " CHECK (schema_strictly_ascending(aging_edges))",
            ],
            [
                "ALTER TABLE tenancy_creditor DROP CONSTRAINT creditor_aging_edges_ascend",
                "DROP FUNCTION schema_strictly_ascending(integer[])",
            ],
        ),
    ]
