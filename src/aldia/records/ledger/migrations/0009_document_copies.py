"""Copies of documents, walled by creditor; each version stays, and its digest is that of its content."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import aldia.records.schema.fields
from aldia.records.schema.operations import CompositeForeignKey, RunStatements, TenantTable, Together


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0008_rarer_lists"),
        ("tenancy", "0010_letterhead"),
    ]

    operations = [
        migrations.CreateModel(
            name="DocumentCopy",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("pdf", "PDF"), ("xml", "Factura electrónica (XML)"), ("link", "Enlace")],
                        db_collation="C",
                    ),
                ),
                ("withdrawn", models.BooleanField(db_default=False, default=False)),
                ("file_name", models.CharField(blank=True, db_default="", default="")),
                ("content_type", models.CharField(blank=True, db_default="", default="")),
                ("size", models.IntegerField(db_default=0, default=0)),
                ("sha256", models.CharField(blank=True, db_collation="C", db_default="", default="")),
                ("content", models.BinaryField(blank=True, null=True)),
                ("url", models.CharField(blank=True, db_collation="C", db_default="", default="")),
                ("recorded_by", models.CharField()),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "creditor",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.creditor",
                    ),
                ),
                (
                    "document",
                    aldia.records.schema.fields.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="ledger.document",
                    ),
                ),
            ],
            options={"db_table": "ledger_document_copy"},
        ),
        Together(
            [
                migrations.AddIndex(
                    "documentcopy",
                    models.Index(
                        fields=["creditor", "document", "kind", "id"], name="document_copy_by_document"
                    ),
                ),
                migrations.AddIndex(
                    "documentcopy",
                    models.Index(
                        condition=models.Q(("sha256", ""), _negated=True),
                        fields=["creditor", "sha256"],
                        name="document_copy_by_sha256",
                    ),
                ),
                migrations.AddConstraint(
                    "documentcopy",
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["link", "pdf", "xml"])),
                        name="document_copy_kind_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    "documentcopy",
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("content__isnull", True),
                                ("sha256", ""),
                                ("size", 0),
                                ("url", ""),
                                ("withdrawn", True),
                            ),
                            models.Q(
                                ("content__isnull", False),
                                ("kind__in", ["pdf", "xml"]),
                                ("sha256__regex", "^[0-9a-f]{64}$"),
                                ("size__gt", 0),
                                ("size__lte", 5242880),
                                ("url", ""),
                                ("withdrawn", False),
                                models.Q(("file_name", ""), _negated=True),
                                models.Q(("content_type", ""), _negated=True),
                            ),
                            models.Q(
                                ("content__isnull", True),
                                ("kind", "link"),
                                ("sha256", ""),
                                ("size", 0),
                                ("url__regex", "^https://[^[:space:]]+$"),
                                ("withdrawn", False),
                            ),
                            _connector="OR",
                        ),
                        name="document_copy_is_a_file_a_link_or_withdrawn",
                    ),
                ),
                migrations.AddConstraint(
                    "documentcopy",
                    models.CheckConstraint(
                        condition=models.Q(("recorded_by", ""), _negated=True),
                        name="document_copy_is_brought_by_somebody",
                    ),
                ),
            ]
        ),
        TenantTable("ledger_document_copy", append_only=True, creditor_key=False),
        CompositeForeignKey(
            "ledger_document_copy",
            ("creditor_id", "document_id"),
            "ledger_document",
            ("creditor_id", "id"),
        ),
        RunStatements(
            "The digest and size of a copy are those of its content; a PDF is not packed a second time",
            [
                "ALTER TABLE ledger_document_copy ADD CONSTRAINT document_copy_digest_is_of_its_content"
                " CHECK (content IS NULL OR (sha256 = encode(sha256(content), 'hex')"
                " AND size = octet_length(content)))",
                "ALTER TABLE ledger_document_copy ALTER COLUMN content SET STORAGE EXTERNAL",
            ],
            ["ALTER TABLE ledger_document_copy DROP CONSTRAINT document_copy_digest_is_of_its_content"],
        ),
    ]
