"""How an explanation is printed: the answer, then why, then the figures."""

from datetime import date
from typing import Any

from rich.console import Console
from rich.markup import escape

from aldia.cli.paper import aligned, day, heading, money, part
from aldia.queries.explained import ExplainedLine, ExplainedStep, Explanation, StepTest
from aldia.rules.interest import InterestRow
from aldia.rules.portfolio.words import days_text, joined, outcome_label

_RATES = {
    "agreed": "",
    "statutory": "Interés de demora. ",
    "legal": "Interés legal, desde la reclamación. ",
}


def show_explanation(console: Console, found: Explanation) -> None:
    """The whole page."""
    name = (
        f"{found.name} ({found.customer})" if found.name and found.name != found.customer else found.customer
    )
    heading(console, name, f"{day(found.on)} · estrategia «{found.strategy_title}»")
    console.print()
    console.print(escape(found.decision.sentence), style="bold")
    _show_next(console, found)
    if found.balances:
        _show_balances(console, found)
    _show_steps(console, found)
    if found.lines:
        _show_lines(console, found.lines)
        _show_interest(console, found.lines)
    _show_history(console, found)


def _show_next(console: Console, found: Explanation) -> None:
    if found.decision.next_on:
        console.print(f"Próxima fecha: {day(found.decision.next_on)}", highlight=False)
    if found.decision.stored:
        titles = {step.step: step.title for step in found.steps}
        stored = outcome_label(found.decision.stored, titles)
        console.print(f"Anotado entonces: {escape(stored)} (lo de arriba es con lo que se sabe ahora).")
    for opened_on, _line in found.episodes[:1]:
        console.print(f"Episodio abierto el {day(opened_on)}", highlight=False)


_FIGURES = (
    ("pendiente", "open_minor"),
    ("vencido", "overdue_minor"),
    ("cobrado sin aplicar", "unapplied_minor"),
    ("en incidencia", "disputed_minor"),
    ("cubierto por efectos", "covered_minor"),
    ("reclamable", "dunnable_minor"),
    ("intereses de demora", "interest_minor"),
    ("compensación por cobro", "compensation_minor"),
)
_ALWAYS = frozenset({"open_minor", "overdue_minor", "dunnable_minor"})


def _show_balances(console: Console, found: Explanation) -> None:
    part(console, "Qué debe")
    rows: tuple[dict[str, Any], ...] = found.balances
    table = aligned(["", *(row["currency"] for row in rows)], right=range(1, len(rows) + 1))
    for label, column in _FIGURES:
        if column in _ALWAYS or any(row[column] for row in rows):
            table.add_row(label, *(money(row[column], row["currency"]) for row in rows))
    table.add_row("días de retraso", *(str(row["days_overdue"]) for row in rows))
    if any(row["days_on_hold"] for row in rows):
        table.add_row("días en pausa", *(str(row["days_on_hold"]) for row in rows))
    console.print(table)
    for paid_on, minor, currency in found.unapplied:
        console.print(
            f"  cobro del {day(paid_on)}: quedan {money(minor, currency)} sin aplicar", highlight=False
        )


def _show_steps(console: Console, found: Explanation) -> None:
    part(console, "La escalera")
    minimum = money(found.strategy_minimum_minor, found.strategy_currency)
    console.print(
        f"desde {minimum}, {days_text(found.spacing_days)} entre avisos", style="dim", highlight=False
    )
    table = aligned(["", "paso", "condición", "¿se cumple?", "además"])
    for step in found.steps:
        mark = "→" if step.chosen else "✓" if step.done_on else ""
        table.add_row(
            mark, escape(step.title), escape(step.condition), _tests(step), escape(_besides(step, found))
        )
    console.print(table)


def _tests(step: ExplainedStep) -> str:
    if not step.tests:
        return "–"
    words = {True: "sí", False: "no", None: "sin importes"}
    if len({test.holds for test in step.tests}) == 1:
        return words[step.tests[0].holds]
    return ", ".join(f"{_row_name(test)} {words[test.holds]}" for test in step.tests)


