"""What comes in is walled; its words stay as they came, and a person looks at it once."""

from django.db import migrations

from aldia.records.schema.operations import CompositeForeignKey, RunStatements, TenantTable

_STAYS = """
CREATE FUNCTION outreach_inbound_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'inbound_stays: message % stays', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.event_id, NEW.channel, NEW.sender, NEW.sender_name, NEW.subject, NEW.text, NEW.quoted,
        NEW.automatic, NEW.attachments, NEW.received_at, NEW.written_at, NEW.suggestion)
       IS DISTINCT FROM
       (OLD.event_id, OLD.channel, OLD.sender, OLD.sender_name, OLD.subject, OLD.text, OLD.quoted,
        OLD.automatic, OLD.attachments, OLD.received_at, OLD.written_at, OLD.suggestion)
    THEN
        RAISE EXCEPTION 'inbound_stays: the words of message % stay as they came', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state <> 'new' THEN
        RAISE EXCEPTION 'inbound_stays: message % has been looked at', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("outreach", "0014_inbound")]

    operations = [
        TenantTable("outreach_inbox_account"),
        TenantTable("outreach_inbound_message"),
        TenantTable("outreach_opt_out", append_only=True),
        CompositeForeignKey(
            "outreach_inbound_message",
            ("creditor_id", "event_id"),
            "outreach_provider_event",
            ("creditor_id", "id"),
        ),
        CompositeForeignKey(
            "outreach_inbound_message",
            ("creditor_id", "customer_id"),
            "parties_customer",
            ("creditor_id", "id"),
        ),
        CompositeForeignKey(
            "outreach_inbound_message",
            ("creditor_id", "dispatch_id", "customer_id"),
            "outreach_dispatch",
            ("creditor_id", "id", "customer_id"),
        ),
        CompositeForeignKey(
            "outreach_inbound_message",
            ("creditor_id", "reply_id", "customer_id"),
            "outreach_reply",
            ("creditor_id", "id", "customer_id"),
        ),
        CompositeForeignKey(
            "outreach_opt_out", ("creditor_id", "customer_id"), "parties_customer", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "outreach_opt_out",
            ("creditor_id", "event_id"),
            "outreach_provider_event",
            ("creditor_id", "id"),
        ),
        RunStatements(
            "What came in stays as it came, and is looked at once",
            [
                _STAYS,
                "CREATE TRIGGER inbound_stays BEFORE UPDATE OR DELETE ON outreach_inbound_message"
                " FOR EACH ROW EXECUTE FUNCTION outreach_inbound_stays()",
            ],
            [
                "DROP TRIGGER inbound_stays ON outreach_inbound_message",
                "DROP FUNCTION outreach_inbound_stays()",
            ],
        ),
    ]
