"""The SELECTs of the list of money that came in, newest value date first."""

_COLUMNS = """
c.id, c.effective_on AS key, c.effective_on, c.kind, c.currency, c.amount_minor, c.customer_id, c.payer_name,
c.reference, c.number, c.method, c.names_document, c.batch_id,
b.allocated_minor, b.refunded_minor, b.reversed_minor, b.unallocated_minor
"""

PAGE = f"""
SELECT each.*, p.code, p.name
FROM (SELECT {_COLUMNS} FROM {{source}} {{beyond}}
      ORDER BY c.effective_on {{way}}, c.id {{way}} LIMIT %(most)s) each
LEFT JOIN parties_customer p ON p.creditor_id = %(creditor)s AND p.id = each.customer_id
ORDER BY each.key {{way}}, each.id {{way}}
"""

COUNTED = """
SELECT currency, count(*) AS n, sum(amount_minor)::bigint AS amount_minor,
       sum(unallocated_minor)::bigint AS unallocated_minor
FROM (SELECT c.currency, c.amount_minor, b.unallocated_minor FROM {source} LIMIT %(counted)s + 1) counted
GROUP BY currency ORDER BY currency
"""

SOURCE = """
ledger_credit c JOIN ledger_credit_balance b ON b.creditor_id = c.creditor_id AND b.credit_id = c.id
WHERE c.creditor_id = %(creditor)s AND {which} {has_words}
"""

BEYOND = "AND (c.effective_on, c.id) {op} (%(key)s::date, %(id)s::bigint)"

SOURCES = """
SELECT coalesce(s.name, '') AS name, max(i.committed_at) AS committed_at,
       (array_agg(i.id ORDER BY i.committed_at DESC))[1] AS batch_id,
       (array_agg(i.file_name ORDER BY i.committed_at DESC))[1] AS file_name
FROM intake_import_batch i
LEFT JOIN intake_import_source s ON s.creditor_id = i.creditor_id AND s.id = i.source_id
WHERE i.creditor_id = %(creditor)s AND i.kind = 'payments' AND i.state = 'committed'
GROUP BY 1 ORDER BY 2 DESC
"""

NEWEST = """
SELECT max(effective_on) AS newest FROM ledger_credit
WHERE creditor_id = %(creditor)s AND kind = 'payment'
"""
