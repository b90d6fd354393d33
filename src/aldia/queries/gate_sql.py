"""What the gate asks beside the portfolio: the leave to send, and contacts that took place."""

from aldia.queries.bank_data import TAKEN_IN

# One row. bank_on: when payments were last taken in, by file or by a program; asked only where it matters.
HOUSE = f"""
SELECT EXISTS (SELECT FROM tenancy_house WHERE sending_locked_at IS NOT NULL) AS house_locked,
       c.sending_stopped_at IS NOT NULL AS sending_stopped, c.time_zone,
       c.sends_from, c.sends_until, c.sends_on_weekends, c.messages_per_day_max, c.bank_data_days_max,
       c.unread_reply_days,
       CASE WHEN c.bank_data_days_max IS NOT NULL THEN (
           {TAKEN_IN.format(until=" AND b.committed_at <= %(now)s")} AT TIME ZONE c.time_zone)::date
       END AS bank_on,
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

# What customers wrote themselves and nobody has looked at; machines do not count.
UNREAD = """
SELECT customer_id, min(received_at) AS at FROM outreach_inbound_message
WHERE creditor_id = %(creditor)s AND customer_id = ANY(%(customers)s) AND state = 'new'
  AND kind NOT IN ('out_of_office', 'bounce') AND received_at <= %(now)s
GROUP BY customer_id
"""
