"""The contact log: what was tried, said, answered and refused, one chain of hashes per customer."""

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.db.models.functions import Now

from aldia.records.cases.models import DailyRun
from aldia.records.parties.models import Customer
from aldia.records.schema.fields import TenantForeignKey, one_of, positive
from aldia.records.tenancy.models import TenantRow


class ContactKind(models.TextChoices):
    """What an entry tells. The first five are attempts, as the dispatch's state says."""

    SENT = "sent", "Enviado"
    FAILED = "failed", "No salió"
    UNKNOWN = "unknown", "Sin confirmar"
    RETURNED = "returned", "Se volverá a intentar"
    DELIVERY = "delivery", "Noticia de entrega"
    ARRIVED = "arrived", "Confirmado que llegó"
    LOST = "lost", "Confirmado que no llegó"
    REPLY = "reply", "Respuesta del cliente"
    REFUSED = "refused", "No se envía"
    SKIPPED = "skipped", "Omitido por una persona"
    POSTPONED = "postponed", "Pospuesto por una persona"
    CALL = "call", "Llamada"
    OPTED_OUT = "opted_out", "No quiere recibir mensajes"
    OPTED_IN = "opted_in", "Consiente recibir mensajes"
    POSTED = "posted", "Carta entregada a Correos"
    CERTIFICATE = "certificate", "Certificado de entrega"


class ContactEntry(TenantRow):
    """One entry of a customer's log. Append-only; written through `operations/contact_log.py`.

    seq: 1, 2, 3 … per customer. at: when it happened; recorded_at: when it was written down. address: whom it
    reached or was for. subject: on what (`dispatch:17`, `message:5`, `reply:3`). actor: who did it. payload:
    facts; words and files only by SHA-256, under names that end in `sha256`. prev_hash: of the entry before,
    blank for the first. entry_hash: `rules/contact_chain.py`.

    seq, prev_hash and entry_hash are the database's: whatever is written in them is written over.
    """

    customer = TenantForeignKey(Customer)
    seq = models.IntegerField(default=0, db_default=0)
    at = models.DateTimeField()
    kind = models.CharField(choices=ContactKind)
    channel = models.CharField(blank=True, default="", db_default="", db_collation="C")
    address = models.CharField(blank=True, default="", db_default="")
    subject = models.CharField(blank=True, default="", db_default="", db_collation="C")
    actor = models.CharField()
    payload = models.JSONField(default=dict, db_default={})
    recorded_at = models.DateTimeField(db_default=Now())
    prev_hash = models.CharField(blank=True, default="", db_default="", db_collation="C")
    entry_hash = models.CharField(blank=True, default="", db_default="", db_collation="C")

    class Meta:
        db_table = "outreach_contact_entry"
        constraints = [
            UniqueConstraint(
                fields=["creditor", "customer", "seq"], name="contact_entry_has_one_place_in_its_chain"
            ),
            one_of("kind", ContactKind, name="contact_entry_kind_is_known"),
            CheckConstraint(name="contact_entry_has_an_actor", condition=~Q(actor="")),
            CheckConstraint(
                name="contact_entry_hash_is_sha256", condition=Q(entry_hash__regex="^[0-9a-f]{64}$")
            ),
            CheckConstraint(
                name="contact_entry_only_the_first_has_no_predecessor",
                condition=Q(seq=1, prev_hash="") | (Q(seq__gt=1) & ~Q(prev_hash="")),
            ),
        ]
        indexes = [Index(fields=["creditor", "subject"], name="contact_entry_by_subject")]


class ContactHead(TenantRow):
    """Where a customer's chain ends, kept by the triggers of the entries: locked to append, compared to find
    a shortened chain. anchored_seq: the last place that stands in the creditor's audit chain."""

    customer = TenantForeignKey(Customer)
    seq = models.IntegerField()
    entry_hash = models.CharField(db_collation="C")
    anchored_seq = models.IntegerField(default=0, db_default=0)

    class Meta:
        db_table = "outreach_contact_head"
        constraints = [
            UniqueConstraint(fields=["creditor", "customer"], name="contact_head_is_one_per_customer"),
            CheckConstraint(
                name="contact_head_is_anchored_within_its_chain",
                condition=Q(anchored_seq__gte=0, anchored_seq__lte=F("seq")),
            ),
        ]
        indexes = [
            Index(
                fields=["creditor", "customer"],
                name="contact_head_not_anchored",
                condition=Q(seq__gt=F("anchored_seq")),
            )
        ]


class ContactAnchor(TenantRow):
    """The end of a customer's chain as a daily run found it. Append-only.

    The audit entry of the run holds the digest over all of them (`rules/contact_chain.py`), under the seal
    whose key is not in the database: so a chain that is written anew as a whole is found too.
    """

    run = TenantForeignKey(DailyRun)
    customer = TenantForeignKey(Customer)
    seq = models.IntegerField()
    entry_hash = models.CharField(db_collation="C")

    class Meta:
        db_table = "outreach_contact_anchor"
        constraints = [
            UniqueConstraint(
                fields=["creditor", "run", "customer"], name="contact_anchor_is_one_per_run_and_customer"
            ),
            positive("seq", name="contact_anchor_seq_begins_at_one"),
        ]
        indexes = [Index(fields=["creditor", "customer", "seq"], name="contact_anchor_by_customer")]
