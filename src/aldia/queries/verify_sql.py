"""The questions of `verify`. Each answers with offenders only, the first `%(shown)s` of them."""

# Credits and lines that once got money back: of all others less and less is left, so their totals say it all.
BELOW_ZERO = """
WITH again AS (
    SELECT DISTINCT side.kind, side.id
    FROM ledger_reversal r JOIN ledger_allocation a ON a.id = r.allocation_id
    CROSS JOIN LATERAL (VALUES ('credit', a.credit_id), ('line', a.due_line_id)) side (kind, id)
    WHERE r.creditor_id = %(creditor)s
    UNION SELECT 'credit', f.credit_id
    FROM ledger_reversal r JOIN ledger_refund f ON f.id = r.refund_id WHERE r.creditor_id = %(creditor)s
),
moves AS (
    SELECT g.kind, g.id, c.effective_on AS day, c.amount_minor AS minor
    FROM again g JOIN ledger_credit c ON g.kind = 'credit' AND c.id = g.id
    UNION ALL SELECT g.kind, g.id, l.effective_on, l.amount_minor
    FROM again g JOIN ledger_due_line l ON g.kind = 'line' AND l.id = g.id
    UNION ALL SELECT g.kind, g.id, a.effective_on, -a.amount_minor
    FROM again g JOIN ledger_allocation a
    ON g.kind = 'credit' AND a.creditor_id = %(creditor)s AND a.credit_id = g.id
    UNION ALL SELECT g.kind, g.id, a.effective_on, -a.amount_minor
    FROM again g JOIN ledger_allocation a
    ON g.kind = 'line' AND a.creditor_id = %(creditor)s AND a.due_line_id = g.id
    UNION ALL SELECT g.kind, g.id, f.effective_on, -f.amount_minor
    FROM again g JOIN ledger_refund f
    ON g.kind = 'credit' AND f.creditor_id = %(creditor)s AND f.credit_id = g.id
    UNION ALL SELECT CASE WHEN r.credit_id IS NULL THEN 'line' ELSE 'credit' END,
                     coalesce(r.credit_id, r.due_line_id), r.effective_on, -r.amount_minor
    FROM ledger_reversal r
    WHERE r.creditor_id = %(creditor)s AND (r.credit_id IS NOT NULL OR r.due_line_id IS NOT NULL)
    UNION ALL SELECT side.kind, side.id, r.effective_on, r.amount_minor
    FROM ledger_reversal r JOIN ledger_allocation a ON a.id = r.allocation_id
    CROSS JOIN LATERAL (VALUES ('credit', a.credit_id), ('line', a.due_line_id)) side (kind, id)
    WHERE r.creditor_id = %(creditor)s
    UNION ALL SELECT 'credit', f.credit_id, r.effective_on, r.amount_minor
    FROM ledger_reversal r JOIN ledger_refund f ON f.id = r.refund_id
    WHERE r.creditor_id = %(creditor)s
),
days AS (
    SELECT kind, id, day, sum(sum(minor)) OVER (PARTITION BY kind, id ORDER BY day) AS left_minor
    FROM moves GROUP BY kind, id, day
)
SELECT DISTINCT ON (kind, id) kind, id, day, left_minor::bigint
FROM days WHERE left_minor < 0 AND (kind, id) IN (SELECT kind, id FROM again)
ORDER BY kind, id, day LIMIT %(shown)s
"""

