"""The SELECTs of the customer's sheet."""

PEOPLE = """
SELECT c.id, c.name, c.role, c.is_minor, c.is_recipient,
       p.id AS point_id, p.channel, p.value, p.quality
FROM parties_contact c
LEFT JOIN parties_contact_point p ON p.creditor_id = c.creditor_id AND p.contact_id = c.id
WHERE c.creditor_id = %(creditor)s AND c.customer_id = %(customer)s
ORDER BY c.id, p.id
"""

NUMBERS = """
SELECT l.id, d.number FROM ledger_due_line l
JOIN ledger_document d ON d.creditor_id = l.creditor_id AND d.id = l.document_id
WHERE l.creditor_id = %(creditor)s AND l.id = ANY (%(ids)s::bigint[])
"""

CREDITS_LEFT = """
SELECT c.id, c.kind, c.effective_on, coalesce(nullif(c.reference, ''), c.number) AS reference, c.currency,
       c.amount_minor, b.unallocated_minor
FROM ledger_credit_balance b
JOIN ledger_credit c ON c.creditor_id = b.creditor_id AND c.id = b.credit_id
WHERE b.creditor_id = %(creditor)s AND b.customer_id = %(customer)s AND b.unallocated_minor > 0
ORDER BY c.effective_on DESC, c.id DESC LIMIT 100
"""

SETTLED = """
SELECT b.due_line_id AS id, b.settled_on AS key, b.due_date, b.original_minor, b.currency, d.number, l.kind,
       l.issued_on
FROM ledger_item_balance b
JOIN ledger_due_line l ON l.creditor_id = b.creditor_id AND l.id = b.due_line_id
JOIN ledger_document d ON d.creditor_id = l.creditor_id AND d.id = l.document_id
WHERE b.creditor_id = %(creditor)s AND b.customer_id = %(customer)s AND b.settled_on IS NOT NULL {beyond}
ORDER BY b.settled_on {way}, b.due_line_id {way} LIMIT %(most)s
"""

BEYOND = "AND (b.settled_on, b.due_line_id) {op} (%(key)s::date, %(id)s::bigint)"
