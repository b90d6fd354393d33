"""Today: what is done about each customer, and why not about the others."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from aldia.desk.access import Visit, creditor_page
from aldia.desk.today.planned import Waiting, waiting
from aldia.kernel import clock
from aldia.queries.creditors import DEMO_CODE
from aldia.queries.today import today
from aldia.queries.today_page import Asked, Group, ShownCustomer, Today
from aldia.records.outreach.models import MessageState
from aldia.records.tenancy.models import Creditor
from aldia.ui.ageing import BAR_WIDTH, ageing_bar
from aldia.ui.other_language import said

_TEXT_MAX = 100
_ID_DIGITS_MAX = 18


@dataclass(frozen=True, slots=True)
class Row:
    """A customer of a group with what waits for them."""

    customer: ShownCustomer
    waiting: tuple[Waiting, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A group as shown. address: of its own list. bar: its customers, of BAR_WIDTH for all of them."""

    group: Group
    rows: tuple[Row, ...]
    is_open: bool
    address: str
    more: int
    bar: int


@creditor_page()
def show_decided(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET grupo, buscar, tras: one group, words of name or code, the page after that customer."""
    asked = _asked(request)
    page = today(visit.creditor, asked)
    if page is None:
        return render(request, "desk/today/no_run.html", {"visit": visit})
    opened = list(_opened(page, asked))
    steps = sum(group.count for group in page.groups if group.is_step)
    context = {
        "visit": visit,
        "page": page,
        "asked": asked,
        "steps": [each for each in opened if each.group.is_step],
        "reasons": [each for each in opened if not each.group.is_step],
        "step_customers": steps,
        "customers": sum(group.count for group in page.groups),
        "bars": [ageing_bar(balance) for balance in page.balances],
        "bar_width": BAR_WIDTH,
        "day_messages": [(said(MessageState(state).label).lower(), n) for state, n in page.messages.items()],
        "is_old": _is_old(visit.creditor, page),
        "next_page": _next_page(page, asked),
        "waiting_for_yes": page.run.held and page.run.released_at is None,
    }
    return render(request, "desk/today/decided.html", context)


def _asked(request: HttpRequest) -> Asked:
    """What cannot be read counts as not said."""
    after = request.GET.get("tras", "")
    readable = after.isdecimal() and after.isascii() and len(after) <= _ID_DIGITS_MAX
    return Asked(
        outcome=request.GET.get("grupo", "").replace("\0", "")[:_TEXT_MAX],
        text=request.GET.get("buscar", "").replace("\0", "").strip()[:_TEXT_MAX],
        after=int(after) if readable else None,
    )


def _opened(page: Today, asked: Asked) -> Iterator[Opened]:
    """Every group, the first step open; where something was asked for, those that have it."""
    most = max((group.count for group in page.groups), default=1)
    first = next((group.outcome for group in page.groups if group.is_step), None)
    for group in page.groups:
        if asked.is_list and not group.shown:
            continue
        yield Opened(
            group=group,
            rows=tuple(_row(customer) for customer in group.shown),
            is_open=asked.is_list or group.outcome == first,
            address="?" + urlencode({"grupo": group.outcome}),
            more=0 if asked.is_list else group.count - len(group.shown),
            bar=max(1, BAR_WIDTH * group.count // max(1, most)),
        )


def _row(customer: ShownCustomer) -> Row:
    return Row(customer, tuple(waiting(each) for each in customer.planned))


def _next_page(page: Today, asked: Asked) -> str:
    if page.next_after is None:
        return ""
    said = {"grupo": asked.outcome, "buscar": asked.text, "tras": page.next_after}
    return "?" + urlencode({name: value for name, value in said.items() if value})


def _is_old(creditor: Creditor, page: Today) -> bool:
    """A day has begun that no run is on record for; the demonstration's day is the last of its data."""
    today_there = clock.business_date(clock.now(), creditor.time_zone)
    return creditor.code != DEMO_CODE and page.run.on_date < today_there
