"""«Panel»: how much, how old, what comes in, what moved, what needs a person; from the kept figures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aldia.desk.access import Visit, creditor_page
from aldia.desk.panel.charts import expected_chart, trend_chart
from aldia.kernel.money import Money
from aldia.queries.items import Which
from aldia.queries.panel import panel_of
from aldia.queries.panel_page import Attention, CurrencyPanel, ExpectedWeek, Moved, Ratio, Roll
from aldia.queries.today_page import Balance
from aldia.ui.ageing import AgeingBar, ageing_bar, bucket_label
from aldia.ui.templatetags.written import days, money, number, percent, tenths

_HEATS = 5


@dataclass(frozen=True, slots=True)
class ShownRatio:
    """A ratio in words. title: what it is called; formula: how it is reckoned. inputs: name, value, link."""

    title: str
    value: str
    formula: str
    inputs: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class HeatRow:
    """Where the money of one bucket went: per bucket of now the amount, its share, its shade (0 … 5) and who
    has money in the bucket of now."""

    label: str
    cells: tuple[tuple[str, str, int, str], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """One currency ready for the page. Pairs and heads carry the address of the rows behind them."""

    panel: CurrencyPanel
    bar: AgeingBar
    links: dict[str, str]
    ratios: tuple[ShownRatio, ...]
    expected_option: str
    weeks: tuple[tuple[ExpectedWeek, str], ...]
    trend_option: str
    movement: tuple[tuple[Moved, str], ...]
    heat_head: tuple[tuple[str, str], ...]
    heat: tuple[HeatRow, ...]


@creditor_page()
def show_panel(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET moneda: another currency than the first."""
    panel = panel_of(visit.creditor)
    if panel is None:
        return render(request, "desk/panel/empty.html")
    wanted = request.GET.get("moneda", "")
    chosen = next((each for each in panel.currencies if each.currency == wanted), panel.currencies[0])
    link = _linker(visit)
    context = {
        "panel": panel,
        "shown": _shown(chosen, link),
        "disputed": f"{_page('items', visit)}?{urlencode({'ver': Which.DISPUTED.value})}",
        "attention": [_attention(each, visit, link) for each in panel.attention],
    }
    return render(request, "desk/panel/panel.html", context)


def _linker(visit: Visit) -> Callable[[str], str]:
    """Condition → address of the customers it holds for."""
    customers = _page("customers", visit)
    return lambda rows: f"{customers}?{urlencode({'filtro': rows})}" if rows else ""


def _page(name: str, visit: Visit) -> str:
    try:
        return reverse(f"desk:{name}", kwargs={"creditor": visit.creditor.code})
    except NoReverseMatch:
        return ""


def _shown(panel: CurrencyPanel, link: Callable[[str], str]) -> Shown:
    buckets = _bucket_links(panel, link)
    head, heat = _heat(panel, buckets)
    figures = ("outstanding", "overdue", "dunnable", "unapplied")
    links = {name: link(getattr(panel, name).rows) for name in figures} | buckets
    return Shown(
        panel=panel,
        bar=ageing_bar(_balance(panel), buckets),
        links=links,
        ratios=tuple(_ratio(each, panel, links) for each in panel.ratios),
        expected_option=expected_chart(panel, link),
        weeks=tuple((each, link(each.rows)) for each in panel.expected.weeks) if panel.expected else (),
        trend_option=trend_chart(panel),
        movement=tuple((each, link(each.rows)) for each in panel.movement),
        heat_head=head,
        heat=heat,
    )


def _bucket_links(panel: CurrencyPanel, link: Callable[[str], str]) -> dict[str, str]:
    """Bucket of now → who has money in it; of what was settled, who has paid since."""
    paid = f"currency = '{panel.currency}' AND last_payment_on >= DATE '{panel.since}'" if panel.since else ""
    return {each.name: link(each.rows) for each in panel.aging} | {"settled": link(paid)}


