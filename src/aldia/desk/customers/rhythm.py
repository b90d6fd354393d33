"""The payment rhythm as a picture: a dot for each paid line, above the due date when it came late."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aldia.queries.sheet_page import Dot, Rhythm
from aldia.ui.templatetags.written import number

WIDTH, HEIGHT, MARGIN = 640, 150, 14
_LATEST, _EARLIEST = 90, -30  # days late shown; what lies beyond stands at the edge


@dataclass(frozen=True, slots=True)
class Spot:
    """x, y: of the picture. tone: ageing tone of how late it was. dot: what it stands for."""

    x: int
    y: int
    tone: int
    dot: Dot


@dataclass(frozen=True, slots=True)
class Picture:
    """due_y: the line of the due date. months: (x, month and year) along the bottom. usual: in words."""

    rhythm: Rhythm
    usual: str
    spots: tuple[Spot, ...]
    due_y: int
    months: tuple[tuple[int, date], ...]


def picture_of(rhythm: Rhythm, until: date) -> Picture:
    """Two years, oldest at the left."""
    start = date(until.year - 2, until.month, 1)
    span = max(1, (until - start).days)

    def x(day: date) -> int:
        return MARGIN + (WIDTH - 2 * MARGIN) * max(0, min(span, (day - start).days)) // span

    spots = tuple(Spot(x(dot.due_date), _y(dot.late), _tone(dot.late), dot) for dot in rhythm.dots)
    return Picture(
        rhythm, _usual(rhythm.median), spots, _y(0), tuple((x(day), day) for day in _quarters(start, until))
    )


def _usual(median: float | None) -> str:
    """«Lo habitual: 5 días antes del vencimiento.»; "" where nothing is known."""
    if median is None:
        return ""
    late = round(median)
    if not late:
        return _("Lo habitual: el día del vencimiento.")
    if late > 0:
        words = ngettext(
            "Lo habitual: %(n)s día tras el vencimiento.",
            "Lo habitual: %(n)s días tras el vencimiento.",
            late,
        )
    else:
        words = ngettext(
            "Lo habitual: %(n)s día antes del vencimiento.",
            "Lo habitual: %(n)s días antes del vencimiento.",
            -late,
        )
    return words % {"n": number(abs(late))}


def _y(late: int) -> int:
    """Late is up."""
    shown = max(_EARLIEST, min(_LATEST, late))
    return MARGIN + (HEIGHT - 3 * MARGIN) * (_LATEST - shown) // (_LATEST - _EARLIEST)


def _tone(late: int) -> int:
    return next((tone for tone, edge in enumerate((0, 15, 30, 60)) if late <= edge), 5)


def _quarters(start: date, until: date) -> Iterator[date]:
    year, month = start.year, start.month
    while date(year, month, 1) <= until:
        yield date(year, month, 1)
        year, month = (year + 1, month - 6) if month > 6 else (year, month + 6)
