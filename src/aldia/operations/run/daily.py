"""The daily run: freeze, settle, decide, record, close. One transaction, one creditor, one day."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import polars as pl
from django.db import connection, transaction

from aldia.kernel.clock import business_date
from aldia.kernel.errors import AldiaError
from aldia.kernel.faults import fault_point
from aldia.operations.alerts import alert_new_arrears
from aldia.operations.audit import record_event
from aldia.operations.cases import settle_cases
from aldia.operations.contact_log import anchor_heads
from aldia.operations.run.brake import hold_messages, messages_let_through
from aldia.operations.run.closing import DayFigures
from aldia.operations.run.episodes import settle_episodes
from aldia.operations.run.goodwill import plan_goodwill
from aldia.operations.run.plan_b import ask_for_plans
from aldia.operations.run.promises import record_promises
from aldia.operations.run.record import RunRow, record_part
from aldia.operations.run.report import Laps, RunReport
from aldia.operations.run.standing import keep_standing
from aldia.operations.sales_notices import tell_of_coming, tell_of_planned
from aldia.operations.statistics import fresh_statistics
from aldia.queries.portfolio import Part, cached_balances, freeze, parts_of, unidentified_money
from aldia.queries.reconciliation import sending_lock
from aldia.queries.runs import (
    last_decisions,
    last_episode_id,
    last_run,
    pending_steps,
    planned_counts,
    waiting_messages,
)
from aldia.queries.salespeople import customers_with_salespeople
from aldia.queries.snapshot import Snapshot, snapshot_of
from aldia.queries.standing import stored_standing
from aldia.queries.terms import InForce, strategies_in_force, terms_of
from aldia.records.cases.models import DailyRun
from aldia.records.parties.models import Customer
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.portfolio.engine import Decided, decide
from aldia.rules.portfolio.episodes import settled_as_if
from aldia.rules.portfolio.frames import Frames, Terms
from aldia.rules.portfolio.lines import lines_as_of
from aldia.rules.portfolio.outgoing import Outgoing, outgoing
from aldia.rules.portfolio.vocabulary import vocabulary_hash

CUSTOMERS_PER_PART = 250_000  # about 1.3 million lines and 2 GiB at the peak
_LOCK_SPACE = 4_711  # first key of the advisory lock; the second is the creditor's id


class LaterRunRecorded(AldiaError):
    """A run of a later day is on record: a message decided on older facts must not be planned now."""

    code = "later_run_recorded"


class RunInTheFuture(AldiaError):
    """The day has not come: its decisions would stand in the way of every run until then."""

    code = "run_in_the_future"


class BalancesDiffer(AldiaError):
    """A cached open amount is not what the rows add up to (invariant I2)."""

    code = "balances_differ"


class _NothingNew(Exception):
    """Unwinds a run that changed nothing, so that it leaves no trace."""


def daily_run(
    *,
    creditor: Creditor,
    on: date,
    now: datetime,
    actor: str,
    dry_run: bool = False,
    customers_per_part: int = CUSTOMERS_PER_PART,
) -> RunReport:
    """Decide for every customer and record what is new. Running it again changes nothing.

    now: aware UTC. dry_run: everything but the writing. Raises LaterRunRecorded, RunInTheFuture,
    NoStrategy, BalancesDiffer.
    """
    report = RunReport(on=on, dry_run=dry_run)
    laps = Laps(report.seconds)
    try:
        with transaction.atomic(), scope([creditor.pk]):
            if not dry_run and not _sole_run(creditor.pk):
                report.busy = (
                    f"Otro proceso diario de «{creditor.name}» está en marcha; este no ha hecho nada."
                )
                return report
            terms = terms_of(creditor, on)
            run = _Run(
                creditor=creditor,
                on=on,
                now=now,
                actor=actor,
                dry=dry_run,
                report=report,
                laps=laps,
                terms=terms,
                in_force=strategies_in_force(creditor),
                figures=DayFigures(creditor, terms),
            )
            _run(run, customers_per_part)
            if not dry_run and not report.recorded:
                raise _NothingNew
    except _NothingNew:
        pass
    fault_point("run.committed")
    if report.recorded:
        fresh_statistics()
    laps.lap("commit")
    report.seconds["total"] = sum(report.seconds.values())
    return report


@dataclass(slots=True)
class _Run:
    """One run under way; `row` is there once rows are to be recorded."""

    creditor: Creditor
    on: date
    now: datetime
    actor: str
    dry: bool
    report: RunReport
    laps: Laps
    terms: Terms
    in_force: InForce
    figures: DayFigures
    changed: int = 0
    bundles: int = 0
    let_through: int = 0
    after_episode: int = 0
    with_salespeople: list[int] = field(default_factory=list)
    digest: Any = field(default_factory=hashlib.sha256)
    row: RunRow | None = None


def _run(run: _Run, customers_per_part: int) -> None:
    before = last_run(run.creditor.pk)
    if before is not None and before.on_date > run.on and not run.dry:
        raise LaterRunRecorded(
            f"Ya hay un proceso registrado del {before.on_date:%d/%m/%Y}: uno del {run.on:%d/%m/%Y}"
            " planificaría avisos con datos antiguos. Para mirar atrás use «--dry-run».",
            last_run_on=before.on_date.isoformat(),
        )
    if not run.dry and run.on > business_date(run.now, run.creditor.time_zone):
        raise RunInTheFuture(
            f"El {run.on:%d/%m/%Y} aún no ha llegado: anotar ese proceso impediría los de los días de antes."
            " Para mirar adelante use «--dry-run».",
        )
    customers = Customer.objects.filter(creditor_id=run.creditor.pk).count()
    run.let_through = messages_let_through(run.creditor, on=run.on, customers=customers)
    if not run.dry:
        run.row = _open_run(run)
        run.after_episode = last_episode_id(run.creditor.pk)
        run.with_salespeople = customers_with_salespeople(run.creditor.pk)
    fault_point("run.locked")
    with snapshot_of(run.creditor.pk) as snapshot:
        for part in parts_of(snapshot, customers_per_part):
            _run_part(run, snapshot, part)
        run.report.unidentified = unidentified_money(snapshot, run.on)
    if run.row is not None and run.with_salespeople:
        run.changed += tell_of_planned(creditor=run.creditor, on=run.on, at=run.now)
    run.report.digest = run.digest.hexdigest()[:16]
    if run.row is not None:
        _close_run(run, run.row)


def _run_part(run: _Run, snapshot: Snapshot, part: Part) -> None:
    frames = freeze(snapshot, run.on, part)
    cached = cached_balances(snapshot, run.on, part)
    last, pending = last_decisions(snapshot, part), pending_steps(snapshot, run.on, part)
    stored = stored_standing(snapshot, run.terms.aging_edges, part)
    run.laps.lap("freeze")
    fault_point("run.frozen")
    frames, lines = _settled(run, frames)
    _compare(lines, cached)
    run.laps.lap("settle")
    fault_point("run.settled")
    decided = decide(frames, run.in_force.strategies, run.terms, lines)
    out = outgoing(decided, frames, run.in_force.strategies, run.terms)
    run.digest.update(_decided_rows(decided))
    run.laps.lap("decide")
    fault_point("run.decided")
    totals = run.figures.add(decided.rows, decided.lines, frames)
    run.report.add_portfolio(totals, decided.decisions)
    run.laps.lap("close")
    held = _brake(run, out)
    if run.row is None:
        _count_planned(run, out)
    else:
        written = record_part(replace(run.row, held=held), decided, out, last, pending)
        run.changed += written.changed
        run.report.withdrawn += written.withdrawn
        run.changed += record_promises(run.creditor, replace(run.row, held=held), decided, at=run.now)
        fault_point("run.promises_written")
        run.changed += _tell_of_coming(run, decided)
        run.laps.lap("record")
        run.changed += keep_standing(run.creditor.pk, decided, run.terms, stored)
        run.changed += _settle_cases(run, run.row, lines, snapshot, part)
        run.changed += _thank(run, run.row, decided, part)
        run.changed += ask_for_plans(run.row, run.creditor, decided, part)
        fault_point("run.standing_kept")
        run.laps.lap("keep")


def _settle_cases(run: _Run, row: RunRow, lines: pl.DataFrame, snapshot: Snapshot, part: Part) -> int:
    """Cases open and close; after all that says what became of promises is written."""
    settled = settle_cases(
        creditor=run.creditor,
        run_id=row.run_id,
        lines=lines,
        terms=run.terms,
        snapshot=snapshot,
        part=part,
        now=run.now,
    )
    run.report.cases.update(opened=settled.opened, closed=settled.closed, reopened=settled.reopened)
    fault_point("run.cases_settled")
    return settled.changed


def _thank(run: _Run, row: RunRow, decided: Decided, part: Part) -> int:
    """Who is up to date again after something firm; these messages count for the brake like any other."""
    thanked = plan_goodwill(replace(row, held=run.report.held), decided, part)
    run.bundles += thanked.planned
    _brake_if_too_many(run)
    run.report.withdrawn += thanked.withdrawn
    return thanked.planned + thanked.withdrawn


def _tell_of_coming(run: _Run, decided: Decided) -> int:
    """Salespeople hear today of what may fall due by the next working day."""
    return tell_of_coming(
        creditor=run.creditor, decided=decided, customer_ids=run.with_salespeople, on=run.on, at=run.now
    )


def _settled(run: _Run, frames: Frames) -> tuple[Frames, pl.DataFrame]:
    lines = lines_as_of(frames, run.terms)
    if run.dry:
        return settled_as_if(lines, frames, run.in_force.strategies, run.terms), lines
    frames, changed = settle_episodes(run.creditor.pk, lines, frames, run.in_force.strategies, run.terms)
    run.changed += changed
    return frames, lines


def _compare(lines: pl.DataFrame, cached: pl.DataFrame) -> None:
    """I2: what the database keeps is what the rows add up to."""
    both = lines.select("line_id", "open_minor").join(cached, on="line_id")
    wrong = both.filter(pl.col("open_minor") != pl.col("cached_minor"))
    if wrong.height:
        first = wrong.row(0, named=True)
        raise BalancesDiffer(
            f"El saldo guardado de {wrong.height} vencimientos no coincide con sus movimientos (el primero,"
            f" n.º {first['line_id']}). No se ha decidido nada: ejecute «aldia verify».",
            lines=wrong.height,
            first=first,
        )


def _decided_rows(decided: Decided) -> bytes:
    return decided.decisions.write_csv(include_header=False).encode()


def _count_planned(run: _Run, out: Outgoing) -> None:
    """What a dry run would have planned; with the brake on, all of it waits."""
    asks = pl.col("approval").replace_strict({True: "waiting_approval", False: "planned"})
    messages = out.fresh.filter(pl.col("channel") != "call")
    for state, count in messages.group_by(asks.alias("state")).len().iter_rows():
        run.report.messages[state] = run.report.messages.get(state, 0) + count
    if run.report.held and run.report.messages:
        run.report.messages = {"waiting_approval": sum(run.report.messages.values())}
    calls = out.fresh.height - messages.height
    if calls:
        run.report.tasks["dunning"] = run.report.tasks.get("dunning", 0) + calls


def _sole_run(creditor_id: int) -> bool:
    """Only one run of a creditor at a time; the lock ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [_LOCK_SPACE, creditor_id])
        return bool(cursor.fetchone()[0])


