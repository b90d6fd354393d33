"""The SELECTs of the list of open items, from the kept balances, in the order of due date or amount."""

# Lines with terms in force, and the due date the latest of them gives (docs/rules/ledger.md).
TERMS = """
WITH terms AS MATERIALIZED (
    SELECT DISTINCT ON (o.due_line_id) o.due_line_id, o.until_on
    FROM ledger_overlay o
    WHERE o.creditor_id = %(creditor)s AND o.kind = 'terms' AND o.effective_on <= %(on)s
      AND NOT EXISTS (SELECT FROM ledger_overlay_end e WHERE e.creditor_id = %(creditor)s
                      AND e.overlay_id = o.id AND e.effective_on <= %(on)s)
    ORDER BY o.due_line_id, o.effective_on DESC, o.id DESC)
"""

# The first test bounds the walk along the index; the others ask the effective due date.
OVERDUE = """
AND b.open_minor > %(tolerance)s
AND b.due_date <= greatest(%(on)s::date - 1, (
    SELECT max(l.due_date) FROM terms t JOIN ledger_due_line l
    ON l.creditor_id = %(creditor)s AND l.id = t.due_line_id WHERE t.until_on < %(on)s))
AND (b.due_date < %(on)s AND b.due_line_id NOT IN (SELECT due_line_id FROM terms WHERE until_on >= %(on)s)
     OR b.due_line_id IN (SELECT due_line_id FROM terms WHERE until_on < %(on)s))
"""

# Gathered to be counted; for a page the database may as well walk the order and ask each line.
DISPUTED_PAGE = """
AND EXISTS (
    SELECT FROM ledger_overlay o
    WHERE o.creditor_id = %(creditor)s AND o.due_line_id = b.due_line_id AND o.kind = 'dispute'
      AND o.effective_on <= %(on)s
      AND NOT EXISTS (SELECT FROM ledger_overlay_end e WHERE e.creditor_id = %(creditor)s
                      AND e.overlay_id = o.id AND e.effective_on <= %(on)s))
"""

DISPUTED = """
AND b.due_line_id = ANY (ARRAY(
    SELECT o.due_line_id FROM ledger_overlay o
    WHERE o.creditor_id = %(creditor)s AND o.kind = 'dispute' AND o.effective_on <= %(on)s
      AND NOT EXISTS (SELECT FROM ledger_overlay_end e WHERE e.creditor_id = %(creditor)s
                      AND e.overlay_id = o.id AND e.effective_on <= %(on)s)))
"""

_FROM = """
FROM ledger_item_balance b
WHERE b.creditor_id = %(creditor)s AND b.settled_on IS NULL {which}
"""

PAGE = f"""
{{terms}}
SELECT each.*, d.number, l.kind, l.issued_on, c.code, c.name, l.customer_id, l.document_id
FROM (SELECT b.due_line_id AS id, {{key}} AS key, b.currency, b.due_date, b.open_minor, b.original_minor
      {_FROM} {{beyond}} ORDER BY {{key}} {{way}}, b.due_line_id {{way}} LIMIT %(most)s) each
JOIN ledger_due_line l ON l.creditor_id = %(creditor)s AND l.id = each.id
JOIN ledger_document d ON d.creditor_id = %(creditor)s AND d.id = l.document_id
JOIN parties_customer c ON c.creditor_id = %(creditor)s AND c.id = l.customer_id
ORDER BY each.key {{way}}, each.id {{way}}
"""

COUNTED = f"""
{{terms}}
SELECT currency, count(*) AS n, sum(open_minor)::bigint AS open_minor
FROM (SELECT b.currency, b.open_minor {_FROM} LIMIT %(counted)s + 1) counted
GROUP BY currency ORDER BY currency
"""

BEYOND = "AND ({key}, b.due_line_id) {op} (%(key)s::{type}, %(id)s::bigint)"

# Numbers are written as their source does; people type them in any case.
NUMBERED = """
SELECT id FROM ledger_document WHERE creditor_id = %(creditor)s AND ({begins}) LIMIT %(most)s
"""

SEARCH = """
SELECT d.id, d.number, c.id AS customer_id, c.code, c.name
FROM (SELECT id, number, customer_id FROM ledger_document
      WHERE creditor_id = %(creditor)s AND ({begins}) LIMIT %(most)s) d
JOIN parties_customer c ON c.creditor_id = %(creditor)s AND c.id = d.customer_id ORDER BY d.number, d.id
"""

OF_DOCUMENTS = """
AND b.due_line_id = ANY (ARRAY(
    SELECT l.id FROM ledger_due_line l
    WHERE l.creditor_id = %(creditor)s AND l.document_id = ANY (%(documents)s)))
"""

OF_CUSTOMER = "AND b.customer_id = %(customer)s"

OVERLAYS = """
SELECT o.id AS overlay_id, o.customer_id, o.due_line_id AS line_id, o.kind, o.amount_minor, o.until_on,
       o.effective_on
FROM ledger_overlay o
WHERE o.creditor_id = %(creditor)s AND o.effective_on <= %(on)s
  AND (o.kind NOT IN ('hold', 'cover') OR o.until_on IS NULL OR o.until_on > %(on)s)
  AND NOT EXISTS (SELECT FROM ledger_overlay_end e WHERE e.creditor_id = %(creditor)s
                  AND e.overlay_id = o.id AND e.effective_on <= %(on)s)
  AND (o.due_line_id = ANY (%(lines)s) OR o.due_line_id IS NULL AND o.customer_id = ANY (%(customers)s))
"""
