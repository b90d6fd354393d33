"""How new is what the house knows of payments: a file or a program brings all of them, a person one."""

PAYMENT_MARK = ":api:payment:"
"""What the source key of a payment posted by a program begins with; the program's own id follows."""

# One moment, null for never. Of what was recorded last only so much is looked at: whatever lies between is of
# an import, which is newer than any payment before it.
TAKEN_IN = f"""greatest(
    (SELECT max(b.committed_at) FROM intake_import_batch b
     WHERE b.creditor_id = %(creditor)s AND b.kind = 'payments' AND b.state = 'committed'{{until}}),
    (SELECT max(p.recorded_at) FROM (
        SELECT recorded_at, source_key FROM ledger_credit
        WHERE creditor_id = %(creditor)s AND kind = 'payment' ORDER BY id DESC LIMIT 1000) p
     WHERE starts_with(p.source_key, '{PAYMENT_MARK}')))"""