def _row_name(test: StepTest) -> str:
    return f"n.º {test.line_id}" if test.line_id else test.currency


def _besides(step: ExplainedStep, found: Explanation) -> str:
    if step.done_on:
        return f"hecho el {day(step.done_on)}"
    titles = {each.step: each.title for each in found.steps}
    said = []
    if step.chosen and step.tests and not any(test.holds for test in step.tests):
        said.append("se adelanta: un compromiso de pago no se cumplió")
    if step.minimum_minor > found.strategy_minimum_minor:
        said.append(f"desde {money(step.minimum_minor, found.strategy_currency)}")
    if step.missing:
        said.append("falta " + joined(f"«{titles[name]}»" for name in step.missing))
    if step.approval:
        said.append("pide aprobación")
    return ", ".join(said)


def _show_lines(console: Console, lines: tuple[ExplainedLine, ...]) -> None:
    part(console, "Partidas abiertas")
    headings = ["documento", "vence", "retraso", "importe", "pendiente", "intereses", "comp."]
    table = aligned(headings, right=range(1, 7))
    for line in lines:
        table.add_row(
            escape(line.number),
            day(line.effective_due_date),
            days_text(line.days) if line.days > 0 else "–",
            money(line.amount_minor, line.currency),
            money(line.open_minor, line.currency),
            money(line.interest_minor, line.currency) if line.interest_minor else "–",
            money(line.compensation_minor, line.currency) if line.compensation_minor else "–",
        )
    console.print(table)
    for line in lines:
        if remarks := _remarks(line):
            console.print(f"{line.number}: {remarks}", style="dim", markup=False, highlight=False)


def _remarks(line: ExplainedLine) -> str:
    said = []
    if line.effective_due_date != line.due_date:
        said.append(f"aplazada; vencía el {day(line.due_date)}")
    if line.disputed_minor:
        said.append(f"{money(line.disputed_minor, line.currency)} en incidencia")
    if line.covered_minor:
        said.append(f"{money(line.covered_minor, line.currency)} en efectos")
    said.extend(
        f"{money(minor, line.currency)} pagados el {day(paid_on)}" for minor, paid_on in line.allocated
    )
    return ", ".join(said)


def _show_interest(console: Console, lines: tuple[ExplainedLine, ...]) -> None:
    bearing = [line for line in lines if line.interest]
    if not bearing:
        return
    part(console, "Intereses, tramo a tramo")
    headings = ["documento", "desde", "hasta", "días", "principal", "tipo", "importe", "fuente"]
    table = aligned(headings, right=[3, 4, 5, 6])
    sources: dict[str, int] = {}
    for line in bearing:
        for row in line.interest:
            note = sources.setdefault(_source(row, line.rate), len(sources) + 1)
            table.add_row(
                escape(line.number),
                _short(row.first),
                _short(row.last),
                str(row.days),
                money(row.principal_minor, line.currency),
                f"{row.rate_bp / 100:.2f} %".replace(".", ","),
                f"{row.amount:.4f}".replace(".", ","),
                f"({note})",
            )
    console.print(table)
    for source, note in sources.items():
        console.print(f"({note}) {source}", style="dim", markup=False, highlight=False)


def _source(row: InterestRow, rate: str) -> str:
    confidence = f" ({row.confidence.label})" if row.confidence else ""
    return f"{_RATES[rate]}{row.source}{confidence}"


def _short(value: date) -> str:
    return f"{value:%d/%m/%Y}"


def _show_history(console: Console, found: Explanation) -> None:
    part(console, "Qué ha pasado")
    if not found.history:
        console.print("Todavía nada: ni avisos, ni tareas, ni respuestas.", style="dim")
        return
    table = aligned(["fecha", "qué", "estado"])
    for event in found.history:
        table.add_row(day(event.on), escape(event.text), escape(event.state))
    console.print(table)
