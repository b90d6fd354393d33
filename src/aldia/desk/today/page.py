"""«Hoy»: what waits for a person, one message at a time beside the list of all."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from aldia.desk.access import Visit, creditor_page
from aldia.desk.paging import day_and_id, in_words
from aldia.desk.today.card import card_of
from aldia.kernel import clock
from aldia.kernel.clock import business_date
from aldia.queries.approvals import WaitingGroup, WaitingPage, mark_of, waiting_page, waiting_unit
from aldia.queries.day_work import day_work
from aldia.queries.hindrances import hindrances_of
from aldia.queries.outbox import OutboxCounts, sending_moment
from aldia.queries.outbox_figures import outbox_figures
from aldia.queries.panel_attention import Facts, standing_facts
from aldia.queries.reasons import step_titles
from aldia.queries.runs import last_run
from aldia.queries.tasks import open_tasks
from aldia.queries.terms import strategies_in_force
from aldia.records.cases.models import DailyRun
from aldia.records.tenancy.models import Creditor

TASKS_SHOWN = 20
_UNIT_MAX = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address says. group: `dunning/friendly`. after: where the page begins. unit: opened.
    tasks_after: where the page of the tasks begins."""

    group: str
    after: tuple[int, str] | None
    unit: str
    tasks_after: tuple[date, int] | None


@dataclass(frozen=True, slots=True)
class Work:
    """The list, and which of it is opened beside it: the page asks for the card by itself.

    group: the one shown, "" for all. mark: of all that the list holds, beyond the page too.
    """

    groups: tuple[WaitingGroup, ...]
    counts: OutboxCounts
    page: WaitingPage
    opened: str
    total: int
    group: str
    in_view: int
    mark: str


def now_for(creditor: Creditor) -> datetime:
    """The moment this desk works at: the present, for the demonstration the morning of its last day."""
    return sending_moment(creditor, clock.now())


@creditor_page()
def show_today(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET paso, tras, ver: one step's messages, the page after that one, the message opened."""
    run = last_run(visit.creditor.pk)
    if run is None:
        return render(request, "desk/today/no_run.html")
    return render(request, "desk/today/today.html", page_context(visit, run, asked_of(request)))


@creditor_page()
def show_card(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET ver: the message of that unit, opened; empty when it waits no more."""
    asked, now = asked_of(request), now_for(visit.creditor)
    titles = step_titles(strategies_in_force(visit.creditor).strategies)
    unit = waiting_unit(visit.creditor, titles, asked.unit, now=now)
    context = {
        "card": card_of(visit.creditor, unit, now=now) if unit else None,
        "asked": asked,
        "tomorrow": business_date(now, visit.creditor.time_zone) + timedelta(days=1),
    }
    return render(request, "desk/today/card.html", context)


def page_context(visit: Visit, run: DailyRun, asked: Asked) -> dict[str, Any]:
    """Everything the page shows."""
    now = now_for(visit.creditor)
    today = business_date(now, visit.creditor.time_zone)
    titles = step_titles(strategies_in_force(visit.creditor).strategies)
    facts = standing_facts(visit.creditor.pk, today)
    tasks = open_tasks(visit.creditor.pk, after=asked.tasks_after, most=TASKS_SHOWN)
    work = work_of(visit.creditor, titles, asked, now)
    return {
        "run": run,
        "asked": replace(asked, group=work.group),
        "work": work,
        "after_text": _after_text(asked.after),
        "next_text": _after_text(work.page.next_after),
        "counts": work.counts,
        "tasks": [(task, task.label(titles)) for task in tasks.rows],
        "tasks_next": in_words(tasks.next_after),
        "tasks_text": in_words(asked.tasks_after),
        "facts": facts,
        "work_day": day_work(visit.creditor, visit.membership.pk, today),
        "hindrances": hindrances_of(visit.creditor),
        "bank_days": _bank_days(facts, visit.creditor, today),
        "held": run.held and run.released_at is None,
        "is_old": run.on_date < today,
        "today": today,
    }


def work_of(creditor: Creditor, titles: dict[str, str], asked: Asked, now: datetime) -> Work:
    """The page of the list, and the unit asked for; the first where none is, or it waits no more."""
    figures = outbox_figures(creditor, titles, now=now)
    groups = figures.groups
    group = asked.group if any(each.key == asked.group for each in groups) else ""
    today = business_date(now, creditor.time_zone)
    total = sum(each.count for each in groups)
    shown = [each for each in groups if group in ("", each.key)]
    in_view = sum(each.count for each in shown)
    page = waiting_page(
        creditor, titles, group=group, after=asked.after, now=now, today=today, waiting=in_view
    )
    units = [each.unit for each in page.units]
    opened = asked.unit if asked.unit in units or not units else units[0]
    mark = mark_of(in_view, max((each.last_id for each in shown), default=0))
    return Work(groups, figures.counts, page, opened, total, group, in_view, mark)


def asked_of(request: HttpRequest) -> Asked:
    """What cannot be read counts as not said."""
    said = request.POST if request.method == "POST" else request.GET
    return Asked(
        group=said.get("paso", "").replace("\0", "")[:_UNIT_MAX],
        after=_after(said.get("tras", "")),
        unit=said.get("ver", "").replace("\0", "")[:_UNIT_MAX],
        tasks_after=day_and_id(said.get("tareas", "")),
    )


def _after(text: str) -> tuple[int, str] | None:
    minor, _sep, unit = text.replace("\0", "")[:_UNIT_MAX].partition("~")
    return (int(minor), unit) if unit and minor.isascii() and minor.isdecimal() and len(minor) < 17 else None


def _after_text(after: tuple[int, str] | None) -> str:
    return f"{after[0]}~{after[1]}" if after else ""


def _bank_days(facts: Facts, creditor: Creditor, today: date) -> int | None:
    if facts.imported_at is None:
        return None
    return max(0, (today - business_date(facts.imported_at, creditor.time_zone)).days)
