"""What the gate asks beside the portfolio: the leave to send, and contacts that took place."""

# One row. bank_on: when payments were last taken in, by file or by hand; asked only where it matters.
HOUSE = """
SELECT EXISTS (SELECT FROM tenancy_house WHERE sending_locked_at IS NOT NULL) AS house_locked,
       c.sending_stopped_at IS NOT NULL AS sending_stopped, c.time_zone,
       c.sends_from, c.sends_until, c.sends_on_weekends, c.messages_per_day_max, c.bank_data_days_max,
       CASE WHEN c.bank_data_days_max IS NOT NULL THEN greatest(
           (SELECT max(b.committed_at AT TIME ZONE c.time_zone)::date FROM intake_import_batch b
            WHERE b.creditor_id = c.id AND b.kind = 'payments' AND b.state = 'committed'
              AND b.committed_at <= %(now)s),
           (SELECT (p.recorded_at AT TIME ZONE c.time_zone)::date FROM ledger_credit p
            WHERE p.creditor_id = c.id AND p.kind = 'payment' ORDER BY p.id DESC LIMIT 1)) END AS bank_on,
       CASE WHEN c.messages_per_day_max IS NOT NULL THEN
           (SELECT count(*) FROM outreach_dispatch d
            WHERE d.creditor_id = c.id AND d.claimed_at >= %(midnight)s
              AND d.state IN ('claimed', 'sent', 'unknown')) ELSE 0 END AS sent_today
FROM tenancy_creditor c WHERE c.id = %(creditor)s
"""

# Rows of one bundle are one contact. What is on its way has as good as left.
CONTACTS = """
SELECT customer_id, channel, max(coalesce(sent_at, sent_on + time '12:00', %(now)s)) AS at
FROM outreach_message
WHERE creditor_id = %(creditor)s AND customer_id = ANY(%(customers)s) AND NOT id = ANY(%(ids)s)
  AND kind IN ('dunning', 'pre_due', 'due_today')
  AND (state = 'sending' OR state IN ('sent', 'unknown') AND sent_on >= %(since)s)
GROUP BY customer_id, channel, coalesce(nullif(bundle, ''), once_key)
UNION ALL
SELECT customer_id, 'call', closed_on + time '12:00'
FROM cases_task
WHERE creditor_id = %(creditor)s AND customer_id = ANY(%(customers)s)
  AND channel = 'call' AND state = 'done' AND closed_on >= %(since)s
"""
