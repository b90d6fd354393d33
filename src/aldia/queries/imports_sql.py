"""The SELECTs an import asks with. `{which}` narrows them; parameters are named."""

LINES = """
SELECT l.id, l.document_id, l.customer_id, d.number, l.currency, l.kind, l.source_key, l.issued_on,
       l.due_date, b.original_minor - b.reversed_minor, b.open_minor, o.terms_on, coalesce(o.disputed, false),
       o.covered_until, coalesce(a.state, '')
FROM ledger_item_balance b
JOIN ledger_due_line l ON l.creditor_id = b.creditor_id AND l.id = b.due_line_id
JOIN ledger_document d ON d.creditor_id = l.creditor_id AND d.id = l.document_id
LEFT JOIN (
    SELECT due_line_id,
           (array_agg(until_on ORDER BY effective_on DESC, id DESC)
                FILTER (WHERE kind = 'terms' AND batch_id IS NOT NULL))[1] AS terms_on,
           bool_or(kind = 'dispute') AS disputed,
           max(until_on) FILTER (WHERE kind = 'cover') AS covered_until
    FROM ledger_overlay v
    WHERE creditor_id = %(creditor)s AND due_line_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM ledger_overlay_end e WHERE e.creditor_id = v.creditor_id AND e.overlay_id = v.id)
    GROUP BY due_line_id) o ON o.due_line_id = l.id
LEFT JOIN (
    SELECT DISTINCT ON (document_id) document_id, state FROM ledger_acceptance
    WHERE creditor_id = %(creditor)s ORDER BY document_id, effective_on DESC, id DESC) a
    ON a.document_id = l.document_id
WHERE b.creditor_id = %(creditor)s AND b.reversed_minor < b.original_minor AND {which}
ORDER BY l.id
"""

ALLOCATED = """
SELECT a.due_line_id, sum(a.amount_minor - coalesce(r.minor, 0))::bigint
FROM ledger_allocation a
JOIN ledger_credit c ON c.creditor_id = a.creditor_id AND c.id = a.credit_id
LEFT JOIN (SELECT allocation_id, sum(amount_minor)::bigint AS minor FROM ledger_reversal
           WHERE creditor_id = %(creditor)s AND allocation_id IS NOT NULL GROUP BY allocation_id) r
    ON r.allocation_id = a.id
WHERE a.creditor_id = %(creditor)s AND a.due_line_id = ANY (%(ids)s::bigint[])
  AND c.kind NOT IN ('credit_note', 'write_off', 'forgiveness') AND c.source_key NOT LIKE '%%~%%'
GROUP BY a.due_line_id
"""

CREDITS = """
SELECT c.id, c.customer_id, c.kind, c.currency, c.number, c.reference, c.names_document, c.source_key,
       c.effective_on, b.original_minor - b.reversed_minor, b.unallocated_minor, b.original_minor
FROM ledger_credit_balance b
JOIN ledger_credit c ON c.creditor_id = b.creditor_id AND c.id = b.credit_id
LEFT JOIN intake_import_batch i ON i.creditor_id = c.creditor_id AND i.id = c.batch_id
WHERE b.creditor_id = %(creditor)s AND {which}
ORDER BY c.effective_on, c.id
"""

LIVE = "b.reversed_minor < b.original_minor AND "

CAME = """(b.reversed_minor < b.original_minor OR (coalesce(i.state, 'committed') <> 'undone' AND EXISTS (
    SELECT FROM ledger_reversal r WHERE r.creditor_id = c.creditor_id AND r.credit_id = c.id
    AND r.kind IN ('returned_debit', 'chargeback')))) AND """

NOT_UNDONE = "coalesce(i.state, 'committed') <> 'undone' AND "

CUSTOMERS = """
SELECT id, code, name, tax_id, person_kind, language, form_of_address, segment, tags, country, place,
       postal_code, owner_id, salesperson_id, group_id, contract_rate_bp, insolvent_on, minor
FROM parties_customer
WHERE creditor_id = %(creditor)s AND (code = ANY (%(codes)s::text[]) OR tax_id = ANY (%(tax_ids)s::text[]))
ORDER BY id
"""

