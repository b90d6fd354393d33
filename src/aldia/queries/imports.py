"""What an import compares its rows with: lines, credits, circumstances and parties as they stand now.

All frames are of one creditor, inside its scope; amounts in minor units. A row of the ledger that an import
derived from a due line bears the line's source key, `~` and a mark: `…~adjust:17`, `…~paid:17`, `…~open:17`.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import polars as pl
from django.db import connection

from aldia.records.intake.models import ImportBatch, ImportSource
from aldia.records.tenancy.models import Membership

LINES = pl.Schema(
    {
        "due_line_id": pl.Int64,
        "document_id": pl.Int64,
        "customer_id": pl.Int64,
        "number": pl.String,
        "currency": pl.String,
        "kind": pl.String,
        "source_key": pl.String,
        "issued_on": pl.Date,
        "due_date": pl.Date,
        "amount_minor": pl.Int64,
        "open_minor": pl.Int64,
        "terms_on": pl.Date,
        "disputed": pl.Boolean,
        "covered_until": pl.Date,
        "acceptance": pl.String,
    }
)

CREDITS = pl.Schema(
    {
        "credit_id": pl.Int64,
        "customer_id": pl.Int64,
        "kind": pl.String,
        "currency": pl.String,
        "number": pl.String,
        "reference": pl.String,
        "names_document": pl.String,
        "source_key": pl.String,
        "value_on": pl.Date,
        "amount_minor": pl.Int64,
        "left_minor": pl.Int64,
        "original_minor": pl.Int64,
    }
)

CUSTOMERS = pl.Schema(
    {
        "customer_id": pl.Int64,
        "customer": pl.String,
        "name": pl.String,
        "tax_id": pl.String,
        "person_kind": pl.String,
        "language": pl.String,
        "form_of_address": pl.String,
        "segment": pl.String,
        "tags": pl.List(pl.String),
        "country": pl.String,
        "place": pl.String,
        "owner_id": pl.Int64,
        "group_id": pl.Int64,
        "contract_rate_bp": pl.Int64,
        "insolvent_on": pl.Date,
        "minor": pl.Boolean,
    }
)

BENEFICIARIES = pl.Schema(
    {
        "beneficiary_id": pl.Int64,
        "customer_id": pl.Int64,
        "code": pl.String,
        "name": pl.String,
        "minor": pl.Boolean,
    }
)

CONTACTS = pl.Schema(
    {
        "contact_id": pl.Int64,
        "customer_id": pl.Int64,
        "name": pl.String,
        "role": pl.String,
        "is_recipient": pl.Boolean,
    }
)

POINTS = pl.Schema({"customer_id": pl.Int64, "channel": pl.String, "value": pl.String})

RETURNS = pl.Schema(
    {
        "credit_id": pl.Int64,
        "customer_id": pl.Int64,
        "currency": pl.String,
        "reference": pl.String,
        "effective_on": pl.Date,
        "amount_minor": pl.Int64,
    }
)

_LINES = """
SELECT l.id, l.document_id, l.customer_id, d.number, l.currency, l.kind, l.source_key, l.issued_on, l.due_date,
       b.original_minor - b.reversed_minor, b.open_minor, o.terms_on, coalesce(o.disputed, false),
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

_ALLOCATED = """
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

_CREDITS = """
SELECT c.id, c.customer_id, c.kind, c.currency, c.number, c.reference, c.names_document, c.source_key,
       c.effective_on, b.original_minor - b.reversed_minor, b.unallocated_minor, b.original_minor
FROM ledger_credit_balance b
JOIN ledger_credit c ON c.creditor_id = b.creditor_id AND c.id = b.credit_id
LEFT JOIN intake_import_batch i ON i.creditor_id = c.creditor_id AND i.id = c.batch_id
WHERE b.creditor_id = %(creditor)s AND {which}
ORDER BY c.effective_on, c.id
"""

_LIVE = "b.reversed_minor < b.original_minor AND "

# Money that came and went back did come: the same row of a file is not new. An undone import never was.
_CAME = """(b.reversed_minor < b.original_minor OR (coalesce(i.state, 'committed') <> 'undone' AND EXISTS (
    SELECT FROM ledger_reversal r WHERE r.creditor_id = c.creditor_id AND r.credit_id = c.id
    AND r.kind IN ('returned_debit', 'chargeback')))) AND """

_NOT_UNDONE = "coalesce(i.state, 'committed') <> 'undone' AND "

_CUSTOMERS = """
SELECT id, code, name, tax_id, person_kind, language, form_of_address, segment, tags, country, place, owner_id,
       group_id, contract_rate_bp, insolvent_on, minor
