"""Step one: what kind of table, and the file."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aldia.desk.access import FORM, Visit, creditor_page
from aldia.desk.errands import hand_over
from aldia.desk.imports.batch import go, is_long_to_read
from aldia.desk.imports.words import KIND_HINTS, KINDS
from aldia.desk.once import first_time
from aldia.formats.table.limits import FILE_BYTES_MAX
from aldia.kernel import clock
from aldia.operations.imports import ImportOptions, Kind, keep_file, look_again
from aldia.queries.import_batches import source_names
from aldia.records.intake.models import ImportBatch
from aldia.rules.rights import Right
from aldia.ui.forms import DeskForm

# What other words about the file may still mend: these keep the file, all else asks for another one.
_MENDABLE = frozenset(
    {
        "encoding_wrong",
        "encoding_mixed",
        "encoding_undecided",
        "delimiter_undecided",
        "delimiter_wrong",
        "no_header",
        "no_rows",
        "sheet_unknown",
    }
)
_NAME_MAX = 200


class UploadForm(DeskForm):
    """kind, file, source (a name under which the same kind of file comes again)."""

    kind = forms.ChoiceField(
        choices=list(KINDS.items()), widget=forms.RadioSelect, label=gettext_lazy("Qué trae")
    )
    file = forms.FileField(label=gettext_lazy("Archivo"))
    source = forms.CharField(
        required=False,
        max_length=60,
        label=gettext_lazy("Recordar las columnas con el nombre"),
        help_text=gettext_lazy(
            "Por ejemplo el programa o la tienda de donde sale. La próxima vez se leerá igual sin preguntar."
        ),
    )

    def clean_file(self) -> "UploadedFile[Any]":
        """Not larger than a table may be."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > FILE_BYTES_MAX:
            raise forms.ValidationError(
                _("El archivo pasa de %(most)s MB. Divídalo en varios archivos.")
                % {"most": FILE_BYTES_MAX // 1024**2}
            )
        return file

    def clean_source(self) -> str:
        """One line; a control character has no place in a name."""
        return "".join(c for c in self.cleaned_data["source"] if c.isprintable()).strip()


@creditor_page(Right.IMPORT, methods=FORM)
def new_import(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The form; by POST the file is kept and read, and its page shows what it would do."""
    form = UploadForm(request.POST or None, request.FILES or None, initial={"kind": _asked_kind(request)})
    if request.method == "POST" and form.is_valid():
        if not first_time(request, visit):
            return go(request, "imports", visit)
        kept = _kept(visit, form, clock.now())
        if isinstance(kept, ImportBatch):
            return go(request, "import", visit, batch_id=kept.pk)
        form.add_error("file", kept)
    return _form_page(request, visit, form)


def _asked_kind(request: HttpRequest) -> str:
    asked = request.GET.get("tipo", "")
    return asked if asked in KINDS else "invoices"


def _kept(visit: Visit, form: UploadForm, now: datetime) -> ImportBatch | str:
    """The batch, or the sentence why there is none."""
    file, source = form.cleaned_data["file"], form.cleaned_data["source"] or None
    content = file.read()
    with transaction.atomic():
        batch = keep_file(
            creditor=visit.creditor,
            kind=cast("Kind", form.cleaned_data["kind"]),
            file_name=_name(file.name),
            content=content,
            actor=visit.actor,
            now=now,
        )
        if is_long_to_read(len(content)):
            hand_over(visit, "read", now=now, batch_id=batch.pk, wishes={"source": source})
            return batch
        batch = _read(visit, batch, source, now)
        refused = batch.options["facts"].get("refused")
        if refused and refused not in _MENDABLE:
            transaction.set_rollback(True)
            return str(batch.findings[0]["sentence"])
    return batch


def _read(visit: Visit, batch: ImportBatch, source: str | None, now: datetime) -> ImportBatch:
    return look_again(
        creditor=visit.creditor,
        batch_id=batch.pk,
        options=ImportOptions(),
        mapping={},
        source_name=source,
        now=now,
    )


def _name(name: str | None) -> str:
    """As the person knows it: one line of visible characters."""
    return "".join(c for c in (name or "") if c.isprintable())[:_NAME_MAX] or _("archivo")


def _form_page(request: HttpRequest, visit: Visit, form: UploadForm) -> HttpResponse:
    asked = form["kind"].value()
    context: dict[str, Any] = {
        "form": form,
        "kinds": [(name, label, KIND_HINTS[name], name == asked) for name, label in KINDS.items()],
        "sources": sorted({name for kind in KINDS for name in source_names(visit.creditor.pk, kind)}),
        "most_mb": FILE_BYTES_MAX // 1024**2,
    }
    part = request.headers.get("HX-Request") and request.method == "POST"
    template = "desk/imports/new.html#upload" if part else "desk/imports/new.html"
    return render(request, template, context)
