"""«Partidas»: what is open, overdue or disputed, line by line."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from aldia.desk.access import Visit, creditor_page
from aldia.desk.today.page import now_for
from aldia.kernel.clock import business_date
from aldia.queries.items import ItemsAsked, ItemSort, Which, item_page
from aldia.records.parties.models import Customer

_TABS = ((Which.OPEN, _("Pendientes")), (Which.OVERDUE, _("Vencidas")), (Which.DISPUTED, _("En incidencia")))
_TEXT_MAX = 100
_DIGITS_END = 19  # of an id: as many may not fit the database


@creditor_page()
def show_items(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET ver: open, overdue, disputed; q: number or words; cliente: whose, by id; orden, baja, en."""
    customer = _customer(request.GET.get("cliente", ""))
    asked = _asked(request, customer)
    today = business_date(now_for(visit.creditor), visit.creditor.time_zone)
    page = item_page(visit.creditor, asked, today)
    context = {
        "asked": asked,
        "customer": customer,
        "everybody": _address(asked, customer=""),
        "page": page,
        "tabs": [(which, label, _address(asked, which=which)) for which, label in _TABS],
        "by_due": _sorted(asked, ItemSort.DUE),
        "by_amount": _sorted(asked, ItemSort.AMOUNT),
        "before": _address(asked, place=page.before) if page.before else "",
        "after": _address(asked, place=page.after) if page.after else "",
    }
    return render(request, "desk/items/list.html", context)


def _customer(text: str) -> Customer | None:
    """None where nobody is asked for; another creditor's is not there."""
    if not text:
        return None
    readable = text.isascii() and text.isdecimal() and len(text) < _DIGITS_END
    found = Customer.objects.filter(pk=int(text)).first() if readable else None
    if found is None:
        raise Http404
    return found


def _asked(request: HttpRequest, customer: Customer | None) -> ItemsAsked:
    which, sort = request.GET.get("ver", ""), request.GET.get("orden", "")
    return ItemsAsked(
        which=Which(which) if which in set(Which) else Which.OVERDUE,
        text=request.GET.get("q", "").replace("\0", "").strip()[:_TEXT_MAX],
        sort=ItemSort(sort) if sort in set(ItemSort) else ItemSort.DUE,
        descending=request.GET.get("baja") == "1",
        place=request.GET.get("en", "").replace("\0", "")[:400],
        customer_id=customer.pk if customer else None,
    )


def _address(asked: ItemsAsked, **changes: object) -> str:
    said = {
        "ver": asked.which.value,
        "cliente": asked.customer_id or "",
        "q": asked.text,
        "orden": asked.sort.value,
        "baja": "1" if asked.descending else "",
    }
    names = {"which": "ver", "place": "en", "sort": "orden", "descending": "baja", "customer": "cliente"}
    said |= {names[name]: str(value) for name, value in changes.items()}
    return "?" + urlencode({name: value for name, value in said.items() if value})


def _sorted(asked: ItemsAsked, sort: ItemSort) -> tuple[str, str]:
    """The list in that order, turned round where it is the order already; and which way it runs now."""
    mine = asked.sort is sort
    falling = (not asked.descending) if mine else sort is ItemSort.AMOUNT
    arrow = ("down" if asked.descending else "up") if mine else ""
    return _address(asked, sort=sort.value, descending="1" if falling else ""), arrow
