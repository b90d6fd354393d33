"""The questions of `verify`. Each answers with offenders only, the first `%(shown)s` of them."""

_ALLOCATIONS_LEFT = """
SELECT a.id, a.credit_id, a.due_line_id, a.currency, a.amount_minor - coalesce(r.minor, 0) AS minor,
       greatest(a.effective_on, r.last_on) AS last_on
FROM ledger_allocation a
LEFT JOIN (SELECT allocation_id, sum(amount_minor) AS minor, max(effective_on) AS last_on
           FROM ledger_reversal WHERE creditor_id = %(creditor)s AND allocation_id IS NOT NULL
           GROUP BY allocation_id) r ON r.allocation_id = a.id
WHERE a.creditor_id = %(creditor)s
"""

_REFUNDS_LEFT = """
SELECT f.id, f.credit_id, f.currency, f.amount_minor - coalesce(r.minor, 0) AS minor,
       greatest(f.effective_on, r.last_on) AS last_on
FROM ledger_refund f
LEFT JOIN (SELECT refund_id, sum(amount_minor) AS minor, max(effective_on) AS last_on
           FROM ledger_reversal WHERE creditor_id = %(creditor)s AND refund_id IS NOT NULL
           GROUP BY refund_id) r ON r.refund_id = f.id
WHERE f.creditor_id = %(creditor)s
"""

# All movements of every credit and line; what is left on each day, and where it is less than nothing.
BELOW_ZERO = """
WITH moves AS (
    SELECT 'credit' AS kind, id, effective_on AS day, amount_minor AS minor
    FROM ledger_credit WHERE creditor_id = %(creditor)s
    UNION ALL SELECT 'line', id, effective_on, amount_minor
    FROM ledger_due_line WHERE creditor_id = %(creditor)s
    UNION ALL SELECT side.kind, side.id, a.effective_on, -a.amount_minor
    FROM ledger_allocation a
    CROSS JOIN LATERAL (VALUES ('credit', a.credit_id), ('line', a.due_line_id)) side (kind, id)
    WHERE a.creditor_id = %(creditor)s
    UNION ALL SELECT 'credit', credit_id, effective_on, -amount_minor
    FROM ledger_refund WHERE creditor_id = %(creditor)s
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
spent AS (
    SELECT kind, id FROM moves GROUP BY kind, id
    HAVING sum(minor) < 0
        OR count(*) FILTER (WHERE minor > 0) > 1
        OR min(day) FILTER (WHERE minor < 0) < min(day) FILTER (WHERE minor > 0)
),
days AS (
    SELECT m.kind, m.id, m.day,
           sum(sum(m.minor)) OVER (PARTITION BY m.kind, m.id ORDER BY m.day) AS left_minor
    FROM moves m JOIN spent s ON s.kind = m.kind AND s.id = m.id
    GROUP BY m.kind, m.id, m.day
)
SELECT DISTINCT ON (kind, id) kind, id, day, left_minor::bigint
FROM days WHERE left_minor < 0 ORDER BY kind, id, day LIMIT %(shown)s
"""

ITEMS_DIFFER = f"""
WITH allocated AS (SELECT due_line_id, sum(minor) AS minor, max(last_on) AS last_on
                   FROM ({_ALLOCATIONS_LEFT}) a GROUP BY due_line_id),
reversed AS (SELECT due_line_id, sum(amount_minor) AS minor, max(effective_on) AS last_on
             FROM ledger_reversal WHERE creditor_id = %(creditor)s AND due_line_id IS NOT NULL
             GROUP BY due_line_id),
computed AS (
    SELECT l.id, l.customer_id, l.currency, l.source_key, l.amount_minor,
           coalesce(a.minor, 0) AS allocated, coalesce(r.minor, 0) AS reversed,
           l.amount_minor - coalesce(a.minor, 0) - coalesce(r.minor, 0) AS open,
           greatest(l.effective_on, a.last_on, r.last_on) AS last_on
    FROM ledger_due_line l
    LEFT JOIN allocated a ON a.due_line_id = l.id
    LEFT JOIN reversed r ON r.due_line_id = l.id
    WHERE l.creditor_id = %(creditor)s
),
kept AS (SELECT * FROM ledger_item_balance WHERE creditor_id = %(creditor)s)
SELECT coalesce(c.id, k.due_line_id),
       jsonb_build_array(k.allocated_minor, k.reversed_minor, k.open_minor, k.last_effective_on),
       jsonb_build_array(c.allocated, c.reversed, c.open, c.last_on)
FROM computed c FULL JOIN kept k ON k.due_line_id = c.id
WHERE (c.customer_id, c.currency, c.source_key, c.amount_minor, c.allocated, c.reversed, c.open, c.last_on)
    IS DISTINCT FROM (k.customer_id, k.currency, k.source_key, k.original_minor, k.allocated_minor,
                      k.reversed_minor, k.open_minor, k.last_effective_on)
   OR (k.open_minor = 0) <> (k.settled_on IS NOT NULL)
ORDER BY 1 LIMIT %(shown)s
"""

