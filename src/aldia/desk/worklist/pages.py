"""«Cola»: the next best case and why, with its sheet and its panel beside it."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from aldia.desk.access import Visit, creditor_page
from aldia.desk.today.page import now_for
from aldia.desk.worklist.asking import WHOSE, ListState, state_of
from aldia.desk.worklist.card import Card, card_of, context_of
from aldia.desk.worklist.done import done_of, last_of
from aldia.desk.worklist.views import views_of
from aldia.kernel.clock import business_date
from aldia.queries.work_members import first_list, working_members
from aldia.queries.worklist import Wanted, Worklist, worklist
from aldia.records.cases.models import CaseState, DebtorKind, Priority
from aldia.rules.worklist import Tier

_ROWS = 30  # about as many as somebody works in a day; each costs time, and the case stands beside them


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of the list, as it was asked for."""

    state: ListState
    page: Worklist


@creditor_page()
def show_worklist(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET quien, motivo, estado, clase, importe, dias, grupo, hoy, q, pag; ver: the case opened, which the
    page asks for by itself where none is said."""
    queue = queue_of(visit, state_of(request))
    opened = queue.state.opened
    if opened:
        return worklist_page(
            request, visit, queue, card_of(visit, opened, reason=_reason(queue.page, opened))
        )
    first = _first(visit, queue.page, but=last_of(request, visit))
    return worklist_page(request, visit, Queue(replace(queue.state, opened=first), queue.page), None)


@creditor_page()
def show_card(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET ver and the rest of the list: that case, opened beside it."""
    state = state_of(request)
    card = card_of(visit, state.opened) if state.opened else None
    context = context_of(visit, card) | _addresses(state)
    return render(request, "desk/worklist/card.html", context)


def queue_of(visit: Visit, state: ListState) -> Queue:
    """The page of the list; where it is not said whose, one's own, or everybody's for who works no cases."""
    state = replace(state, whose=state.whose or first_list(visit.creditor, visit.membership.pk))
    now = now_for(visit.creditor)
    today = business_date(now, visit.creditor.time_zone)
    page = worklist(visit.creditor, member=visit.membership, on=today, now=now, wanted=_wanted(visit, state))
    return Queue(state, page)


def worklist_page(
    request: HttpRequest, visit: Visit, queue: Queue, card: Card | None, *, status: int = 200
) -> HttpResponse:
    """The whole page, with that case opened; without one, that of the list is still to be asked for."""
    state, page = queue.state, queue.page
    today = business_date(now_for(visit.creditor), visit.creditor.time_zone)
    counts = {tier: count for tier, count in page.counts.items() if state.tier in (None, tier)}
    context = {
        **context_of(visit, card),
        **_addresses(state),
        "state": state,
        "asked": bool(state_of(request).opened),
        "page": page,
        "today": today,
        "to_do": sum(count for tier, count in counts.items() if tier != Tier.ASIDE),
        "aside": counts.get(Tier.ASIDE, 0),
        "whose": _whose(visit, state, page),
        "capacity": page.capacity,
        "tiers": page.tiers,
        "states": [each for each in CaseState.choices if each[0] != CaseState.CLOSED],
        "kinds": DebtorKind.choices,
        "priorities": Priority.choices,
        "members": working_members(visit.creditor) if visit.may["team"] else (),
        "views": views_of(visit),
        "group": next((row.group for row in page.rows), _("un grupo")) if state.group else "",
        "everything": page.owners["all"],
        "without_owner": page.owners["nobody"],
        "before": state.address(page=page.page - 1) if page.page > 1 else "",
        "after": state.address(page=page.page + 1) if page.page < page.pages else "",
        "done": done_of(request, visit),
    }
    return render(request, "desk/worklist/cola.html", context, status=status)


def _addresses(state: ListState) -> dict[str, Any]:
    """opens: the list's address, ready for one word more."""
    here = state.here
    return {
        "here": here,
        "opens": here + ("&" if len(here) > 1 else ""),
        "ungrouped": state.address(group=None),
        "cleared": ListState(whose=state.whose).address(),
        "fits": state.address(today=True),
        "nobodys": ListState(whose="nobody").address(),
        "all": ListState(whose="all").address(),
    }


def _wanted(visit: Visit, state: ListState) -> Wanted:
    return Wanted(
        owner=state.whose,
        tier=state.tier,
        state=state.state,
        kind=state.kind,
        least_minor=state.amount_minor(visit.creditor.currency),
        days_from=state.days,
        text=state.text,
        group_id=state.group,
        only_today=state.today,
        page=state.page,
        size=_ROWS,
    )


def _whose(visit: Visit, state: ListState, page: Worklist) -> list[tuple[str, str, int, str]]:
    """(code, label, how many, address) of the lists there are; a colleague's too, where it is shown."""
    labels = {"mine": _("Los míos"), "team": _("De mi equipo"), "nobody": _("De nadie"), "all": _("Todos")}
    shown = [(code, labels[code], page.owners[code], state.address(whose=code)) for code in WHOSE]
    if state.whose not in WHOSE:
        name = next((row.owner for row in page.rows), _("De otra persona"))
        shown.append((state.whose, name, page.total, state.address()))
    return shown


def _first(visit: Visit, page: Worklist, *, but: int | None) -> int | None:
    """The next best one that is not set aside, that no colleague has open and that was not worked just now;
    None where nothing is left."""
    mine = (None, visit.membership.pk)
    free = (row for row in page.rows if row.tier != Tier.ASIDE and row.locked_by_id in mine)
    return next((row.case_id for row in free if row.case_id != but), None)


def _reason(page: Worklist, case_id: int) -> str:
    return next((row.reason for row in page.rows if row.case_id == case_id), "")
