"""The SELECTs of the page of the day. `last`: each customer's decision in force."""

_LAST = """
WITH last AS (
    SELECT DISTINCT ON (customer_id) customer_id, outcome, step, next_on, on_date
    FROM cases_decision WHERE creditor_id = %(creditor)s
    ORDER BY customer_id, id DESC
)
"""

_COLUMNS = "c.id, c.code, c.name, c.sort_name, d.outcome, d.step, d.next_on, d.on_date"

FIRST_OF_EACH = f"""
{_LAST}
SELECT * FROM (
    SELECT {_COLUMNS}, row_number() OVER (PARTITION BY d.outcome ORDER BY c.sort_name, c.id) AS place
    FROM last d JOIN parties_customer c ON c.creditor_id = %(creditor)s AND c.id = d.customer_id) each
WHERE place <= %(each)s ORDER BY sort_name, id
"""

# One row at least, so that `found` is always told. `after` is the last customer of the page before.
MATCHING = f"""
{_LAST},
matching AS (
    SELECT {_COLUMNS}
    FROM last d JOIN parties_customer c ON c.creditor_id = %(creditor)s AND c.id = d.customer_id
    WHERE (%(outcome)s = '' OR d.outcome = %(outcome)s) {{words}}
),
page AS (
    SELECT * FROM matching
    WHERE %(after)s::bigint IS NULL OR (sort_name, id) > (
        SELECT p.sort_name, p.id FROM parties_customer p
        WHERE p.creditor_id = %(creditor)s AND p.id = %(after)s)
    ORDER BY sort_name, id LIMIT %(most)s
)
SELECT total.found, page.*
FROM (SELECT count(*) AS found FROM matching) total LEFT JOIN page ON true
ORDER BY page.sort_name, page.id
"""

HAS_WORD = """
AND EXISTS (SELECT FROM parties_customer_word w
            WHERE w.creditor_id = %(creditor)s AND w.customer_id = c.id AND w.word ^@ %({word})s)
"""

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
