"""What comes in: sources and batches of imported tables, keys under which programs ask once, errands."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.db.models.functions import Now

from aldia.records.schema.fields import TenantForeignKey, one_of
from aldia.records.tenancy.models import TenantRow


class ImportKind(models.TextChoices):
    """What the rows of a table are."""

    INVOICES = "invoices", "Facturas"
    PAYMENTS = "payments", "Cobros"
    CUSTOMERS = "customers", "Clientes"


class ImportSource(TenantRow):
    """A table that comes again: how its columns map to fields, and its number and date grammar.

    mapping: {field: column header}. options: {date_format, decimal, delimiter, …} as declared or proved.
    """

    kind = models.CharField(choices=ImportKind)
    name = models.CharField()
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "intake_import_source"
        constraints = [
            UniqueConstraint(fields=["creditor", "id"], name="import_source_creditor_id_id"),
            UniqueConstraint(fields=["creditor", "kind", "name"], name="import_source_name_is_unique"),
            one_of("kind", ImportKind, name="import_source_kind_is_known"),
        ]


class BatchState(models.TextChoices):
    """staged → committed → undone, or staged → discarded."""

    STAGED = "staged", "En revisión"
    COMMITTED = "committed", "Importado"
    UNDONE = "undone", "Deshecho"
    DISCARDED = "discarded", "Descartado"


_MOMENTS_AGREE = (
    Q(state__in=["discarded", "staged"], committed_at__isnull=True, undone_at__isnull=True)
    | Q(state="committed", committed_at__isnull=False, undone_at__isnull=True)
    | Q(state="undone", committed_at__isnull=False, undone_at__isnull=False)
)


class ImportBatch(TenantRow):
    """One file as it came in, and where it stands.

    file_digest: SHA-256 in hex of content, the bytes as read. counts: {rows, new, unchanged, changed, …}.
    findings: list of {row, column, sentence}. Moments are aware UTC. actor: who imported, as text.
    """

    source = TenantForeignKey(ImportSource, null=True, blank=True)
    kind = models.CharField(choices=ImportKind)
    file_name = models.CharField()
    file_digest = models.CharField(max_length=64, db_collation="C")
    content = models.BinaryField()
    options = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)
    state = models.CharField(choices=BatchState, default=BatchState.STAGED, db_default=BatchState.STAGED)
    counts = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    staged_at = models.DateTimeField(db_default=Now())
    committed_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    actor = models.CharField(blank=True, default="", db_default="")

    class Meta:
        db_table = "intake_import_batch"
        constraints = [
            UniqueConstraint(fields=["creditor", "id"], name="import_batch_creditor_id_id"),
            one_of("kind", ImportKind, name="import_batch_kind_is_known"),
            CheckConstraint(name="import_batch_moments_agree_with_state", condition=_MOMENTS_AGREE),
            CheckConstraint(
                name="import_batch_digest_is_sha256", condition=Q(file_digest__regex="^[0-9a-f]{64}$")
            ),
        ]
        indexes = [models.Index(fields=["creditor", "file_digest"], name="import_batch_by_digest")]


class IdempotencyKey(TenantRow):
    """A key that a program sent with a request that writes, and the answer it got: asked again, told again.

    request_digest: SHA-256 in hex of what was asked. status, body: the answer, HTTP status and JSON; status
    is null only while the request is under way, in a transaction nobody else sees. Kept a day at least.
    """

    key = models.CharField(max_length=255, db_collation="C")
    method = models.CharField(max_length=10)
    path = models.CharField()
    request_digest = models.CharField(max_length=64, db_collation="C")
    status = models.SmallIntegerField(null=True, blank=True)
    body = models.TextField(blank=True, default="", db_default="")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "intake_idempotency_key"
        constraints = [
            UniqueConstraint(fields=["creditor", "key"], name="idempotency_key_is_unique"),
            CheckConstraint(name="idempotency_key_is_not_blank", condition=~Q(key="")),
            CheckConstraint(
                name="idempotency_key_digest_is_sha256", condition=Q(request_digest__regex="^[0-9a-f]{64}$")
            ),
            CheckConstraint(
                name="idempotency_key_answer_is_no_failure_of_ours",
                condition=Q(status__isnull=True, body="") | Q(status__range=(200, 499)),
            ),
        ]
        indexes = [models.Index(fields=["creditor", "recorded_at"], name="idempotency_key_by_age")]


class ErrandKind(models.TextChoices):
    """What takes long enough to be done behind a page."""

    READ = "read", "Leer el archivo"
    IMPORT = "import", "Importar"
    UNDO = "undo", "Deshacer la importación"
    RUN = "run", "Proceso diario"


class Errand(TenantRow):
    """Long work that somebody asked for on a page. The worker does it; whoever asked may go away meanwhile.

    batch: what it is about; null for the daily run. wishes: what was said with it, as the operation takes it.
    actor: who asked. attempts: how often a worker has begun. Open until finished_at; refusal: the Spanish
    sentence why nothing was done, blank when it was.
    """

    kind = models.CharField(choices=ErrandKind)
    batch = TenantForeignKey(ImportBatch, null=True, blank=True)
    wishes = models.JSONField(default=dict, db_default={})
    actor = models.CharField()
    attempts = models.SmallIntegerField(default=0, db_default=0)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    refusal = models.TextField(blank=True, default="", db_default="")

    class Meta:
        db_table = "intake_errand"
        constraints = [
            one_of("kind", ErrandKind, name="errand_kind_is_known"),
            CheckConstraint(
                name="errand_is_about_a_batch_or_is_a_run",
                condition=Q(kind="run", batch__isnull=True) | ~Q(kind="run") & Q(batch__isnull=False),
            ),
            CheckConstraint(
                name="errand_is_refused_only_when_finished",
                condition=Q(refusal="") | Q(finished_at__isnull=False),
            ),
            CheckConstraint(name="errand_attempts_are_not_negative", condition=Q(attempts__gte=0)),
            UniqueConstraint(
                fields=["creditor", "batch"],
                condition=Q(finished_at__isnull=True),
                nulls_distinct=False,
                name="errand_is_one_open_per_batch",
            ),
        ]
