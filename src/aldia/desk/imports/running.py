"""«Hacer ahora el proceso diario»: today's decisions without waiting for their hour."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from aldia.desk.access import POST, Visit, creditor_page
from aldia.desk.errands import hand_over
from aldia.desk.imports.batch import go
from aldia.desk.imports.waiting import tell_end, waiting_context
from aldia.desk.once import first_time
from aldia.kernel import clock
from aldia.queries.creditors import default_date
from aldia.queries.errands import errand_of
from aldia.records.tenancy.models import Creditor
from aldia.rules.rights import Right


@creditor_page(Right.RELEASE, methods=POST)
def run_now(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A run may put messages on their way, so it needs the right to let them go."""
    if not first_time(request, visit):
        return go(request, "today", visit)
    errand = hand_over(visit, "run", now=clock.now(), wishes=_day_and_moment(visit.creditor))
    return go(request, "run-waiting", visit, errand_id=errand.pk)


def _day_and_moment(creditor: Creditor) -> dict[str, str]:
    """Today and this moment; for the demonstration the last day of its data, in the morning."""
    now = clock.now()
    on = default_date(creditor, now)
    if on < clock.business_date(now, creditor.time_zone):
        now = clock.morning_of(on, creditor.time_zone)
    return {"on": on.isoformat(), "now": now.isoformat()}


@creditor_page(Right.RELEASE)
def show_run(request: HttpRequest, visit: Visit, errand_id: int) -> HttpResponse:
    """The bar; when it is done, on to «Hoy»."""
    errand = errand_of(visit.creditor.pk, errand_id)
    if errand is None or errand.kind != "run":
        raise Http404
    if errand.finished_at is not None:
        tell_end(request, errand)
        return go(request, "today", visit)
    context = waiting_context(errand, clock.now())
    part = "#bar" if request.headers.get("HX-Request") else ""
    return render(request, f"desk/imports/wait.html{part}", context)
