"""Dispatches, texts, accounts and the mailbox are walled by creditor; states move by their table alone."""

from django.db import migrations

from aldia.records.schema.operations import CompositeForeignKey, RunStatements, TenantTable

_MESSAGE_MOVES = """
CREATE FUNCTION outreach_message_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.once_key, NEW.bundle, NEW.customer_id) IS DISTINCT FROM (OLD.once_key, OLD.bundle, OLD.customer_id)
    THEN
        RAISE EXCEPTION 'message_moves: key, bundle and customer of message % stay', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = OLD.state THEN
        RETURN NEW;
    END IF;
    IF OLD.state || ' ' || NEW.state <> ALL (ARRAY[
        'planned waiting_approval', 'planned approved', 'planned sending', 'planned cancelled',
        'planned skipped', 'planned failed',
        'waiting_approval planned', 'waiting_approval approved', 'waiting_approval cancelled',
        'waiting_approval skipped',
        'approved waiting_approval', 'approved sending', 'approved cancelled', 'approved skipped',
        'approved failed',
        'sending planned', 'sending approved', 'sending sent', 'sending failed', 'sending unknown',
        'unknown sent', 'unknown failed'])
    THEN
        RAISE EXCEPTION 'message_moves: message % cannot go from % to %', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT (CASE
        WHEN NEW.state = 'sending' THEN EXISTS (SELECT FROM outreach_dispatch d
            WHERE d.creditor_id = NEW.creditor_id AND d.id = NEW.dispatch_id AND d.state = 'claimed')
        WHEN OLD.state = 'unknown' THEN EXISTS (SELECT FROM outreach_dispatch d
            WHERE d.creditor_id = NEW.creditor_id AND d.id = NEW.dispatch_id AND d.state = NEW.state
              AND d.resolved_at IS NOT NULL)
        WHEN NEW.state IN ('sent', 'unknown') THEN EXISTS (SELECT FROM outreach_dispatch d
            WHERE d.creditor_id = NEW.creditor_id AND d.id = NEW.dispatch_id AND d.state = NEW.state)
        ELSE true END)
    THEN
        RAISE EXCEPTION 'message_moves: message % is % by no dispatch', OLD.id, NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$
"""

_DISPATCH_MOVES = """
CREATE FUNCTION outreach_dispatch_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'dispatch_moves: dispatch % stays', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.key, NEW.unit, NEW.customer_id, NEW.message_id)
       IS DISTINCT FROM (OLD.key, OLD.unit, OLD.customer_id, OLD.message_id)
    THEN
        RAISE EXCEPTION 'dispatch_moves: key, unit, customer and message id of dispatch % stay', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state AND OLD.state || ' ' || NEW.state <> ALL (ARRAY[
        'claimed sent', 'claimed failed', 'claimed unknown', 'claimed returned', 'returned claimed',
        'unknown sent', 'unknown failed'])
    THEN
        RAISE EXCEPTION 'dispatch_moves: dispatch % cannot go from % to %', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state = 'unknown' AND NEW.state <> OLD.state AND NEW.resolved_at IS NULL THEN
        RAISE EXCEPTION 'dispatch_moves: only a person settles the doubt of dispatch %', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("outreach", "0003_sending"), ("tenancy", "0004_walls")]

    operations = [
        TenantTable("outreach_dispatch", creditor_key=False),
        TenantTable("outreach_dispatch_line", append_only=True, creditor_key=False),
        TenantTable("outreach_draft"),
        TenantTable("outreach_text"),
        TenantTable("outreach_mail_account"),
        TenantTable("outreach_mailbox_mail", append_only=True),
        CompositeForeignKey(
            "outreach_dispatch", ("creditor_id", "customer_id"), "parties_customer", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "outreach_message",
            ("creditor_id", "dispatch_id", "customer_id"),
            "outreach_dispatch",
            ("creditor_id", "id", "customer_id"),
        ),
        CompositeForeignKey(
            "outreach_dispatch_line",
            ("creditor_id", "dispatch_id", "customer_id"),
            "outreach_dispatch",
            ("creditor_id", "id", "customer_id"),
        ),
        CompositeForeignKey(
            "outreach_dispatch_line",
            ("creditor_id", "due_line_id", "customer_id", "currency"),
            "ledger_due_line",
            ("creditor_id", "id", "customer_id", "currency"),
        ),
        RunStatements(
            "States of messages and dispatches move by their table alone",
            [
                _MESSAGE_MOVES,
                "CREATE TRIGGER message_moves BEFORE UPDATE ON outreach_message"
                " FOR EACH ROW EXECUTE FUNCTION outreach_message_moves()",
                _DISPATCH_MOVES,
                "CREATE TRIGGER dispatch_moves BEFORE UPDATE OR DELETE ON outreach_dispatch"
                " FOR EACH ROW EXECUTE FUNCTION outreach_dispatch_moves()",
                "CREATE SEQUENCE outreach_worker AS integer CYCLE",
            ],
            [
                "DROP SEQUENCE outreach_worker",
                "DROP TRIGGER dispatch_moves ON outreach_dispatch",
                "DROP FUNCTION outreach_dispatch_moves()",
                "DROP TRIGGER message_moves ON outreach_message",
                "DROP FUNCTION outreach_message_moves()",
            ],
        ),
    ]
