"""Units of sending: rows of one bundle, or a message by itself. What stands in braces is never input."""

# The row of the highest rank says what the unit is: rank, kind, channel and step in one text, so that `max`
# finds it by hash, without sorting the rows of every unit.
TOP = (
    "(lpad((coalesce(rank, -1) + 1)::text, 5, '0') || '/' || kind || '/' || channel || '/' || step)"
    ' COLLATE "C"'
)
TOP_RANK, TOP_KIND, TOP_CHANNEL, TOP_STEP = (
    "nullif(split_part(top, '/', 1)::int - 1, -1)",
    "split_part(top, '/', 2)",
    "split_part(top, '/', 3)",
    "split_part(top, '/', 4)",
)

# The name a unit leaves under: that of the mail which was put back, else its own, numbered once it has left;
# and what was said when it was put back.
KEY = """LATERAL (
    SELECT coalesce(min(d.key) FILTER (WHERE d.state = 'returned'),
                    {unit} || CASE WHEN count(*) > 0 THEN '/' || count(*) + 1 ELSE '' END) AS key,
           min(d.error) FILTER (WHERE d.state = 'returned') AS error
    FROM outreach_dispatch d WHERE d.creditor_id = %(creditor)s AND d.unit = {unit})"""

_NOT_LEFT = "m.creditor_id = %(creditor)s AND m.state IN ('planned', 'waiting_approval', 'approved')"

UNITS = f"""
WITH live AS (
    SELECT m.id, m.customer_id, m.kind, m.step, m.rank, m.channel, m.state, m.planned_on, m.not_before_at,
           m.refusal, coalesce(nullif(m.bundle, ''), m.once_key) AS unit
    FROM outreach_message m
    WHERE {_NOT_LEFT}{{where}}
), units AS (
    SELECT unit, min(customer_id) AS customer_id, array_agg(id) AS ids, max({TOP}) AS top,
           bool_or(state = 'waiting_approval') AS waits, bool_or(state = 'planned') AS planned,
           min(planned_on) AS planned_on, max(not_before_at) AS not_before_at
    FROM live GROUP BY unit
), picked AS (
    SELECT unit, customer_id, ARRAY(SELECT unnest(ids) ORDER BY 1) AS message_ids,
           {TOP_KIND} AS kind, {TOP_CHANNEL} AS channel, {TOP_STEP} AS step,
           CASE WHEN waits THEN 'waiting_approval' WHEN planned THEN 'planned' ELSE 'approved' END AS state,
           planned_on, not_before_at, min(planned_on) OVER (PARTITION BY customer_id) AS since,
           {TOP_RANK} AS rank
    FROM units WHERE true{{having}}
), first AS (
    SELECT *, row_number() OVER (ORDER BY {{order}}) AS place FROM picked ORDER BY place{{limit}}
)
SELECT c.key, u.unit, u.customer_id, u.message_ids, u.channel, u.kind, u.step, u.state, u.planned_on,
       u.not_before_at, r.refusal, c.error
FROM first u
CROSS JOIN {KEY.format(unit="u.unit")} c
CROSS JOIN LATERAL (
    SELECT m.refusal FROM outreach_message m
    WHERE m.creditor_id = %(creditor)s AND m.id = ANY (u.message_ids)
    ORDER BY m.rank DESC NULLS LAST LIMIT 1) r
ORDER BY u.place
"""

OLDEST_FIRST = "planned_on, unit"

# Customer by customer, who has waited longest first; of one customer what presses most: a person's own words,
# then the highest step, then notices of what is not overdue. What comes first may use up the day's contact.
MOST_PRESSING_FIRST = (
    "since, customer_id, CASE kind WHEN 'free' THEN 0 WHEN 'dunning' THEN 1 ELSE 2 END,"
    " rank DESC NULLS LAST, planned_on, unit"
)

# Nobody has to say yes to it any more.
FREE = " AND NOT waits"

# Given yes to or in no need of one, not put off, of a way that exists already.
READY = (
    f"{FREE} AND {TOP_CHANNEL} = ANY(%(channels)s) AND planned_on <= %(today)s"
    " AND (not_before_at IS NULL OR not_before_at <= %(now)s)"
)

# Of many thousands that wait to leave only the first rows are looked at, and what else waits for their
# customers.
AMONG_FIRST = """
 AND m.customer_id = ANY (ARRAY(SELECT DISTINCT f.customer_id FROM outreach_message f
     WHERE f.creditor_id = %(creditor)s AND f.id = ANY(%(first)s)))
"""

FIRST_FREE = """
SELECT id FROM outreach_message
WHERE creditor_id = %(creditor)s AND state IN ('planned', 'approved'){also}
ORDER BY planned_on, id LIMIT %(rows)s
"""

# Of each unit that waits for nobody's yes its first row, in the order of the rows.
FIRST_OF_FREE = """
SELECT m.planned_on, m.id FROM outreach_message m
WHERE m.creditor_id = %(creditor)s AND m.state IN ('planned', 'approved'){beyond}
  AND NOT EXISTS (
    SELECT FROM outreach_message o
    WHERE o.creditor_id = %(creditor)s AND m.bundle <> '' AND o.bundle = m.bundle
      AND o.state IN ('planned', 'waiting_approval', 'approved')
      AND (o.state = 'waiting_approval' OR (o.planned_on, o.id) < (m.planned_on, m.id)))
ORDER BY m.planned_on, m.id LIMIT %(limit)s
"""

# What every row of a unit that is ready is, but for the channel, which is that of the unit's top row.
FIRST_READY = (
    " AND channel = ANY(%(channels)s) AND planned_on <= %(today)s"
    " AND (not_before_at IS NULL OR not_before_at <= %(now)s)"
)

# Whether the row of the highest rank goes a way that exists, in one number beside that rank.
_CAN_LEAVE = "(max((coalesce(rank, -1) + 1) * 2 + (channel = ANY(%(channels)s))::int) & 1) = 1"

COUNTS = f"""
SELECT count(*) FILTER (WHERE waits) AS waiting_approval,
       count(*) FILTER (WHERE NOT waits AND NOT can_leave) AS waiting_channel,
       count(*) FILTER (WHERE NOT waits AND can_leave AND not_before_at > %(now)s) AS put_off,
       count(*) FILTER (WHERE NOT waits AND can_leave AND not_before_at > %(now)s IS NOT TRUE) AS ready,
       (SELECT count(*) FROM outreach_dispatch
        WHERE creditor_id = %(creditor)s AND state = 'unknown') AS doubts,
       (SELECT count(*) FROM outreach_letter
        WHERE creditor_id = %(creditor)s AND channel = 'letter' AND state IN ('tray', 'printed')) AS unposted,
       min(next_at) AS next_at
FROM (SELECT bool_or(state = 'waiting_approval') AS waits, {_CAN_LEAVE} AS can_leave,
             max(not_before_at) AS not_before_at,
             min(not_before_at) FILTER (WHERE not_before_at > %(now)s) AS next_at
      FROM outreach_message m WHERE {_NOT_LEFT} GROUP BY coalesce(nullif(bundle, ''), once_key)) u
"""
