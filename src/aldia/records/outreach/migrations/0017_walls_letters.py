"""Letters and what became of them are walled; a letter only goes forward, a batch is posted once."""

from django.db import migrations

from aldia.records.schema.operations import CompositeForeignKey, RunStatements, TenantTable

_LETTER_MOVES = """
CREATE FUNCTION outreach_letter_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'letter_moves: letter % stays', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.dispatch_id, NEW.customer_id, NEW.attempt, NEW.channel, NEW.pages, NEW.sha256, NEW.taken_at)
       IS DISTINCT FROM
       (OLD.dispatch_id, OLD.customer_id, OLD.attempt, OLD.channel, OLD.pages, OLD.sha256, OLD.taken_at)
    THEN
        RAISE EXCEPTION 'letter_moves: what letter % says stays', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state AND OLD.state || ' ' || NEW.state <> ALL (ARRAY[
        'tray printed', 'tray withdrawn', 'printed tray', 'printed posted', 'printed withdrawn'])
       AND NOT (OLD.channel = 'certified' AND OLD.state = 'tray' AND NEW.state = 'posted')
    THEN
        RAISE EXCEPTION 'letter_moves: letter % cannot go from % to %', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state IN ('posted', 'withdrawn') AND NEW IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'letter_moves: letter % is %, which stays', OLD.id, OLD.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$
"""

_BATCH_STAYS = """
CREATE FUNCTION outreach_print_batch_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'print_batch_stays: batch % stays', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.number, NEW.made_by, NEW.made_at) IS DISTINCT FROM (OLD.number, OLD.made_by, OLD.made_at)
       OR OLD.posted_on IS NOT NULL AND NEW.posted_on IS DISTINCT FROM OLD.posted_on
    THEN
        RAISE EXCEPTION 'print_batch_stays: batch % stays as it was made and posted', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("outreach", "0016_letters")]

    operations = [
        TenantTable("outreach_print_batch"),
        TenantTable("outreach_letter", creditor_key=False),
        TenantTable("outreach_certified_event", append_only=True, creditor_key=False),
        TenantTable("outreach_certificate", append_only=True, creditor_key=False),
        CompositeForeignKey(
            "outreach_letter",
            ("creditor_id", "dispatch_id", "customer_id"),
            "outreach_dispatch",
            ("creditor_id", "id", "customer_id"),
        ),
        CompositeForeignKey(
            "outreach_letter", ("creditor_id", "batch_id"), "outreach_print_batch", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "outreach_certified_event",
            ("creditor_id", "letter_id", "customer_id"),
            "outreach_letter",
            ("creditor_id", "id", "customer_id"),
        ),
        CompositeForeignKey(
            "outreach_certificate",
            ("creditor_id", "letter_id", "customer_id"),
            "outreach_letter",
            ("creditor_id", "id", "customer_id"),
        ),
        RunStatements(
            "A letter only goes forward; a batch is posted once; a certificate is no bigger than ten megabytes",
            [
                _LETTER_MOVES,
                "CREATE TRIGGER letter_moves BEFORE UPDATE OR DELETE ON outreach_letter"
                " FOR EACH ROW EXECUTE FUNCTION outreach_letter_moves()",
                _BATCH_STAYS,
                "CREATE TRIGGER print_batch_stays BEFORE UPDATE OR DELETE ON outreach_print_batch"
                " FOR EACH ROW EXECUTE FUNCTION outreach_print_batch_stays()",
                "ALTER TABLE outreach_certificate ADD CONSTRAINT certificate_is_at_most_ten_megabytes"
                " CHECK (octet_length(content) BETWEEN 1 AND 10485760)",
            ],
            [
                "ALTER TABLE outreach_certificate DROP CONSTRAINT certificate_is_at_most_ten_megabytes",
                "DROP TRIGGER print_batch_stays ON outreach_print_batch",
                "DROP FUNCTION outreach_print_batch_stays()",
                "DROP TRIGGER letter_moves ON outreach_letter",
                "DROP FUNCTION outreach_letter_moves()",
            ],
        ),
    ]
