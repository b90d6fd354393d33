"""The statement of account of a customer, as a file."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from aldia.desk.access import Visit, creditor_page
from aldia.desk.today.page import now_for
from aldia.kernel.errors import AldiaError
from aldia.queries.papers import statement_of
from aldia.records.parties.models import Customer
from aldia.ui.downloads import file_response
from aldia.ui.other_language import said


@creditor_page()
def statement_file(request: HttpRequest, visit: Visit, customer_id: int) -> HttpResponse:
    """As of this moment. GET intereses=no: without what has accrued."""
    customer = Customer.objects.filter(pk=customer_id).first()
    if customer is None:
        raise Http404
    interest = request.GET.get("intereses") != "no"
    try:
        found = statement_of(visit.creditor, customer.code, now=now_for(visit.creditor), interest=interest)
    except AldiaError as refusal:
        messages.error(request, said(refusal.sentence))
        return redirect("desk:customer", creditor=visit.creditor.code, customer_id=customer_id)
    return file_response(found.name, found.pdf, "application/pdf")
