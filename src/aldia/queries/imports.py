"""What an import compares its rows with: lines, credits, circumstances and parties as they stand now.

All frames are of one creditor, inside its scope; amounts in minor units. A row of the ledger that an import
derived from a due line bears the line's source key, `~` and a mark: `…~adjust:17`, `…~paid:17`, `…~open:17`.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import polars as pl
from django.db import connection

from aldia.queries import imports_sql as sql
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
        "customer_id": pl.Int64(),
        "customer": pl.String(),
        "name": pl.String(),
        "tax_id": pl.String(),
        "person_kind": pl.String(),
        "language": pl.String(),
        "form_of_address": pl.String(),
        "segment": pl.String(),
        "tags": pl.List(pl.String),
        "country": pl.String(),
        "place": pl.String(),
        "postal_code": pl.String(),
        "owner_id": pl.Int64(),
        "salesperson_id": pl.Int64(),
        "group_id": pl.Int64(),
        "contract_rate_bp": pl.Int64(),
        "insolvent_on": pl.Date(),
        "minor": pl.Boolean(),
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


# Money that came and went back did come: the same row of a file is not new. An undone import never was.


def lines_of_numbers(creditor_id: int, numbers: Iterable[str]) -> pl.DataFrame:
    """The unreversed lines (LINES) of documents of these numbers, adjustments (`~`) among them.

    terms_on: the due date an import last brought in the place of the first. covered_until: the last cover's
    end. acceptance: its last state.
    """
    which = "d.number = ANY (%(values)s::text[])"
    return _lines(creditor_id, which, values=sorted(set(numbers)))


def open_lines_of_source(creditor_id: int, prefix: str) -> pl.DataFrame:
    """The lines (LINES) that came under source keys of this prefix and are open, adjustments among them."""
    which = "b.open_minor > 0 AND b.source_key ^@ %(prefix)s"
    return _lines(creditor_id, which, prefix=prefix)


def allocated_by_others(creditor_id: int, line_ids: Iterable[int]) -> pl.DataFrame:
    """due_line_id, paid_minor: what money not booked from the line's own row in a file pays of it."""
    schema = pl.Schema({"due_line_id": pl.Int64, "paid_minor": pl.Int64})
    return read_named(sql.ALLOCATED, {"creditor": creditor_id, "ids": sorted(set(line_ids))}, schema)


def derived_credits(creditor_id: int) -> pl.DataFrame:
    """The credits (CREDITS) that imports in force derived from due lines, those that went back too."""
    return _credits(creditor_id, sql.NOT_UNDONE + "c.source_key LIKE '%%~%%'")


def credit_notes(creditor_id: int, numbers: Iterable[str]) -> pl.DataFrame:
    """The unreversed credit notes (CREDITS) of these numbers."""
    which = sql.LIVE + "c.kind = 'credit_note' AND c.number = ANY (%(values)s::text[])"
    return _credits(creditor_id, which, values=sorted(set(numbers)))


def waiting_credits(creditor_id: int, numbers: Iterable[str]) -> pl.DataFrame:
    """Credits (CREDITS) with money left that name documents of these numbers."""
    which = sql.LIVE + "b.unallocated_minor > 0 AND c.names_document = ANY (%(values)s::text[])"
    return _credits(creditor_id, which, values=sorted(set(numbers)))


def credits_of(creditor_id: int, ids: Iterable[int]) -> pl.DataFrame:
    """These credits (CREDITS)."""
    return _credits(creditor_id, "b.credit_id = ANY (%(ids)s::bigint[])", ids=sorted(set(ids)))


def known_money(
    creditor_id: int, keys: Iterable[str], references: Iterable[str], customer_ids: Iterable[int]
) -> pl.DataFrame:
    """Credits (CREDITS) with one of these source keys or references, or of these customers; among them those
    that went back."""
    which = sql.CAME + (
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
    return read_named(sql.RETURNS, {"creditor": creditor_id, "days": sorted(set(days))}, RETURNS)


def customers_named(creditor_id: int, codes: Iterable[str], tax_ids: Iterable[str] = ()) -> pl.DataFrame:
    """The customers (CUSTOMERS) of these codes or tax ids; `customer` is the code."""
    params = {"creditor": creditor_id, "codes": sorted(set(codes)), "tax_ids": sorted(set(tax_ids))}
    return read_named(sql.CUSTOMERS, params, CUSTOMERS)


def beneficiaries_of(creditor_id: int, customer_ids: Iterable[int], codes: Iterable[str]) -> pl.DataFrame:
    """The beneficiaries (BENEFICIARIES) of these payers or with these codes."""
    params = {"creditor": creditor_id, "ids": sorted(set(customer_ids)), "codes": sorted(set(codes))}
    return read_named(sql.BENEFICIARIES, params, BENEFICIARIES)


def links_of_documents(creditor_id: int, ids: Iterable[int]) -> pl.DataFrame:
    """document_id, known_url: where these documents can be had, as last told; none for those withdrawn."""
    schema = pl.Schema({"document_id": pl.Int64, "known_url": pl.String})
    return read_named(sql.LINKS, {"creditor": creditor_id, "ids": sorted(set(ids))}, schema)


def contacts_of(creditor_id: int, customer_ids: Iterable[int]) -> pl.DataFrame:
    """Contacts (CONTACTS) of these customers."""
    return read_named(sql.CONTACTS, {"creditor": creditor_id, "ids": sorted(set(customer_ids))}, CONTACTS)


def points_of(creditor_id: int, customer_ids: Iterable[int]) -> pl.DataFrame:
    """Contact points (POINTS) of these customers."""
    return read_named(sql.POINTS, {"creditor": creditor_id, "ids": sorted(set(customer_ids))}, POINTS)


def groups_of(creditor_id: int) -> dict[str, int]:
    """Code → id of the creditor's groups of customers."""
    rows = read_named(
        "SELECT code, id FROM parties_customer_group WHERE creditor_id = %(creditor)s",
        {"creditor": creditor_id},
        pl.Schema({"code": pl.String, "id": pl.Int64}),
    )
    return dict(rows.iter_rows())


def holds_of(creditor_id: int, customer_ids: Iterable[int], day: date) -> dict[int, date]:
    """Customer → end of the longest hold in force after the day."""
    params = {"creditor": creditor_id, "ids": sorted(set(customer_ids)), "day": day}
    rows = read_named(sql.HOLDS, params, pl.Schema({"customer_id": pl.Int64, "until": pl.Date}))
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
    return read_named(sql.LINES.format(which=which), {"creditor": creditor_id, **params}, LINES)


def _credits(creditor_id: int, which: str, **params: object) -> pl.DataFrame:
    return read_named(sql.CREDITS.format(which=which), {"creditor": creditor_id, **params}, CREDITS)


def read_named(query: str, params: Mapping[str, Any], schema: pl.Schema) -> pl.DataFrame:
    with connection.cursor() as cursor:
        cursor.execute(query, dict(params))
        return pl.DataFrame(cursor.fetchall(), schema=schema, orient="row")
