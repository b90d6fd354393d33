"""The panel's pictures as options of the chart library; colours are names of the house's palette."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from aldia.kernel.money import Money
from aldia.queries.panel_page import CurrencyPanel
from aldia.ui.script_data import script_json
from aldia.ui.templatetags.written import short_day

_INK = "var(--tblr-secondary-color)"
_LINE = "var(--tblr-border-color)"
_Link = Callable[[str], str]


def expected_chart(panel: CurrencyPanel, link: _Link) -> str:
    """Bars of what is expected by week, with the span it falls into eight times out of ten."""
    weeks = panel.expected.weeks if panel.expected else ()
    bars = [{"value": _major(w.expected, panel), "link": link(w.rows)} for w in weeks]
    base = [_major(w.low, panel) for w in weeks]
    span = [_major(w.high, panel) - _major(w.low, panel) for w in weeks]
    series = [
        {
            "type": "bar",
            "name": _("Se espera"),
            "data": bars,
            "itemStyle": {"color": "var(--tone-0)"},
            "barWidth": "55%",
        },
        _line(_("Mínimo"), base, "transparent", stack="span"),
        {
            **_line(_("Margen"), span, "transparent", stack="span"),
            "itemStyle": {"color": "var(--tone-2)"},
            "areaStyle": {"color": "var(--tone-2)", "opacity": 0.28},
        },
        {
            "type": "line",
            "name": _("Vence"),
            "data": [_major(w.due, panel) for w in weeks],
            "symbol": "emptyCircle",
            "lineStyle": {"type": "dashed", "color": "var(--tone-4)"},
            "itemStyle": {"color": "var(--tone-4)"},
        },
    ]
    return _option(
        [short_day(w.starts)[:5] for w in weeks], series, [_("Se espera"), _("Margen"), _("Vence")]
    )


def trend_chart(panel: CurrencyPanel) -> str:
    """Outstanding and overdue over the last half year."""
    series = [
        {
            **_line(
                _("Pendiente"), [_major(p.outstanding_minor, panel) for p in panel.trend], "var(--tone-0)"
            ),
            "areaStyle": {"color": "var(--tone-0)", "opacity": 0.15},
        },
        {
            **_line(_("Vencido"), [_major(p.overdue_minor, panel) for p in panel.trend], "var(--tone-4)"),
            "areaStyle": {"color": "var(--tone-4)", "opacity": 0.2},
        },
    ]
    return _option([short_day(p.on)[:5] for p in panel.trend], series, [_("Pendiente"), _("Vencido")])


def _line(name: str, data: list[float], colour: str, stack: str = "") -> dict[str, Any]:
    plain: dict[str, Any] = {
        "type": "line",
        "name": name,
        "data": data,
        "symbol": "none",
        "lineStyle": {"color": colour, "width": 2},
        "itemStyle": {"color": colour},
    }
    return {**plain, "stack": stack} if stack else plain


def _option(days: list[str], series: list[dict[str, Any]], legend: list[str]) -> str:
    axis = {"axisLine": {"lineStyle": {"color": _LINE}}, "axisLabel": {"color": _INK}}
    option = {
        "grid": {"left": 8, "right": 12, "top": 36, "bottom": 4, "containLabel": True},
        "tooltip": {"trigger": "axis", "confine": True},
        "legend": {"data": legend, "top": 0, "left": 0, "textStyle": {"color": _INK}, "icon": "roundRect"},
        "xAxis": {"type": "category", "data": days, **axis, "axisTick": {"show": False}},
        "yAxis": {"type": "value", **axis, "splitLine": {"lineStyle": {"color": _LINE}}},
        "series": series,
        "aria": {"enabled": True},
    }
    return script_json(option)


def _major(minor: int, panel: CurrencyPanel) -> float:
    """Charts have no other number than this; the exact amounts stand in the table beside them."""
    return float(Money(minor, panel.currency).major())
