"""Who hears first, in SQL: one place for the gate that waits for it and the run that tells them."""

from aldia.rules.gate import FIRM_TONES

# Beside rows m (creditor_id, customer_id): the customer's salesperson, while somebody can be told and the
# creditor wants it.
HEARS_FIRST = """
JOIN parties_customer c ON c.creditor_id = m.creditor_id AND c.id = m.customer_id
JOIN parties_salesperson s ON s.creditor_id = c.creditor_id AND s.id = c.salesperson_id
 AND (s.email <> '' OR EXISTS (SELECT FROM tenancy_membership p WHERE p.creditor_id = s.creditor_id
                               AND p.id = s.member_id AND p.ended_at IS NULL))
 AND NOT EXISTS (SELECT FROM parties_sales_choice o WHERE o.creditor_id = m.creditor_id AND NOT o.tells_first)
"""

_FIRM = "({})".format(", ".join(f"'{tone}'" for tone in sorted(FIRM_TONES)))

IS_FIRM = f"m.kind = 'dunning' AND m.tone IN {_FIRM} AND m.episode_id IS NOT NULL"
"""Of a message m."""

NOTHING_FIRM_BEFORE = f"""NOT EXISTS (
    SELECT FROM outreach_message e
    WHERE e.creditor_id = m.creditor_id AND e.episode_id = m.episode_id AND e.kind = 'dunning'
      AND e.tone IN {_FIRM} AND e.state IN ('sending', 'sent', 'unknown'))
"""
"""Of rows m (creditor_id, episode_id): nothing firm has left in the episode yet."""

TO_HEAR = f"""
SELECT m.id, s.name, n.from_on
FROM outreach_message m
{HEARS_FIRST}
LEFT JOIN parties_sales_notice n ON n.creditor_id = m.creditor_id AND n.customer_id = m.customer_id
     AND n.once_key = 'episode:' || m.episode_id
WHERE m.creditor_id = %(creditor)s AND m.id = ANY(%(ids)s) AND {IS_FIRM} AND {NOTHING_FIRM_BEFORE}
"""
"""Messages whose salesperson hears first; from_on: from when they may leave, null where nobody was told."""