FROM parties_customer
WHERE creditor_id = %(creditor)s AND (code = ANY (%(codes)s::text[]) OR tax_id = ANY (%(tax_ids)s::text[]))
ORDER BY id
"""

_BENEFICIARIES = """
SELECT id, customer_id, code, name, minor FROM parties_beneficiary
WHERE creditor_id = %(creditor)s AND (customer_id = ANY (%(ids)s::bigint[]) OR code = ANY (%(codes)s::text[]))
ORDER BY id
"""

_CONTACTS = """
SELECT id, customer_id, name, role, is_recipient FROM parties_contact
WHERE creditor_id = %(creditor)s AND customer_id = ANY (%(ids)s::bigint[]) ORDER BY id
"""

_POINTS = """
SELECT customer_id, channel, value FROM parties_contact_point
WHERE creditor_id = %(creditor)s AND customer_id = ANY (%(ids)s::bigint[])
"""

_HOLDS = """
SELECT customer_id, max(until_on) FROM ledger_overlay v
WHERE creditor_id = %(creditor)s AND kind = 'hold' AND due_line_id IS NULL AND until_on > %(day)s
  AND customer_id = ANY (%(ids)s::bigint[]) AND NOT EXISTS (
        SELECT FROM ledger_overlay_end e WHERE e.creditor_id = v.creditor_id AND e.overlay_id = v.id)
GROUP BY customer_id
"""

_RETURNS = """
SELECT r.credit_id, r.customer_id, r.currency, c.reference, r.effective_on, r.amount_minor
FROM ledger_reversal r
JOIN ledger_credit c ON c.creditor_id = r.creditor_id AND c.id = r.credit_id
LEFT JOIN intake_import_batch b ON b.creditor_id = r.creditor_id AND b.id = r.batch_id
WHERE r.creditor_id = %(creditor)s AND r.kind = 'returned_debit' AND r.credit_id IS NOT NULL
  AND r.effective_on = ANY (%(days)s::date[]) AND coalesce(b.state, 'committed') <> 'undone'
ORDER BY r.id
"""


def lines_of_numbers(creditor_id: int, numbers: Iterable[str]) -> pl.DataFrame:
    """The unreversed lines (LINES) of documents of these numbers, adjustments (`~`) among them.

    terms_on: the due date an import last brought in the place of the first, covered_until: the last cover's end, acceptance: its last state.
    """
    which = "d.number = ANY (%(values)s::text[])"
    return _lines(creditor_id, which, values=sorted(set(numbers)))


def open_lines_of_source(creditor_id: int, prefix: str) -> pl.DataFrame:
    """The lines (LINES) that came under source keys of this prefix and are open."""
    which = "b.open_minor > 0 AND b.source_key ^@ %(prefix)s AND b.source_key NOT LIKE '%%~%%'"
    return _lines(creditor_id, which, prefix=prefix)


def allocated_by_others(creditor_id: int, line_ids: Iterable[int]) -> pl.DataFrame:
    """due_line_id, paid_minor: what money not booked from the line's own row in a file pays of it."""
    schema = pl.Schema({"due_line_id": pl.Int64, "paid_minor": pl.Int64})
    return _read(_ALLOCATED, {"creditor": creditor_id, "ids": sorted(set(line_ids))}, schema)


def derived_credits(creditor_id: int) -> pl.DataFrame:
    """The credits (CREDITS) that imports not undone derived from due lines; amount_minor may be none by now."""
    return _credits(creditor_id, _NOT_UNDONE + "c.source_key LIKE '%%~%%'")


def credit_notes(creditor_id: int, numbers: Iterable[str]) -> pl.DataFrame:
    """The unreversed credit notes (CREDITS) of these numbers."""
    which = _LIVE + "c.kind = 'credit_note' AND c.number = ANY (%(values)s::text[])"
    return _credits(creditor_id, which, values=sorted(set(numbers)))


def waiting_credits(creditor_id: int, numbers: Iterable[str]) -> pl.DataFrame:
    """Credits (CREDITS) with money left that name documents of these numbers."""
    which = _LIVE + "b.unallocated_minor > 0 AND c.names_document = ANY (%(values)s::text[])"
    return _credits(creditor_id, which, values=sorted(set(numbers)))


def known_money(
    creditor_id: int, keys: Iterable[str], references: Iterable[str], customer_ids: Iterable[int]
) -> pl.DataFrame:
    """Credits (CREDITS) with one of these source keys or references, or of these customers; among them those
    that went back."""
    which = _CAME + (
        "(b.source_key = ANY (%(keys)s::text[]) OR c.reference = ANY (%(references)s::text[])"
        " OR c.customer_id = ANY (%(ids)s::bigint[]))"
    )
    return _credits(
        creditor_id,
        which,
        keys=sorted(set(keys)),
        references=sorted(set(references)),
        ids=sorted(set(customer_ids)),
    )


