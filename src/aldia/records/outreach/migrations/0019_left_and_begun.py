"""What every message does on its way is written in one step, whose plans the database keeps.

Both functions run as whoever calls them, within the session's scope.
"""

from django.db import migrations

from aldia.records.schema.operations import RunStatements

# What came back was not sent: its words are written anew at the next attempt, so none are sworn to.
_LOGGED = """
CREATE FUNCTION outreach_log_dispatch(
    whose bigint, which bigint, what text, happened timestamptz, who text, told text
) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    entries integer;
BEGIN
    INSERT INTO outreach_contact_entry
        (creditor_id, customer_id, at, kind, channel, address, subject, actor, payload)
    SELECT d.creditor_id, d.customer_id, happened, what, d.channel, d.recipient, 'dispatch:' || d.id, who,
           jsonb_strip_nulls(jsonb_build_object(
               'key', d.key, 'attempt', d.attempts,
               'begun_at', to_char(d.begun_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
               'message_id', d.message_id, 'provider_id', nullif(d.provider_id, ''),
               'recipient_name', nullif(d.recipient_name, ''), 'said', nullif(told, ''),
               'title', CASE WHEN d.state <> 'returned' THEN nullif(d.subject, '') END,
               'text_sha256', CASE WHEN d.state <> 'returned' AND d.text <> ''
                   THEN encode(sha256(convert_to(d.text, 'UTF8')), 'hex') END,
               'html_sha256', CASE WHEN d.state <> 'returned' AND d.html <> ''
                   THEN encode(sha256(convert_to(d.html, 'UTF8')), 'hex') END,
               'attachments', CASE WHEN d.state <> 'returned' THEN (
                   SELECT jsonb_agg(jsonb_build_object('name', a.name, 'content_type', a.content_type,
                                                       'sha256', a.sha256) ORDER BY a.name)
                   FROM outreach_dispatch_attachment a
                   WHERE a.creditor_id = whose AND a.dispatch_id = which AND a.attempt = d.attempts) END,
               'messages', (
                   SELECT jsonb_agg(jsonb_build_object('id', m.id, 'kind', m.kind, 'step', m.step,
                       'template', m.template, 'tone', m.tone, 'approved_by', m.approved_by) ORDER BY m.id)
                   FROM outreach_message m WHERE m.creditor_id = whose AND m.dispatch_id = which)))
    FROM outreach_dispatch d WHERE d.creditor_id = whose AND d.id = which;
    GET DIAGNOSTICS entries = ROW_COUNT;
    RETURN entries;
END
$$
"""

# The stop is read in the same step that begins: after the button is pressed, no further message begins.
_LEFT_AND_BEGUN = """
CREATE FUNCTION outreach_left_and_begun(
    whose bigint, by_worker integer, moment timestamptz, zone text, who text,
    done bigint, provider text, told text, following bigint,
    OUT begun boolean
) LANGUAGE plpgsql AS $$
BEGIN
    begun := false;
    IF done IS NOT NULL THEN
        UPDATE outreach_dispatch SET state = 'sent', finished_at = moment, error = '', provider_id = provider
            WHERE creditor_id = whose AND id = done AND state = 'claimed' AND worker = by_worker;
        IF FOUND THEN
            UPDATE outreach_message m SET state = 'sent', reason = '', sent_at = d.begun_at,
                   sent_on = (d.begun_at AT TIME ZONE zone)::date
                FROM outreach_dispatch d
                WHERE m.creditor_id = whose AND m.dispatch_id = done AND m.state = 'sending'
                  AND d.creditor_id = whose AND d.id = done;
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
    dependencies = [("outreach", "0018_mail_providers")]

    operations = [
        RunStatements(
            "A dispatch is told in its customer's contact log; one is settled as the next begins",
            [_LOGGED, _LEFT_AND_BEGUN],
            [
                "DROP FUNCTION outreach_left_and_begun(bigint, integer, timestamptz, text, text, bigint, text,"
                " text, bigint)",
                "DROP FUNCTION outreach_log_dispatch(bigint, bigint, text, timestamptz, text, text)",
            ],
        ),
    ]