# One pass over all rows about lines: what they add up to, beside what is kept. `who` is zero if payer,
# currency, source key, due date and amount agree. Differences and lines below zero are answered.
ITEMS_DIFFER = """
SELECT id, jsonb_build_array(sum(k_allocated), sum(k_reversed), sum(k_open), max(k_last_on)),
       jsonb_build_array(sum(allocated), sum(reversed), sum(amount - allocated - reversed), max(last_on)),
       sum(amount - allocated - reversed)::bigint, max(last_on),
       (coalesce(sum(k_allocated), -1), coalesce(sum(k_reversed), -1), coalesce(sum(k_open), -1),
        max(k_last_on), bit_xor(who))
       IS DISTINCT FROM
       (sum(allocated), sum(reversed), sum(amount - allocated - reversed), max(last_on), 0::bigint)
FROM (
    SELECT id, amount_minor AS amount, 0::bigint AS allocated, 0::bigint AS reversed,
           effective_on AS last_on, NULL::bigint AS k_allocated, NULL::bigint AS k_reversed,
           NULL::bigint AS k_open, NULL::date AS k_last_on,
           hashtextextended(source_key || currency || customer_id || due_date, amount_minor) AS who
    FROM ledger_due_line WHERE creditor_id = %(creditor)s
    UNION ALL SELECT due_line_id, 0, amount_minor, 0, effective_on, NULL, NULL, NULL, NULL, 0
    FROM ledger_allocation WHERE creditor_id = %(creditor)s
    UNION ALL SELECT a.due_line_id, 0, -r.amount_minor, 0, r.effective_on, NULL, NULL, NULL, NULL, 0
    FROM ledger_reversal r JOIN ledger_allocation a ON a.id = r.allocation_id
    WHERE r.creditor_id = %(creditor)s
    UNION ALL SELECT due_line_id, 0, 0, amount_minor, effective_on, NULL, NULL, NULL, NULL, 0
    FROM ledger_reversal WHERE creditor_id = %(creditor)s AND due_line_id IS NOT NULL
    UNION ALL SELECT due_line_id, 0, 0, 0, NULL, allocated_minor, reversed_minor, open_minor,
           last_effective_on,
           hashtextextended(source_key || currency || customer_id || due_date, original_minor)
    FROM ledger_item_balance WHERE creditor_id = %(creditor)s) rows
GROUP BY id
HAVING sum(amount - allocated - reversed) < 0
    OR (coalesce(sum(k_allocated), -1), coalesce(sum(k_reversed), -1), coalesce(sum(k_open), -1),
        max(k_last_on), bit_xor(who))
       IS DISTINCT FROM
       (sum(allocated), sum(reversed), sum(amount - allocated - reversed), max(last_on), 0::bigint)
ORDER BY id LIMIT %(shown)s
"""

CREDITS_DIFFER = """
SELECT id, jsonb_build_array(sum(k_allocated), sum(k_refunded), sum(k_reversed), sum(k_left), max(k_last_on)),
       jsonb_build_array(sum(allocated), sum(refunded), sum(reversed),
                         sum(amount - allocated - refunded - reversed), max(last_on)),
       sum(amount - allocated - refunded - reversed)::bigint, max(last_on),
       (coalesce(sum(k_allocated), -1), coalesce(sum(k_refunded), -1), coalesce(sum(k_reversed), -1),
        coalesce(sum(k_left), -1), max(k_last_on), bit_xor(who))
       IS DISTINCT FROM
       (sum(allocated), sum(refunded), sum(reversed), sum(amount - allocated - refunded - reversed),
        max(last_on), 0::bigint)
FROM (
    SELECT id, amount_minor AS amount, 0::bigint AS allocated, 0::bigint AS refunded, 0::bigint AS reversed,
           effective_on AS last_on, NULL::bigint AS k_allocated, NULL::bigint AS k_refunded,
           NULL::bigint AS k_reversed, NULL::bigint AS k_left, NULL::date AS k_last_on,
           hashtextextended(source_key || currency || coalesce(customer_id, 0), amount_minor) AS who
    FROM ledger_credit WHERE creditor_id = %(creditor)s
    UNION ALL SELECT credit_id, 0, amount_minor, 0, 0, effective_on, NULL, NULL, NULL, NULL, NULL, 0
    FROM ledger_allocation WHERE creditor_id = %(creditor)s
    UNION ALL SELECT a.credit_id, 0, -r.amount_minor, 0, 0, r.effective_on, NULL, NULL, NULL, NULL, NULL, 0
    FROM ledger_reversal r JOIN ledger_allocation a ON a.id = r.allocation_id
    WHERE r.creditor_id = %(creditor)s
    UNION ALL SELECT credit_id, 0, 0, amount_minor, 0, effective_on, NULL, NULL, NULL, NULL, NULL, 0
    FROM ledger_refund WHERE creditor_id = %(creditor)s
    UNION ALL SELECT f.credit_id, 0, 0, -r.amount_minor, 0, r.effective_on, NULL, NULL, NULL, NULL, NULL, 0
    FROM ledger_reversal r JOIN ledger_refund f ON f.id = r.refund_id
    WHERE r.creditor_id = %(creditor)s
    UNION ALL SELECT credit_id, 0, 0, 0, amount_minor, effective_on, NULL, NULL, NULL, NULL, NULL, 0
    FROM ledger_reversal WHERE creditor_id = %(creditor)s AND credit_id IS NOT NULL
    UNION ALL SELECT credit_id, 0, 0, 0, 0, NULL, allocated_minor, refunded_minor, reversed_minor,
           unallocated_minor, last_effective_on,
           hashtextextended(source_key || currency || coalesce(customer_id, 0), original_minor)
    FROM ledger_credit_balance WHERE creditor_id = %(creditor)s) rows
GROUP BY id
HAVING sum(amount - allocated - refunded - reversed) < 0
    OR (coalesce(sum(k_allocated), -1), coalesce(sum(k_refunded), -1), coalesce(sum(k_reversed), -1),
        coalesce(sum(k_left), -1), max(k_last_on), bit_xor(who))
       IS DISTINCT FROM
       (sum(allocated), sum(refunded), sum(reversed), sum(amount - allocated - refunded - reversed),
        max(last_on), 0::bigint)
ORDER BY id LIMIT %(shown)s
"""