def _balance(panel: CurrencyPanel) -> Balance:
    aging = tuple((each.name, Money(each.minor, panel.currency)) for each in panel.aging)
    outstanding, overdue = (Money(f.minor, panel.currency) for f in (panel.outstanding, panel.overdue))
    return Balance(open=outstanding, overdue=overdue, aging=aging)


def _ratio(ratio: Ratio, panel: CurrencyPanel, links: Mapping[str, str]) -> ShownRatio:
    titles = {
        "dso_countback": _("Días de cobro (DSO), agotando ventas"),
        "dso_simple": _("Días de cobro (DSO), simple"),
        "cei": _("Eficacia de cobro (CEI)"),
    }
    if ratio.value is None:
        value = "–"
    else:
        value = percent(ratio.value) if ratio.name == "cei" else _("%(n)s días") % {"n": tenths(ratio.value)}
    return ShownRatio(titles[ratio.name], value, ratio.formula, tuple(_inputs(ratio, panel, links)))


def _inputs(ratio: Ratio, panel: CurrencyPanel, links: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """What stands in the books today opens its rows; what was invoiced or open once is no list of today's."""
    names = {
        "outstanding": _("Pendiente"),
        "sales_90": _("Facturado en 90 días"),
        "sales_30": _("Facturado en 30 días"),
        "opening": _("Pendiente hace 30 días"),
        "not_due": _("Sin vencer"),
    }
    return [
        (names[name], money(Money(value, panel.currency)), links.get(name, ""))
        for name, value in ratio.inputs.items()
        if name in names and isinstance(value, int)
    ]


def _heat(
    panel: CurrencyPanel, links: Mapping[str, str]
) -> tuple[tuple[tuple[str, str], ...], tuple[HeatRow, ...]]:
    """Rows: where money stood a month ago; columns: where it stands now."""
    order = [each.name for each in panel.aging]
    columns = [*order, "settled"]
    present = [name for name in columns if any(roll.now == name for roll in panel.rolls)]
    by_cell = {(roll.then, roll.now): roll for roll in panel.rolls}
    rows = [name for name in [*order, "new"] if any(roll.then == name for roll in panel.rolls)]
    heat = tuple(
        HeatRow(_bucket(then), tuple(_cell(by_cell.get((then, now)), panel, links[now]) for now in present))
        for then in rows
    )
    return tuple((_bucket(name), links[name]) for name in present), heat


def _cell(roll: Roll | None, panel: CurrencyPanel, link: str) -> tuple[str, str, int, str]:
    if roll is None or not roll.minor:
        return "", "", 0, ""
    shade = min(_HEATS, 1 + roll.share_bp * _HEATS // 10_001)
    return money(Money(roll.minor, panel.currency)), percent(roll.share_bp), shade, link


def _bucket(name: str) -> str:
    if name == "settled":
        return _("cobrado")
    return _("nuevo") if name == "new" else bucket_label(name)


def _attention(each: Attention, visit: Visit, link: Callable[[str], str]) -> dict[str, Any]:
    return {
        "text": _said(each),
        "url": link(each.rows) if each.rows else _page(each.page, visit),
        "kind": each.kind,
    }


def _said(each: Attention) -> str:
    n = number(each.count)
    words = {
        "stopped": _("Los envíos están parados"),
        "brake": ngettext(
            "%(n)s mensaje espera por el freno", "%(n)s mensajes esperan por el freno", each.count
        ),
        "doubts": ngettext("%(n)s mensaje sin confirmar", "%(n)s mensajes sin confirmar", each.count),
        "tasks_overdue": ngettext("%(n)s tarea atrasada", "%(n)s tareas atrasadas", each.count),
        "no_address": ngettext(
            "%(n)s cliente sin ninguna dirección", "%(n)s clientes sin ninguna dirección", each.count
        ),
        "bank_stale": _("Los cobros llevan %(days)s sin actualizarse"),
        "unidentified": _("Cobros sin identificar: %(amounts)s"),
    }
    amounts = " · ".join(money(Money(minor, currency)) for currency, minor in (each.amounts or {}).items())
    return words[each.kind] % {"n": n, "days": days(each.count), "amounts": amounts}
