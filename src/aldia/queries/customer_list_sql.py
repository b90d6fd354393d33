"""The SELECTs of the list of customers: one row per customer and currency, in a stable order, by pages."""

# With a filter or in the order of a figure: what the last run kept, and nobody else.
KEPT = """
SELECT c.id, s.currency, c.code, c.name, s.outcome, s.next_on, {key} AS key
FROM (SELECT * FROM {words_of_rows} WHERE {condition}) s
JOIN parties_customer c ON c.creditor_id = %(creditor)s AND c.id = s.customer_id
WHERE true {has_words} {beyond}
ORDER BY {key} {way}, {id} {way}, s.currency {way} LIMIT %(most)s
"""

# By name, without a filter: also customers about whom nothing is booked.
EVERYBODY = """
SELECT c.id, coalesce(s.currency, '') AS currency, c.code, c.name, s.outcome, s.next_on, c.sort_name AS key
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

# How many there are and their sums, counted no further than %(counted)s.
FOUND_KEPT = """
SELECT currency, count(*) AS rows, sum(open_minor)::bigint AS open_minor,
       sum(overdue_minor)::bigint AS overdue_minor, sum(dunnable_minor)::bigint AS dunnable_minor
FROM (SELECT s.currency, s.open_minor, s.overdue_minor, s.dunnable_minor
      FROM (SELECT * FROM {words_of_rows} WHERE {condition}) s
      WHERE true {has_words} LIMIT %(counted)s) counted
GROUP BY currency ORDER BY currency
"""

FOUND_EVERYBODY = """
SELECT coalesce(currency, '') AS currency, count(*) AS rows,
       coalesce(sum(open_minor), 0)::bigint AS open_minor,
       coalesce(sum(overdue_minor), 0)::bigint AS overdue_minor,
       coalesce(sum(dunnable_minor), 0)::bigint AS dunnable_minor
FROM (SELECT s.currency, s.open_minor, s.overdue_minor, s.dunnable_minor
      FROM parties_customer c
      LEFT JOIN closing_standing s ON s.creditor_id = %(creditor)s AND s.customer_id = c.id
      WHERE c.creditor_id = %(creditor)s {has_words} LIMIT %(counted)s) counted
GROUP BY currency ORDER BY currency
"""

SEARCH = """
SELECT c.id, c.code, c.name FROM parties_customer c
WHERE c.creditor_id = %(creditor)s {has_words}
ORDER BY c.sort_name, c.id LIMIT %(most)s
"""

CHOICES = """
SELECT DISTINCT segment, country, language, strategy FROM closing_standing WHERE creditor_id = %(creditor)s
"""