# Received, allocated, returned and refunded come from the rows, what is unallocated from the kept balances.
TOTALS = """
WITH parts AS (
    SELECT currency, sum(amount_minor) AS received, 0 AS allocated, 0 AS unallocated, 0 AS returned,
           0 AS refunded
    FROM ledger_credit WHERE creditor_id = %(creditor)s GROUP BY currency
    UNION ALL SELECT currency, 0, sum(amount_minor), 0, 0, 0
    FROM ledger_allocation WHERE creditor_id = %(creditor)s GROUP BY currency
    UNION ALL SELECT currency, 0, 0, sum(unallocated_minor), 0, 0
    FROM ledger_credit_balance WHERE creditor_id = %(creditor)s GROUP BY currency
    UNION ALL SELECT currency, 0, 0, 0, 0, sum(amount_minor)
    FROM ledger_refund WHERE creditor_id = %(creditor)s GROUP BY currency
    UNION ALL SELECT currency, 0,
           -coalesce(sum(amount_minor) FILTER (WHERE allocation_id IS NOT NULL), 0), 0,
           coalesce(sum(amount_minor) FILTER (WHERE credit_id IS NOT NULL), 0),
           -coalesce(sum(amount_minor) FILTER (WHERE refund_id IS NOT NULL), 0)
    FROM ledger_reversal WHERE creditor_id = %(creditor)s GROUP BY currency
)
SELECT currency, sum(received)::bigint, sum(allocated)::bigint, sum(unallocated)::bigint,
       sum(returned)::bigint, sum(refunded)::bigint
FROM parts GROUP BY currency
HAVING sum(received) <> sum(allocated) + sum(unallocated) + sum(returned) + sum(refunded)
ORDER BY 1 LIMIT %(shown)s
"""

_GROWING = (
    "audit_entry",
    "ledger_acceptance",
    "ledger_allocation",
    "ledger_credit",
    "ledger_document",
    "ledger_document_copy",
    "ledger_due_line",
    "ledger_overlay",
    "ledger_overlay_end",
    "ledger_refund",
    "ledger_reversal",
    "ledger_tax_line",
    "outreach_contact_anchor",
    "outreach_contact_entry",
    "outreach_delivery_event",
    "outreach_dispatch_attachment",
    "outreach_dispatch_line",
    "outreach_mailbox_mail",
    "outreach_message_line",
)
_MOVING = ("ledger_allocation", "ledger_credit", "ledger_due_line", "ledger_refund", "ledger_reversal")
_KEPT = ("ledger_credit_balance", "ledger_item_balance", "outreach_contact_head")
_GUARDS = [
    *((table, "append_only") for table in _GROWING),
    *((table, "balances") for table in _MOVING),
    *((table, "trigger_kept") for table in _KEPT),
    ("outreach_contact_anchor", "anchored"),
    ("outreach_contact_entry", "chained"),
    ("outreach_message", "message_moves"),
    ("outreach_dispatch", "dispatch_moves"),
    ("outreach_dispatch", "dispatch_stays"),
]
_VALUES = ", ".join(f"('{table}', '{trigger}')" for table, trigger in _GUARDS)

