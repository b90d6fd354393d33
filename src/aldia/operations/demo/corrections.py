"""Credit notes: invoices corrected in part or whole soon after they were issued."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby
from random import Random

from aldia.kernel.money import round_half_up
from aldia.operations.demo.events import Applied
from aldia.operations.demo.values import DemoLine

_COUNT = 72
_REASONS = ("horas no impartidas", "error en el precio", "descuento acordado", "factura duplicada")


def make_corrections(rng: Random, lines: list[DemoLine], last: date) -> list[DemoLine]:
    """Credit notes against lines issued at least a month before the last day, in order of issue."""
    candidates = [line for line in lines if line.issued_on < last - timedelta(days=30)]
    notes = [_note(rng, line) for line in rng.sample(candidates, _COUNT)]
    notes.sort(key=lambda note: (note.issued_on, note.corrects))
    return [
        replace(note, number=f"A-{year}-{place:04d}")
        for year, group in groupby(notes, key=lambda note: note.issued_on.year)
        for place, note in enumerate(group, start=1)
    ]


def applications(notes: list[DemoLine]) -> list[Applied]:
    """Each credit note against the invoice it corrects, on the day it was issued."""
    return [Applied(note.issued_on, note.number, note.corrects, -note.amount_minor) for note in notes]


def lowered_by(notes: list[DemoLine]) -> dict[str, int]:
    """Number of an invoice → by how much it was lowered."""
    return {note.corrects: -note.amount_minor for note in notes}


def _note(rng: Random, line: DemoLine) -> DemoLine:
    """The same amounts with the opposite sign, times a share."""
    percent = rng.choice((100, 100, 50, 30, 25, 20, 10))
    issued_on = line.issued_on + timedelta(days=rng.randint(1, 25))
    return replace(
        line,
        issued_on=issued_on,
        due_date=issued_on,
        net_minor=-round_half_up(line.net_minor * percent, 100),
        tax_minor=-round_half_up(line.tax_minor * percent, 100),
        retention_minor=-round_half_up(line.retention_minor * percent, 100),
        description=f"Rectifica {line.number}: {rng.choice(_REASONS)}",
        corrects=line.number,
    )
