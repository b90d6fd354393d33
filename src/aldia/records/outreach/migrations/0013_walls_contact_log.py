"""The contact log is walled and only grows; the database itself makes its chain, one writer per customer.

The functions run as the owner within the session's scope: row security is forced on the owner too. Lock
order: ends of chains by customer, then the audit chain.
"""

from django.db import migrations

from aldia.records.schema.operations import CompositeForeignKey, RunStatements, TenantTable, TriggerKeptTable

# The text that is hashed is `rules/contact_chain.py`'s: jsonb writes it the same way, which a test compares.
_CHAINED = """
CREATE FUNCTION outreach_contact_chained() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    ending outreach_contact_head;
BEGIN
    SELECT * INTO ending FROM outreach_contact_head
        WHERE creditor_id = NEW.creditor_id AND customer_id = NEW.customer_id FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO outreach_contact_head (creditor_id, customer_id, seq, entry_hash)
            VALUES (NEW.creditor_id, NEW.customer_id, 0, '') ON CONFLICT (creditor_id, customer_id) DO NOTHING;
        SELECT * INTO STRICT ending FROM outreach_contact_head
            WHERE creditor_id = NEW.creditor_id AND customer_id = NEW.customer_id FOR UPDATE;
    END IF;
    NEW.seq := ending.seq + 1;
    NEW.prev_hash := ending.entry_hash;
    NEW.entry_hash := encode(sha256(convert_to(NEW.prev_hash || encode(sha256(convert_to(jsonb_build_object(
        'creditor', NEW.creditor_id, 'customer', NEW.customer_id, 'seq', NEW.seq,
        'at', to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'recorded_at', to_char(NEW.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'kind', NEW.kind, 'channel', NEW.channel, 'address', NEW.address, 'subject', NEW.subject,
        'actor', NEW.actor, 'payload', NEW.payload)::text, 'UTF8')), 'hex'), 'UTF8')), 'hex');
    UPDATE outreach_contact_head SET seq = NEW.seq, entry_hash = NEW.entry_hash WHERE id = ending.id;
    RETURN NEW;
END
$$
"""

_ANCHORED = """
CREATE FUNCTION outreach_contact_anchored() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
BEGIN
    UPDATE outreach_contact_head h SET anchored_seq = greatest(h.anchored_seq, i.seq)
        FROM inserted i WHERE h.creditor_id = i.creditor_id AND h.customer_id = i.customer_id;
    RETURN NULL;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("outreach", "0012_contact_log")]

    operations = [
        TenantTable("outreach_contact_entry", append_only=True, creditor_key=False),
        TenantTable("outreach_contact_head", creditor_key=False),
        TenantTable("outreach_contact_anchor", append_only=True, creditor_key=False),
        TenantTable("outreach_alert", creditor_key=False),
        TenantTable("outreach_alert_choice", creditor_key=False),
        TenantTable("outreach_alert_digest", creditor_key=False),
        CompositeForeignKey(
            "outreach_contact_entry",
            ("creditor_id", "customer_id"),
            "parties_customer",
            ("creditor_id", "id"),
        ),
        CompositeForeignKey(
            "outreach_contact_head", ("creditor_id", "customer_id"), "parties_customer", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "outreach_contact_anchor",
            ("creditor_id", "customer_id", "seq"),
            "outreach_contact_entry",
            ("creditor_id", "customer_id", "seq"),
        ),
        CompositeForeignKey(
            "outreach_contact_anchor", ("creditor_id", "run_id"), "cases_daily_run", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "outreach_alert", ("creditor_id", "member_id"), "tenancy_membership", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "outreach_alert", ("creditor_id", "customer_id"), "parties_customer", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "outreach_alert_choice", ("creditor_id", "member_id"), "tenancy_membership", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "outreach_alert_digest", ("creditor_id", "member_id"), "tenancy_membership", ("creditor_id", "id")
        ),
        RunStatements(
            "Each entry gets its place and hash from the one before; one writer per customer at a time",
            [
                _CHAINED,
                "CREATE TRIGGER chained BEFORE INSERT ON outreach_contact_entry"
                " FOR EACH ROW EXECUTE FUNCTION outreach_contact_chained()",
                _ANCHORED,
                "CREATE TRIGGER anchored AFTER INSERT ON outreach_contact_anchor REFERENCING NEW TABLE AS inserted"
                " FOR EACH STATEMENT EXECUTE FUNCTION outreach_contact_anchored()",
            ],
            [
                "DROP TRIGGER anchored ON outreach_contact_anchor",
                "DROP FUNCTION outreach_contact_anchored()",
                "DROP TRIGGER chained ON outreach_contact_entry",
                "DROP FUNCTION outreach_contact_chained()",
            ],
        ),
        TriggerKeptTable("outreach_contact_head"),
    ]
