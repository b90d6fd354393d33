"""The SELECTs of the freeze. `:day` is the as-of date, `{within}` keeps the customers of one part."""

from aldia.queries.calls_sql import STANDS
from aldia.queries.said_sql import said

CUSTOMERS = """
SELECT c.id AS customer_id, c.code AS customer, c.person_kind,
       coalesce(nullif(c.segment, ''), c.person_kind) AS segment, c.country, c.language,
       c.contract_rate_bp, c.insolvent_on, c.for_life,
       coalesce(nullif(c.country, ''), t.country) AS numbers_of
FROM parties_customer c
JOIN tenancy_creditor t ON t.id = c.creditor_id
WHERE true{within:c.id}
"""

STRATEGIES_IN_FORCE = """
SELECT a.segment, a.customer_id, v.name
FROM cases_strategy_assignment a
JOIN cases_strategy_version v ON v.creditor_id = a.creditor_id AND v.id = a.strategy_version_id
"""

# Telephones come as they are written: which of them take a message is a rule.
REACHABLE = """
SELECT customer_id,
       bool_or(channel = 'email') AS has_email, bool_or(channel = 'phone') AS has_phone,
       bool_or(channel = 'post') AS has_post,
       array_agg(value::text) FILTER (WHERE channel = 'phone') AS sms,
       array_agg(value::text) FILTER (WHERE channel = 'whatsapp') AS whatsapp
FROM parties_contact_point
WHERE quality <> 'bad'{within:customer_id}
GROUP BY customer_id
"""

# A reversal is of the line's payer; what was taken off an allocation is read with the credit's customer too.
REVERSALS = """
SELECT credit_id, due_line_id, allocation_id, refund_id, amount_minor
FROM ledger_reversal
WHERE effective_on <= :day
  AND (true{within:customer_id} OR allocation_id IN (
       SELECT id FROM ledger_allocation WHERE effective_on <= :day{within:credit_customer_id}))
"""

LINES = """
SELECT id AS line_id, customer_id, document_id, currency, kind, amount_minor, issued_on, due_date
FROM ledger_due_line
WHERE effective_on <= :day{within:customer_id}
"""

# Whether somebody paid with it, and not the creditor; c: a credit.
BY_MONEY = "c.kind IN ('payment', 'set_off', 'exchange', 'withholding')"

ALLOCATIONS = """
SELECT a.id AS allocation_id, a.credit_id, a.due_line_id AS line_id, a.customer_id, a.amount_minor,
       a.effective_on, c.effective_on AS value_on,
       {by_money} AS by_money
FROM ledger_allocation a
JOIN ledger_credit c ON c.creditor_id = a.creditor_id AND c.id = a.credit_id
WHERE a.effective_on <= :day{within:a.customer_id|a.credit_customer_id}
""".replace("{by_money}", BY_MONEY)

UNIDENTIFIED_ALLOCATIONS = """
SELECT id AS allocation_id, credit_id, amount_minor
FROM ledger_allocation
WHERE effective_on <= :day AND credit_customer_id IS NULL
"""

CREDITS = """
SELECT id AS credit_id, customer_id, currency, amount_minor, effective_on, kind = 'payment' AS payment
FROM ledger_credit
WHERE effective_on <= :day AND customer_id IS NOT NULL{within:customer_id}
"""

UNIDENTIFIED_CREDITS = """
SELECT id AS credit_id, currency, amount_minor
FROM ledger_credit
WHERE effective_on <= :day AND customer_id IS NULL
"""

REFUNDS = """
SELECT id AS refund_id, credit_id, amount_minor
FROM ledger_refund
WHERE effective_on <= :day
"""

OVERLAYS = """
SELECT o.id AS overlay_id, o.customer_id, o.due_line_id AS line_id, o.kind, o.amount_minor, o.until_on,
       o.effective_on
FROM ledger_overlay o
WHERE o.effective_on <= :day
  AND (o.kind NOT IN ('hold', 'cover') OR o.until_on IS NULL OR o.until_on > :day)
  AND NOT EXISTS (SELECT FROM ledger_overlay_end e
                  WHERE e.creditor_id = o.creditor_id AND e.overlay_id = o.id AND e.effective_on <= :day)
  {within:o.customer_id}
UNION ALL
SELECT -k.id, k.customer_id, NULL::bigint, 'hold', NULL::bigint, least(k.until_on, k.ended_on), k.from_on
FROM parties_circumstance k
WHERE k.from_on <= :day AND (k.until_on IS NULL OR k.until_on > :day)
  AND (k.ended_on IS NULL OR k.ended_on > :day)
  AND (k.kind <> 'represented' OR NOT EXISTS (
      SELECT FROM parties_contact c
      JOIN parties_contact_point p ON p.creditor_id = c.creditor_id AND p.contact_id = c.id
      WHERE c.creditor_id = k.creditor_id AND c.customer_id = k.customer_id AND c.role = 'lawyer'
        AND p.quality <> 'bad'))
  {within:k.customer_id}
"""

