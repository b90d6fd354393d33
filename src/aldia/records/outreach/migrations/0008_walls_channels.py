"""Accounts, attachments and news of channels are walled; what was sent stays as sent, news only go forward."""

from django.db import migrations

from aldia.records.schema.operations import CompositeForeignKey, RunStatements, TenantTable

_STAYS = """
CREATE FUNCTION outreach_dispatch_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    way CONSTANT text[] := ARRAY['', 'queued', 'delivered', 'read', 'failed', 'bounced', 'complained'];
BEGIN
    IF OLD.state IN ('sent', 'unknown', 'failed')
       AND (NEW.recipient, NEW.recipient_name, NEW.subject, NEW.text, NEW.html, NEW.channel)
           IS DISTINCT FROM
           (OLD.recipient, OLD.recipient_name, OLD.subject, OLD.text, OLD.html, OLD.channel)
    THEN
        RAISE EXCEPTION 'dispatch_stays: the words of dispatch % stay as they were sent', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF array_position(way, NEW.delivery) < array_position(way, OLD.delivery) THEN
        RAISE EXCEPTION 'dispatch_stays: delivery of dispatch % does not go back from % to %',
            OLD.id, OLD.delivery, NEW.delivery USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("outreach", "0007_channels")]

    operations = [
        TenantTable("outreach_channel_account"),
        TenantTable("outreach_provider_event"),
        TenantTable("outreach_delivery_event", append_only=True, creditor_key=False),
        TenantTable("outreach_dispatch_attachment", append_only=True, creditor_key=False),
        CompositeForeignKey(
            "outreach_delivery_event",
            ("creditor_id", "dispatch_id", "customer_id"),
            "outreach_dispatch",
            ("creditor_id", "id", "customer_id"),
        ),
        CompositeForeignKey(
            "outreach_delivery_event",
            ("creditor_id", "event_id"),
            "outreach_provider_event",
            ("creditor_id", "id"),
        ),
        CompositeForeignKey(
            "outreach_dispatch_attachment",
            ("creditor_id", "dispatch_id", "customer_id"),
            "outreach_dispatch",
            ("creditor_id", "id", "customer_id"),
        ),
        RunStatements(
            "What was sent stays as sent; news of it only go forward",
            [
                _STAYS,
                "CREATE TRIGGER dispatch_stays BEFORE UPDATE ON outreach_dispatch"
                " FOR EACH ROW EXECUTE FUNCTION outreach_dispatch_stays()",
            ],
            [
                "DROP TRIGGER dispatch_stays ON outreach_dispatch",
                "DROP FUNCTION outreach_dispatch_stays()",
            ],
        ),
    ]
