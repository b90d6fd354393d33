"""«Calendario de contactos»: fourteen days, a bar for each, and the contacts behind one of them."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from aldia.desk.access import Visit, creditor_page
from aldia.desk.today.page import now_for
from aldia.desk.today.planned import waiting
from aldia.queries.contact_calendar import CalendarDay, Sort, calendar_days, calendar_rows
from aldia.queries.reasons import step_titles
from aldia.queries.terms import strategies_in_force
from aldia.queries.today_page import Planned
from aldia.rules.portfolio.words import outcome_label
from aldia.ui.other_language import said

WIDTH = 1000
_TONES = {"unit": 3, "task": 5, "step": 0}


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a day's bar, in units of a bar of WIDTH."""

    tone: int
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class ShownDay:
    """slices: of the bar, against the fullest day. sorts: (words, mark, how many)."""

    day: CalendarDay
    slices: tuple[Slice, ...]
    sorts: tuple[tuple[str, str, int], ...]


@creditor_page()
def show_calendar(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET dia: the day whose contacts are listed; the first that has any otherwise."""
    now, strategies = now_for(visit.creditor), strategies_in_force(visit.creditor).strategies
    titles = step_titles(strategies)
    days = calendar_days(visit.creditor, strategies, now=now)
    chosen = _chosen(request.GET.get("dia", ""), days)
    rows = calendar_rows(visit.creditor, strategies, chosen.on, now=now)
    most = max((each.total for each in days), default=0)
    context = {
        "days": [_shown(each, most, titles) for each in days],
        "chosen": chosen,
        "rows": [(row, *words_of(row.sort, titles)) for row in rows.rows],
        "more": rows.more,
        "total": sum(each.total for each in days),
        "width": WIDTH,
        "tones": _TONES,
    }
    return render(request, "desk/outbox/calendar.html", context)


def _chosen(text: str, days: tuple[CalendarDay, ...]) -> CalendarDay:
    try:
        asked = date.fromisoformat(text)
    except ValueError:
        asked = None
    found = [each for each in days if each.on == asked] or [each for each in days if each.total]
    return found[0] if found else days[0]


def _shown(day: CalendarDay, most: int, titles: dict[str, str]) -> ShownDay:
    slices, x = [], 0
    for source, tone in _TONES.items():
        width = WIDTH * day.count(source) // most if most else 0
        if width:
            slices.append(Slice(tone, x, width))
            x += width
    sorts = tuple((*words_of(each, titles), each.count) for each in day.sorts)
    return ShownDay(day, tuple(slices), sorts)


def words_of(sort: Sort, titles: dict[str, str]) -> tuple[str, str]:
    """What it is, and in which state: «Recordatorio amable, por correo electrónico», «por aprobar»."""
    if sort.source == "step":
        return _step_words(sort), _("si nada cambia")
    planned = Planned(
        is_task=sort.source == "task",
        kind=sort.kind,
        title=titles.get(sort.step, ""),
        channel=sort.channel,
        state=sort.state,
        count=1,
    )
    told = waiting(planned)
    return told.what, told.state


def _step_words(sort: Sort) -> str:
    if sort.title:
        return said(sort.title)
    if sort.kind == "nothing_overdue":
        return _("Empezaría a deber")
    if sort.kind == "on_hold":
        return _("Acaba su pausa")
    if sort.kind == "promise_open":
        return _("Acaba el plazo de su compromiso")
    return said(outcome_label(sort.kind, {}))
