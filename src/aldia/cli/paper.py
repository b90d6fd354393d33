"""How answers look on a terminal: money, dates, aligned tables, small bars."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from aldia.kernel.money import format_money
from aldia.rules.portfolio.words import day_text, joined

_BAR_CELLS = 24


def money(minor: int, currency: str) -> str:
    """`1.234,56 €`."""
    return format_money(minor, currency)


def sums(amounts: Mapping[str, int]) -> str:
    """Every currency's own sum: «1.234,56 € y 20,00 US$»."""
    return joined(money(minor, currency) for currency, minor in sorted(amounts.items())) or "nada"


def day(value: date | None) -> str:
    """«vie 20 nov 2026», or a dash."""
    return day_text(value) if value else "–"


def number(value: int) -> str:
    """«12.345»."""
    return f"{value:,}".replace(",", ".")


NO_CUSTOMERS = "Todavía no hay clientes. Para empezar, importe sus facturas: aldia import invoices ARCHIVO"


def plural(count: int, one: str, many: str) -> str:
    """«1 cliente», «1.200 clientes»."""
    return f"{number(count)} {one if count == 1 else many}"


def aligned(headings: Sequence[str], *, right: Iterable[int] = ()) -> Table:
    """A table without lines; the columns numbered in `right` are figures."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    figures = set(right)
    for place, heading in enumerate(headings):
        is_figure = place in figures
        table.add_column(
            heading, justify="right" if is_figure else "left", no_wrap=is_figure, overflow="fold"
        )
    return table


def bars(counts: Mapping[str, int], labels: Mapping[str, str]) -> Table:
    """One bar per outcome, the longest first. labels: outcome → words."""
    table = aligned(["", "", ""], right=[1])
    table.show_header = False
    most = max(counts.values(), default=0)
    for outcome, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        cells = max(1, round(_BAR_CELLS * count / most)) if count else 0
        table.add_row(escape(labels.get(outcome, outcome)), number(count), f"[cyan]{'█' * cells}[/cyan]")
    return table


def heading(console: Console, text: str, under: str = "") -> None:
    """The answer of the page: bold, with what it is about beneath."""
    console.print()
    console.print(f"[bold]{escape(text)}[/bold]")
    if under:
        console.print(escape(under), style="dim")


def part(console: Console, text: str) -> None:
    """A part of the page begins."""
    console.print()
    console.print(escape(text), style="bold cyan")
