"""Dated rows beside a due line or customer that never move money: terms, disputes, holds, covers."""

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from aldia.records.intake.models import ImportBatch
from aldia.records.ledger.models.debits import DueLine
from aldia.records.ledger.models.rows import LedgerRow
from aldia.records.parties.models import Customer
from aldia.records.schema.fields import TenantForeignKey


class OverlayKind(models.TextChoices):
    """terms: another due date. dispute: not dunned. hold: nobody writes. cover: paper or a debit batch."""

    TERMS = "terms", "Aplazamiento"
    DISPUTE = "dispute", "Incidencia"
    HOLD = "hold", "Pausa"
    COVER = "cover", "Efecto o remesa"


_SHAPE = (
    Q(kind="hold", due_line__isnull=True, amount_minor__isnull=True)
    | Q(kind="terms", due_line__isnull=False, amount_minor__isnull=True, until_on__isnull=False)
    | Q(kind="dispute", due_line__isnull=False, until_on__isnull=True)
    | Q(kind="cover", due_line__isnull=False, until_on__isnull=False)
)


class Overlay(LedgerRow):
    """A circumstance from effective_on until its end. Append-only.

    due_line: null means the whole customer, for holds only. amount_minor: the disputed or covered part in
    the line's minor units, null for all of it. until_on: the new due date of terms; the first day that a
    hold or cover no longer stands. recorded_by: the actor, as in the audit chain, "" for rows from before.
    """

    customer = TenantForeignKey(Customer)
    due_line = TenantForeignKey(DueLine, null=True, blank=True)
    kind = models.CharField(choices=OverlayKind)
    amount_minor = models.BigIntegerField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True, default="", db_default="")
    batch = TenantForeignKey(ImportBatch, null=True, blank=True)
    recorded_by = models.CharField(blank=True, default="", db_default="")

    class Meta:
        db_table = "ledger_overlay"
        constraints = [
            UniqueConstraint(fields=["creditor", "id"], name="overlay_creditor_id_id"),
            CheckConstraint(name="overlay_has_the_shape_of_its_kind", condition=_SHAPE),
            CheckConstraint(
                name="overlay_amount_is_positive",
                condition=Q(amount_minor__isnull=True) | Q(amount_minor__gt=0),
            ),
            CheckConstraint(
                name="overlay_hold_or_cover_ends_after_it_begins",
                condition=Q(kind__in=["dispute", "terms"])
                | Q(until_on__isnull=True)
                | Q(until_on__gt=F("effective_on")),
            ),
        ]
        indexes = [
            Index(fields=["creditor", "customer"], name="overlay_by_customer"),
            Index(fields=["creditor", "due_line"], name="overlay_by_due_line"),
            Index(fields=["creditor", "kind", "effective_on", "due_line"], name="overlay_by_kind"),
        ]


class OverlayEnd(LedgerRow):
    """Ends an overlay on effective_on, which is the first day without it. Append-only, once per overlay."""

    overlay = TenantForeignKey(Overlay)
    reason = models.TextField(blank=True, default="", db_default="")
    recorded_by = models.CharField(blank=True, default="", db_default="")

    class Meta:
        db_table = "ledger_overlay_end"
        constraints = [UniqueConstraint(fields=["creditor", "overlay"], name="overlay_ends_once")]