# Holds that have begun, over or not; one that ended on its first day never stood.
HELD = """
SELECT o.customer_id, o.effective_on AS from_on, least(o.until_on, e.effective_on) AS until_on
FROM ledger_overlay o
LEFT JOIN ledger_overlay_end e
       ON e.creditor_id = o.creditor_id AND e.overlay_id = o.id AND e.effective_on <= :day
WHERE o.kind = 'hold' AND o.effective_on <= :day{within:o.customer_id}
UNION ALL
SELECT k.customer_id, k.from_on, least(k.until_on, k.ended_on)
FROM parties_circumstance k
WHERE k.from_on <= :day
  AND (k.kind <> 'represented' OR NOT EXISTS (
      SELECT FROM parties_contact c
      JOIN parties_contact_point p ON p.creditor_id = c.creditor_id AND p.contact_id = c.id
      WHERE c.creditor_id = k.creditor_id AND c.customer_id = k.customer_id AND c.role = 'lawyer'
        AND p.quality <> 'bad'))
  {within:k.customer_id}
"""

CONSENTS = said("true{within:customer_id}", "true{within:p.customer_id}")

# Where a message was turned away and somebody has yet to look at why: tomorrow the same would happen. After a
# week it is tried again.
TURNED_AWAY = """
SELECT DISTINCT customer_id, channel FROM cases_task
WHERE kind = 'mail_failed' AND state = 'open' AND once_key LIKE 'dispatch:%/rejected/%'
  AND due_on <= :day AND due_on > :day - 7{within:customer_id}
"""

# The ways to a customer that have to be looked at one by one: something was said of channels, somebody
# represents the customer, or a channel asks for a consent there. {asking}: rows (country, kind, channel).
WAYS = f"""
SELECT p.customer_id, w.channel, p.value, coalesce(nullif(u.country, ''), t.country) AS numbers_of, c.role,
       a.channel IS NOT NULL AS asks_consent,
       w.channel = ANY (t.agreed_channels) AS agreed, r.customer_id IS NOT NULL AS represented, u.minor
FROM parties_contact_point p
JOIN parties_customer u ON u.creditor_id = p.creditor_id AND u.id = p.customer_id
JOIN parties_contact c ON c.creditor_id = p.creditor_id AND c.id = p.contact_id
JOIN tenancy_creditor t ON t.id = p.creditor_id
JOIN (VALUES ('email', 'email'), ('sms', 'phone'), ('call', 'phone'), ('whatsapp', 'whatsapp'),
             ('letter', 'post'), ('certified', 'post')) w (channel, point) ON w.point = p.channel
LEFT JOIN (VALUES {{asking}}) a (country, person_kind, channel)
       ON a.channel = w.channel AND a.person_kind = u.person_kind
      AND a.country = coalesce(nullif(upper(left(u.place, 2)), ''), nullif(u.country, ''), t.country)
LEFT JOIN (SELECT DISTINCT customer_id FROM ({CONSENTS}) said) k ON k.customer_id = p.customer_id
LEFT JOIN (SELECT customer_id FROM parties_circumstance
           WHERE kind = 'represented' AND from_on <= :day AND (until_on IS NULL OR until_on > :day)
             AND (ended_on IS NULL OR ended_on > :day) GROUP BY customer_id) r
       ON r.customer_id = p.customer_id
WHERE p.quality <> 'bad'
  AND (a.channel IS NOT NULL OR k.customer_id IS NOT NULL OR r.customer_id IS NOT NULL OR u.minor)
  {{within:p.customer_id}}
"""

EPISODES = """
SELECT id AS episode_id, customer_id, due_line_id AS line_id, opened_on
FROM cases_episode
WHERE opened_on <= :day AND (closed_on IS NULL OR closed_on > :day){within:customer_id}
"""

CLOSED_EPISODES = """
SELECT id AS episode_id, customer_id, due_line_id AS line_id, opened_on, closed_on
FROM cases_episode
WHERE closed_on <= :day AND closed_on > :day - 366{within:customer_id}
"""

# What happened after the day has not happened yet. What came back undelivered never reached the customer: its
# step is not done, and it does not count for the spacing.
STEPS = """
SELECT customer_id, episode_id, line_id, kind, step,
       CASE WHEN state IN ('cancelled', 'failed') OR came_back THEN 'void'
            WHEN state IN ('sent', 'unknown') AND sent_on <= :day THEN 'done'
            WHEN state = 'skipped' THEN 'done'
            ELSE 'pending' END AS state,
       planned_on, CASE WHEN sent_on <= :day AND NOT came_back THEN sent_on END AS sent_on
FROM (SELECT customer_id, episode_id, due_line_id AS line_id, kind, step, state, planned_on, sent_on,
             state = 'sent' AND dispatch_id IS NOT NULL AND dispatch_id IN (
                 SELECT id FROM outreach_dispatch WHERE delivery IN ('bounced', 'failed')) AS came_back
      FROM outreach_message
      WHERE planned_on <= :day{within:customer_id}) m
UNION ALL
SELECT customer_id, episode_id, NULL::bigint, kind, step,
       CASE WHEN state IN ('done', 'skipped') AND closed_on <= :day THEN 'done'
            WHEN state = 'cancelled' THEN 'void'
            ELSE 'pending' END, due_on, NULL::date
FROM cases_task
WHERE kind = 'dunning' AND due_on <= :day{within:customer_id}
"""

