"""An explanation made ready for the page: every figure with its unit, every rung with its reason."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from aldia.desk.conditions import condition_words
from aldia.kernel.money import Money
from aldia.queries.explained import ExplainedLine, ExplainedStep, Explanation
from aldia.rules.interest import InterestRow
from aldia.rules.portfolio.words import day_text, joined

_FIGURES = (
    ("Pendiente", "open_minor"),
    ("Vencido", "overdue_minor"),
    ("Cobrado sin aplicar", "unapplied_minor"),
    ("En incidencia", "disputed_minor"),
    ("Cubierto por efectos", "covered_minor"),
    ("Reclamable hoy", "dunnable_minor"),
    ("Intereses de demora", "interest_minor"),
    ("Compensación por cobro", "compensation_minor"),
)
_ALWAYS = frozenset({"open_minor", "overdue_minor", "dunnable_minor"})
_RATES = {"agreed": "Interés pactado", "statutory": "Interés de demora", "legal": "Interés legal"}
_KINDS = {
    "invoice": "Factura",
    "fee": "Gasto",
    "charge_note": "Nota de cargo",
    "opening_balance": "Saldo inicial",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A line of the balance: one amount per currency, in the order of the columns."""

    label: str
    amounts: tuple[Money, ...]


@dataclass(frozen=True, slots=True)
class Rung:
    """mark: «✓», «✗» or «–» for whether the condition holds. state: chosen, done, met, unmet."""

    step: ExplainedStep
    mark: str
    said: str
    state: str
    condition: str
    reason: str
    terms: str


@dataclass(frozen=True, slots=True)
class LineRow:
    """An open due line. kind, remarks: Spanish; interest, compensation: None where there is none."""

    line: ExplainedLine
    kind: str
    amount: Money
    open: Money
    interest: Money | None
    compensation: Money | None
    remarks: str


@dataclass(frozen=True, slots=True)
class Segment:
    """Days at one rate on one principal. amount: four decimals of the major unit."""

    row: InterestRow
    principal: Money
    rate: str
    amount: str
    note: int


@dataclass(frozen=True, slots=True)
class InterestTable:
    """The interest of one line. notes: (number, source with its confidence)."""

    line: ExplainedLine
    title: str
    total: Money
    segments: tuple[Segment, ...]
    notes: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of the history."""

    on: date
    text: str
    state: str


def figures(found: Explanation) -> list[Figure]:
    """Always what is open, overdue and dunnable; the rest where some currency has it."""
    return [
        Figure(label, tuple(Money(row[column], row["currency"]) for row in found.balances))
        for label, column in _FIGURES
        if column in _ALWAYS or any(row[column] for row in found.balances)
    ]


def unapplied(found: Explanation) -> list[str]:
    """«del mar 3 nov 2026 quedan 120,00 € sin aplicar»."""
    return [
        f"Del cobro del {day_text(on)} quedan {Money(minor, currency).text()} sin aplicar."
        for on, minor, currency in found.unapplied
    ]


def ladder(found: Explanation) -> list[Rung]:
    """Every step of the strategy and why it is, or is not, the one of today."""
    titles = {step.step: step.title for step in found.steps}
    return [_rung(step, found, titles) for step in found.steps]


def _rung(step: ExplainedStep, found: Explanation, titles: dict[str, str]) -> Rung:
    holds = any(test.holds for test in step.tests)
    mark, said = ("✓", "se cumple") if holds else ("✗", "no se cumple") if step.tests else ("–", "no se mira")
    state, reason = _standing(step, found, titles, holds=holds)
    return Rung(step, mark, said, state, condition_words(step.condition), reason, _terms(step, found))


def _standing(
    step: ExplainedStep, found: Explanation, titles: dict[str, str], *, holds: bool
) -> tuple[str, str]:
    if step.chosen:
        return "chosen", "Es el paso de hoy."
    if step.done_on:
        return "done", f"Hecho el {day_text(step.done_on)}."
    if not step.tests:
        return "unmet", "No hay nada vencido que mirar."
    if not holds:
        return "unmet", _not_met(step, found)
    if step.missing:
        return "met", "Antes falta " + joined(f"«{titles[name]}»" for name in step.missing) + "."
    if found.decision.step:
        return "met", "Hoy toca otro paso más avanzado."
    return "met", f"Se cumple, pero hoy no se hace: {found.decision.title.lower()}."


def _not_met(step: ExplainedStep, found: Explanation) -> str:
    if all(test.holds is None for test in step.tests):
        return "La estrategia no tiene importes en la moneda de su deuda."
    return "Su condición no se cumple todavía."


def _terms(step: ExplainedStep, found: Explanation) -> str:
    said = []
    if step.minimum_minor > found.strategy_minimum_minor:
        said.append(f"desde {Money(step.minimum_minor, found.strategy_currency).text()}")
    if step.approval:
        said.append("una persona lo aprueba")
    return ", ".join(said)


def line_rows(lines: Sequence[ExplainedLine]) -> list[LineRow]:
    """Oldest first."""
    return [
        LineRow(
            line=line,
            kind=_KINDS.get(line.kind, line.kind),
            amount=Money(line.amount_minor, line.currency),
            open=Money(line.open_minor, line.currency),
            interest=Money(line.interest_minor, line.currency) if line.interest_minor else None,
            compensation=Money(line.compensation_minor, line.currency) if line.compensation_minor else None,
            remarks=_remarks(line),
        )
        for line in lines
    ]


def _remarks(line: ExplainedLine) -> str:
    said = []
    if line.effective_due_date != line.due_date:
        said.append(f"aplazada, vencía el {day_text(line.due_date)}")
    if line.disputed_minor:
        said.append(f"{Money(line.disputed_minor, line.currency).text()} en incidencia")
    if line.covered_minor:
        said.append(f"{Money(line.covered_minor, line.currency).text()} en efectos o recibos en curso")
    said.extend(
        f"{Money(minor, line.currency).text()} pagados el {day_text(on)}" for minor, on in line.allocated
    )
    return "; ".join(said)


def interest_tables(lines: Sequence[ExplainedLine]) -> list[InterestTable]:
    """One per line that bears interest."""
    return [_interest(line) for line in lines if line.interest]


def _interest(line: ExplainedLine) -> InterestTable:
    notes: dict[str, int] = {}
    segments = tuple(_segments(line, notes))
    return InterestTable(
        line=line,
        title=_RATES[line.rate],
        total=Money(line.interest_minor, line.currency),
        segments=segments,
        notes=tuple((number, source) for source, number in notes.items()),
    )


def _segments(line: ExplainedLine, notes: dict[str, int]) -> Iterator[Segment]:
    for row in line.interest:
        confidence = f" ({row.confidence.label})" if row.confidence else ""
        yield Segment(
            row=row,
            principal=Money(row.principal_minor, line.currency),
            rate=f"{row.rate_bp // 100},{row.rate_bp % 100:02d} %",
            amount=f"{row.amount:.4f}".replace(".", ","),
            note=notes.setdefault(row.source + confidence, len(notes) + 1),
        )


def history(found: Explanation) -> list[Happened]:
    """Latest first."""
    return [Happened(event.on, event.text, event.state) for event in reversed(found.history)]