def returned_on(creditor_id: int, days: Iterable[date]) -> pl.DataFrame:
    """Returned debits (RETURNS) of these days, those of undone imports left out."""
    return _read(_RETURNS, {"creditor": creditor_id, "days": sorted(set(days))}, RETURNS)


def customers_named(creditor_id: int, codes: Iterable[str], tax_ids: Iterable[str] = ()) -> pl.DataFrame:
    """The customers (CUSTOMERS) of these codes or tax ids; `customer` is the code."""
    params = {"creditor": creditor_id, "codes": sorted(set(codes)), "tax_ids": sorted(set(tax_ids))}
    return _read(_CUSTOMERS, params, CUSTOMERS)


def beneficiaries_of(creditor_id: int, customer_ids: Iterable[int], codes: Iterable[str]) -> pl.DataFrame:
    """The beneficiaries (BENEFICIARIES) of these payers or with these codes."""
    params = {"creditor": creditor_id, "ids": sorted(set(customer_ids)), "codes": sorted(set(codes))}
    return _read(_BENEFICIARIES, params, BENEFICIARIES)


def contacts_of(creditor_id: int, customer_ids: Iterable[int]) -> pl.DataFrame:
    """Contacts (CONTACTS) of these customers."""
    return _read(_CONTACTS, {"creditor": creditor_id, "ids": sorted(set(customer_ids))}, CONTACTS)


def points_of(creditor_id: int, customer_ids: Iterable[int]) -> pl.DataFrame:
    """Contact points (POINTS) of these customers."""
    return _read(_POINTS, {"creditor": creditor_id, "ids": sorted(set(customer_ids))}, POINTS)


def groups_of(creditor_id: int) -> dict[str, int]:
    """Code → id of the creditor's groups of customers."""
    rows = _read(
        "SELECT code, id FROM parties_customer_group WHERE creditor_id = %(creditor)s",
        {"creditor": creditor_id},
        pl.Schema({"code": pl.String, "id": pl.Int64}),
    )
    return dict(rows.iter_rows())


def holds_of(creditor_id: int, customer_ids: Iterable[int], day: date) -> dict[int, date]:
    """Customer → end of the longest hold in force after the day."""
    params = {"creditor": creditor_id, "ids": sorted(set(customer_ids)), "day": day}
    rows = _read(_HOLDS, params, pl.Schema({"customer_id": pl.Int64, "until": pl.Date}))
    return dict(rows.iter_rows())


def people_of(creditor_id: int) -> dict[str, int]:
    """E-mail or name, as written → membership id, of those who work for the creditor."""
    found: dict[str, int] = {}
    for member in Membership.objects.filter(creditor_id=creditor_id).select_related("user").order_by("-id"):
        found |= {member.user.name: member.pk, member.user.email: member.pk}
    return found


def source_named(creditor_id: int, kind: str, name: str) -> ImportSource | None:
    """The saved source of that kind and name."""
    return ImportSource.objects.filter(creditor_id=creditor_id, kind=kind, name=name).first()


def committed_before(creditor_id: int, kind: str, digest: str) -> ImportBatch | None:
    """The latest import in force of exactly this file."""
    same = ImportBatch.objects.filter(creditor_id=creditor_id, kind=kind, file_digest=digest)
    return same.filter(state="committed").defer("content").order_by("-id").first()


def batches_of(creditor_id: int, limit: int = 50) -> list[ImportBatch]:
    """The latest imports, newest first, without the bytes of their files."""
    batches = ImportBatch.objects.filter(creditor_id=creditor_id).select_related("source")
    return list(batches.defer("content").order_by("-id")[:limit])


def _lines(creditor_id: int, which: str, **params: object) -> pl.DataFrame:
    return _read(_LINES.format(which=which), {"creditor": creditor_id, **params}, LINES)


def _credits(creditor_id: int, which: str, **params: object) -> pl.DataFrame:
    return _read(_CREDITS.format(which=which), {"creditor": creditor_id, **params}, CREDITS)


def _read(query: str, params: Mapping[str, Any], schema: pl.Schema) -> pl.DataFrame:
    with connection.cursor() as cursor:
        cursor.execute(query, dict(params))
        return pl.DataFrame(cursor.fetchall(), schema=schema, orient="row")


def booked_by(creditor_id: int, batch_id: int) -> tuple[list[int], list[int]]:
    """Ids of the due lines and of the credits of an import of which something is left."""
    params = {"creditor": creditor_id, "batch": batch_id}
    ids = pl.Schema({"id": pl.Int64})
    return (
        _read(_BOOKED.format(row="due_line", cache="item"), params, ids)["id"].to_list(),
        _read(_BOOKED.format(row="credit", cache="credit"), params, ids)["id"].to_list(),
    )


