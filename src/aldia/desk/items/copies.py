"""The copies of a document: brought, linked, withdrawn, looked at; and many at once."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aldia.desk.access import FORM, POST, Visit, creditor_page
from aldia.desk.acting import NotAsSaid, acted, once
from aldia.formats.copies import FILE_BYTES_MAX
from aldia.formats.copies.archive import ALL_BYTES_MAX, FILES_MAX
from aldia.kernel import clock
from aldia.kernel.errors import AldiaError
from aldia.operations.copies import Brought, put_copies, put_copy, put_copy_link, withdraw_copy
from aldia.queries.copies import version_of
from aldia.queries.movements import Opened, line_with_movements
from aldia.records.ledger.models import COPY_URL_MAX, CopyKind
from aldia.rules.copies import attached_name
from aldia.rules.rights import Right
from aldia.ui.downloads import file_response
from aldia.ui.forms import DeskForm

_ALL_MB = ALL_BYTES_MAX // 1024**2
_NAME_MAX = 200


class SeveralFiles(forms.FileField):
    """One file or more, as a list."""

    widget = forms.FileInput

    def clean(self, data: Any, initial: Any = None) -> list["UploadedFile[Any]"]:
        """Each as a file of its own."""
        given = data if isinstance(data, list | tuple) else [data]
        return [super(SeveralFiles, self).clean(each, initial) for each in given or [None]]


class ManyFiles(forms.FileInput):
    """A picker of several files."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """All of them."""
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class BringForm(DeskForm):
    """One file."""

    file = forms.FileField(
        label=gettext_lazy("Archivo"),
        help_text=gettext_lazy("PDF, o factura electrónica en XML. Hasta 5 MB."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.xml"}),
    )


class LinkForm(DeskForm):
    """Where the document can be had."""

    url = forms.CharField(
        label=gettext_lazy("Dirección"),
        max_length=COPY_URL_MAX,
        help_text=gettext_lazy("Empieza por https:// y se abre sin clave."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )


class ManyForm(DeskForm):
    """Several files, or archives of them."""

    many = SeveralFiles(
        label=gettext_lazy("Archivos"),
        widget=ManyFiles(attrs={"accept": ".pdf,.xml,.zip", "multiple": True}),
    )

    def clean_many(self) -> list["UploadedFile[Any]"]:
        """Not more than are read at once."""
        files: list[UploadedFile[Any]] = self.cleaned_data["many"]
        if len(files) > FILES_MAX or sum(each.size or 0 for each in files) > ALL_BYTES_MAX:
            raise forms.ValidationError(
                _("Son más de %(files)s archivos o de %(most)s MB: súbalos en varias veces.")
                % {"files": FILES_MAX, "most": _ALL_MB}
            )
        return files


@creditor_page(Right.NOTE, POST)
def bring(request: HttpRequest, visit: Visit, line_id: int) -> HttpResponse:
    """The file is the copy of the line's document from now on."""
    found = _line(visit, line_id)

    def act() -> str:
        form = BringForm(request.POST, request.FILES)
        if not form.is_valid():
            raise NotAsSaid(_("Elija un archivo que no esté vacío."))
        file = form.cleaned_data["file"]
        if (file.size or 0) > FILE_BYTES_MAX:
            raise NotAsSaid(_("El archivo pasa de %(most)s MB.") % {"most": FILE_BYTES_MAX // 1024**2})
        fresh = put_copy(
            document_id=found.row["document_id"],
            file_name=_plain(file.name),
            content=file.read(),
            **_who(visit),
        )
        return _("La copia está guardada.") if fresh else _("Esa copia ya estaba guardada.")

    acted(request, visit, act)
    return _back(visit, line_id)


@creditor_page(Right.NOTE, POST)
def link(request: HttpRequest, visit: Visit, line_id: int) -> HttpResponse:
    """The document can be had there."""
    found = _line(visit, line_id)

    def act() -> str:
        url = request.POST.get("url", "").replace("\0", "")
        put_copy_link(document_id=found.row["document_id"], url=url, **_who(visit))
        return _("El enlace está guardado.")

    acted(request, visit, act)
    return _back(visit, line_id)


@creditor_page(Right.NOTE, POST)
def withdraw(request: HttpRequest, visit: Visit, line_id: int, kind: str) -> HttpResponse:
    """There is no copy of that kind any more."""
    found = _line(visit, line_id)
    if kind not in CopyKind.values:
        raise Http404

    def act() -> str:
        withdraw_copy(document_id=found.row["document_id"], kind=kind, **_who(visit))
        return _("La copia está retirada: ya no va con ningún mensaje, y su enlace no abre nada.")

    acted(request, visit, act)
    return _back(visit, line_id)


@creditor_page()
def download(request: HttpRequest, visit: Visit, line_id: int, copy_id: int) -> HttpResponse:
    """A version of the copy, to be kept."""
    found = _line(visit, line_id)
    version = version_of(visit.creditor, found.row["document_id"], copy_id)
    if version is None:
        raise Http404
    copy, content = version
    return file_response(attached_name(copy.number, copy.kind, set()), content, copy.content_type)


@creditor_page(Right.IMPORT, FORM)
def bring_many(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The form; by POST what became of each file, on the same page."""
    form = ManyForm(request.POST or None, request.FILES or None)
    told: list[Brought] | None = None
    if request.method == "POST" and form.is_valid():
        files = [(_plain(each.name), each.read()) for each in form.cleaned_data["many"]]
        try:
            told = once(request, visit, lambda: put_copies(uploads=files, **_who(visit)))
        except AldiaError as refusal:
            form.add_error("many", refusal.sentence)
        else:
            if told is None:
                return redirect("desk:copies-new", creditor=visit.creditor.code)
    context = {
        "form": form,
        "told": told,
        "kept": [each for each in told or () if each.is_kept],
        "left": [each for each in told or () if not each.is_kept],
        "most_mb": _ALL_MB,
        "file_mb": FILE_BYTES_MAX // 1024**2,
    }
    return render(request, "desk/items/copies.html", context, status=422 if form.errors else 200)


def _who(visit: Visit) -> dict[str, Any]:
    return {"creditor": visit.creditor, "actor": visit.actor, "now": clock.now()}


def _line(visit: Visit, line_id: int) -> Opened:
    found = line_with_movements(visit.creditor.pk, line_id)
    if found is None:
        raise Http404
    return found


def _plain(name: str | None) -> str:
    """As the person knows it: one line of visible signs."""
    return "".join(sign for sign in (name or "") if sign.isprintable())[:_NAME_MAX] or "archivo"


def _back(visit: Visit, line_id: int) -> HttpResponse:
    return redirect("desk:item", creditor=visit.creditor.code, line_id=line_id)
