"""«Por qué»: one customer opened down to the facts."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from aldia.desk.access import Visit, creditor_page
from aldia.desk.customers.why import figures, history, interest_tables, ladder, line_rows, unapplied
from aldia.queries.today import why
from aldia.records.parties.models import PersonKind
from aldia.rules.portfolio.words import outcome_label

LINES_SHOWN = 40
"""A customer may have thousands open: the oldest tell why."""


@creditor_page()
def show_why(request: HttpRequest, visit: Visit, customer_id: int) -> HttpResponse:
    """As of the last run's day; a customer of another creditor does not exist."""
    found = why(visit.creditor, customer_id, lines_max=LINES_SHOWN)
    if found is None:
        raise Http404
    titles = {step.step: step.title for step in found.steps}
    context = {
        "found": found,
        "customer_id": customer_id,
        "kind": PersonKind(found.person_kind).label,
        "stored": outcome_label(found.decision.stored, titles) if found.decision.stored else "",
        "figures": figures(found),
        "was_on_hold": any(row["days_on_hold"] for row in found.balances),
        "currencies": [row["currency"] for row in found.balances],
        "ladder": ladder(found),
        "unapplied": unapplied(found),
        "lines": line_rows(found.lines),
        "lines_in_all": found.lines_in_all,
        "interest": interest_tables(found.lines),
        "history": history(found),
    }
    return render(request, "desk/customers/why.html", context)
