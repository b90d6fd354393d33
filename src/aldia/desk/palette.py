"""The command palette: customers by any word or code, documents by number, pages by name."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from aldia.desk.access import Visit, creditor_page
from aldia.desk.rail import rail
from aldia.kernel.text import fold
from aldia.queries.customer_list import search_customers
from aldia.queries.items import search_documents

SHOWN = 8
DOCUMENTS_SHOWN = 4


@creditor_page()
def answers(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`?q=`: customers, documents and the pages whose name begins so; without text, all pages."""
    said = request.GET.get("q", "")[:100]
    typed = fold(said)
    ways = [way for way in rail(request, visit) if not typed or fold(way.title).startswith(typed)]
    context = {
        "found": search_customers(visit.creditor.pk, typed, most=SHOWN),
        "documents": search_documents(visit.creditor.pk, said, most=DOCUMENTS_SHOWN),
        "ways": ways,
        "typed": typed,
    }
    return render(request, "desk/palette.html", context)
