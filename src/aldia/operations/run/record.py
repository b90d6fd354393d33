"""Record: decisions that changed, messages, their lines and tasks, in bulk. docs/rules/run.md §4."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl
from django.db import connection

from aldia.kernel.faults import fault_point
from aldia.operations.bulk import insert_frame, next_ids, update_frame
from aldia.rules.portfolio.engine import Decided
from aldia.rules.portfolio.outgoing import Outgoing


@dataclass(frozen=True, slots=True)
class RunRow:
    """The run that rows are recorded for."""

    creditor_id: int
    run_id: int
    on: date
    versions: Mapping[str, int]  # strategy name → id of the version in force
    held: bool = False  # the brake has been put on: new messages wait for approval


@dataclass(frozen=True, slots=True)
class Written:
    """Rows that are new or changed, and how many planned messages and tasks were withdrawn among them."""

    changed: int
    withdrawn: int


def record_part(
    run: RunRow, decided: Decided, out: Outgoing, last: pl.DataFrame, pending: pl.DataFrame
) -> Written:
    """Write what one part of the customers gives.

    last: customer_id, outcome, episode_id, next_on of each customer's last decision. pending: message_id or
    task_id, customer_id, episode_id, step, kind of what is planned and not yet on its way.
    """
    changed = _decisions(run, decided, last)
    fault_point("run.decisions_written")
    changed += _messages(run, out)
    changed += _tasks(run, out)
    fault_point("run.tasks_written")
    withdrawn = _withdraw(run, decided, out, pending)
    fault_point("run.withdrawn")
    return Written(changed + withdrawn, withdrawn)


def _decisions(run: RunRow, decided: Decided, last: pl.DataFrame) -> int:
    episodes = decided.done.filter(pl.col("line_id").is_null()).select("customer_id", "episode_id")
    now = decided.decisions.join(episodes, on="customer_id", how="left")
    facts = ["customer_id", "outcome", "episode_id", "next_on"]
    changed = now.join(last.select(facts), on=facts, how="anti", nulls_equal=True)
    rows = changed.select(
        "customer_id",
        "outcome",
        "rank",
        "episode_id",
        "next_on",
        step=pl.col("step").fill_null(""),
        run_id=pl.lit(run.run_id, pl.Int64),
        on_date=pl.lit(run.on),
    )
    return insert_frame("cases_decision", run.creditor_id, rows, order_by=["customer_id"])


def _messages(run: RunRow, out: Outgoing) -> int:
    """Messages and their lines. A line goes in only with its message, should another run have been first."""
    written = out.fresh.filter(pl.col("channel") != "call")
    ids = pl.Series("id", next_ids("outreach_message", written.height), dtype=pl.Int64)
    rows = written.with_columns(ids).select(
        "id",
        "once_key",
        "bundle",
        "customer_id",
        "episode_id",
        "kind",
        "step",
        "rank",
        "occurrence",
        "channel",
        "tone",
        "template",
        "deadline_on",
        "promise_id",
        due_line_id="line_id",
        state=pl.when(pl.col("approval") | run.held)
        .then(pl.lit("waiting_approval"))
        .otherwise(pl.lit("planned")),
        strategy_version_id=pl.col("strategy").replace_strict(dict(run.versions), return_dtype=pl.Int64),
        run_id=pl.lit(run.run_id, pl.Int64),
        planned_on=pl.lit(run.on),
    )
    made = insert_frame("outreach_message", run.creditor_id, rows, order_by=["id"], unless_exists=True)
    fault_point("run.messages_written")
    lines = out.lines.join(rows.select("once_key", message_id="id"), on="once_key")
    if made < rows.height:
        lines = lines.join(_inserted(run), on="message_id", how="semi")
    said = lines.drop("once_key").rename({"line_id": "due_line_id"})
    insert_frame("outreach_message_line", run.creditor_id, said, order_by=["message_id", "due_line_id"])
    fault_point("run.lines_written")
    return made


def _inserted(run: RunRow) -> pl.DataFrame:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM outreach_message WHERE creditor_id = %s AND run_id = %s",
            [run.creditor_id, run.run_id],
        )
        return pl.DataFrame(cursor.fetchall(), schema={"message_id": pl.Int64}, orient="row")


def _tasks(run: RunRow, out: Outgoing) -> int:
    """Calls to make, and one request for an address per customer who cannot be reached.

    A request that was closed before the day comes again for as long as no address is there: the message
    waits, and nobody would know.
    """
    calls = out.fresh.filter(pl.col("channel") == "call").select(
        "once_key", "customer_id", "episode_id", "kind", "step", "channel"
    )
    missing = _lacking(run, out).select(
        "customer_id",
        "channel",
        once_key=pl.format("customer:{}/missing_address/{}", "customer_id", "occurrence"),
        episode_id=pl.lit(None, pl.Int64),
        kind=pl.lit("missing_address"),
        step=pl.lit(""),
    )
    rows = pl.concat([calls, missing.select(calls.columns)]).with_columns(
        run_id=pl.lit(run.run_id, pl.Int64), due_on=pl.lit(run.on)
    )
    return insert_frame("cases_task", run.creditor_id, rows, order_by=["once_key"], unless_exists=True)


def _lacking(run: RunRow, out: Outgoing) -> pl.DataFrame:
    """customer_id, channel, occurrence of the request, of whoever is to be dunned and cannot be reached."""
    lacking = (
        out.steps.filter(~pl.col("reachable") & (pl.col("kind") == "dunning"))
        .select("customer_id", "channel")
        .unique("customer_id", keep="first", maintain_order=True)
    )
    occurrence = pl.col("closed").fill_null(0) + 1
    return lacking.join(_requests_closed(run, lacking["customer_id"]), on="customer_id", how="left").select(
        "customer_id", "channel", occurrence=occurrence
    )


def _requests_closed(run: RunRow, customer_ids: pl.Series) -> pl.DataFrame:
    """How often each was asked for before, and the request closed before the day."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customer_id, count(*) FROM cases_task WHERE creditor_id = %s AND customer_id = ANY(%s)"
            " AND kind = 'missing_address' AND closed_on < %s GROUP BY customer_id",
            [run.creditor_id, customer_ids.to_list(), run.on],
        )
        schema = {"customer_id": pl.Int64, "closed": pl.Int64}
        return pl.DataFrame(cursor.fetchall(), schema=schema, orient="row")


