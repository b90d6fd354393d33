"""What is done for every message that leaves, in fewer steps; it means the same as before.

Rows of the outbox are written three times on their way, so their pages keep room for it, and the words, which
stay as they are, lie beside them.
"""

from django.db import migrations

from aldia.records.schema.operations import RunStatements

# One look at the dispatch instead of three.
_MESSAGE_MOVES = """
CREATE OR REPLACE FUNCTION outreach_message_moves() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    carried record;
    awaited text;
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
    IF NEW.state IN ('sending', 'sent', 'unknown') OR OLD.state = 'unknown' THEN
        SELECT d.state, d.resolved_at IS NOT NULL AS resolved INTO carried FROM outreach_dispatch d
            WHERE d.creditor_id = NEW.creditor_id AND d.id = NEW.dispatch_id;
        awaited := CASE NEW.state WHEN 'sending' THEN 'claimed' ELSE NEW.state END;
        IF carried.state IS DISTINCT FROM awaited OR OLD.state = 'unknown' AND NOT carried.resolved THEN
            RAISE EXCEPTION 'message_moves: message % is % by no dispatch', OLD.id, NEW.state
                USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    RETURN NEW;
END
$$
"""

# The text that is hashed is `rules/contact_chain.py`'s. A chain begins with its first entry; who loses the
# race for it finds the other's end and waits for it.
_CHAINED = """
CREATE OR REPLACE FUNCTION outreach_contact_chained() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    ending outreach_contact_head;
    begins boolean;
BEGIN
    LOOP
        SELECT * INTO ending FROM outreach_contact_head
            WHERE creditor_id = NEW.creditor_id AND customer_id = NEW.customer_id FOR UPDATE;
        begins := NOT FOUND;
        NEW.seq := coalesce(ending.seq, 0) + 1;
        NEW.prev_hash := coalesce(ending.entry_hash, '');
        NEW.entry_hash := encode(sha256(convert_to(NEW.prev_hash || encode(sha256(convert_to(
            jsonb_build_object(
                'creditor', NEW.creditor_id, 'customer', NEW.customer_id, 'seq', NEW.seq,
                'at', to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                'recorded_at', to_char(NEW.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                'kind', NEW.kind, 'channel', NEW.channel, 'address', NEW.address, 'subject', NEW.subject,
                'actor', NEW.actor, 'payload', NEW.payload
            )::text, 'UTF8')), 'hex'), 'UTF8')), 'hex');
        IF NOT begins THEN
            UPDATE outreach_contact_head SET seq = NEW.seq, entry_hash = NEW.entry_hash WHERE id = ending.id;
            RETURN NEW;
        END IF;
        INSERT INTO outreach_contact_head (creditor_id, customer_id, seq, entry_hash)
            VALUES (NEW.creditor_id, NEW.customer_id, NEW.seq, NEW.entry_hash)
            ON CONFLICT (creditor_id, customer_id) DO NOTHING;
        IF FOUND THEN
            RETURN NEW;
        END IF;
    END LOOP;
END
$$
"""

# The stop is read in the same step that begins: after the button is pressed, no further message begins.
_LEFT_AND_BEGUN = """
CREATE OR REPLACE FUNCTION outreach_left_and_begun(
    whose bigint, by_worker integer, moment timestamptz, zone text, who text,
    done bigint, provider text, told text, following bigint,
    OUT begun boolean
) LANGUAGE plpgsql AS $$
DECLARE
    left_at timestamptz;
BEGIN
    begun := false;
    IF done IS NOT NULL THEN
        UPDATE outreach_dispatch SET state = 'sent', finished_at = moment, error = '', provider_id = provider
            WHERE creditor_id = whose AND id = done AND state = 'claimed' AND worker = by_worker
            RETURNING begun_at INTO left_at;
        IF FOUND THEN
            UPDATE outreach_message SET state = 'sent', reason = '', sent_at = left_at,
                   sent_on = (left_at AT TIME ZONE zone)::date
                WHERE creditor_id = whose AND dispatch_id = done AND state = 'sending';
            PERFORM outreach_log_dispatch(whose, done, 'sent', moment, who, told);
        END IF;
    END IF;
    IF following IS NOT NULL THEN
        UPDATE outreach_dispatch SET begun_at = moment
            WHERE creditor_id = whose AND id = following AND state = 'claimed' AND worker = by_worker
              AND NOT EXISTS (
                  SELECT FROM tenancy_creditor WHERE id = whose AND sending_stopped_at IS NOT NULL)
              AND NOT EXISTS (SELECT FROM tenancy_house WHERE sending_locked_at IS NOT NULL);
        begun := FOUND;
    END IF;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("outreach", "0020_recipient_in_small_letters")]

    operations = [
        RunStatements(
            "A message moves, a chain grows and a dispatch is settled in fewer steps",
            [_MESSAGE_MOVES, _CHAINED, _LEFT_AND_BEGUN],
            [],
        ),
        RunStatements(
            "Room on the pages of what is written again and again",
            [
                "ALTER TABLE outreach_dispatch SET (fillfactor = 70, toast_tuple_target = 256)",
                "ALTER TABLE outreach_contact_head SET (fillfactor = 80)",
            ],
            [
                "ALTER TABLE outreach_dispatch RESET (fillfactor, toast_tuple_target)",
                "ALTER TABLE outreach_contact_head RESET (fillfactor)",
            ],
        ),
    ]
