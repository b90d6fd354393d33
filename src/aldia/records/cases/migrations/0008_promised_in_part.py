"""What has been paid of a promise is no longer promised; nor is one whose days are over."""

from django.db import migrations

from aldia.records.schema.operations import RunStatements

_HEAD = """
CREATE OR REPLACE FUNCTION cases_promised_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    left_minor bigint;
    promised_minor bigint;
BEGIN
    SELECT b.open_minor INTO left_minor FROM ledger_item_balance b
    WHERE b.creditor_id = NEW.creditor_id AND b.due_line_id = NEW.due_line_id
    FOR UPDATE;
"""

_TAIL = """
    IF promised_minor > coalesce(left_minor, 0) THEN
        RAISE EXCEPTION 'promised_once: % of line % is promised, % is open', promised_minor, NEW.due_line_id,
            left_minor USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$$
"""

_BEFORE = """
    SELECT coalesce(sum(l.amount_minor), 0) INTO promised_minor
    FROM cases_promise_line l
    WHERE l.creditor_id = NEW.creditor_id AND l.due_line_id = NEW.due_line_id
      AND NOT EXISTS (SELECT FROM cases_promise_outcome o
                      WHERE o.creditor_id = l.creditor_id AND o.promise_id = l.promise_id);
"""

# No more than what the rule reckons (docs/rules/promises.md), so that nothing is refused that it allows: each
# promise less the money that has come since it was made, and all of them less the money since the first.
_AFTER = """
    WITH promised AS (
        SELECT l.amount_minor, p.known_allocation_id AS known FROM cases_promise_line l
        JOIN cases_promise p ON p.creditor_id = l.creditor_id AND p.id = l.promise_id
        JOIN cases_promise n ON n.creditor_id = l.creditor_id AND n.id = NEW.promise_id
        WHERE l.creditor_id = NEW.creditor_id AND l.due_line_id = NEW.due_line_id
          AND p.promised_on + p.grace_days >= n.made_on
          AND NOT EXISTS (SELECT FROM cases_promise_outcome o
                          WHERE o.creditor_id = l.creditor_id AND o.promise_id = l.promise_id)
    ), money AS (
        SELECT a.id, a.amount_minor - coalesce(
            (SELECT sum(r.amount_minor) FROM ledger_reversal r
             WHERE r.creditor_id = a.creditor_id AND r.allocation_id = a.id), 0) AS minor
        FROM ledger_allocation a
        JOIN ledger_credit c ON c.creditor_id = a.creditor_id AND c.id = a.credit_id
        WHERE a.creditor_id = NEW.creditor_id AND a.due_line_id = NEW.due_line_id
          AND c.kind IN ('payment', 'set_off', 'exchange', 'withholding')
    )
    SELECT greatest(
        sum(greatest(0, p.amount_minor - (SELECT coalesce(sum(m.minor), 0) FROM money m WHERE m.id > p.known))),
        sum(p.amount_minor) - (SELECT coalesce(sum(m.minor), 0) FROM money m
                               WHERE m.id > (SELECT min(known) FROM promised)))
    INTO promised_minor FROM promised p;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_withdrawn_notes"), ("ledger", "0010_overlay_authors")]

    operations = [
        RunStatements(
            "What is paid of a promise is not promised any more",
            [_HEAD + _AFTER + _TAIL],
            [_HEAD + _BEFORE + _TAIL],
        )
    ]