def _withdraw(run: RunRow, decided: Decided, out: Outgoing, pending: pl.DataFrame) -> int:
    """Cancel what is planned and today's decisions do not confirm, with the reason."""
    confirmed = out.steps.filter(pl.col("kind") == "dunning").select("episode_id", "step")
    stale = pending.join(confirmed, on=["episode_id", "step"], how="anti").join(
        decided.decisions.select("customer_id", "outcome", taken=pl.col("step").is_not_null()),
        on="customer_id",
    )
    reason = pl.when("taken").then(pl.lit("superseded")).otherwise(pl.col("outcome"))
    messages = stale.filter(pl.col("message_id").is_in(_still_here(run, stale["message_id"]))).select(
        id="message_id", state=pl.lit("cancelled"), reason=reason
    )
    tasks = stale.filter(pl.col("task_id").is_not_null()).select(
        id="task_id", state=pl.lit("cancelled"), reason=reason, closed_on=pl.lit(run.on)
    )
    return sum(
        update_frame(table, run.creditor_id, "id", rows) if rows.height else 0
        for table, rows in (("outreach_message", messages), ("cases_task", tasks))
    )


def _still_here(run: RunRow, message_ids: pl.Series) -> list[int]:
    """Those that nobody has taken to send since they were read; they are ours until the run is over."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM outreach_message WHERE creditor_id = %s AND id = ANY(%s)"
            " AND state IN ('planned', 'waiting_approval') ORDER BY id FOR UPDATE",
            [run.creditor_id, message_ids.drop_nulls().to_list()],
        )
        return [row[0] for row in cursor.fetchall()]
