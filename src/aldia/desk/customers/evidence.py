"""The contacts with a customer as a file that proves them: asked for here, put into the audit chain."""

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from aldia.desk.access import FORM, Visit, creditor_page
from aldia.desk.today.page import now_for
from aldia.kernel.errors import AldiaError
from aldia.operations.evidence import export_evidence
from aldia.queries.evidence import log_length
from aldia.records.parties.models import Customer
from aldia.records.tenancy.scope import scope
from aldia.rules.rights import Right
from aldia.ui.forms import DayField, DeskForm


class PeriodForm(DeskForm):
    """Which days; both may be left open."""

    since = DayField(label=gettext_lazy("Desde"), required=False)
    until = DayField(label=gettext_lazy("Hasta"), required=False)


@creditor_page(Right.EVIDENCE, FORM, in_scope=False)
def export(request: HttpRequest, visit: Visit, customer_id: int) -> HttpResponse:
    """The form, and the ZIP it is for. Each download is an entry of the audit chain."""
    with transaction.atomic(), scope([visit.creditor.pk]):
        customer = Customer.objects.filter(pk=customer_id).first()
        if customer is None:
            raise Http404
        now, length = now_for(visit.creditor), log_length(visit.creditor.pk, customer_id)
    form = PeriodForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            pack = export_evidence(
                creditor=visit.creditor,
                customer_code=customer.code,
                actor=visit.actor,
                now=now,
                **form.cleaned_data,
            )
        except AldiaError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            answer = HttpResponse(pack.content, content_type="application/zip")
            answer["Content-Disposition"] = f'attachment; filename="{pack.name}"'
            answer["Cache-Control"] = "no-store"
            return answer
    context = {"form": form, "customer": customer, "length": length}
    with transaction.atomic(), scope([visit.creditor.pk]):
        return render(request, "desk/customers/evidence.html", context, status=422 if form.errors else 200)