# tgenabled: O fires in ordinary sessions, A always; D and R do not.
GUARDS_MISSING = f"""
SELECT g.tablename, g.triggername FROM (VALUES {_VALUES}) g (tablename, triggername)
WHERE NOT EXISTS (
    SELECT FROM pg_trigger t WHERE t.tgrelid = to_regclass(g.tablename) AND t.tgname = g.triggername
      AND (t.tgenabled = 'A'
           OR t.tgenabled = 'O' AND current_setting('session_replication_role') <> 'replica'))
ORDER BY 1, 2 LIMIT %(shown)s
"""

# UPDATE and DELETE are refused by trigger; who owns a table or stands above all roles may take triggers off.
TOO_MIGHTY = """
SELECT 'es superusuario' FROM pg_roles WHERE rolname = current_user AND rolsuper
UNION ALL SELECT 'no está sujeto a la seguridad por filas' FROM pg_roles
WHERE rolname = current_user AND rolbypassrls AND NOT rolsuper
UNION ALL SELECT 'es propietario de las tablas del libro' FROM pg_tables
WHERE schemaname = current_schema() AND tablename = 'ledger_credit' AND tableowner = current_user
LIMIT %(shown)s
"""

MAILS_DISAGREE = """
SELECT m.id, m.state, d.id, d.state
FROM outreach_message m
JOIN outreach_dispatch d ON d.creditor_id = m.creditor_id AND d.id = m.dispatch_id
WHERE m.creditor_id = %(creditor)s AND m.state IN ('sending', 'sent', 'unknown')
  AND d.state <> CASE m.state WHEN 'sending' THEN 'claimed' ELSE m.state END
ORDER BY 1 LIMIT %(shown)s
"""

# What a message carried of a document's copy is kept once, under its digest.
COPIES_LOST = """
SELECT a.dispatch_id, a.name FROM outreach_dispatch_attachment a
WHERE a.creditor_id = %(creditor)s AND a.content = '' AND NOT EXISTS (
    SELECT FROM ledger_document_copy c WHERE c.creditor_id = a.creditor_id AND c.sha256 = a.sha256)
ORDER BY a.id LIMIT %(shown)s
"""

MAILS_TWICE = """
SELECT key, count(*) FROM outreach_mailbox_mail WHERE creditor_id = %(creditor)s
GROUP BY key HAVING count(*) > 1 ORDER BY 1 LIMIT %(shown)s
"""

FATES = """
SELECT * FROM (
    SELECT 'outreach_message' AS relation, id, state, CASE
        WHEN state NOT IN ('planned', 'waiting_approval', 'approved', 'sending', 'sent', 'failed',
                           'cancelled', 'unknown', 'skipped') THEN 'state'
        WHEN state IN ('failed', 'cancelled', 'unknown', 'skipped') AND reason = '' THEN 'reason'
        WHEN state IN ('planned', 'waiting_approval', 'approved', 'sending') AND run_id IS NULL THEN 'run'
        END AS fault
    FROM outreach_message WHERE creditor_id = %(creditor)s
    UNION ALL
    SELECT 'cases_task', id, state, CASE
        WHEN state NOT IN ('open', 'done', 'skipped', 'cancelled') THEN 'state'
        WHEN state IN ('skipped', 'cancelled') AND reason = '' THEN 'reason' END
    FROM cases_task WHERE creditor_id = %(creditor)s) f
WHERE fault IS NOT NULL ORDER BY relation, id LIMIT %(shown)s
"""

# The later of value date and issue; another day only if credit or line got money back on that very day.
WRONG_DAYS = """
SELECT a.id, a.effective_on, greatest(c.effective_on, l.effective_on)
FROM ledger_allocation a
JOIN ledger_credit c ON c.id = a.credit_id
JOIN ledger_due_line l ON l.id = a.due_line_id
WHERE a.creditor_id = %(creditor)s AND a.effective_on <> greatest(c.effective_on, l.effective_on)
  AND (a.effective_on < greatest(c.effective_on, l.effective_on)
    OR NOT EXISTS (
      SELECT FROM ledger_reversal r
      LEFT JOIN ledger_allocation t ON t.creditor_id = r.creditor_id AND t.id = r.allocation_id
      LEFT JOIN ledger_refund f ON f.creditor_id = r.creditor_id AND f.id = r.refund_id
      WHERE r.creditor_id = a.creditor_id AND r.effective_on = a.effective_on
        AND (t.credit_id = a.credit_id OR t.due_line_id = a.due_line_id OR f.credit_id = a.credit_id)))
ORDER BY 1 LIMIT %(shown)s
"""
