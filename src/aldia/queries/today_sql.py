"""The SELECTs of the page of the day."""

# What the last run kept: the money behind each step it decided.
ASKED_FOR = """
SELECT outcome, currency, sum(dunnable_minor)::bigint AS minor FROM closing_standing
WHERE creditor_id = %(creditor)s AND is_step AND dunnable_minor > 0
GROUP BY outcome, currency ORDER BY outcome, currency
"""

PLANNED = """
SELECT customer_id, false AS is_task, kind, step, channel, state, count(*) AS count
FROM outreach_message
WHERE creditor_id = %(creditor)s AND customer_id = ANY(%(ids)s) AND planned_on <= %(day)s
  AND state IN ('planned', 'waiting_approval', 'approved', 'sending', 'unknown')
GROUP BY customer_id, kind, step, channel, state
UNION ALL
SELECT customer_id, true, kind, step, channel, state, count(*)
FROM cases_task
WHERE creditor_id = %(creditor)s AND customer_id = ANY(%(ids)s) AND due_on <= %(day)s AND state = 'open'
GROUP BY customer_id, kind, step, channel, state
ORDER BY customer_id, is_task, kind, step, channel
"""

PLANNED_COUNTS = """
SELECT false AS is_task, state, count(*) AS count FROM outreach_message
WHERE creditor_id = %(creditor)s AND planned_on = %(day)s GROUP BY state
UNION ALL
SELECT true, state, count(*) FROM cases_task
WHERE creditor_id = %(creditor)s AND due_on <= %(day)s AND state = 'open' GROUP BY state
ORDER BY is_task, state
"""