def _open_run(run: _Run) -> RunRow:
    same_day = DailyRun.objects.filter(creditor_id=run.creditor.pk, on_date=run.on)
    row = DailyRun.objects.create(
        creditor_id=run.creditor.pk,
        on_date=run.on,
        sequence=same_day.count() + 1,
        now_at=run.now,
        vocabulary_hash=vocabulary_hash(),
        strategies=dict(run.in_force.versions),
    )
    return RunRow(run.creditor.pk, row.pk, run.on, run.in_force.versions)


def _close_run(run: _Run, row: RunRow) -> None:
    earlier = DailyRun.objects.filter(creditor_id=row.creditor_id, on_date=run.on).exclude(pk=row.run_id)
    same = earlier.order_by("-sequence").values_list("digest", flat=True).first()
    unlocking = sending_lock() is not None  # who reconciles has to see that it ran since
    run.report.recorded = run.changed > 0 or same != run.report.digest or unlocking
    if run.report.recorded:
        run.report.run_id = row.run_id
        alert_new_arrears(
            creditor_id=row.creditor_id, run_id=row.run_id, after_episode=run.after_episode, at=run.now
        )
        anchor_heads(creditor_id=row.creditor_id, run_id=row.run_id, at=run.now, actor=run.actor)
        _seal(run, row)
        run.figures.write(row.run_id)
        fault_point("run.closed")
    run.report.messages, run.report.tasks = planned_counts(row.creditor_id, run.on)
    run.report.waiting = waiting_messages(row.creditor_id)
    run.laps.lap("close")


def _brake(run: _Run, out: Outgoing) -> bool:
    """Is the brake on? It goes on as soon as the messages so far are too many; earlier ones wait, too."""
    written = out.fresh.filter(pl.col("channel") != "call")
    run.bundles += written["bundle"].n_unique()
    _brake_if_too_many(run)
    fault_point("run.braked")
    return run.report.held


def _brake_if_too_many(run: _Run) -> None:
    if run.bundles > run.let_through and not run.report.held:
        run.report.held = True
        if run.row is not None:
            hold_messages(run.creditor.pk, run.row.run_id)


def _seal(run: _Run, row: RunRow) -> None:
    """The run row gets its counts, the audit chain one entry with the digest of all decisions."""
    counts = dict(run.report.decisions)
    DailyRun.objects.filter(pk=row.run_id).update(
        counts=counts, digest=run.report.digest, held=run.report.held
    )
    record_event(
        creditor_id=row.creditor_id,
        verb="run.recorded",
        subject=f"run:{row.run_id}",
        actor=run.actor,
        payload={"on": run.on.isoformat(), "digest": run.report.digest, "counts": counts},
        at=run.now,
    )
    fault_point("run.audited")
