"""What is paid: money that waits for a document, paid columns, and open balances that imply it."""

import polars as pl

from aldia.formats.table.findings import shown
from aldia.formats.table.triage import Row
from aldia.kernel.money import format_money
from aldia.operations.imports.context import DERIVED, Context, derived_key
from aldia.operations.imports.matching import DOCUMENT
from aldia.operations.imports.moved_money import pour_moved
from aldia.operations.imports.plan import Plan, joined, provisional
from aldia.operations.imports.pots import Pots
from aldia.operations.ledger.frames import CREDITS
from aldia.queries.imports import waiting_credits


def plan_history(
    context: Context,
    fresh: pl.DataFrame,
    known: pl.DataFrame,
    pots: Pots,
    plan: Plan,
) -> pl.DataFrame:
    """Plan payments and opening credits; the known rows, `is_changed` also where they are paid now, and
    `is_questioned` where the file takes back what it told of payments.

    A payment is booked for what the paid column says beyond what is already known to be paid. Where only an
    open balance is given no payment is invented: the difference is an opening credit of the issue date.
    """
    waiting = _apply_waiting(context, fresh, pots, plan)
    _fill_adjustments(known.with_columns(base_key="source_key"), pots, plan)
    known = pour_moved(context, known, pots, plan, poured=waiting)
    fresh = fresh.with_columns(already_minor=pl.lit(0, pl.Int64)).drop("known_open", strict=False)
    fresh = _less_waiting(fresh, waiting)
    rows = pl.concat(
        [
            fresh.with_columns(is_changed=pl.lit(value=False), since="issue_date"),
            known,
        ],
        how="diagonal",
    ).join(pots.open_of(), on="due_line_id", how="left", maintain_order="left")
    paid = _with_payments(rows)
    settled = _with_openings(context, paid, plan)
    _book(context, paid.filter(pl.col("pay_minor") > 0), pots, plan)
    _book_openings(context, settled.filter(pl.col("settle_minor") > 0), pots, plan)
    known = settled.filter(pl.col("line_amount_minor").is_not_null())
    return _with_questions(known, plan).with_columns(
        is_changed=pl.col("is_changed") | (pl.col("pay_minor") > 0) | (pl.col("settle_minor") > 0)
    )


def _apply_waiting(context: Context, fresh: pl.DataFrame, pots: Pots, plan: Plan) -> pl.DataFrame:
    """Money on account of the same customer that names a document which comes only now."""
    own = fresh.select(DOCUMENT).unique()
    if own.is_empty():
        return pl.DataFrame(schema={"credit_id": pl.Int64, "due_line_id": pl.Int64, "amount_minor": pl.Int64})
    waiting = waiting_credits(context.creditor_id, own["number"].unique())
    named = waiting.with_columns(number="names_document", amount_minor="left_minor")
    new_only = Pots(pots.lines.filter(pl.col("due_line_id") < 0))
    given = new_only.fill(named.join(own, on=DOCUMENT, how="semi"), DOCUMENT, plan)
    kept = pots.lines.filter(pl.col("due_line_id") > 0)
    pots.lines = pl.concat([kept, new_only.lines]).sort("due_date", "base_id", "due_line_id")
    return given


def _less_waiting(fresh: pl.DataFrame, given: pl.DataFrame) -> pl.DataFrame:
    sums = given.group_by("due_line_id").agg(already=pl.col("amount_minor").sum())
    found = fresh.join(sums, on="due_line_id", how="left", maintain_order="left")
    return found.with_columns(already_minor=pl.col("already").fill_null(0)).drop("already")


def _fill_adjustments(known: pl.DataFrame, pots: Pots, plan: Plan) -> None:
    """Adjusting credits before any payment: they say that less was owed. The plan holds no others yet."""
    base = known.select("base_key", base_id="due_line_id")
    notes = plan.credits.with_columns(
        base_key=pl.col("source_key").str.split(DERIVED).list.first(), credit_id="id"
    )
    pots.fill(notes.join(base, on="base_key", maintain_order="left"), ["base_id"], plan)


def _with_payments(rows: pl.DataFrame) -> pl.DataFrame:
    beyond = pl.col("paid_amount_minor").fill_null(0) - pl.col("already_minor").fill_null(0)
    return rows.with_columns(pay_minor=beyond.clip(0))