def dependants_of(creditor_id: int, batch_id: int) -> pl.DataFrame:
    """kind (refund, document, credit), id, batch_id of what stands in the way of undoing an import."""
    schema = pl.Schema({"kind": pl.String, "id": pl.Int64, "batch_id": pl.Int64})
    return _read(_DEPENDANTS, {"creditor": creditor_id, "batch": batch_id}, schema)


def overlays_of(creditor_id: int, batch_id: int) -> pl.DataFrame:
    """overlay_id, effective_on of an import's circumstances that have no end."""
    schema = pl.Schema({"overlay_id": pl.Int64, "effective_on": pl.Date})
    return _read(_OVERLAYS, {"creditor": creditor_id, "batch": batch_id}, schema)


def taken_by(creditor_id: int, line_ids: Iterable[int], credit_ids: Iterable[int]) -> int:
    """How many other credits pay these lines."""
    params = {"creditor": creditor_id, "lines": list(line_ids), "credits": list(credit_ids)}
    return int(_read(_OTHERS, params, pl.Schema({"n": pl.Int64}))["n"][0])


def returned_by(creditor_id: int, batch_id: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What an import sent back of credits that are not its own: the credits as they would come again (with
    `parent_id`, the reversal), and parent_id, due_line_id, amount_minor of what they paid."""
    params = {"creditor": creditor_id, "batch": batch_id}
    texts = ["kind", "currency", "number", "reference", "payer_name", "method", "names_document"]
    credits_ = pl.Schema(
        {
            "parent_id": pl.Int64,
            "customer_id": pl.Int64,
            **dict.fromkeys(texts, pl.String),
            "amount_minor": pl.Int64,
            "effective_on": pl.Date,
        }
    )
    paid = pl.Schema({"parent_id": pl.Int64, "due_line_id": pl.Int64, "amount_minor": pl.Int64})
    return _read(_RETURNED, params, credits_), _read(_RETURNED_FROM, params, paid)


_BOOKED = """
SELECT r.id FROM ledger_{row} r
JOIN ledger_{cache}_balance b ON b.creditor_id = r.creditor_id AND b.{row}_id = r.id
WHERE r.creditor_id = %(creditor)s AND r.batch_id = %(batch)s AND b.reversed_minor < b.original_minor
ORDER BY r.id
"""

_DEPENDANTS = """
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
LIMIT 1
"""

_OVERLAYS = """
SELECT o.id, o.effective_on FROM ledger_overlay o
WHERE o.creditor_id = %(creditor)s AND o.batch_id = %(batch)s AND NOT EXISTS (
    SELECT FROM ledger_overlay_end e WHERE e.creditor_id = o.creditor_id AND e.overlay_id = o.id)
ORDER BY o.id
"""

_OTHERS = """
SELECT count(DISTINCT a.credit_id)
FROM ledger_allocation a
WHERE a.creditor_id = %(creditor)s AND a.due_line_id = ANY (%(lines)s::bigint[])
  AND a.credit_id <> ALL (%(credits)s::bigint[])
  AND a.amount_minor > coalesce((SELECT sum(r.amount_minor) FROM ledger_reversal r
      WHERE r.creditor_id = a.creditor_id AND r.allocation_id = a.id), 0)
"""

_RETURNED = """
SELECT r.id, c.customer_id, c.kind, c.currency, c.number, c.reference, c.payer_name, c.method, c.names_document,
       r.amount_minor, r.effective_on
FROM ledger_reversal r
JOIN ledger_credit c ON c.creditor_id = r.creditor_id AND c.id = r.credit_id
WHERE r.creditor_id = %(creditor)s AND r.batch_id = %(batch)s AND r.kind = 'returned_debit'
  AND c.batch_id IS DISTINCT FROM r.batch_id
ORDER BY r.id
"""

_RETURNED_FROM = """
SELECT r.parent_id, a.due_line_id, least(r.amount_minor, b.open_minor)
FROM ledger_reversal r
JOIN ledger_reversal h ON h.creditor_id = r.creditor_id AND h.id = r.parent_id
JOIN ledger_credit c ON c.creditor_id = h.creditor_id AND c.id = h.credit_id
JOIN ledger_allocation a ON a.creditor_id = r.creditor_id AND a.id = r.allocation_id
JOIN ledger_item_balance b ON b.creditor_id = a.creditor_id AND b.due_line_id = a.due_line_id
WHERE r.creditor_id = %(creditor)s AND r.batch_id = %(batch)s AND r.kind = 'returned_debit'
  AND c.batch_id IS DISTINCT FROM r.batch_id AND b.open_minor > 0
ORDER BY r.id
"""
