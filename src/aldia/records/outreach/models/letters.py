"""Letters: the tray they wait in, the batches they are printed in, and what became of certified ones."""

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.db.models.functions import Now

from aldia.records.outreach.models.dispatches import Dispatch
from aldia.records.outreach.models.words import MessageChannel
from aldia.records.parties.models import Customer
from aldia.records.schema.fields import TenantForeignKey, one_of, positive
from aldia.records.tenancy.models import TenantRow

CERTIFICATE_MAX_BYTES = 10 * 1024 * 1024


class LetterState(models.TextChoices):
    """tray → printed → posted; printed → tray again; a certified one goes from the tray to posted at once.
    Before it is posted it may be withdrawn."""

    TRAY = "tray", "En la bandeja"
    PRINTED = "printed", "Impresa"
    POSTED = "posted", "Enviada"
    WITHDRAWN = "withdrawn", "Retirada"


class PrintBatch(TenantRow):
    """Letters printed together. number: counts per creditor from one. posted_on: the day they went to the
    post, null until then."""

    number = models.IntegerField()
    made_by = models.CharField()
    made_at = models.DateTimeField()
    posted_on = models.DateField(null=True, blank=True)
    posted_by = models.CharField(blank=True, default="", db_default="")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "outreach_print_batch"
        constraints = [
            UniqueConstraint(fields=["creditor", "id"], name="print_batch_creditor_id_id"),
            UniqueConstraint(fields=["creditor", "number"], name="print_batch_number_is_unique"),
            positive("number", name="print_batch_number_begins_at_one"),
            CheckConstraint(name="print_batch_has_an_author", condition=~Q(made_by="")),
            CheckConstraint(
                name="print_batch_is_posted_by_somebody",
                condition=Q(posted_on__isnull=True, posted_by="")
                | Q(posted_on__isnull=False) & ~Q(posted_by=""),
            ),
        ]


class Letter(TenantRow):
    """A finished letter, in the tray since taken_at. It is put there once for each dispatch, whoever tries.

    The PDF itself is the dispatch's attachment of that attempt; sha256: of it. batch: the one it was printed
    in, none for certified letters and for what came back to the tray. posted_on: the day it went out.
    """

    dispatch = TenantForeignKey(Dispatch)
    customer = TenantForeignKey(Customer)
    attempt = models.IntegerField()
    channel = models.CharField(choices=MessageChannel)
    pages = models.IntegerField()
    sha256 = models.CharField(db_collation="C")
    state = models.CharField(choices=LetterState, default=LetterState.TRAY, db_default=LetterState.TRAY)
    taken_at = models.DateTimeField()
    batch = TenantForeignKey(PrintBatch, null=True, blank=True)
    posted_on = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(blank=True, default="", db_default="")
    reason = models.TextField(blank=True, default="", db_default="")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "outreach_letter"
        constraints = [
            UniqueConstraint(fields=["creditor", "id", "customer"], name="letter_creditor_id_id_customer"),
            UniqueConstraint(fields=["creditor", "dispatch"], name="letter_lies_in_the_tray_once"),
            one_of("state", LetterState, name="letter_state_is_known"),
            CheckConstraint(
                name="letter_is_posted_or_certified", condition=Q(channel__in=["letter", "certified"])
            ),
            positive("pages", name="letter_has_a_page"),
            positive("attempt", name="letter_attempt_begins_at_one"),
            CheckConstraint(name="letter_sha256_is_hex", condition=Q(sha256__regex="^[0-9a-f]{64}$")),
            CheckConstraint(
                name="letter_certified_is_in_no_batch",
                condition=~Q(channel="certified") | Q(batch__isnull=True) & ~Q(state="printed"),
            ),
            CheckConstraint(
                name="letter_in_the_tray_is_in_no_batch", condition=~Q(state="tray") | Q(batch__isnull=True)
            ),
            CheckConstraint(
                name="letter_printed_is_in_a_batch",
                condition=Q(channel="certified")
                | ~Q(state__in=["printed", "posted"])
                | Q(batch__isnull=False),
            ),
            CheckConstraint(
                name="letter_posted_iff_dated",
                condition=Q(state="posted", posted_on__isnull=False)
                | ~Q(state="posted") & Q(posted_on__isnull=True),
            ),
            CheckConstraint(
                name="letter_withdrawn_iff_somebody_says_why",
                condition=(
                    Q(state="withdrawn", withdrawn_at__isnull=False) & ~Q(withdrawn_by="") & ~Q(reason="")
                )
                | ~Q(state="withdrawn") & Q(withdrawn_at__isnull=True, withdrawn_by="", reason=""),
            ),
        ]
        indexes = [
            Index(fields=["creditor", "channel", "state", "id"], name="letter_by_state"),
            Index(fields=["creditor", "batch"], name="letter_by_batch"),
            Index(fields=["creditor", "customer"], name="letter_by_customer"),
        ]


