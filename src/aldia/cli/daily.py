"""`aldia run`, `aldia run-due`, `aldia worker`: the day's decisions, once or as a service."""

from datetime import date, datetime
from typing import Annotated, Any

import typer
from procrastinate.contrib.django import app as jobs
from procrastinate.contrib.django.django_connector import DjangoConnector
from rich.console import Console
from rich.markup import escape

from aldia.cli.asking import creditor_of, day_of, moment_of
from aldia.cli.door import ACTOR, Answer, Call, Now, On, command
from aldia.cli.paper import NO_CUSTOMERS, bars, day, heading, number, part, plural, sums
from aldia.kernel import clock
from aldia.operations.due_runs import DueRun, run_due, run_each
from aldia.operations.run import RunReport, daily_run, release_held
from aldia.queries.creditors import all_creditors
from aldia.queries.reasons import titles_of
from aldia.records.outreach.models import MessageState
from aldia.records.tenancy.models import Creditor
from aldia.rules.portfolio.words import outcome_label

_JOBS_AT_ONCE = 3
"""A mail server that takes its time holds up no import and no run."""
_LEAVE_IN_PEACE_SECONDS = 3.0  # then jobs are told that it is over; `serve` waits longer for them

app = typer.Typer(add_completion=False)


@command(app, "run")
def run(
    call: Call,
    on: On = None,
    now: Now = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Decidir sin anotar nada.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Todos los acreedores.")] = False,
) -> Answer:
    """Decide sobre cada cliente y lo anota. Repetirlo el mismo día no cambia nada."""
    if every:
        days = [(each, *_day_and_moment(each, on, now)) for each in all_creditors()]
        return _answer(run_each(days, actor=ACTOR, dry_run=dry_run))
    creditor = creditor_of(call)
    business_date, moment = _day_and_moment(creditor, on, now)
    report = daily_run(creditor=creditor, on=business_date, now=moment, actor=ACTOR, dry_run=dry_run)
    data = {"creditor": creditor.code, **report.as_dict()}
    return Answer(data, lambda console: show_run(console, creditor, report))


def _day_and_moment(creditor: Creditor, on: date | None, now: datetime | None) -> tuple[date, datetime]:
    """Both from one reading of the clock."""
    present = now or clock.now()
    business_date = day_of(creditor, on, present)
    return business_date, present if now else moment_of(creditor, business_date, present)


def _answer(done: list[DueRun]) -> Answer:
    """What several creditors' runs say, refusals among them."""
    by_id = {creditor.pk: creditor for creditor in all_creditors()}

    def show(console: Console) -> None:
        if not done:
            console.print("Ahora no toca ningún proceso.")
        for each in done:
            if each.report is not None:
                show_run(console, by_id[each.creditor_id], each.report)
            elif each.refusal is not None:
                console.print(f"{escape(each.creditor_code)}: {escape(each.refusal.sentence)}")

    data: dict[str, Any] = {"runs": [each.as_dict() for each in done]}
    return Answer(data, show, failed=any(each.refusal for each in done))


@command(app, "release")
def release(call: Call) -> Answer:
    """Da el sí a los mensajes que el freno ha parado."""
    creditor = creditor_of(call)
    count = release_held(creditor=creditor, actor=ACTOR, now=clock.now())
    data = {"creditor": creditor.code, "released": count}
    return Answer(data, lambda console: console.print(f"{plural(count, 'mensaje', 'mensajes')} sin freno."))


def show_run(console: Console, creditor: Creditor, report: RunReport) -> None:
    """The summary of one run: what is owed, what was decided, what leaves, how long it took."""
    heading(console, f"{creditor.name} · {day(report.on)}", _kind(report))
    if report.busy or not report.customers:
        console.print(escape(report.busy or NO_CUSTOMERS))
        return
    titles = titles_of(creditor)
    console.print(
        f"{plural(report.customers, 'cliente', 'clientes')},"
        f" {plural(report.items_open, 'partida abierta', 'partidas abiertas')}"
    )
    console.print(
        f"[bold]{escape(sums(report.overdue))}[/bold] vencidos de {escape(sums(report.open))} pendientes"
    )
    if report.unidentified:
        console.print(f"{escape(sums(report.unidentified))} cobrados sin identificar")
    part(console, "Decisiones")
    console.print(bars(report.decisions, {each: outcome_label(each, titles) for each in report.decisions}))
    _show_outgoing(console, report)
    seconds = report.seconds.get("total", 0.0)
    console.print(f"\n{_decimal(seconds)} segundos", style="dim")


def _kind(report: RunReport) -> str:
    if report.dry_run:
        return "Ensayo: no se ha anotado nada."
    if report.recorded:
        return "Proceso diario anotado."
    return "" if report.busy else "Sin cambios desde el último proceso de este día."


def _show_outgoing(console: Console, report: RunReport) -> None:
    messages = [
        f"{MessageState(state).label.lower()}: {number(count)}" for state, count in report.messages.items()
    ]
    part(console, "Mensajes")
    console.print(", ".join(messages) or "Ninguno.", highlight=False)
    if report.tasks:
        console.print(f"{plural(sum(report.tasks.values()), 'tarea', 'tareas')} para personas")
    if report.held:
        console.print(
            "[bold]Freno:[/bold] son muchos más mensajes de lo normal; esperan a su sí: aldia release"
        )
    elif report.waiting:
        console.print(f"{plural(report.waiting, 'mensaje espera', 'mensajes esperan')} aprobación.")


def _decimal(seconds: float) -> str:
    return f"{seconds:.1f}".replace(".", ",")


@command(app, "run-due")
def run_due_now(call: Call, now: Now = None) -> Answer:
    """Hace los procesos diarios cuya hora ha llegado hoy y que aún no se han hecho."""
    return _answer(run_due(now=now or clock.now(), actor=ACTOR))


@command(app, "worker")
def worker(
    call: Call,
    once: Annotated[bool, typer.Option("--once", help="Atender lo que haya en la cola y terminar.")] = False,
) -> None:
    """Atiende los trabajos programados hasta que se le pare (Ctrl-C)."""
    connector = jobs.connector
    assert isinstance(connector, DjangoConnector), "jobs live in Django's database"
    with jobs.replace_connector(connector.get_worker_connector()) as served:
        served.run_worker(
            wait=not once,
            concurrency=1 if once else _JOBS_AT_ONCE,
            shutdown_graceful_timeout=_LEAVE_IN_PEACE_SECONDS,
        )
