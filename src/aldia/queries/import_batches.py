"""Imports as lists and pages show them: never with the bytes of the file."""

from dataclasses import dataclass

from django.db import connection

from aldia.records.intake.models import ImportBatch, ImportSource
from aldia.records.tenancy.models import Membership

_BUYERS = """
SELECT c.id, c.code, c.name, x.lines FROM (
  SELECT customer_id, count(*) AS lines FROM (
    SELECT customer_id FROM ledger_due_line WHERE creditor_id = %(creditor)s AND batch_id = %(batch)s
    UNION ALL
    SELECT customer_id FROM ledger_credit
    WHERE creditor_id = %(creditor)s AND batch_id = %(batch)s AND customer_id IS NOT NULL
  ) t GROUP BY customer_id ORDER BY lines DESC, customer_id LIMIT %(most)s
) x JOIN parties_customer c ON c.creditor_id = %(creditor)s AND c.id = x.customer_id
ORDER BY x.lines DESC, c.id
"""
_NEWCOMERS = """
SELECT id, code, name, 0 FROM parties_customer
WHERE creditor_id = %(creditor)s AND batch_id = %(batch)s ORDER BY id LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Touched:
    """A customer of whom an import booked something. rows: how much."""

    id: int
    code: str
    name: str
    rows: int


def batches(creditor_id: int, *, before: int | None, most: int) -> list[ImportBatch]:
    """The latest imports first, `before` an id; without content, mapping and findings."""
    found = ImportBatch.objects.filter(creditor_id=creditor_id)
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found.defer("content", "mapping", "findings").order_by("-pk")[:most])


def batch_of(creditor_id: int, batch_id: int) -> ImportBatch | None:
    """One import of the creditor, without its content."""
    return ImportBatch.objects.filter(creditor_id=creditor_id, pk=batch_id).defer("content").first()


def source_names(creditor_id: int, kind: str) -> list[str]:
    """Under which names tables of a kind came before."""
    found = ImportSource.objects.filter(creditor_id=creditor_id, kind=kind).exclude(name="default")
    return list(found.order_by("name").values_list("name", flat=True))


def people_by_actor(creditor_id: int) -> dict[str, str]:
    """`user:17` → «Marta Soler», for everybody who works for the creditor."""
    members = Membership.objects.filter(creditor_id=creditor_id).select_related("user")
    return {f"user:{each.user_id}": each.user.name for each in members}


def customers_of_batch(creditor_id: int, batch_id: int, *, most: int) -> list[Touched]:
    """Those with most rows booked; of a table of customers, the new ones."""
    names = {"creditor": creditor_id, "batch": batch_id, "most": most}
    with connection.cursor() as cursor:
        cursor.execute(_BUYERS, names)
        rows = cursor.fetchall()
        if not rows:
            cursor.execute(_NEWCOMERS, names)
            rows = cursor.fetchall()
    return [Touched(*row) for row in rows]
