"""Units of sending: rows of one bundle, or a message by itself. What stands in braces is never input."""

UNITS = """
WITH live AS (
    SELECT m.id, m.customer_id, m.kind, m.step, m.rank, m.channel, m.state, m.planned_on, m.not_before_at,
           m.refusal, m.approved_by, coalesce(nullif(m.bundle, ''), m.once_key) AS unit
    FROM outreach_message m
    WHERE m.creditor_id = %(creditor)s AND m.state IN ('planned', 'waiting_approval', 'approved'){where}
), units AS (
    SELECT unit, min(customer_id) AS customer_id, array_agg(id ORDER BY id) AS message_ids,
           (array_agg(channel ORDER BY rank DESC NULLS LAST, channel))[1] AS channel,
           (array_agg(kind ORDER BY rank DESC NULLS LAST, kind))[1] AS kind,
           (array_agg(step ORDER BY rank DESC NULLS LAST, step))[1] AS step,
           CASE WHEN bool_or(state = 'waiting_approval') THEN 'waiting_approval'
                WHEN bool_or(state = 'planned') THEN 'planned' ELSE 'approved' END AS state,
           min(planned_on) AS planned_on, max(not_before_at) AS not_before_at,
           (array_agg(refusal ORDER BY rank DESC NULLS LAST))[1] AS refusal
    FROM live GROUP BY unit
), picked AS (
    SELECT * FROM units u WHERE true{having} ORDER BY u.planned_on, u.unit{limit}
)
SELECT u.unit || CASE WHEN c.times > 0 THEN '/' || c.times + 1 ELSE '' END AS key,
       u.unit, u.customer_id, u.message_ids, u.channel, u.kind, u.step, u.state, u.planned_on,
       u.not_before_at, u.refusal
FROM picked u
CROSS JOIN LATERAL (
    SELECT count(*) AS times FROM outreach_dispatch d
    WHERE d.creditor_id = %(creditor)s AND d.unit = u.unit AND d.state <> 'returned') c
ORDER BY u.planned_on, u.unit
"""

# Given yes to or in no need of one, not put off, of a way that exists already.
READY = (
    " AND u.state <> 'waiting_approval' AND u.channel = ANY(%(channels)s) AND u.planned_on <= %(today)s"
    " AND (u.not_before_at IS NULL OR u.not_before_at <= %(now)s)"
)

COUNTS = """
SELECT count(DISTINCT unit) FILTER (WHERE waits) AS waiting_approval,
       count(DISTINCT unit) FILTER (WHERE NOT waits AND NOT can_leave) AS waiting_channel,
       count(DISTINCT unit) FILTER (WHERE NOT waits AND can_leave AND late) AS put_off,
       count(DISTINCT unit) FILTER (WHERE NOT waits AND can_leave AND NOT late) AS ready
FROM (
    SELECT unit, bool_or(state = 'waiting_approval') AS waits,
           (array_agg(channel ORDER BY rank DESC NULLS LAST, channel))[1] = ANY(%(channels)s) AS can_leave,
           coalesce(max(not_before_at) > %(now)s, false) AS late
    FROM (SELECT *, coalesce(nullif(bundle, ''), once_key) AS unit FROM outreach_message
          WHERE creditor_id = %(creditor)s AND state IN ('planned', 'waiting_approval', 'approved')) m
    GROUP BY unit) u
"""
