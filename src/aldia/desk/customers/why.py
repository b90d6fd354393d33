"""An explanation made ready for the page: every figure with its unit, every rung with its reason."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aldia.desk.conditions import condition_words
from aldia.kernel.money import Money
from aldia.queries.explained import ExplainedLine, ExplainedStep, Explanation
from aldia.rules.interest import InterestRow
from aldia.ui.other_language import said
from aldia.ui.templatetags.written import day, decimal_sign, money, number

_FIGURES = (
    (gettext_lazy("Pendiente"), "open_minor"),
    (gettext_lazy("Vencido"), "overdue_minor"),
    (gettext_lazy("Cobrado sin aplicar"), "unapplied_minor"),
    (gettext_lazy("En incidencia"), "disputed_minor"),
    (gettext_lazy("Cubierto por efectos"), "covered_minor"),
    (gettext_lazy("Reclamable hoy"), "dunnable_minor"),
    (gettext_lazy("Intereses de demora"), "interest_minor"),
    (gettext_lazy("Compensación por cobro"), "compensation_minor"),
)
_ALWAYS = frozenset({"open_minor", "overdue_minor", "dunnable_minor"})
_RATES = {
    "agreed": gettext_lazy("Interés pactado"),
    "statutory": gettext_lazy("Interés de demora"),
    "legal": gettext_lazy("Interés legal"),
}
_KINDS = {
    "invoice": gettext_lazy("Factura"),
    "fee": gettext_lazy("Gasto"),
    "charge_note": gettext_lazy("Nota de cargo"),
    "opening_balance": gettext_lazy("Saldo inicial"),
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
        Figure(str(label), tuple(Money(row[column], row["currency"]) for row in found.balances))
        for label, column in _FIGURES
        if column in _ALWAYS or any(row[column] for row in found.balances)
    ]


def unapplied(found: Explanation) -> list[str]:
    """«del mar 3 nov 2026 quedan 120,00 € sin aplicar»."""
    return [
        _("Del cobro del %(on)s quedan %(amount)s sin aplicar.")
        % {"on": day(on), "amount": money(Money(minor, currency))}
        for on, minor, currency in found.unapplied
    ]


def ladder(found: Explanation) -> list[Rung]:
    """Every step of the strategy and why it is, or is not, the one of today."""
    titles = {step.step: step.title for step in found.steps}
    return [_rung(step, found, titles) for step in found.steps]


def _rung(step: ExplainedStep, found: Explanation, titles: dict[str, str]) -> Rung:
    holds = any(test.holds for test in step.tests)
    mark, words = "–", _("no se mira")
    if step.tests:
        mark, words = ("✓", _("se cumple")) if holds else ("✗", _("no se cumple"))
    state, reason = _standing(step, found, titles, holds=holds)
    return Rung(step, mark, words, state, condition_words(step.condition), reason, _terms(step, found))


def _standing(
    step: ExplainedStep, found: Explanation, titles: dict[str, str], *, holds: bool
) -> tuple[str, str]:
    if step.chosen and not holds:
        return "chosen", _("Es el paso de hoy: se adelanta porque un compromiso de pago no se cumplió.")
    if step.chosen:
        return "chosen", _("Es el paso de hoy.")
    if step.done_on:
        return "done", _("Hecho el %(on)s.") % {"on": day(step.done_on)}
    if not step.tests:
        return "unmet", _("No hay nada vencido que mirar.")
    if not holds:
        return "unmet", _not_met(step, found)
    if step.missing:
        return "met", _("Antes falta %(steps)s.") % {
            "steps": _joined([titles[name] for name in step.missing])
        }
    if found.decision.step:
        return "met", _("Hoy toca otro paso más avanzado.")
    why_not = said(found.decision.title).lower()
    return "met", _("Se cumple, pero hoy no se hace: %(why)s.") % {"why": why_not}


def _joined(titles: Sequence[str]) -> str:
    """««a», «b» y «c»»."""
    parts = [f"«{title}»" for title in titles]
    if len(parts) == 1:
        return parts[0]
    return _("%(first)s y %(last)s") % {"first": ", ".join(parts[:-1]), "last": parts[-1]}


def _not_met(step: ExplainedStep, found: Explanation) -> str:
    if all(test.holds is None for test in step.tests):
        return _("La estrategia no tiene importes en la moneda de su deuda.")
    return _("Su condición no se cumple todavía.")


def _terms(step: ExplainedStep, found: Explanation) -> str:
    terms = []
    if step.minimum_minor > found.strategy_minimum_minor:
        least = money(Money(step.minimum_minor, found.strategy_currency))
        terms.append(_("desde %(amount)s") % {"amount": least})
    if step.approval:
        terms.append(_("una persona lo aprueba"))
    return ", ".join(terms)


def line_rows(lines: Sequence[ExplainedLine]) -> list[LineRow]:
    """Oldest first."""
    return [
        LineRow(
            line=line,
            kind=str(_KINDS.get(line.kind, line.kind)),
            amount=Money(line.amount_minor, line.currency),
            open=Money(line.open_minor, line.currency),
            interest=Money(line.interest_minor, line.currency) if line.interest_minor else None,
            compensation=Money(line.compensation_minor, line.currency) if line.compensation_minor else None,
            remarks=_remarks(line),
        )
        for line in lines
    ]


def _remarks(line: ExplainedLine) -> str:
    remarks = []
    if line.effective_due_date != line.due_date:
        remarks.append(_("aplazada, vencía el %(on)s") % {"on": day(line.due_date)})
    if line.disputed_minor:
        remarks.append(_("%(amount)s en incidencia") % {"amount": _amount(line, line.disputed_minor)})
    if line.covered_minor:
        covered = _amount(line, line.covered_minor)
        remarks.append(_("%(amount)s en efectos o recibos en curso") % {"amount": covered})
    remarks.extend(
        _("%(amount)s pagados el %(on)s") % {"amount": _amount(line, minor), "on": day(on)}
        for minor, on in line.allocated
    )
    return "; ".join(remarks)


def _amount(line: ExplainedLine, minor: int) -> str:
    return money(Money(minor, line.currency))


def interest_tables(lines: Sequence[ExplainedLine]) -> list[InterestTable]:
    """One per line that bears interest."""
    return [_interest(line) for line in lines if line.interest]


def _interest(line: ExplainedLine) -> InterestTable:
    notes: dict[str, int] = {}
    segments = tuple(_segments(line, notes))
    return InterestTable(
        line=line,
        title=str(_RATES[line.rate]),
        total=Money(line.interest_minor, line.currency),
        segments=segments,
        notes=tuple((number, source) for source, number in notes.items()),
    )


def _segments(line: ExplainedLine, notes: dict[str, int]) -> Iterator[Segment]:
    sign = decimal_sign()
    for row in line.interest:
        confidence = f" ({said(row.confidence.label)})" if row.confidence else ""
        yield Segment(
            row=row,
            principal=Money(row.principal_minor, line.currency),
            rate=f"{number(row.rate_bp // 100)}{sign}{row.rate_bp % 100:02d} %",
            amount=f"{row.amount:.4f}".replace(".", sign),
            note=notes.setdefault(row.source + confidence, len(notes) + 1),
        )


def history(found: Explanation) -> list[Happened]:
    """Latest first."""
    return [Happened(event.on, event.text, event.state) for event in reversed(found.history)]
