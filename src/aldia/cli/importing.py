"""`aldia import …`: tables in, previewed and committed at once or not at all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from django.db import transaction
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from aldia.cli.asking import creditor_of
from aldia.cli.door import ACTOR, Answer, Call, command
from aldia.cli.paper import aligned, day, heading, number, part, plural
from aldia.kernel import clock
from aldia.operations.imports import ImportOptions, ImportRefused, Kind, commit, discard, stage, undo
from aldia.records.intake.models import BatchState, ImportBatch, ImportKind
from aldia.records.tenancy.scope import scope
from aldia.rules.portfolio.words import joined

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Importa facturas, cobros y clientes de una tabla (csv, xlsx).",
)

_SHOWN = 20
_MARKS = {"error": "[bold red]✗[/bold red]", "warning": "[yellow]![/yellow]", "info": "·"}


class Decimal(StrEnum):
    """The decimal sign of the amounts."""

    COMMA = ","
    POINT = "."


File = Annotated[
    Path, typer.Argument(metavar="ARCHIVO", exists=True, dir_okay=False, help="Una tabla csv o xlsx.")
]


def _pairs(texts: list[str]) -> dict[str, str]:
    """`--map due_date=Vencimiento` → {"due_date": "Vencimiento"}."""
    wrong = [text for text in texts if "=" not in text]
    if wrong:
        raise typer.BadParameter(f"«{wrong[0]}» debe escribirse CAMPO=COLUMNA.", param_hint="--map")
    return dict(text.split("=", 1) for text in texts)


def _add_kind(kind: Kind, help_text: str) -> None:
    def import_table(
        call: Call,
        *,
        file: File,
        profile: Annotated[
            str | None,
            typer.Option(metavar="NOMBRE", help="Recordar (o usar) las columnas bajo este nombre."),
        ] = None,
        mapping: Annotated[
            list[str] | None,
            typer.Option("--map", metavar="CAMPO=COLUMNA", help="Qué columna es qué; repetible."),
        ] = None,
        date_format: Annotated[
            str | None, typer.Option(metavar="FORMATO", help="Orden de la fecha, como d/m/Y o m/d/Y.")
        ] = None,
        decimal: Annotated[Decimal | None, typer.Option(help="Signo decimal de los importes.")] = None,
        delimiter: Annotated[str | None, typer.Option(help="Separador de columnas.")] = None,
        encoding: Annotated[str | None, typer.Option(help="Codificación, como utf-8 o cp1252.")] = None,
        sheet: Annotated[str | None, typer.Option(help="Hoja del libro.")] = None,
        currency: Annotated[str | None, typer.Option(help="Moneda de lo que no la diga.")] = None,
        partial: Annotated[bool, typer.Option("--partial", help="Importar lo que se pueda.")] = False,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Solo mostrar lo que se haría.")] = False,
    ) -> Answer:
        options = ImportOptions(
            date_format=date_format,
            decimal=decimal.value if decimal else None,
            delimiter=delimiter,
            encoding=encoding,
            sheet=sheet,
            currency=currency,
        )
        return _import(
            call,
            kind=kind,
            file=file,
            profile=profile,
            mapping=_pairs(mapping or []),
            options=options,
            partial=partial,
            dry_run=dry_run,
        )

    import_table.__doc__ = help_text
    command(app, kind)(import_table)


_add_kind("invoices", "Importa facturas, también con su fecha o importe de cobro.")
_add_kind("payments", "Importa cobros; los que nombran una factura se le aplican.")
_add_kind("customers", "Importa clientes y sus contactos.")


def _import(
    call: Call,
    *,
    kind: Kind,
    file: Path,
    profile: str | None,
    mapping: dict[str, str],
    options: ImportOptions,
    partial: bool,
    dry_run: bool,
) -> Answer:
    creditor, now = creditor_of(call), clock.now()
    batch = stage(
        creditor=creditor,
        kind=kind,
        file_name=file.name,
        content=file.read_bytes(),
        options=options,
        mapping=mapping,
        source_name=profile,
        actor=ACTOR,
        now=now,
    )
    if dry_run:
        report = discard(creditor=creditor, batch_id=batch.pk, actor=ACTOR, now=now)
    else:
        try:
            with _bar(quiet=call.as_json) as progress:
                report = commit(
                    creditor=creditor,
                    batch_id=batch.pk,
                    actor=ACTOR,
                    now=now,
                    partial=partial,
                    progress=progress,
                )
        except ImportRefused as refusal:
            discard(creditor=creditor, batch_id=batch.pk, actor=ACTOR, now=now)
            return _refused(refusal)
    data = {"creditor": creditor.code, "batch": batch.pk, "dry_run": dry_run, **report.as_dict()}
    if dry_run:
        data["refused"] = _would_be_refused(batch, partial=partial)
    failed = bool(data.get("refused"))
    return Answer(data, lambda console: _show(console, file.name, data), failed=failed)


def _would_be_refused(batch: ImportBatch, *, partial: bool) -> bool:
    """Would a real import book nothing? Errors about the whole file stand in its way even with --partial."""
    blocking = any(each["severity"] == "error" and each["row"] is None for each in batch.findings)
    return bool(batch.counts["errors"]) and (blocking or not partial)


def _refused(refusal: ImportRefused) -> Answer:
    """Nothing was booked; every row that is in the way is named."""

    def show(console: Console) -> None:
        console.print(escape(refusal.sentence), style="bold")
        _show_findings(console, refusal.facts)
        if not refusal.facts["blocking"]:
            console.print("\nPara importar solo las filas correctas, añada --partial.")

    return Answer(refusal.as_dict(), show, failed=True)


@contextmanager
def _bar(*, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    columns = (TextColumn("Importando"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=quiet) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


_COUNTS = (
    ("new", "nuevas"),
    ("unchanged", "sin cambios"),
    ("changed", "con cambios"),
    ("questioned", "por aclarar"),
    ("vanished", "que ya no vienen"),
    ("refused", "rechazadas"),
    ("excluded", "que no son deuda"),
)
_BOOKED = (
    ("customers", "cliente", "clientes"),
    ("documents", "documento", "documentos"),
    ("payments", "cobro", "cobros"),
    ("credit_notes", "abono", "abonos"),
    ("adjustments", "ajuste", "ajustes"),
    ("corrections", "ajuste anulado", "ajustes anulados"),
    ("returns", "devolución", "devoluciones"),
    ("terms", "cambio de vencimiento", "cambios de vencimiento"),
    ("disputes", "incidencia", "incidencias"),
    ("covers", "efecto", "efectos"),
    ("contacts", "contacto", "contactos"),
)


def _show(console: Console, file_name: str, data: dict[str, Any]) -> None:
    counts = data["counts"]
    done = "Ensayo de" if data["dry_run"] else "Importado"
    nothing = "No se ha anotado nada."
    if data.get("refused"):
        nothing += " Así no se importaría nada: corrija los errores de abajo."
    under = (
        nothing
        if data["dry_run"]
        else f"Lote {data['batch']}; se deshace con «aldia import undo {data['batch']}»."
    )
    heading(console, f"{done} «{file_name}»: {plural(counts.get('rows', 0), 'fila', 'filas')}", under)
    table = aligned(["", ""], right=[0])
    table.show_header = False
    for name, label in _COUNTS:
        if counts.get(name):
            table.add_row(number(counts[name]), label)
    console.print(table)
    booked = [plural(counts[name], one, many) for name, one, many in _BOOKED if counts.get(name)]
    if booked:
        console.print(f"{'Serían' if data['dry_run'] else 'Anotado'}: {joined(booked)}.", highlight=False)
    _show_findings(console, data)


def _show_findings(console: Console, data: dict[str, Any]) -> None:
    findings, totals = data["findings"], data["findings_total"]
    if not findings:
        return
    part(console, "Qué se ha encontrado")
    table = aligned(["", "fila", "columna", "qué pasa"], right=[1])
    for each in findings[:_SHOWN]:
        place, column = str(each["row"] or ""), escape(str(each["column"] or ""))
        table.add_row(_MARKS[each["severity"]], place, column, escape(each["sentence"]))
    console.print(table)
    rest = sum(totals.values()) - len(findings[:_SHOWN])
    if rest > 0:
        kinds = ", ".join(f"{code} {number(count)}" for code, count in sorted(totals.items()))
        console.print(f"… y {number(rest)} más. Por clase: {kinds}.", style="dim", highlight=False)


@command(app, "undo")
def undo_batch(
    call: Call,
    batch: Annotated[int, typer.Argument(metavar="NÚMERO", help="El número de la importación.")],
) -> Answer:
    """Deshace una importación: cada apunte suyo se anula con su propia fecha, como si no hubiera existido."""
    creditor = creditor_of(call)
    report = undo(creditor=creditor, batch_id=batch, actor=ACTOR, now=clock.now())
    data = {"creditor": creditor.code, "undone": batch, **report.as_dict()}
    return Answer(data, lambda console: _show_undone(console, data))


_UNDONE = (
    ("due_lines", "vencimiento", "vencimientos"),
    ("credits", "cobro o abono", "cobros o abonos"),
    ("overlays", "circunstancia", "circunstancias"),
)


def _show_undone(console: Console, data: dict[str, Any]) -> None:
    counts = data["counts"]
    gone = [plural(counts[name], one, many) for name, one, many in _UNDONE if counts.get(name)]
    under = f"Anulado: {joined(gone)}." if gone else "Se ha anulado lo que hizo con apuntes de otras."
    heading(console, f"Importación {data['undone']} deshecha", under)
    _show_findings(console, data)


@command(app, "list")
def list_batches(call: Call) -> Answer:
    """Enumera las importaciones, la última primero."""
    creditor = creditor_of(call)
    with transaction.atomic(), scope([creditor.pk]):
        batches = list(ImportBatch.objects.defer("content").order_by("-pk"))
    rows = [
        {
            "batch": batch.pk,
            "kind": batch.kind,
            "file": batch.file_name,
            "state": batch.state,
            "staged_at": batch.staged_at,
            "counts": batch.counts,
        }
        for batch in batches
    ]

    def show(console: Console) -> None:
        table = aligned(["importación", "qué", "archivo", "estado", "cuándo", "filas"], right=[0, 5])
        for batch in batches:
            kind, state = ImportKind(batch.kind).label, BatchState(batch.state).label
            when = day(clock.business_date(batch.staged_at, creditor.time_zone))
            rows_in = number(batch.counts.get("rows", 0))
            table.add_row(str(batch.pk), kind, escape(batch.file_name), state, when, rows_in)
        console.print(table if batches else "Todavía no se ha importado nada.")

    return Answer({"creditor": creditor.code, "batches": rows}, show)
