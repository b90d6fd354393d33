"""What the gate asks beside the portfolio: the leave to send, and contacts that took place."""

from aldia.queries.bank_data import TAKEN_IN
from aldia.queries.calls_sql import ATTEMPTS, SPOKE

# One row. bank_on: when payments were last taken in, by file or by a program; asked only where it matters.
HOUSE = f"""
SELECT EXISTS (SELECT FROM tenancy_house WHERE sending_locked_at IS NOT NULL) AS house_locked,
       c.sending_stopped_at IS NOT NULL AS sending_stopped, c.time_zone,
       c.sends_from, c.sends_until, c.sends_on_weekends, c.messages_per_day_max, c.bank_data_days_max,
       c.address_messages_max, c.address_days, c.agreed_channels,
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

# What caps count, as `GateFacts.counts_as_contact` has it; m: a message.
IS_CONTACT = """(m.kind IN ('dunning', 'pre_due', 'due_today', 'free')
       OR m.kind = 'promise' AND m.step = 'reminder')"""

# Rows of one bundle are one contact. What is on its way has as good as left; what was handed over and failed
# was an attempt. «spoke» is no contact of ours but the last time somebody spoke with them.
CONTACTS = f"""
SELECT m.customer_id, m.channel,
       max(coalesce(m.sent_at, m.sent_on + time '12:00', d.begun_at, %(now)s)) AS at
FROM outreach_message m
LEFT JOIN outreach_dispatch d ON m.state = 'failed' AND d.creditor_id = m.creditor_id AND d.id = m.dispatch_id
WHERE m.creditor_id = %(creditor)s AND m.customer_id = ANY(%(customers)s) AND NOT m.id = ANY(%(ids)s)
  AND {IS_CONTACT}
  AND (m.state = 'sending' OR m.state IN ('sent', 'unknown') AND m.sent_on >= %(since)s
       OR d.begun_at >= %(since)s)
GROUP BY m.customer_id, m.channel, coalesce(nullif(m.bundle, ''), m.once_key)
UNION ALL
{ATTEMPTS}
UNION ALL
SELECT customer_id, 'spoke', at FROM ({SPOKE}) last
"""

# Contacts with these addresses (in small letters; telephones as they are dialled), whoever the customer; what
# was put back has not taken place.
ADDRESS_CONTACTS = f"""
SELECT d.recipient, coalesce(d.begun_at, d.claimed_at) AS at
FROM outreach_dispatch d
WHERE d.creditor_id = %(creditor)s AND lower(d.recipient) = ANY(%(addresses)s) AND d.claimed_at >= %(since)s
  AND (d.state IN ('claimed', 'sent', 'unknown') OR d.state = 'failed' AND d.begun_at IS NOT NULL)
  AND EXISTS (SELECT FROM outreach_message m
              WHERE m.creditor_id = d.creditor_id AND m.dispatch_id = d.id
                AND {IS_CONTACT} AND NOT m.id = ANY(%(ids)s))
"""

# What customers wrote themselves and nobody has looked at; machines do not count.
UNREAD = """
SELECT customer_id, min(received_at) AS at FROM outreach_inbound_message
WHERE creditor_id = %(creditor)s AND customer_id = ANY(%(customers)s) AND state = 'new'
  AND kind NOT IN ('out_of_office', 'bounce') AND received_at <= %(now)s
GROUP BY customer_id
"""