# The latest verdict by the day counts.
PROMISES = """
SELECT p.id AS promise_id, p.customer_id, p.currency, p.amount_minor, p.made_on, p.promised_on,
       p.promised_on + p.grace_days AS until_on, p.tolerance_minor, p.known_allocation_id,
       o.verdict, o.decided_on, o.paid_minor AS verdict_paid_minor
FROM cases_promise p
LEFT JOIN LATERAL (SELECT verdict, decided_on, paid_minor FROM cases_promise_outcome
                   WHERE creditor_id = p.creditor_id AND promise_id = p.id AND decided_on <= :day
                   ORDER BY id DESC LIMIT 1) o ON true
WHERE p.made_on <= :day{within:p.customer_id}
"""

PROMISE_LINES = """
SELECT l.promise_id, l.customer_id, l.due_line_id AS line_id, l.amount_minor, l.open_minor
FROM cases_promise_line l
JOIN cases_promise p ON p.creditor_id = l.creditor_id AND p.id = l.promise_id
WHERE p.made_on <= :day{within:l.customer_id}
"""

REPLIES = """
SELECT id AS reply_id, customer_id, kind, received_on
FROM outreach_reply
WHERE received_on <= :day{within:customer_id}
"""

CALLS = f"""
SELECT c.id AS call_id, c.customer_id, c.outcome, c.reason,
       c.direction = 'out' AND c.number_status NOT IN ('wrong', 'disconnected') AS tried,
       c.reached = 'right_party' AS spoken, c.on_date AS said_on
FROM cases_call c
WHERE c.on_date <= :day AND {STANDS.format(call="c")}{{within:c.customer_id}}
"""

JUDGEMENTS = """
SELECT customer_id, kind, judged_on
FROM (SELECT DISTINCT ON (customer_id) customer_id, kind, on_date AS judged_on
      FROM cases_kind_judgement
      WHERE on_date <= :day{within:customer_id}
      ORDER BY customer_id, id DESC) latest
WHERE kind <> ''
"""

# What a mail said counts as it left; what was planned, only of messages that are not from the outbox. Each
# table is cut to the customers: while a batch leaves, nothing the database remembers of states is true.
CLAIMS = """
SELECT line_id, min(sent_on) AS claimed_on
FROM (
    SELECT l.due_line_id AS line_id, m.sent_on
    FROM outreach_message_line l
    JOIN outreach_message m ON m.creditor_id = l.creditor_id AND m.id = l.message_id
    WHERE l.claim_until IS NOT NULL AND m.state IN ('sent', 'unknown') AND m.sent_on <= :day
      AND m.dispatch_id IS NULL{within:l.customer_id}{within:m.customer_id}
    UNION ALL
    SELECT l.due_line_id, m.sent_on
    FROM outreach_dispatch_line l
    JOIN outreach_dispatch d ON d.creditor_id = l.creditor_id AND d.id = l.dispatch_id
                            AND d.attempts = l.attempt AND d.state IN ('sent', 'unknown')
    JOIN outreach_message m ON m.creditor_id = d.creditor_id AND m.dispatch_id = d.id
    WHERE l.claim_until IS NOT NULL AND m.sent_on <= :day
      {within:l.customer_id}{within:d.customer_id}{within:m.customer_id}) claimed
GROUP BY line_id
"""

ACCEPTANCES = """
SELECT DISTINCT ON (document_id) document_id, state AS acceptance_state
FROM ledger_acceptance
WHERE effective_on <= :day{within:customer_id}
ORDER BY document_id, effective_on DESC, id DESC
"""

# Only lines whose last row is not after the day: the cache speaks of today.
CACHED = """
SELECT due_line_id AS line_id, open_minor AS cached_minor
FROM ledger_item_balance
WHERE last_effective_on <= :day{within:customer_id}
"""

# Everything a freeze reads, for measuring what reading alone costs.
ALL = (
    CUSTOMERS,
    STRATEGIES_IN_FORCE,
    REACHABLE,
    CONSENTS,
    TURNED_AWAY,
    REVERSALS,
    LINES,
    ALLOCATIONS,
    CREDITS,
    REFUNDS,
    OVERLAYS,
    HELD,
    EPISODES,
    CLOSED_EPISODES,
    STEPS,
    PROMISES,
    PROMISE_LINES,
    REPLIES,
    CALLS,
    JUDGEMENTS,
    CLAIMS,
    ACCEPTANCES,
    CACHED,
)