class CertifiedEventKind(models.TextChoices):
    """What a person learnt of a certified letter. The last result that was written down counts."""

    HANDED_OVER = "handed_over", "Entregada al servicio"
    DELIVERED = "delivered", "Entregada al destinatario"
    REFUSED = "refused", "Rehusada por el destinatario"
    NOT_COLLECTED = "not_collected", "No recogida"
    RETURNED = "returned", "Devuelta"


class CertifiedEvent(TenantRow):
    """A step of a certified letter, as somebody wrote it down. Append-only: a mistake is followed by the
    right one.

    service: id of its kind (`jurisdictions/certified`); carrier: with whom it went; tracking_number: its
    number there, blank while it is not known. on: the day it happened.
    """

    letter = TenantForeignKey(Letter)
    customer = TenantForeignKey(Customer)
    kind = models.CharField(choices=CertifiedEventKind)
    on = models.DateField()
    service = models.CharField(blank=True, default="", db_default="", db_collation="C")
    carrier = models.CharField(blank=True, default="", db_default="")
    tracking_number = models.CharField(blank=True, default="", db_default="", db_collation="C")
    note = models.TextField(blank=True, default="", db_default="")
    recorded_by = models.CharField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "outreach_certified_event"
        constraints = [
            one_of("kind", CertifiedEventKind, name="certified_event_kind_is_known"),
            CheckConstraint(
                name="certified_event_handed_over_names_service_and_carrier",
                condition=~Q(kind="handed_over") | ~Q(service="") & ~Q(carrier=""),
            ),
            CheckConstraint(name="certified_event_has_an_author", condition=~Q(recorded_by="")),
        ]
        indexes = [Index(fields=["creditor", "letter", "id"], name="certified_event_by_letter")]


class Certificate(TenantRow):
    """A certificate of what a certified letter said or of its delivery, as it was given to the house.
    Append-only. content_type: by what the file is, not by what it is called."""

    letter = TenantForeignKey(Letter)
    customer = TenantForeignKey(Customer)
    name = models.CharField()
    content_type = models.CharField()
    content = models.BinaryField()
    sha256 = models.CharField(db_collation="C")
    recorded_by = models.CharField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "outreach_certificate"
        constraints = [
            UniqueConstraint(fields=["creditor", "letter", "sha256"], name="certificate_is_kept_once"),
            CheckConstraint(
                name="certificate_type_is_known",
                condition=Q(content_type__in=["application/pdf", "image/jpeg", "image/png"]),
            ),
            CheckConstraint(
                name="certificate_has_a_name_and_an_author", condition=~Q(name="") & ~Q(recorded_by="")
            ),
            CheckConstraint(name="certificate_sha256_is_hex", condition=Q(sha256__regex="^[0-9a-f]{64}$")),
        ]
        indexes = [Index(fields=["creditor", "letter", "id"], name="certificate_by_letter")]
