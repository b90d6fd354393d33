"""One payment or other credit: what it pays, what is left of it, and what may be done with it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from aldia.desk.access import Visit, creditor_page
from aldia.desk.today.page import now_for
from aldia.kernel.clock import business_date
from aldia.kernel.money import Money
from aldia.queries.customer_list import search_customers
from aldia.queries.ledger import open_lines
from aldia.queries.movements import Opened, credit_with_movements
from aldia.records.ledger.models import ReversalKind
from aldia.rules.allocation import GIVEN_UP

_KINDS = (ReversalKind.RETURNED_DEBIT, ReversalKind.CHARGEBACK, ReversalKind.UNDO)


@creditor_page()
def show_payment(request: HttpRequest, visit: Visit, credit_id: int) -> HttpResponse:
    """GET q: words of the customer an unidentified payment may be from."""
    found = opened_credit(visit, credit_id)
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    context: dict[str, Any] = {
        "credit": found,
        "today": business_date(now_for(visit.creditor), visit.creditor.time_zone),
        "lines": _lines(visit, found),
        "given_up": found.row["kind"] in GIVEN_UP,
        "left": found.row["allocated_minor"] + found.row["unallocated_minor"],
        "kinds": [(kind.value, kind.label) for kind in _KINDS],
        "words": words,
        "matches": search_customers(visit.creditor.pk, words) if words else [],
    }
    return render(request, "desk/payments/one.html", context)


def opened_credit(visit: Visit, credit_id: int) -> Opened:
    """The credit; another creditor's is not there."""
    found = credit_with_movements(visit.creditor.pk, credit_id)
    if found is None:
        raise Http404
    return found


def _lines(visit: Visit, found: Opened) -> list[tuple[dict[str, Any], Money]]:
    """What its rest could pay: open lines of the same customer and currency, if it is money at all."""
    row = found.row
    if row["customer_id"] is None or not row["unallocated_minor"] or row["kind"] in GIVEN_UP:
        return []
    rows = open_lines(visit.creditor.pk, found.row["customer_id"]).to_dicts()
    return [
        (row, Money(row["open_minor"], row["currency"]))
        for row in rows
        if row["currency"] == found.row["currency"]
    ]