def _with_questions(rows: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """Less paid than is booked, or paid on another day: perhaps it went back, but nothing is booked by guess.

    Where others brought the money and the file is silent it merely has not heard yet.
    """
    if plan.notes.headings.keys().isdisjoint({"paid_date", "paid_amount"}):
        return rows.with_columns(is_questioned=pl.col("opens_more"))
    told = pl.col("paid_amount_minor").fill_null(0)
    speaks = (pl.col("own_minor") > 0) & ~pl.col("is_silent") | pl.col("paid_amount_minor").is_not_null()
    less = speaks & (told < pl.col("live_minor"))
    another_day = ~less & (pl.col("pay_minor") == 0) & (pl.col("paid_date") != pl.col("last_paid_on"))
    rows = rows.with_columns(paid_less=less, paid_another_day=another_day.fill_null(value=False))
    plan.notes.say(rows.filter("paid_less"), "warning", "paid_less", "paid_amount", _paid_less)
    plan.notes.say(
        rows.filter("paid_another_day"), "warning", "paid_date_changed", "paid_date", _paid_another_day
    )
    return rows.with_columns(is_questioned=pl.any_horizontal("opens_more", "paid_less", "paid_another_day"))


def _paid_less(row: Row) -> str:
    told = format_money(row["paid_amount_minor"] or 0, row["currency"])
    return (
        f"según el archivo hay {told} cobrados de la factura «{shown(row['number'])}» y según lo registrado "
        f"{format_money(row['live_minor'], row['currency'])}. ¿Se ha devuelto el cobro? No se cambia nada; "
        "si se devolvió, importe la devolución con los cobros."
    )


def _paid_another_day(row: Row) -> str:
    return (
        f"el cobro de la factura «{shown(row['number'])}» está registrado con fecha "
        f"{row['last_paid_on']:%d/%m/%Y} y no {row['paid_date']:%d/%m/%Y}. ¿Es otro cobro? No se cambia nada."
    )


def _with_openings(context: Context, rows: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """settle_minor: what must have been paid, since less is open than the ledger knows."""
    silent = pl.col("paid_amount_minor").is_null() & pl.col("open_amount_minor").is_not_null()
    wanted = pl.col("open_amount_minor").clip(0)
    opens_more = silent & (wanted > pl.col("left_minor")) & pl.col("line_amount_minor").is_not_null()
    rows = rows.with_columns(
        settle_minor=pl.when(silent).then((pl.col("left_minor") - wanted).clip(0)).otherwise(0),
        is_silent=silent,
        opens_more=opens_more.fill_null(value=False),
    )
    plan.notes.say(
        rows.filter("opens_more"),
        "warning",
        "open_differs",
        "open_amount",
        lambda row: (
            f"según el archivo quedan {format_money(row['open_amount_minor'], row['currency'])} pendientes y "
            f"según lo registrado {format_money(row['left_minor'], row['currency'])}. Compruébelo; "
            "no se cambia nada."
        ),
    )
    return rows


def _book(context: Context, rows: pl.DataFrame, pots: Pots, plan: Plan) -> None:
    credits_ = provisional(rows, after=plan.credits.height).with_columns(
        kind=pl.lit("payment"),
        amount_minor="pay_minor",
        effective_on="paid_date",
        names_document="number",
        number=pl.lit(""),
        source_key=derived_key(context, "paid"),
    )
    _pour(credits_, pots, plan)
    plan.count(payments=rows.height)


def _book_openings(context: Context, rows: pl.DataFrame, pots: Pots, plan: Plan) -> None:
    credits_ = provisional(rows, after=plan.credits.height).with_columns(
        kind=pl.lit("opening_credit"),
        amount_minor="settle_minor",
        effective_on="since",
        names_document="number",
        number=pl.lit(""),
        source_key=derived_key(context, "open"),
        reason=pl.lit("Cobrado antes de importar, según el saldo pendiente del archivo."),
    )
    _pour(credits_, pots, plan)
    plan.count(opening_credits=rows.height)
    plan.notes.sum_up(
        rows,
        "info",
        "opening_credit",
        "open_amount",
        "{where} lo ya cobrado no tiene fecha: se apunta como saldo inicial a favor y no cuenta para el "
        "comportamiento de pago. Añada la fecha de cobro si consta.",
    )


def _pour(credits_: pl.DataFrame, pots: Pots, plan: Plan) -> None:
    plan.credits = joined([plan.credits, credits_], CREDITS)
    pots.fill(credits_.with_columns(credit_id="id", base_id="due_line_id"), ["base_id"], plan)