CREDITS_DIFFER = f"""
WITH allocated AS (SELECT credit_id, sum(minor) AS minor, max(last_on) AS last_on
                   FROM ({_ALLOCATIONS_LEFT}) a GROUP BY credit_id),
refunded AS (SELECT credit_id, sum(minor) AS minor, max(last_on) AS last_on
             FROM ({_REFUNDS_LEFT}) f GROUP BY credit_id),
reversed AS (SELECT credit_id, sum(amount_minor) AS minor, max(effective_on) AS last_on
             FROM ledger_reversal WHERE creditor_id = %(creditor)s AND credit_id IS NOT NULL
             GROUP BY credit_id),
computed AS (
    SELECT c.id, c.customer_id, c.currency, c.source_key, c.amount_minor,
           coalesce(a.minor, 0) AS allocated, coalesce(f.minor, 0) AS refunded,
           coalesce(r.minor, 0) AS reversed,
           c.amount_minor - coalesce(a.minor, 0) - coalesce(f.minor, 0) - coalesce(r.minor, 0) AS unallocated,
           greatest(c.effective_on, a.last_on, f.last_on, r.last_on) AS last_on
    FROM ledger_credit c
    LEFT JOIN allocated a ON a.credit_id = c.id
    LEFT JOIN refunded f ON f.credit_id = c.id
    LEFT JOIN reversed r ON r.credit_id = c.id
    WHERE c.creditor_id = %(creditor)s
),
kept AS (SELECT * FROM ledger_credit_balance WHERE creditor_id = %(creditor)s)
SELECT coalesce(c.id, k.credit_id),
       jsonb_build_array(k.allocated_minor, k.refunded_minor, k.reversed_minor, k.unallocated_minor,
                         k.last_effective_on),
       jsonb_build_array(c.allocated, c.refunded, c.reversed, c.unallocated, c.last_on)
FROM computed c FULL JOIN kept k ON k.credit_id = c.id
WHERE (c.customer_id, c.currency, c.source_key, c.amount_minor, c.allocated, c.refunded, c.reversed,
       c.unallocated, c.last_on)
    IS DISTINCT FROM (k.customer_id, k.currency, k.source_key, k.original_minor, k.allocated_minor,
                      k.refunded_minor, k.reversed_minor, k.unallocated_minor, k.last_effective_on)
ORDER BY 1 LIMIT %(shown)s
"""

# Received, allocated, returned and refunded come from the rows, what is unallocated from the kept balances.
TOTALS = f"""
WITH parts AS (
    SELECT currency, amount_minor AS received, 0 AS allocated, 0 AS unallocated, 0 AS returned, 0 AS refunded
    FROM ledger_credit WHERE creditor_id = %(creditor)s
    UNION ALL SELECT currency, 0, minor, 0, 0, 0 FROM ({_ALLOCATIONS_LEFT}) a
    UNION ALL SELECT currency, 0, 0, unallocated_minor, 0, 0
    FROM ledger_credit_balance WHERE creditor_id = %(creditor)s
    UNION ALL SELECT currency, 0, 0, 0, amount_minor, 0
    FROM ledger_reversal WHERE creditor_id = %(creditor)s AND credit_id IS NOT NULL
    UNION ALL SELECT currency, 0, 0, 0, 0, minor FROM ({_REFUNDS_LEFT}) f
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
    "ledger_due_line",
    "ledger_overlay",
    "ledger_overlay_end",
    "ledger_refund",
    "ledger_reversal",
    "ledger_tax_line",
)
_MOVING = ("ledger_allocation", "ledger_credit", "ledger_due_line", "ledger_refund", "ledger_reversal")
_KEPT = ("ledger_credit_balance", "ledger_item_balance")
_GUARDS = [
    *((table, "append_only") for table in _GROWING),
    *((table, "balances") for table in _MOVING),
    *((table, "trigger_kept") for table in _KEPT),
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
