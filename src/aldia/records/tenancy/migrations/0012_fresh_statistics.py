"""The app may have the planner look again at tables that have grown out of what it knows of them."""

from django.db import migrations

from aldia.records.schema.operations import RunStatements

# Runs as the owner, for none but the owner may look; it can be told nothing but to look. What another session
# is looking at is left to it.
_FRESH_STATISTICS = """
CREATE FUNCTION schema_fresh_statistics(changes_min integer)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    grown regclass;
    looked integer := 0;
BEGIN
    FOR grown IN
        SELECT c.oid FROM pg_class c
        WHERE c.relkind = 'r' AND c.relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)
          AND c.relnamespace = 'public'::regnamespace
          AND pg_stat_get_mod_since_analyze(c.oid) > changes_min + greatest(c.reltuples, 0)
    LOOP
        EXECUTE format('ANALYZE (SKIP_LOCKED) %s', grown);
        looked := looked + 1;
    END LOOP;
    RETURN looked;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0011_copies_files")]

    operations = [
        RunStatements(
            "Statistics of tables that have doubled are taken anew",
            [_FRESH_STATISTICS],
            ["DROP FUNCTION schema_fresh_statistics(integer)"],
        ),
    ]
