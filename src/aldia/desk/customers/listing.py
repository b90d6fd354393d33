"""«Clientes»: found by words, filtered by clicks, ordered and paged, with the columns one likes."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from aldia.desk.access import Visit, creditor_page
from aldia.desk.customers.asking import ListState, state_of
from aldia.desk.customers.cells import Cell, cell_of
from aldia.desk.customers.views import views_of
from aldia.desk.today.page import now_for
from aldia.kernel.clock import business_date
from aldia.kernel.errors import AldiaError
from aldia.queries.customer_list import CustomerPage, Row, Sort, customer_page
from aldia.queries.list_filter import FilterField, columns_and_fields, filter_fields, operator_label
from aldia.rules.portfolio.clicks import (
    Click,
    Clicks,
    clicks_from_condition,
    condition_from_clicks,
)
from aldia.rules.portfolio.conditions import ConditionFault
from aldia.rules.portfolio.vocabulary import Column, Unit
from aldia.ui.other_language import said

_SORTS = {"overdue": Sort.OVERDUE, "dunnable": Sort.DUNNABLE, "days_overdue": Sort.AGE}
_VALUES_MAX = 50


@dataclass(frozen=True, slots=True)
class Chip:
    """A row of clicks in words, and the list without it."""

    text: str
    without: str


@dataclass(frozen=True, slots=True)
class Heading:
    """link: the list ordered by it, "" where that is not offered. arrow: up, down or "" for how it is now."""

    label: str
    right: bool
    link: str
    arrow: str


@creditor_page()
def show_customers(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET q, filtro, orden, baja, col, en; a click to add as palabra, op, valor."""
    columns, fields = columns_and_fields(visit.creditor)
    state, fault = _with_click(request, state_of(request, [each.word for each in columns]), columns)
    page, fault = _page(visit, state, fault)
    shown = [each for word in state.columns for each in columns if each.word == word]
    context = {
        "state": state,
        "fields": fields,
        "columns": columns,
        "chips": _chips(state, columns, fields),
        "written_only": bool(state.rows) and _clicks(state.rows, columns) is None,
        "fault": fault,
        "page": page,
        "rows": [(row, _cells(row, shown, fields)) for row in page.rows] if page else [],
        "headings": [_heading(each, state) for each in shown],
        "name_heading": _sorted_heading(_("Cliente"), Sort.NAME, state, right=False),
        "before": state.address(place=page.before) if page and page.before else "",
        "after": state.address(place=page.after) if page and page.after else "",
        "views": views_of(visit),
        "here": state.address(),
        "cleared": state.address(q="", rows=""),
    }
    return render(request, "desk/customers/list.html", context)


@creditor_page()
def filter_field(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET palabra: the operators and values of one word, for the form of clicks."""
    word = request.GET.get("palabra", "")
    if not word:
        return HttpResponse()
    field = next((each for each in filter_fields(visit.creditor) if each.word == word), None)
    if field is None:
        raise Http404
    return render(request, "desk/customers/field.html", {"field": field})


def _with_click(request: HttpRequest, state: ListState, columns: list[Column]) -> tuple[ListState, str]:
    """The state with the click added that the address brings, and what is wrong with it."""
    word = request.GET.get("palabra", "")
    if not word:
        return state, ""
    values = tuple(
        each.replace("\0", "")[:100] for each in request.GET.getlist("valor")[:_VALUES_MAX] if each
    )
    click = Click(word, request.GET.get("op", ""), values)
    try:
        added = condition_from_clicks(Clicks((click,)), columns)
    except AldiaError as refusal:
        return state, refusal.sentence
    before = state.rows
    if before and _clicks(before, columns) is None:
        before = f"({before})"
    joined = f"{before} AND {added}" if before else added
    return ListState(state.q, joined, state.sort, state.descending, state.columns), ""


def _page(visit: Visit, state: ListState, fault: str) -> tuple[CustomerPage | None, str]:
    today = business_date(now_for(visit.creditor), visit.creditor.time_zone)
    try:
        return customer_page(visit.creditor, state.asked, today), fault
    except ConditionFault as wrong:
        return None, wrong.sentence


def _clicks(rows: str, columns: list[Column]) -> Clicks | None:
    try:
        return clicks_from_condition(rows, columns)
    except ConditionFault:
        return None


def _chips(state: ListState, columns: list[Column], fields: tuple[FilterField, ...]) -> list[Chip]:
    clicks = _clicks(state.rows, columns)
    if clicks is None or not clicks.rows:
        return []
    by_word = {each.word: each for each in fields}
    chips = []
    for place, click in enumerate(clicks.rows):
        rest = Clicks(clicks.rows[:place] + clicks.rows[place + 1 :], clicks.every)
        without = state.address(rows=condition_from_clicks(rest, columns))
        chips.append(Chip(_said(click, by_word[click.word]), without))
    return chips


def _said(click: Click, field: FilterField) -> str:
    """«días de retraso: al menos 15»."""
    labels = dict(field.choices)
    values = ", ".join(said(labels.get(each, each)) for each in click.values)
    operator, label = said(operator_label(field.unit, click.op)), said(field.label)
    if field.unit is Unit.FLAG:
        return f"{label}: {operator}"
    return f"{label} {operator} {values}".strip()


def _cells(row: Row, shown: list[Column], fields: tuple[FilterField, ...]) -> list[Cell]:
    labels = {each.word: dict(each.choices) for each in fields}
    return [
        cell_of(column, row.figures.get(column.name), row.currency, labels.get(column.word, {}))
        for column in shown
    ]


def _heading(column: Column, state: ListState) -> Heading:
    right = column.unit in (Unit.MINOR, Unit.DAYS, Unit.COUNT, Unit.SHARE)
    sort = _SORTS.get(column.word)
    if sort is None:
        return Heading(column.label, right, "", "")
    return _sorted_heading(column.label, sort, state, right=right)


def _sorted_heading(label: str, sort: Sort, state: ListState, *, right: bool) -> Heading:
    """First click: names from A, figures from the largest; the next one turns it round."""
    mine = state.sort is sort
    falling = (not state.descending) if mine else sort is not Sort.NAME
    arrow = ("down" if state.descending else "up") if mine else ""
    return Heading(label, right, state.address(sort=sort, descending=falling), arrow)
