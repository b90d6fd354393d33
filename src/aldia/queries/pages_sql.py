"""The SELECTs of `pages.py`; `{which}` is one of the conditions written there or here, never input."""

CUSTOMERS = """
SELECT c.id, c.code, c.name, c.person_kind, c.tax_id, c.language, c.form_of_address, c.segment, c.tags,
       c.country, c.place, c.contract_rate_bp, c.insolvent_on, c.minor, c.recorded_at
FROM parties_customer c
WHERE c.creditor_id = %(creditor)s AND c.id > %(after)s {which}
ORDER BY c.id LIMIT %(most)s
"""

HAS_WORD = """
AND EXISTS (SELECT FROM parties_customer_word w
            WHERE w.creditor_id = %(creditor)s AND w.customer_id = c.id AND w.word ^@ %({word})s)
"""

CONTACTS = """
SELECT n.id, n.name, n.role, p.channel, p.value
FROM parties_contact n
LEFT JOIN parties_contact_point p ON p.creditor_id = n.creditor_id AND p.contact_id = n.id
WHERE n.creditor_id = %(creditor)s AND n.customer_id = %(customer)s
ORDER BY n.id, p.id
"""

DOCUMENTS = """
SELECT d.id, c.code AS customer, d.kind, d.number, d.issued_on, d.currency, d.total_minor, d.net_minor,
       d.description, d.order_reference, d.adjusts_id AS adjusts, d.recorded_at
FROM ledger_document d
JOIN parties_customer c ON c.creditor_id = d.creditor_id AND c.id = d.customer_id
WHERE d.creditor_id = %(creditor)s AND d.id > %(after)s {which}
ORDER BY d.id LIMIT %(most)s
"""

LINES = """
SELECT l.id, l.document_id, c.code AS payer, l.due_date, l.amount_minor, b.open_minor, b.allocated_minor,
       b.reversed_minor, b.settled_on
FROM ledger_due_line l
JOIN ledger_item_balance b ON b.creditor_id = l.creditor_id AND b.due_line_id = l.id
JOIN parties_customer c ON c.creditor_id = l.creditor_id AND c.id = l.customer_id
WHERE l.creditor_id = %(creditor)s AND l.document_id = ANY (%(ids)s::bigint[])
ORDER BY l.document_id, l.line_number
"""

CREDITS = """
SELECT c.id, p.code AS customer, c.currency, c.amount_minor, c.effective_on, c.number, c.reference,
       c.payer_name, c.method, c.names_document, c.adjusts_id AS adjusts, c.source_key, c.reason,
       b.unallocated_minor, b.allocated_minor, b.refunded_minor, b.reversed_minor, c.recorded_at
FROM ledger_credit c
JOIN ledger_credit_balance b ON b.creditor_id = c.creditor_id AND b.credit_id = c.id
LEFT JOIN parties_customer p ON p.creditor_id = c.creditor_id AND p.id = c.customer_id
WHERE c.creditor_id = %(creditor)s AND c.kind = %(kind)s AND c.id > %(after)s {which}
ORDER BY c.id LIMIT %(most)s
"""

ALLOCATIONS = """
SELECT a.id, a.credit_id, a.due_line_id AS due_line, d.id AS document, d.number, a.effective_on AS "on",
       a.amount_minor - coalesce(r.minor, 0) AS amount_minor
FROM ledger_allocation a
JOIN ledger_due_line l ON l.creditor_id = a.creditor_id AND l.id = a.due_line_id
JOIN ledger_document d ON d.creditor_id = l.creditor_id AND d.id = l.document_id
LEFT JOIN LATERAL (SELECT sum(amount_minor)::bigint AS minor FROM ledger_reversal
                   WHERE creditor_id = a.creditor_id AND allocation_id = a.id) r ON true
WHERE a.creditor_id = %(creditor)s AND a.credit_id = ANY (%(ids)s::bigint[])
  AND a.amount_minor > coalesce(r.minor, 0)
ORDER BY a.credit_id, a.id
"""
