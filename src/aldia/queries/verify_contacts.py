"""Do the contact logs hold? Every chain reckoned anew, its end compared, its anchors with the audit chain.

One pass over all entries of a creditor, in the database; about ten microseconds each.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection

_SHOWN = 20

# As `rules/contact_chain.py`: here, not in a function of the database, which its owner could change.
CANONICAL = """
jsonb_build_object(
    'creditor', e.creditor_id, 'customer', e.customer_id, 'seq', e.seq,
    'at', to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'recorded_at', to_char(e.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'kind', e.kind, 'channel', e.channel, 'address', e.address, 'subject', e.subject,
    'actor', e.actor, 'payload', e.payload)::text
"""

# The first bad place of each chain. A gap shows at the entry after it, a shortened chain past its last one.
_BAD_ENTRIES = f"""
WITH chain AS (
    SELECT e.customer_id, e.seq, e.prev_hash, e.entry_hash,
           row_number() OVER way AS place, lag(e.entry_hash, 1, '') OVER way AS before,
           encode(sha256(convert_to(e.prev_hash
               || encode(sha256(convert_to({CANONICAL}, 'UTF8')), 'hex'), 'UTF8')), 'hex') AS reckoned
    FROM outreach_contact_entry e WHERE e.creditor_id = %(creditor)s
    WINDOW way AS (PARTITION BY e.customer_id ORDER BY e.seq, e.id)
), faults AS (
    SELECT customer_id, seq, CASE
        WHEN seq <> place THEN 'place'
        WHEN prev_hash <> before THEN 'link'
        ELSE 'hash' END AS fault
    FROM chain WHERE seq <> place OR prev_hash <> before OR entry_hash <> reckoned
    UNION ALL
    SELECT coalesce(h.customer_id, l.customer_id), coalesce(l.seq, 0) + 1, 'end'
    FROM outreach_contact_head h
    FULL JOIN (SELECT DISTINCT ON (customer_id) customer_id, seq, entry_hash FROM chain
               ORDER BY customer_id, seq DESC) l ON l.customer_id = h.customer_id
    WHERE (h.creditor_id = %(creditor)s OR h.creditor_id IS NULL)
      AND (h.seq, h.entry_hash) IS DISTINCT FROM (l.seq, l.entry_hash)
)
SELECT * FROM (SELECT DISTINCT ON (customer_id) customer_id, seq, fault FROM faults
               ORDER BY customer_id, seq, fault) first_bad
ORDER BY customer_id LIMIT %(shown)s
"""

# What a run found at the ends of the chains stands there, and adds up to what it told the audit chain.
_BAD_ANCHORS = """
SELECT a.customer_id, min(a.seq) AS seq, 'anchor' AS fault
FROM outreach_contact_anchor a
LEFT JOIN outreach_contact_entry e
       ON e.creditor_id = a.creditor_id AND e.customer_id = a.customer_id AND e.seq = a.seq
WHERE a.creditor_id = %(creditor)s AND e.entry_hash IS DISTINCT FROM a.entry_hash
GROUP BY a.customer_id ORDER BY 1 LIMIT %(shown)s
"""

_BAD_RUNS = """
WITH kept AS (
    SELECT 'run:' || run_id AS run, encode(sha256(convert_to(string_agg(
               customer_id || ' ' || seq || ' ' || entry_hash, E'\\n' ORDER BY customer_id), 'UTF8')), 'hex')
           AS digest
    FROM outreach_contact_anchor WHERE creditor_id = %(creditor)s GROUP BY run_id
), told AS (
    SELECT subject AS run, payload ->> 'digest' AS digest FROM audit_entry
    WHERE creditor_id = %(creditor)s AND verb = 'contacts.anchored'
)
SELECT coalesce(k.run, t.run) FROM kept k FULL JOIN told t ON t.run = k.run
WHERE k.digest IS DISTINCT FROM t.digest ORDER BY 1 LIMIT %(shown)s
"""

_SENTENCES = {
    "place": "faltan o sobran anotaciones antes de la {seq}",
    "link": "la anotación {seq} no enlaza con la anterior",
    "hash": "la anotación {seq} ha sido modificada",
    "end": "no termina donde debería: falla a partir de la anotación {seq}",
    "anchor": "la anotación {seq} no es la que el proceso diario dejó fijada en la auditoría",
}


def contact_faults(creditor_id: int) -> list[tuple[str, dict[str, Any]]]:
    """The first bad entry of each customer's chain, and runs whose anchors differ: a Spanish sentence and the
    facts of each. Within the scope."""
    return [*_chains(creditor_id), *_runs(creditor_id)]


def _chains(creditor_id: int) -> Iterator[tuple[str, dict[str, Any]]]:
    named = set()
    for query in (_BAD_ENTRIES, _BAD_ANCHORS):
        for customer, seq, fault in _ask(query, creditor_id):
            if customer in named:
                continue
            named.add(customer)
            what = _SENTENCES[fault].format(seq=seq)
            yield (
                f"El registro de contactos del cliente {customer} está alterado: {what}.",
                {"customer": customer, "seq": seq, "fault": fault},
            )


def _runs(creditor_id: int) -> Iterator[tuple[str, dict[str, Any]]]:
    for (run,) in _ask(_BAD_RUNS, creditor_id):
        yield (
            f"Lo que el proceso diario {run.removeprefix('run:')} fijó de los registros de contactos no es lo"
            " que consta en la auditoría.",
            {"run": int(run.removeprefix("run:"))},
        )


def _ask(query: str, creditor_id: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"creditor": creditor_id, "shown": _SHOWN})
        return list(cursor.fetchall())
