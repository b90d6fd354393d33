"""Everything that happened with one customer, as one SELECT of many, each in the order of the timeline."""

# Who took it down, where the row itself does not say it: the contact log does.
_LOGGED = """coalesce((SELECT k.actor FROM outreach_contact_entry k
                 WHERE k.creditor_id = %(creditor)s AND k.subject = '{subject}:' || {id}
                 ORDER BY k.id LIMIT 1), '')"""

# What each answers: on_day, rank (its place within a day), id, kind, code, detail, state, note, amount_minor,
# currency, at, ref (another row's id, by kind), actor (as in the audit chain; "" where no row says it).
_PARTS = {
    "invoice": """
SELECT issued_on, 1, id, 'invoice', kind, number, '', description, total_minor, currency, recorded_at, id, ''
FROM ledger_document WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s""",
    "money": """
SELECT effective_on, 2, id, 'money', kind, coalesce(nullif(number, ''), reference), '', reason,
       amount_minor, currency, recorded_at, id, ''
FROM ledger_credit WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s""",
    "reversal": """
SELECT effective_on, 3, id, 'reversal', kind,
       CASE WHEN credit_id IS NOT NULL THEN 'credit' WHEN due_line_id IS NOT NULL THEN 'due_line'
            WHEN refund_id IS NOT NULL THEN 'refund' ELSE 'allocation' END, '', reason,
       amount_minor, currency, recorded_at, coalesce(credit_id, due_line_id, refund_id, allocation_id),
       ''
FROM ledger_reversal
WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s AND parent_id IS NULL""",
    "refund": """
SELECT f.effective_on, 4, f.id, 'refund', '', f.reference, '', f.reason, f.amount_minor, f.currency,
       f.recorded_at, f.credit_id, ''
FROM ledger_credit c JOIN ledger_refund f ON f.creditor_id = c.creditor_id AND f.credit_id = c.id
WHERE c.creditor_id = %(creditor)s AND c.customer_id = %(customer)s""",
    "overlay": """
SELECT o.effective_on, 5, o.id, 'overlay', o.kind, coalesce(d.number, ''), coalesce(o.until_on::text, ''),
       o.reason, o.amount_minor, coalesce(l.currency, ''), o.recorded_at, o.due_line_id,
       o.recorded_by
FROM ledger_overlay o
LEFT JOIN ledger_due_line l ON l.creditor_id = o.creditor_id AND l.id = o.due_line_id
LEFT JOIN ledger_document d ON d.creditor_id = l.creditor_id AND d.id = l.document_id
WHERE o.creditor_id = %(creditor)s AND o.customer_id = %(customer)s""",
    "overlay_end": """
SELECT e.effective_on, 6, e.id, 'overlay_end', o.kind, coalesce(d.number, ''), '', e.reason, NULL::bigint, '',
       e.recorded_at, o.due_line_id, e.recorded_by
FROM ledger_overlay o
JOIN ledger_overlay_end e ON e.creditor_id = o.creditor_id AND e.overlay_id = o.id
LEFT JOIN ledger_due_line l ON l.creditor_id = o.creditor_id AND l.id = o.due_line_id
LEFT JOIN ledger_document d ON d.creditor_id = l.creditor_id AND d.id = l.document_id
WHERE o.creditor_id = %(creditor)s AND o.customer_id = %(customer)s""",
    "decision": """
SELECT on_date, 7, id, 'decision', outcome, step, coalesce(next_on::text, ''), '', NULL::bigint, '',
       NULL::timestamptz, NULL::bigint, ''
FROM cases_decision WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s""",
    "task": """
SELECT coalesce(closed_on, due_on), 8, id, 'task', kind, step, state, reason, NULL::bigint, '', recorded_at,
       NULL::bigint, """
    + _LOGGED.format(subject="task", id="t.id")
    + """
FROM cases_task t WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s
  AND NOT EXISTS (SELECT FROM cases_call k
                  WHERE k.creditor_id = t.creditor_id AND k.task_id = t.id AND t.state <> 'open')""",
    "call": """
SELECT c.on_date, 21, c.id, 'call', c.outcome,
       concat_ws(E'\x1f', c.kind, c.direction, c.reached, c.number, c.reason,
                 coalesce(o.label, '')),
       CASE WHEN c.outcome = 'undone' THEN 'undone'
            WHEN EXISTS (SELECT FROM cases_call r
                         WHERE r.creditor_id = c.creditor_id AND r.corrects_id = c.id) THEN 'righted'
            WHEN c.corrects_id IS NOT NULL THEN 'rights'
            WHEN c.refusal IS NOT NULL THEN 'anyway' ELSE '' END,
       c.note, NULL::bigint, '', c.at, c.task_id, c.actor
FROM cases_call c
LEFT JOIN cases_outcome_code o ON o.creditor_id = c.creditor_id AND o.code = c.outcome
WHERE c.creditor_id = %(creditor)s AND c.customer_id = %(customer)s""",
    "message": """
SELECT coalesce(sent_on, planned_on), 9, id, 'message', kind, step, state,
       CASE WHEN reason <> '' THEN reason || coalesce(E'\x1f' || (refusal ->> 'source'), '') ELSE '' END,
       NULL::bigint, channel, sent_at, dispatch_id, approved_by
FROM outreach_message
WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s AND dispatch_id IS NULL""",
    "dispatch": """
SELECT (coalesce(finished_at, claimed_at) AT TIME ZONE %(zone)s)::date, 10, id, 'dispatch', channel, subject,
       state, error, NULL::bigint, recipient, coalesce(finished_at, claimed_at), id,
       coalesce((SELECT w.edited_by FROM outreach_draft w
                 WHERE w.creditor_id = d.creditor_id AND w.key = d.key),
                (SELECT max(m.approved_by) FROM outreach_message m
                 WHERE m.creditor_id = d.creditor_id AND m.dispatch_id = d.id), '')
FROM outreach_dispatch d WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s""",
    "circumstance": """
SELECT from_on, 12, id, 'circumstance', kind, '', coalesce(until_on::text, ''), note, NULL::bigint, '',
       recorded_at, NULL::bigint, recorded_by
FROM parties_circumstance WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s""",
    "circumstance_end": """
SELECT ended_on, 13, id, 'circumstance_end', kind, '', '', end_note, NULL::bigint, '', ended_at, NULL::bigint,
       ended_by
FROM parties_circumstance
WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s AND ended_on IS NOT NULL""",
    "consent": """
SELECT (recorded_at AT TIME ZONE %(zone)s)::date, 14, id, 'consent', channel, address, state, note,
       NULL::bigint, source, recorded_at, NULL::bigint, recorded_by
FROM parties_consent WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s""",
    "delivery": """
SELECT (e.at AT TIME ZONE %(zone)s)::date, 15, e.id, 'delivery', e.state, d.subject, d.channel, e.detail,
       NULL::bigint, e.address, e.at, e.dispatch_id, ''
FROM outreach_delivery_event e
JOIN outreach_dispatch d ON d.creditor_id = e.creditor_id AND d.id = e.dispatch_id
WHERE e.creditor_id = %(creditor)s AND e.customer_id = %(customer)s""",
    "contact": """
SELECT (at AT TIME ZONE %(zone)s)::date, 16, id, 'contact', kind, channel, '', '', NULL::bigint, address, at,
       CASE WHEN subject ~ '^dispatch:[0-9]{1,18}$' THEN substr(subject, 10)::bigint END,
       CASE WHEN actor ^@ 'user:' THEN actor ELSE '' END
FROM outreach_contact_entry
WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s
  AND kind IN ('opted_out', 'opted_in', 'posted', 'certificate', 'arrived', 'lost')""",
    "inbound": """
SELECT (received_at AT TIME ZONE %(zone)s)::date, 17, id, 'inbound', kind,
       coalesce(nullif(subject, ''), sender), state, left(text, 500), NULL::bigint, '', received_at, id,
       handled_by
FROM outreach_inbound_message WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s""",
    "letter": """
SELECT coalesce(l.posted_on, (l.withdrawn_at AT TIME ZONE %(zone)s)::date), 18, l.id, 'letter', l.channel,
       coalesce(b.number::text, ''), l.state, l.reason, NULL::bigint, '', l.withdrawn_at, l.id,
       CASE l.state WHEN 'withdrawn' THEN l.withdrawn_by ELSE coalesce(b.posted_by, '') END
FROM outreach_letter l
LEFT JOIN outreach_print_batch b ON b.creditor_id = l.creditor_id AND b.id = l.batch_id
WHERE l.creditor_id = %(creditor)s AND l.customer_id = %(customer)s
  AND (l.state = 'withdrawn' OR l.state = 'posted' AND l.channel = 'letter')""",
    "certified": """
SELECT "on", 19, id, 'certified', kind,
       concat_ws(' · ', nullif(carrier, ''), nullif(tracking_number, '')), '', note,
       NULL::bigint, '', at, letter_id, recorded_by
FROM outreach_certified_event WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s""",
    "certificate": """
SELECT (at AT TIME ZONE %(zone)s)::date, 20, id, 'certificate', '', name, '', '', NULL::bigint, '', at,
       letter_id, recorded_by
FROM outreach_certificate WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s""",
    "kind": """
SELECT on_date, 25, id, 'kind', kind, inferred, '', note, NULL::bigint, '', recorded_at, NULL::bigint,
       actor
FROM cases_kind_judgement WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s""",
    "case": """
SELECT (e.at AT TIME ZONE %(zone)s)::date, 26, e.id, 'case', e.kind, coalesce(u.name, ''),
       coalesce(e.payload ->> CASE e.kind WHEN 'next' THEN 'on' ELSE 'to' END, ''), '', NULL::bigint, '',
       e.at, e.case_id, e.actor
FROM cases_case_event e
LEFT JOIN tenancy_membership m
       ON m.creditor_id = e.creditor_id
      AND m.id = (e.payload ->> CASE e.kind WHEN 'assigned' THEN 'to' WHEN 'opened' THEN 'owner' END)::bigint
LEFT JOIN tenancy_user u ON u.id = m.user_id
WHERE e.creditor_id = %(creditor)s AND e.customer_id = %(customer)s AND e.kind <> 'worked'""",
    "case_note": """
SELECT (n.at AT TIME ZONE %(zone)s)::date, 27, n.id, 'case_note', '', '', '', n.text,
       NULL::bigint, '', n.at, n.case_id, n.actor
FROM cases_case_note n
WHERE n.creditor_id = %(creditor)s AND n.customer_id = %(customer)s AND n.withdraws_id IS NULL
  AND NOT EXISTS (SELECT FROM cases_case_note w
                  WHERE w.creditor_id = n.creditor_id AND w.withdraws_id = n.id)""",
    "promise": """
SELECT p.made_on, 22, p.id, 'promise', p.source, p.promised_on::text, p.method, p.note, p.amount_minor,
       p.currency, p.recorded_at, p.id, p.actor
FROM cases_promise p WHERE p.creditor_id = %(creditor)s AND p.customer_id = %(customer)s""",
    "promise_outcome": """
SELECT o.decided_on, 23, o.id, 'promise_outcome', o.verdict, p.promised_on::text, '', o.reason,
       nullif(o.paid_minor, 0), p.currency, o.recorded_at, p.id, o.actor
FROM cases_promise_outcome o
JOIN cases_promise p ON p.creditor_id = o.creditor_id AND p.id = o.promise_id
WHERE o.creditor_id = %(creditor)s AND o.customer_id = %(customer)s""",
    "plan_b": """
SELECT (b.at AT TIME ZONE %(zone)s)::date, 28, b.id, 'plan_b', '', b.for_on::text, '', b.text, NULL::bigint,
       '', b.at, NULL::bigint, b.actor
FROM cases_plan_b b WHERE b.creditor_id = %(creditor)s AND b.customer_id = %(customer)s""",
    "reply": """
SELECT received_on, 11, id, 'reply', kind, channel, '', note, NULL::bigint, '', recorded_at, NULL::bigint,
       """
    + _LOGGED.format(subject="reply", id="r.id")
    + """
FROM outreach_reply r WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s""",
}

KINDS = tuple(_PARTS)

_COLUMNS = "on_day, rank, id, kind, code, detail, state, note, amount_minor, currency, at, ref, actor"

_ORDER = "ORDER BY on_day DESC, rank DESC, id DESC LIMIT %(most)s"

_BEYOND = "AND (on_day, rank, id) < (%(day)s::date, %(rank)s, %(id)s::bigint)"


def timeline(kinds: tuple[str, ...], *, beyond: bool) -> str:
    """The entries of these kinds, latest first; with `beyond` those before day, rank and id."""
    after = _BEYOND if beyond else ""
    parts = [
        f"(SELECT * FROM ({_PARTS[kind]}) each ({_COLUMNS}) WHERE on_day <= %(until)s {after} {_ORDER})"
        for kind in kinds
    ]
    return f"SELECT * FROM ({' UNION ALL '.join(parts)}) entries {_ORDER}"
