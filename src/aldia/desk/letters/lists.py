"""«Cartas»: the tray, the batches, one letter and its PDF."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from aldia.desk.access import Visit, creditor_page
from aldia.desk.letters.forms import DayForm, ReasonForm
from aldia.desk.today.page import now_for
from aldia.kernel.clock import business_date
from aldia.queries.letters import (
    address_file,
    batch_of,
    batches,
    letter_counts,
    letter_of_id,
    letters_in,
    letters_of_batch,
    pdfs_of,
)
from aldia.ui.downloads import file_response

LISTS = ("tray", "batches", "posted", "withdrawn")


@creditor_page()
def show_letters(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET lista: tray (default), batches, posted, withdrawn; tras: after which the page begins."""
    name = request.GET.get("lista", "")
    name = name if name in LISTS else "tray"
    after = _number(request.GET.get("tras", ""))
    page = (
        batches(visit.creditor, after=after)
        if name == "batches"
        else letters_in(visit.creditor, name, after=after)
    )
    counts = letter_counts(visit.creditor)
    context = {
        "name": name,
        "page": page,
        "after": after,
        "waiting": counts.get(("letter", "tray"), (0, 0)),
        "printed": counts.get(("letter", "printed"), (0, 0))[0],
        "certified_waiting": counts.get(("certified", "tray"), (0, 0))[0],
    }
    return render(request, "desk/letters/letters.html", context)


def _number(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 19 else None


@creditor_page()
def show_batch(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """The letters printed together, their files, and the day they were posted."""
    return batch_page(request, visit, number)


def batch_page(request: HttpRequest, visit: Visit, number: int, form: DayForm | None = None) -> HttpResponse:
    """The same with a form that was not right."""
    batch = batch_of(visit.creditor, number)
    if batch is None:
        raise Http404
    rows = letters_of_batch(visit.creditor, number)
    today = business_date(now_for(visit.creditor), visit.creditor.time_zone)
    context = {
        "batch": batch,
        "rows": rows,
        "there": [each for each in rows if each.state != "withdrawn"],
        "pages": sum(each.pages for each in rows if each.state != "withdrawn"),
        "form": form or DayForm(initial={"on": today}),
    }
    return render(request, "desk/letters/batch.html", context, status=422 if form else 200)


@creditor_page()
def addresses(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """The addresses of a batch, for labels or for a printing house."""
    if batch_of(visit.creditor, number) is None:
        raise Http404
    content = address_file(visit.creditor, number)
    return file_response(f"direcciones-lote-{number}.csv", content, "text/csv; charset=utf-8")


@creditor_page()
def show_letter(request: HttpRequest, visit: Visit, letter_id: int) -> HttpResponse:
    """One letter: to whom, what it says, where it is."""
    return letter_page(request, visit, letter_id)


def letter_page(
    request: HttpRequest, visit: Visit, letter_id: int, form: ReasonForm | None = None
) -> HttpResponse:
    """The same with a form that was not right."""
    found = letter_of_id(visit.creditor, letter_id)
    if found is None:
        raise Http404
    if found.channel == "certified":
        return redirect("desk:certified-letter", creditor=visit.creditor.code, certified_id=letter_id)
    context = {"letter": found, "form": form or ReasonForm()}
    return render(request, "desk/letters/letter.html", context, status=422 if form else 200)


@creditor_page()
def letter_pdf(request: HttpRequest, visit: Visit, letter_id: int) -> HttpResponse:
    """The finished PDF, as it will be or was printed."""
    found = letter_of_id(visit.creditor, letter_id)
    if found is None:
        raise Http404
    (pdf,) = pdfs_of(visit.creditor, [letter_id])
    return file_response(f"carta-{letter_id}.pdf", pdf, "application/pdf", inline=True)
