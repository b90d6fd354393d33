"""Calls and visits as they stand: what was put right by another row, or taken back, is no longer there."""

STANDS = """{call}.outcome <> 'undone' AND NOT EXISTS (
        SELECT FROM cases_call righted
        WHERE righted.creditor_id = {call}.creditor_id AND righted.corrects_id = {call}.id)"""
"""A condition on `cases_call`, under the name given as `call`."""

# Ours, whoever answered: an attempt is a contact for the caps. A number that is not theirs has disturbed
# nobody who owes. A task that was ticked off without a call of its own is an attempt as well.
ATTEMPTS = f"""
SELECT c.customer_id, 'call' AS channel, c.at
FROM cases_call c
WHERE c.creditor_id = %(creditor)s AND c.customer_id = ANY(%(customers)s)
  AND c.direction = 'out' AND c.number_status NOT IN ('wrong', 'disconnected')
  AND c.on_date >= %(since)s AND {STANDS.format(call="c")}
UNION ALL
SELECT t.customer_id, 'call', t.closed_on + time '12:00'
FROM cases_task t
WHERE t.creditor_id = %(creditor)s AND t.customer_id = ANY(%(customers)s)
  AND t.channel = 'call' AND t.state = 'done' AND t.closed_on >= %(since)s
  AND NOT EXISTS (SELECT FROM cases_call k WHERE k.creditor_id = t.creditor_id AND k.task_id = t.id)
"""

# When somebody last spoke with the customer, whoever began it.
SPOKE = f"""
SELECT customer_id, max(at) AS at FROM (
    SELECT c.customer_id, c.at FROM cases_call c
    WHERE c.creditor_id = %(creditor)s AND c.customer_id = ANY(%(customers)s)
      AND c.reached = 'right_party' AND c.on_date >= %(since)s AND {STANDS.format(call="c")}
    UNION ALL
    SELECT t.customer_id, t.closed_on + time '12:00' FROM cases_task t
    WHERE t.creditor_id = %(creditor)s AND t.customer_id = ANY(%(customers)s)
      AND t.channel = 'call' AND t.state = 'done' AND t.closed_on >= %(since)s
      AND NOT EXISTS (SELECT FROM cases_call k WHERE k.creditor_id = t.creditor_id AND k.task_id = t.id)
) spoken GROUP BY customer_id
"""

KNOWN = """
SELECT c.id, c.kind, c.direction, c.number, c.number_status, c.reached, c.outcome, c.reason, c.volunteered,
       c.note, c.next_action, c.next_on, c.next_at, c.at, c.on_date, c.actor, c.task_id, c.corrects_id,
       c.refusal, c.recorded_at,
       (SELECT r.id FROM cases_call r WHERE r.creditor_id = c.creditor_id AND r.corrects_id = c.id)
           AS corrected_by
FROM cases_call c
WHERE c.creditor_id = %(creditor)s AND {which}
ORDER BY c.at DESC, c.id DESC LIMIT %(most)s
"""

# What calls have shown of numbers, latest first.
SHOWN_UP = f"""
SELECT c.number, c.number_status, c.on_date FROM cases_call c
WHERE c.creditor_id = %(creditor)s AND c.customer_id = %(customer)s AND c.number_status <> ''
  AND {STANDS.format(call="c")}
ORDER BY c.at DESC, c.id DESC LIMIT 200
"""