BENEFICIARIES = """
SELECT id, customer_id, code, name, minor FROM parties_beneficiary
WHERE creditor_id = %(creditor)s AND (customer_id = ANY (%(ids)s::bigint[]) OR code = ANY (%(codes)s::text[]))
ORDER BY id
"""

CONTACTS = """
SELECT id, customer_id, name, role, is_recipient FROM parties_contact
WHERE creditor_id = %(creditor)s AND customer_id = ANY (%(ids)s::bigint[]) ORDER BY id
"""

POINTS = """
SELECT customer_id, channel, value FROM parties_contact_point
WHERE creditor_id = %(creditor)s AND customer_id = ANY (%(ids)s::bigint[])
"""

HOLDS = """
SELECT customer_id, max(until_on) FROM ledger_overlay v
WHERE creditor_id = %(creditor)s AND kind = 'hold' AND due_line_id IS NULL AND until_on > %(day)s
  AND customer_id = ANY (%(ids)s::bigint[]) AND NOT EXISTS (
        SELECT FROM ledger_overlay_end e WHERE e.creditor_id = v.creditor_id AND e.overlay_id = v.id)
GROUP BY customer_id
"""

RETURNS = """
SELECT r.credit_id, r.customer_id, r.currency, c.reference, r.effective_on, r.amount_minor
FROM ledger_reversal r
JOIN ledger_credit c ON c.creditor_id = r.creditor_id AND c.id = r.credit_id
LEFT JOIN intake_import_batch b ON b.creditor_id = r.creditor_id AND b.id = r.batch_id
WHERE r.creditor_id = %(creditor)s AND r.kind = 'returned_debit' AND r.credit_id IS NOT NULL
  AND r.effective_on = ANY (%(days)s::date[]) AND coalesce(b.state, 'committed') <> 'undone'
ORDER BY r.id
"""

BOOKED = """
SELECT r.id FROM ledger_{row} r
JOIN ledger_{cache}_balance b ON b.creditor_id = r.creditor_id AND b.{row}_id = r.id
WHERE r.creditor_id = %(creditor)s AND r.batch_id = %(batch)s AND b.reversed_minor < b.original_minor
ORDER BY r.id
"""

DEPENDANTS = """
SELECT 'refund', c.id, NULL::bigint
FROM ledger_credit c
JOIN ledger_credit_balance b ON b.creditor_id = c.creditor_id AND b.credit_id = c.id
WHERE c.creditor_id = %(creditor)s AND c.batch_id = %(batch)s AND b.refunded_minor > 0
UNION ALL
SELECT 'document', n.id, l.batch_id
FROM ledger_document d
JOIN ledger_document n ON n.creditor_id = d.creditor_id AND n.adjusts_id = d.id
JOIN ledger_due_line l ON l.creditor_id = n.creditor_id AND l.document_id = n.id
JOIN ledger_item_balance b ON b.creditor_id = l.creditor_id AND b.due_line_id = l.id
WHERE d.creditor_id = %(creditor)s AND d.batch_id = %(batch)s
  AND n.batch_id IS DISTINCT FROM d.batch_id AND b.reversed_minor < b.original_minor
UNION ALL
SELECT 'credit', c.id, c.batch_id
FROM ledger_document d
JOIN ledger_credit c ON c.creditor_id = d.creditor_id AND c.adjusts_id = d.id
JOIN ledger_credit_balance b ON b.creditor_id = c.creditor_id AND b.credit_id = c.id
WHERE d.creditor_id = %(creditor)s AND d.batch_id = %(batch)s
  AND c.batch_id IS DISTINCT FROM d.batch_id AND b.reversed_minor < b.original_minor
UNION ALL
SELECT 'reversal', r.id, r.batch_id
FROM ledger_reversal r
JOIN intake_import_batch i ON i.creditor_id = r.creditor_id AND i.id = r.batch_id AND i.state = 'committed'
LEFT JOIN ledger_credit c ON c.creditor_id = r.creditor_id AND c.id = r.credit_id
LEFT JOIN ledger_due_line l ON l.creditor_id = r.creditor_id AND l.id = r.due_line_id
LEFT JOIN ledger_document n ON n.creditor_id = l.creditor_id AND n.id = l.document_id
LEFT JOIN ledger_document d ON d.creditor_id = r.creditor_id AND d.id = coalesce(n.adjusts_id, c.adjusts_id)
WHERE r.creditor_id = %(creditor)s AND r.kind IN ('correction', 'returned_debit') AND r.allocation_id IS NULL
  AND r.batch_id <> %(batch)s AND %(batch)s IN (c.batch_id, l.batch_id, d.batch_id)
ORDER BY 3 DESC NULLS LAST
LIMIT 1
"""

