"""The command palette: customers by any word or code, pages by name."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from aldia.desk.access import Visit, creditor_page
from aldia.desk.rail import rail
from aldia.kernel.text import fold
from aldia.queries.customers import customers_by_words

SHOWN = 8


@creditor_page()
def answers(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`?q=`: up to eight customers, then the pages whose name begins so; without text, all pages."""
    typed = fold(request.GET.get("q", "")[:100])
    ways = [way for way in rail(request, visit) if not typed or fold(way.title).startswith(typed)]
    found = customers_by_words(typed.split(), most=SHOWN) if typed else []
    return render(request, "desk/palette.html", {"found": found, "ways": ways, "typed": typed})
