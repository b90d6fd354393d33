"""What a customer contests of a due line, on the desk: why, how it ended, and saying so."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from aldia.desk.access import POST, Visit, creditor_page
from aldia.desk.acting import acted
from aldia.desk.notes import warn_about
from aldia.desk.today.page import now_for
from aldia.kernel.clock import business_date
from aldia.operations.disputes import REASON_LENGTH_MAX, end_dispute
from aldia.queries.disputes import KnownDispute, dispute_of, disputes_of_line
from aldia.queries.people import names_of_actors
from aldia.rules.rights import Right


@dataclass(frozen=True, slots=True)
class ShownDispute:
    """A dispute with the names of who wrote it down and who ended it."""

    dispute: KnownDispute
    by: str
    ended_by: str
    reason_length_max: int = REASON_LENGTH_MAX


def shown_disputes(visit: Visit, line_id: int) -> tuple[ShownDispute, ...]:
    """Those of the line, the latest first."""
    today = business_date(now_for(visit.creditor), visit.creditor.time_zone)
    known = disputes_of_line(visit.creditor, line_id, today)
    names = names_of_actors(actor for each in known for actor in (each.recorded_by, each.ended_by))
    return tuple(
        ShownDispute(each, names.get(each.recorded_by, ""), names.get(each.ended_by, "")) for each in known
    )


@creditor_page(Right.NOTE, POST)
def end(request: HttpRequest, visit: Visit, line_id: int, dispute_id: int) -> HttpResponse:
    """It ends today, with what came of it."""
    now = now_for(visit.creditor)
    known = dispute_of(visit.creditor, dispute_id, business_date(now, visit.creditor.time_zone))
    if known is None or known.line_id != line_id:
        raise Http404
    reason = request.POST.get("reason", "").replace("\0", "")

    def act() -> str:
        end_dispute(creditor=visit.creditor, dispute_id=dispute_id, reason=reason, actor=visit.actor, now=now)
        warn_about(request, reason)
        return _("Incidencia resuelta: la partida vuelve a reclamarse desde el próximo proceso diario.")

    acted(request, visit, act)
    return redirect("desk:item", creditor=visit.creditor.code, line_id=line_id)
