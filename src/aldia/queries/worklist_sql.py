"""The SELECTs of the worklist: facts of every open case in bulk, details for the cases of a page only."""

from aldia.queries.tasks import BY_ON

# Read as Arrow from a snapshot; `{creditor}`, `{on}`, `{since}` and `{within}` are written into them.
CASES = """
SELECT c.id AS case_id, c.customer_id, c.state, c.state_since, c.owner_id, c.team_id, c.priority, c.next_on,
       c.next_at, c.touched_at
FROM cases_case c
WHERE c.creditor_id = {creditor} AND c.state <> 'closed'{within}
"""

STANDING = """
SELECT s.customer_id, s.currency, s.overdue_minor, s.dunnable_minor, s.disputed_minor, s.overdue_since,
       s.debtor_kind, s.has_phone, s.has_email, s.has_post, s.last_contact_on, s.on_hold, s.insolvent
FROM closing_standing s
WHERE s.creditor_id = {creditor} AND s.overdue_minor > 0{within}
"""

REPLIES = """
SELECT customer_id, min(received_at) AS reply_at FROM outreach_inbound_message
WHERE creditor_id = {creditor} AND state = 'new' AND customer_id IS NOT NULL{within} GROUP BY customer_id
"""

# The one that is to be done first.
TASKS = f"""
SELECT DISTINCT ON (customer_id) customer_id, due_on AS task_on, {BY_ON} AS task_by, kind AS task_kind,
       step AS task_step, channel = 'call' AS task_is_call
FROM cases_task
WHERE creditor_id = {{creditor}} AND state = 'open' AND due_on <= DATE '{{on}}'{{within}}
ORDER BY customer_id, task_by, id
"""

CALLS = """
SELECT customer_id, max(on_date) AS called_on FROM cases_call
WHERE creditor_id = {creditor} AND at > TIMESTAMPTZ '{since}'{within} GROUP BY customer_id
"""

PROMISES = """
SELECT p.id AS promise_id, p.customer_id, p.promised_on, p.amount_minor, p.currency, o.verdict, o.decided_on
FROM cases_promise p
LEFT JOIN LATERAL (
    SELECT verdict, decided_on FROM cases_promise_outcome o
    WHERE o.creditor_id = p.creditor_id AND o.promise_id = p.id ORDER BY o.id DESC LIMIT 1) o ON true
WHERE p.creditor_id = {creditor} AND p.promised_on >= DATE '{since}'{within}
"""

# Asked on Django's connection.
MEMBERS = """
SELECT m.id, u.name, m.ended_at IS NULL AND u.is_active AS is_in, m.role, k.team_id, k.cases_per_day
FROM tenancy_membership m
JOIN tenancy_user u ON u.id = m.user_id
LEFT JOIN cases_collector k ON k.creditor_id = m.creditor_id AND k.member_id = m.id
WHERE m.creditor_id = %(creditor)s
"""

LED = """
SELECT id FROM cases_team WHERE creditor_id = %(creditor)s AND lead_id = %(member)s AND ended_at IS NULL
"""

OF_GROUP = "SELECT id FROM parties_customer WHERE creditor_id = %(creditor)s AND group_id = %(group)s"

WITH_WORDS = "SELECT c.id FROM parties_customer c WHERE c.creditor_id = %(creditor)s {words}"

# Work that was taken back has left its case as it was touched before.
WORKED = """
SELECT e.actor, count(DISTINCT e.case_id) AS cases FROM cases_case_event e
JOIN cases_case c ON c.creditor_id = e.creditor_id AND c.id = e.case_id AND c.touched_at >= %(since)s
WHERE e.creditor_id = %(creditor)s AND e.at >= %(since)s AND e.at < %(until)s AND e.kind = 'worked'
GROUP BY e.actor
"""

LOCKED = """
SELECT case_id FROM cases_case_lock
WHERE creditor_id = %(creditor)s AND member_id <> %(member)s AND until_at > %(now)s
"""

DETAILS = """
SELECT c.id AS case_id, u.code, u.name, u.group_id, g.name AS group_name, c.next_action, c.version,
       coalesce(t.name, '') AS team, l.member_id AS locked_by_id
FROM cases_case c
JOIN parties_customer u ON u.creditor_id = c.creditor_id AND u.id = c.customer_id
LEFT JOIN parties_customer_group g ON g.creditor_id = u.creditor_id AND g.id = u.group_id
LEFT JOIN cases_team t ON t.creditor_id = c.creditor_id AND t.id = c.team_id
LEFT JOIN cases_case_lock l
       ON l.creditor_id = c.creditor_id AND l.case_id = c.id AND l.until_at > %(now)s
WHERE c.creditor_id = %(creditor)s AND c.id = ANY (%(ids)s)
"""
