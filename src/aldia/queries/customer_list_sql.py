"""The SELECTs of the list of customers: one row per customer and currency, in a stable order, by pages.

Two ways to a page. Few rows found (`FOUND`): they are gathered once, counted, summed and sorted. Many
(`WALK_…`): the index of the order is walked until the page is full, which is soon.
"""

# With a filter or in the order of a figure: what the last run kept, and nobody else.
KEPT = """
SELECT s.customer_id AS id, s.currency, s.open_minor, s.overdue_minor, s.dunnable_minor, s.overdue_since
FROM (SELECT * FROM {words_of_rows} WHERE {condition}) s
WHERE true {has_words}
"""

# By name, without a filter: also customers about whom nothing is booked.
EVERYBODY = """
SELECT c.id, coalesce(s.currency, '') AS currency, coalesce(s.open_minor, 0) AS open_minor,
       coalesce(s.overdue_minor, 0) AS overdue_minor, coalesce(s.dunnable_minor, 0) AS dunnable_minor,
       s.overdue_since
FROM parties_customer c
LEFT JOIN closing_standing s ON s.creditor_id = %(creditor)s AND s.customer_id = c.id
WHERE c.creditor_id = %(creditor)s {has_words}
"""

# One row at least, with `totals` per currency; of a page only where no more than %(counted)s rows are found.
FOUND = """
WITH found AS MATERIALIZED (SELECT * FROM ({rows}) each LIMIT %(counted)s + 1),
told AS (
    SELECT coalesce(sum(n), 0) AS found,
           jsonb_agg(jsonb_build_array(currency, n, open_minor, overdue_minor, dunnable_minor)
                     ORDER BY currency) AS totals
    FROM (SELECT currency, count(*) AS n, sum(open_minor) AS open_minor, sum(overdue_minor) AS overdue_minor,
                 sum(dunnable_minor) AS dunnable_minor FROM found GROUP BY currency) each
)
SELECT told.found, told.totals, page.*
FROM told LEFT JOIN (
    SELECT s.id, s.currency, c.code, c.name, {key} AS key
    FROM found s JOIN parties_customer c ON c.creditor_id = %(creditor)s AND c.id = s.id
    WHERE (SELECT t.found FROM told t) <= %(counted)s {beyond}
    ORDER BY {key} {way}, s.id {way}, s.currency {way} LIMIT %(most)s) page ON true
ORDER BY page.key {way}, page.id {way}, page.currency {way}
"""

WALK_KEPT = """
SELECT c.id, s.currency, c.code, c.name, {key} AS key
FROM (SELECT * FROM {words_of_rows} WHERE {condition}) s
JOIN parties_customer c ON c.creditor_id = %(creditor)s AND c.id = s.customer_id
WHERE true {has_words} {beyond}
ORDER BY {key} {way}, {id} {way}, s.currency {way} LIMIT %(most)s
"""

WALK_EVERYBODY = """
SELECT c.id, coalesce(s.currency, '') AS currency, c.code, c.name, c.sort_name AS key
FROM parties_customer c
LEFT JOIN closing_standing s ON s.creditor_id = %(creditor)s AND s.customer_id = c.id
WHERE c.creditor_id = %(creditor)s {has_words} {beyond}
ORDER BY c.sort_name {way}, c.id {way}, coalesce(s.currency, '') {way} LIMIT %(most)s
"""

# Beyond the row at which the page before ended. Two comparisons, for the first alone can use an index.
BEYOND = """
AND ({key}, {id}) {op}= (%(key)s::{type}, %(id)s::bigint)
AND (({key}, {id}) {op} (%(key)s::{type}, %(id)s::bigint) OR {currency} {op} %(currency)s)
"""

SEARCH = """
SELECT c.id, c.code, c.name FROM parties_customer c
WHERE c.creditor_id = %(creditor)s {has_words}
ORDER BY c.sort_name, c.id LIMIT %(most)s
"""

# Names that begin so, straight from the index by name: a common word needs no gathering then.
SEARCH_BEGINS = """
SELECT c.id, c.code, c.name FROM parties_customer c
WHERE c.creditor_id = %(creditor)s AND c.sort_name ^@ %(begins)s
ORDER BY c.sort_name, c.id LIMIT %(most)s
"""

CHOICES = """
SELECT DISTINCT segment, country, language, strategy FROM closing_standing WHERE creditor_id = %(creditor)s
"""