OVERLAYS = """
SELECT o.id, o.effective_on FROM ledger_overlay o
WHERE o.creditor_id = %(creditor)s AND o.batch_id = %(batch)s AND NOT EXISTS (
    SELECT FROM ledger_overlay_end e WHERE e.creditor_id = o.creditor_id AND e.overlay_id = o.id)
ORDER BY o.id
"""

OTHERS = """
SELECT count(DISTINCT a.credit_id)
FROM ledger_allocation a
WHERE a.creditor_id = %(creditor)s AND a.due_line_id = ANY (%(lines)s::bigint[])
  AND a.credit_id <> ALL (%(credits)s::bigint[])
  AND a.amount_minor > coalesce((SELECT sum(r.amount_minor) FROM ledger_reversal r
      WHERE r.creditor_id = a.creditor_id AND r.allocation_id = a.id), 0)
"""

RETURNED = """
SELECT r.id, c.customer_id, c.kind, c.currency, c.number, c.reference, c.payer_name, c.method,
       c.names_document, r.amount_minor, r.effective_on,
       CASE WHEN r.kind = 'correction' THEN c.source_key || ':' || r.batch_id ELSE '' END,
       c.adjusts_id, c.batch_id
FROM ledger_reversal r
JOIN ledger_credit c ON c.creditor_id = r.creditor_id AND c.id = r.credit_id
WHERE r.creditor_id = %(creditor)s AND r.batch_id = %(batch)s
  AND r.kind IN ('correction', 'returned_debit')
  AND c.batch_id IS DISTINCT FROM r.batch_id
ORDER BY r.id
"""

RETURNED_FROM = """
SELECT r.parent_id, a.due_line_id, r.amount_minor
FROM ledger_reversal r
JOIN ledger_reversal h ON h.creditor_id = r.creditor_id AND h.id = r.parent_id
JOIN ledger_credit c ON c.creditor_id = h.creditor_id AND c.id = h.credit_id
JOIN ledger_allocation a ON a.creditor_id = r.creditor_id AND a.id = r.allocation_id
WHERE r.creditor_id = %(creditor)s AND r.batch_id = %(batch)s
  AND r.kind IN ('correction', 'returned_debit') AND c.batch_id IS DISTINCT FROM r.batch_id
ORDER BY r.id
"""

CORRECTED = """
SELECT r.id, d.customer_id, d.kind, d.number, d.currency, d.adjusts_id, d.beneficiary_id, d.batch_id,
       r.amount_minor, r.effective_on, l.due_date, l.source_key || ':' || r.batch_id
FROM ledger_reversal r
JOIN ledger_due_line l ON l.creditor_id = r.creditor_id AND l.id = r.due_line_id
JOIN ledger_document d ON d.creditor_id = l.creditor_id AND d.id = l.document_id
WHERE r.creditor_id = %(creditor)s AND r.batch_id = %(batch)s AND r.kind = 'correction'
ORDER BY r.id
"""

CORRECTED_FROM = """
SELECT r.parent_id, a.credit_id, r.amount_minor
FROM ledger_reversal r
JOIN ledger_reversal h ON h.creditor_id = r.creditor_id AND h.id = r.parent_id
JOIN ledger_allocation a ON a.creditor_id = r.creditor_id AND a.id = r.allocation_id
WHERE r.creditor_id = %(creditor)s AND r.batch_id = %(batch)s AND r.kind = 'correction'
  AND h.due_line_id IS NOT NULL
ORDER BY r.id
"""

LINKS = """
SELECT document_id, url FROM (
    SELECT DISTINCT ON (document_id) document_id, url FROM ledger_document_copy
    WHERE creditor_id = %(creditor)s AND kind = 'link' AND document_id = ANY (%(ids)s::bigint[])
    ORDER BY document_id, id DESC
) last WHERE url <> ''
"""
