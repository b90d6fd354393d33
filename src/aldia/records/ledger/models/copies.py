"""Copies of documents: the invoice itself as the customer may be given it, or where it can be had."""

from django.db import models
from django.db.models import CheckConstraint, Index, Q
from django.db.models.functions import Now

from aldia.records.ledger.models.debits import Document
from aldia.records.schema.fields import TenantForeignKey, one_of
from aldia.records.tenancy.models import TenantRow

COPY_BYTES_MAX = 5 * 1024 * 1024
COPY_URL_MAX = 1000


class CopyKind(models.TextChoices):
    """What a copy is."""

    PDF = "pdf", "PDF"
    XML = "xml", "Factura electrónica (XML)"
    LINK = "link", "Enlace"


class DocumentCopy(TenantRow):
    """One version of a copy. Append-only; the last one of a document and kind counts.

    withdrawn: there is none of this kind from here on. file_name: as it was brought; name, size in bytes,
    sha256 (hex) and content: of a file, else blank. url: of a link, https. recorded_by: actor.
    """

    document = TenantForeignKey(Document)
    kind = models.CharField(choices=CopyKind, db_collation="C")
    withdrawn = models.BooleanField(default=False, db_default=False)
    file_name = models.CharField(blank=True, default="", db_default="")
    content_type = models.CharField(blank=True, default="", db_default="")
    size = models.IntegerField(default=0, db_default=0)
    sha256 = models.CharField(blank=True, default="", db_default="", db_collation="C")
    content = models.BinaryField(null=True, blank=True)
    url = models.CharField(blank=True, default="", db_default="", db_collation="C")
    recorded_by = models.CharField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "ledger_document_copy"
        constraints = [
            one_of("kind", CopyKind, name="document_copy_kind_is_known"),
            CheckConstraint(
                name="document_copy_is_a_file_a_link_or_withdrawn",
                condition=Q(withdrawn=True, content__isnull=True, sha256="", size=0, url="")
                | Q(
                    withdrawn=False,
                    kind__in=["pdf", "xml"],
                    content__isnull=False,
                    sha256__regex="^[0-9a-f]{64}$",
                    size__gt=0,
                    size__lte=COPY_BYTES_MAX,
                    url="",
                )
                & ~Q(file_name="")
                & ~Q(content_type="")
                | Q(
                    withdrawn=False,
                    kind="link",
                    content__isnull=True,
                    sha256="",
                    size=0,
                    url__regex=r"^https://[^[:space:]]+$",
                ),
            ),
            CheckConstraint(name="document_copy_is_brought_by_somebody", condition=~Q(recorded_by="")),
        ]
        indexes = [
            Index(fields=["creditor", "document", "kind", "id"], name="document_copy_by_document"),
            Index(fields=["creditor", "sha256"], name="document_copy_by_sha256", condition=~Q(sha256="")),
        ]
