"""«Buzón de salida»: four lists, and one message as it was sent."""

from dataclasses import dataclass
from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from aldia.desk.access import Visit, creditor_page
from aldia.desk.paging import day_and_id, in_words
from aldia.desk.today.page import now_for
from aldia.kernel.clock import business_date
from aldia.queries.hindrances import Hindrances, hindrances_of
from aldia.queries.outbox import mail_stays_in_house, why_label
from aldia.queries.outbox_figures import outbox_figures
from aldia.queries.outbox_list import (
    OutboxRow,
    dispatch_of,
    dispatched,
    files_of,
    leaving,
    news_of,
    not_sent,
)
from aldia.queries.reasons import step_titles
from aldia.queries.terms import strategies_in_force
from aldia.records.outreach.models import FREE, MailAccount
from aldia.rules.gate import Refused, refusal_sentence

LISTS = ("leaving", "doubts", "sent", "not_sent")


@creditor_page()
def show_outbox(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET lista: leaving (default), doubts, sent, not_sent; tras: id the page begins after."""
    name = request.GET.get("lista", "")
    name = name if name in LISTS else "leaving"
    now = now_for(visit.creditor)
    titles = step_titles(strategies_in_force(visit.creditor).strategies)
    listed = _listed(visit, name, titles, request.GET.get("tras", ""))
    account = MailAccount.objects.filter(creditor=visit.creditor).first()
    hindrances = hindrances_of(visit.creditor)
    context = {
        "name": name,
        "rows": [(row, _why(row, hindrances)) for row in listed.rows],
        "next_after": listed.next_after,
        "after": listed.after,
        "tomorrow": business_date(now, visit.creditor.time_zone) + timedelta(days=1),
        "counts": outbox_figures(visit.creditor, titles, now=now).counts,
        "hindrances": hindrances,
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
    context = {"dispatch": found, "news": news_of(found), "files": files_of(found)}
    return render(request, "desk/outbox/dispatch.html", context)


@dataclass(frozen=True, slots=True)
class _Listed:
    """A page of any of the lists. after, next_after: as its address says them."""

    rows: tuple[OutboxRow, ...]
    after: str
    next_after: str


def _listed(visit: Visit, name: str, titles: dict[str, str], said: str) -> _Listed:
    if name == "leaving":
        place = day_and_id(said)
        waiting = leaving(visit.creditor, titles, after=place)
        return _Listed(waiting.rows, in_words(place), in_words(waiting.next_after))
    after = int(said) if said.isascii() and said.isdecimal() and len(said) < 19 else None
    if name == "not_sent":
        page = not_sent(visit.creditor, titles, after=after)
    else:
        page = dispatched(visit.creditor, "unknown" if name == "doubts" else "sent", after=after)
    return _Listed(page.rows, str(after or ""), str(page.next_after or ""))


def _why(row: OutboxRow, hindrances: Hindrances) -> str:
    """The gate's no in words, or what the mail server said; for what was withdrawn, its reason's label."""
    if row.refusal:
        refused = Refused(
            rule=row.refusal["rule"],
            source=row.refusal.get("source", ""),
            retry_at=row.at,
            facts=row.refusal.get("facts", {}),
        )
        return refusal_sentence(refused)
    if row.state in FREE:
        return row.why or (hindrances.trouble if row.at else "")
    return why_label(row.why) if row.why else ""
