"""«Buzón de salida»: four lists, and one message as it was sent."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from aldia.desk.access import Visit, creditor_page
from aldia.desk.today.page import now_for
from aldia.queries.outbox import mail_stays_in_house, why_label
from aldia.queries.outbox_figures import outbox_figures
from aldia.queries.outbox_list import OutboxRow, dispatch_of, dispatched, leaving, not_sent
from aldia.queries.reasons import step_titles
from aldia.queries.terms import strategies_in_force
from aldia.records.outreach.models import MailAccount
from aldia.rules.gate import Refused, refusal_sentence

LISTS = ("leaving", "doubts", "sent", "not_sent")


@creditor_page()
def show_outbox(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET lista: leaving (default), doubts, sent, not_sent; tras: id the page begins after."""
    name = request.GET.get("lista", "")
    name = name if name in LISTS else "leaving"
    said = request.GET.get("tras", "")
    after = int(said) if said.isascii() and said.isdecimal() and len(said) < 19 else None
    titles = step_titles(strategies_in_force(visit.creditor).strategies)
    rows, next_after = _rows(visit, name, titles, after)
    account = MailAccount.objects.filter(creditor=visit.creditor).first()
    context = {
        "name": name,
        "rows": [(row, _why(row)) for row in rows],
        "next_after": next_after,
        "after": after,
        "counts": outbox_figures(visit.creditor, titles, now=now_for(visit.creditor)).counts,
        "account": account,
        "in_house": mail_stays_in_house(visit.creditor, account),
    }
    return render(request, "desk/outbox/outbox.html", context)


@creditor_page()
def show_dispatch(request: HttpRequest, visit: Visit, dispatch_id: int) -> HttpResponse:
    """What was sent, to whom and when, word for word."""
    found = dispatch_of(visit.creditor, dispatch_id)
    if found is None:
        raise Http404
    return render(request, "desk/outbox/dispatch.html", {"dispatch": found})


def _rows(
    visit: Visit, name: str, titles: dict[str, str], after: int | None
) -> tuple[tuple[OutboxRow, ...], int | None]:
    if name == "leaving":
        return tuple(leaving(visit.creditor, titles)), None
    if name == "not_sent":
        page = not_sent(visit.creditor, titles, after=after)
    else:
        page = dispatched(visit.creditor, "unknown" if name == "doubts" else "sent", after=after)
    return page.rows, page.next_after


def _why(row: OutboxRow) -> str:
    """The gate's no in words; for what was withdrawn, the label of its reason."""
    if row.refusal:
        refused = Refused(
            rule=row.refusal["rule"],
            source=row.refusal.get("source", ""),
            retry_at=row.at,
            facts=row.refusal.get("facts", {}),
        )
        return refusal_sentence(refused)
    return why_label(row.why) if row.why else ""
