"""Disputes and paper that an invoice table tells of: overlays beside lines that are open after the import."""

import polars as pl

from aldia.operations.imports.context import Context
from aldia.operations.imports.plan import OVERLAYS, Plan, joined
from aldia.operations.imports.pots import Pots


def plan_circumstances(
    context: Context, fresh: pl.DataFrame, known: pl.DataFrame, pots: Pots, plan: Plan
) -> pl.DataFrame:
    """Plan disputes and covers; the known rows, `is_changed` also where one is new."""
    new = fresh.with_columns(
        was_disputed=pl.lit(value=False),
        was_covered_until=pl.lit(None, pl.Date),
    )
    rows = pl.concat([new, known.drop("left_minor")], how="diagonal_relaxed")
    rows = rows.join(pots.open_of(), on="due_line_id", how="left", maintain_order="left")
    rows = rows.with_columns(is_open=pl.col("left_minor") > 0)
    disputed = _plan_disputes(context, rows, plan)
    covered = _plan_covers(context, rows, plan)
    touched = pl.concat([disputed, covered]).unique().with_columns(is_touched=pl.lit(value=True))
    found = known.join(touched, on="due_line_id", how="left", maintain_order="left")
    return found.with_columns(is_changed=pl.col("is_changed") | pl.col("is_touched").fill_null(value=False))


def _plan_disputes(context: Context, rows: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    said = rows.filter(pl.col("disputed"))
    new = said.filter(pl.col("is_open") & ~pl.col("was_disputed"))
    plan.overlays = joined([plan.overlays, _overlays(context, new, "dispute", None)], OVERLAYS)
    plan.count(disputes=new.height)
    plan.notes.sum_up(
        said.filter(~pl.col("is_open")),
        "info",
        "disputed_after_fact",
        "disputed",
        "{where} la factura figura en disputa y ya está cobrada: cuándo se supo no consta, así que solo se "
        "dice aquí.",
    )
    plan.notes.sum_up(
        rows.filter(pl.col("was_disputed") & ~pl.col("disputed") & pl.col("is_open")),
        "info",
        "no_longer_disputed",
        "disputed",
        "{where} la factura tiene una incidencia abierta y el archivo no la da en disputa. La incidencia "
        "sigue abierta.",
    )
    return new.select("due_line_id")


def _plan_covers(context: Context, rows: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """A longer cover begins where the one before ends, so that none is counted twice."""
    said = rows.filter(pl.col("covered_until").is_not_null() & pl.col("is_open"))
    begins = pl.max_horizontal(pl.lit(context.day), "issue_date", "was_covered_until")
    new = said.with_columns(begins=begins).filter(pl.col("covered_until") > pl.col("begins"))
    covers = _overlays(context, new, "cover", "covered_until").with_columns(effective_on=new["begins"])
    plan.overlays = joined([plan.overlays, covers], OVERLAYS)
    plan.count(covers=new.height)
    plan.notes.sum_up(
        said.filter(pl.col("covered_until") <= pl.lit(context.day)),
        "info",
        "cover_is_over",
        "covered_until",
        "{where} el efecto o la remesa ya venció: no cubre la factura.",
    )
    plan.notes.sum_up(
        said.filter(pl.col("covered_until") < pl.col("was_covered_until")),
        "warning",
        "cover_is_shorter",
        "covered_until",
        "{where} el efecto o la remesa acaba antes que lo registrado. No se cambia nada: cubre la factura "
        "hasta la fecha registrada.",
    )
    return new.select("due_line_id")


def _overlays(context: Context, rows: pl.DataFrame, kind: str, until: str | None) -> pl.DataFrame:
    return rows.with_columns(
        kind=pl.lit(kind),
        until_on=pl.col(until) if until else pl.lit(None, pl.Date),
        effective_on=pl.max_horizontal(pl.lit(context.day), "issue_date"),
        reason=pl.lit(f"Según «{context.file_name}»."),
    )
