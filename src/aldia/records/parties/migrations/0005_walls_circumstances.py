"""Circumstances, consents, area holds and local holidays are walled by creditor; what was said stays said."""

from django.db import migrations

from aldia.records.schema.operations import CompositeForeignKey, RunStatements, TenantTable

_ENDS_ONCE = """
CREATE FUNCTION parties_ends_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'ends_once: row % of % stays', OLD.id, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL
       OR (to_jsonb(NEW) - ARRAY['ended_on', 'ended_by', 'ended_at', 'end_note'])
          <> (to_jsonb(OLD) - ARRAY['ended_on', 'ended_by', 'ended_at', 'end_note'])
    THEN
        RAISE EXCEPTION 'ends_once: row % of % may only be ended, once', OLD.id, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$
"""

_ENDING = ("parties_circumstance", "parties_area_hold")


class Migration(migrations.Migration):
    dependencies = [("parties", "0004_circumstances")]

    operations = [
        TenantTable("parties_circumstance", creditor_key=False),
        TenantTable("parties_consent", append_only=True, creditor_key=False),
        TenantTable("parties_area_hold"),
        TenantTable("parties_local_holiday"),
        *(
            CompositeForeignKey(
                table, ("creditor_id", "customer_id"), "parties_customer", ("creditor_id", "id")
            )
            for table in ("parties_circumstance", "parties_consent")
        ),
        RunStatements(
            "Circumstances and area holds are ended once and otherwise stay as they are",
            [
                _ENDS_ONCE,
                *(
                    f"CREATE TRIGGER ends_once BEFORE UPDATE OR DELETE ON {table}"
                    " FOR EACH ROW EXECUTE FUNCTION parties_ends_once()"
                    for table in _ENDING
                ),
            ],
            [
                *(f"DROP TRIGGER ends_once ON {table}" for table in _ENDING),
                "DROP FUNCTION parties_ends_once()",
            ],
        ),
    ]
