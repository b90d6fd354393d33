"""Certified letters: what to hand over, with whom it went, what came of it, and the certificates."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from aldia.desk.access import POST, Visit, creditor_page
from aldia.desk.acting import acted
from aldia.desk.letters.forms import CertificateForm, HandedOverForm, ReasonForm, ResultForm
from aldia.desk.today.page import now_for
from aldia.jurisdictions.certified import certified_kind
from aldia.kernel.clock import business_date
from aldia.operations.certified import HandedOver, add_certificate, hand_over, record_result
from aldia.queries.certified import CertifiedSheet, certified_letters, certified_sheet
from aldia.queries.handover import handover_file
from aldia.queries.letters import letter_counts
from aldia.records.outreach.models import CERTIFICATE_MAX_BYTES, Certificate
from aldia.rules.rights import Right
from aldia.ui.downloads import file_response

_ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


@creditor_page()
def show_list(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All of them, latest first, with what is missing. GET tras: after which the page begins."""
    said = request.GET.get("tras", "")
    after = int(said) if said.isascii() and said.isdecimal() and len(said) < 19 else None
    counts = letter_counts(visit.creditor)
    context = {
        "page": certified_letters(visit.creditor, after=after),
        "after": after,
        "waiting": counts.get(("letter", "tray"), (0, 0)),
        "printed": counts.get(("letter", "printed"), (0, 0))[0],
        "certified_waiting": counts.get(("certified", "tray"), (0, 0))[0],
        "name": "certified",
    }
    return render(request, "desk/letters/certified_list.html", context)


@creditor_page()
def show_one(request: HttpRequest, visit: Visit, certified_id: int) -> HttpResponse:
    """One certified letter with all that is known of it."""
    return _page(request, visit, _sheet(visit, certified_id))


def _page(request: HttpRequest, visit: Visit, sheet: CertifiedSheet, **wrong: Any) -> HttpResponse:
    today = business_date(now_for(visit.creditor), visit.creditor.time_zone)
    row = sheet.row
    first = {
        "on": today,
        "service": row.service or sheet.kinds[0].id,
        "carrier": row.carrier or "",
        "tracking_number": row.tracking_number or "",
    }
    forms = {
        "handed_over": HandedOverForm(sheet.kinds, initial=first),
        "result": ResultForm(initial={"on": today}),
        "certificate": CertificateForm(),
        "withdraw": ReasonForm(),
    }
    context = {
        "sheet": sheet,
        "forms": forms | wrong,
        "carriers": list(dict.fromkeys(each for kind in sheet.kinds for each in kind.carriers)),
    }
    return render(request, "desk/letters/certified.html", context, status=422 if wrong else 200)


@creditor_page()
def handover(request: HttpRequest, visit: Visit, certified_id: int) -> HttpResponse:
    """GET servicio: the file for that service."""
    sheet = _sheet(visit, certified_id)
    kind = certified_kind(request.GET.get("servicio", "")) or sheet.kinds[0]
    content = handover_file(visit.creditor, [sheet.letter], kind)
    return file_response(f"certificada-{certified_id}.zip", content, "application/zip")


@creditor_page(Right.APPROVE, POST)
def handed_over(request: HttpRequest, visit: Visit, certified_id: int) -> HttpResponse:
    """With whom it went, when, and its number there."""
    sheet = _sheet(visit, certified_id)
    form = HandedOverForm(sheet.kinds, request.POST)
    if not form.is_valid():
        return _page(request, visit, sheet, handed_over=form)
    said = HandedOver(**form.cleaned_data)
    return _done(
        request, visit, certified_id, lambda who: hand_over(**who, said=said), _("Anotado cómo se envió.")
    )


@creditor_page(Right.APPROVE, POST)
def result(request: HttpRequest, visit: Visit, certified_id: int) -> HttpResponse:
    """What became of it."""
    sheet = _sheet(visit, certified_id)
    form = ResultForm(request.POST)
    if not form.is_valid():
        return _page(request, visit, sheet, result=form)
    return _done(
        request,
        visit,
        certified_id,
        lambda who: record_result(**who, **form.cleaned_data),
        _("Anotado qué pasó con la carta."),
    )


@creditor_page(Right.APPROVE, POST)
def keep_certificate(request: HttpRequest, visit: Visit, certified_id: int) -> HttpResponse:
    """The file, kept beside its letter."""
    sheet = _sheet(visit, certified_id)
    form = CertificateForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, visit, sheet, certificate=form)
    given = form.cleaned_data["file"]
    content = given.read(CERTIFICATE_MAX_BYTES + 1)
    return _done(
        request,
        visit,
        certified_id,
        lambda who: add_certificate(**who, name=given.name, content=content),
        _("El certificado se ha guardado."),
    )


@creditor_page()
def show_certificate(
    request: HttpRequest, visit: Visit, certified_id: int, certificate_id: int
) -> HttpResponse:
    """The file as it was given."""
    found = Certificate.objects.filter(
        creditor=visit.creditor, letter_id=certified_id, pk=certificate_id
    ).first()
    if found is None:
        raise Http404
    name = f"certificado-{certified_id}-{certificate_id}.{_ENDINGS[found.content_type]}"
    return file_response(name, bytes(found.content), found.content_type)


def _sheet(visit: Visit, certified_id: int) -> CertifiedSheet:
    found = certified_sheet(visit.creditor, certified_id)
    if found is None:
        raise Http404
    return found


def _done(
    request: HttpRequest, visit: Visit, certified_id: int, act: Callable[[dict[str, Any]], object], told: str
) -> HttpResponse:
    who = {
        "creditor": visit.creditor,
        "letter_id": certified_id,
        "actor": visit.actor,
        "now": now_for(visit.creditor),
    }

    def act_and_say() -> str:
        act(who)
        return told

    acted(request, visit, act_and_say)
    return redirect("desk:certified-letter", creditor=visit.creditor.code, certified_id=certified_id)
