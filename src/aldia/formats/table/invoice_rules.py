"""What makes a row of an invoice table usable; rules about the file only, never about the ledger."""

from typing import Any

import polars as pl

from aldia.formats.table.findings import shown
from aldia.formats.table.tax_ids import remark_tax_ids
from aldia.formats.table.triage import Row, Triage
from aldia.formats.table.words import NOT_DEBT
from aldia.kernel.money import format_money

_SIGNED = (
    "amount_minor",
    "net_amount_minor",
    "tax_amount_minor",
    "retention_amount_minor",
    "open_amount_minor",
    "paid_amount_minor",
)
_CREDIT = pl.col("kind") == "credit_note"


def check_invoices(frame: pl.DataFrame, triage: Triage) -> pl.DataFrame:
    """Refuse, leave out and complete rows, in the order a person would."""
    frame = _with_kind(frame, triage)
    remark_tax_ids(frame, triage, "customer_tax_id")
    frame = with_customer_code(frame, triage, code="customer_code", tax_id="customer_tax_id")
    frame = _with_amount(frame, triage)
    for field in ("number", "customer_code", "issue_date", "amount"):
        frame = triage.require(frame, field)
    frame = _with_direction(frame, triage)
    frame = _with_due_date(frame, triage)
    frame = _with_payment(frame, triage)
    if not triage.amounts_open:
        _remark_totals(frame, triage)
    return _without_duplicates(frame, triage)


def with_customer_code(frame: pl.DataFrame, triage: Triage, *, code: str, tax_id: str) -> pl.DataFrame:
    """A row without code takes the tax id as its code."""
    derived = pl.col(code).is_null() & pl.col(tax_id).is_not_null()
    triage.summarise(
        frame,
        derived,
        "code_from_tax_id",
        tax_id,
        lambda rows, first: (
            (f"en la fila {first}" if rows == 1 else f"en {rows} filas (la primera, la {first})")
            + " el NIF sirve de código de cliente. Añada una columna con el código si lo hay."
        ),
    )
    return frame.with_columns(pl.coalesce(code, tax_id).alias(code))


def _with_kind(frame: pl.DataFrame, triage: Triage) -> pl.DataFrame:
    return triage.exclude(
        frame.with_columns(pl.col("kind").fill_null("invoice"), pl.col("disputed").fill_null(value=False)),
        pl.col("kind").is_in(list(NOT_DEBT)),
        "not_debt",
        "kind",
        lambda row: (
            f"es {NOT_DEBT[row['kind']]}: no es deuda y no se importa. Corrija el tipo si es una factura."
        ),
    )


def _with_amount(frame: pl.DataFrame, triage: Triage) -> pl.DataFrame:
    if triage.has("amount"):
        return frame
    if triage.has("open_amount"):
        triage.log.add(
            "warning",
            "amount_from_open",
            "no hay importe total: se toma el saldo pendiente. Indique el total con --map amount=COLUMNA.",
            column=triage.headings["open_amount"],
        )
        return frame.with_columns(amount_minor="open_amount_minor")
    if triage.has("net_amount"):
        triage.log.add(
            "warning",
            "amount_from_net",
            "no hay importe total: se suma la base y el impuesto. Indique el total con --map amount=COLUMNA.",
            column=triage.headings["net_amount"],
        )
        return frame.with_columns(
            amount_minor=pl.col("net_amount_minor") + pl.col("tax_amount_minor").fill_null(0)
        )
    return frame


def _with_direction(frame: pl.DataFrame, triage: Triage) -> pl.DataFrame:
    """Amounts become positive: a negative invoice is a credit note, a zero says nothing."""
    zero = pl.col("amount_minor") == 0
    frame = triage.exclude(
        frame,
        zero,
        "zero_amount",
        "amount",
        lambda _: "el importe es cero y la fila no se importa. Revise el importe.",
    )
    negative = pl.col("amount_minor") < 0
    frame = triage.refuse(
        frame,
        negative & pl.col("kind").is_in(["debit_note", "opening_balance"]),
        "negative_amount",
        "amount",
        lambda row: (
            f"el importe {_money(row, 'amount_minor')} no puede ser negativo en este tipo de documento. "
            "Corríjalo."
        ),
    )
    triage.remark(
        frame,
        negative & ~_CREDIT,
        "info",
        "negative_invoice",
        "amount",
        text=lambda row: (
            f"el importe {_money(row, 'amount_minor')} es negativo: se tratará como factura rectificativa. "
            "Cambie el signo si no lo es."
        ),
    )
    frame = frame.with_columns(kind=pl.when(negative).then(pl.lit("credit_note")).otherwise("kind"))
    signed = [
        pl.when(_CREDIT).then(pl.col(name).abs()).otherwise(pl.col(name)).alias(name) for name in _SIGNED
    ]
    return frame.with_columns(signed).with_columns(pl.col("retention_amount_minor").abs())


def _with_due_date(frame: pl.DataFrame, triage: Triage) -> pl.DataFrame:
    """A credit note needs no due date; an invoice does, and not before its issue."""
    early = pl.col("due_date").is_null() | (pl.col("due_date") < pl.col("issue_date"))
    frame = frame.with_columns(due_date=pl.when(_CREDIT & early).then("issue_date").otherwise("due_date"))
    frame = triage.require(frame, "due_date")
    return triage.refuse(
        frame,
        pl.col("due_date") < pl.col("issue_date"),
        "due_before_issue",
        "due_date",
        lambda row: (
            f"el vencimiento {row['due_date']:%d/%m/%Y} es anterior a la fecha de factura "
            f"{row['issue_date']:%d/%m/%Y}. Corrija una de las dos."
        ),
    )


def _with_payment(frame: pl.DataFrame, triage: Triage) -> pl.DataFrame:
    """A paid date without amount is the whole amount; an amount without date cannot be booked."""
    frame = _refuse_undated(frame, triage)
    frame = triage.refuse(
        frame,
        pl.col("paid_amount_minor") < 0,
        "negative_paid_amount",
        "paid_amount",
        lambda row: f"el importe cobrado {_money(row, 'paid_amount_minor')} es negativo. Corríjalo.",
    )
    unpaid = pl.col("paid_amount_minor") == 0
    frame = frame.with_columns(
        paid_date=pl.when(unpaid).then(None).otherwise("paid_date"),
        paid_amount_minor=pl.when(unpaid).then(None).otherwise("paid_amount_minor"),
    )
    whole = pl.col("paid_date").is_not_null() & pl.col("paid_amount_minor").is_null()
    frame = frame.with_columns(
        paid_amount_minor=pl.when(whole).then("amount_minor").otherwise("paid_amount_minor")
    )
    _remark_payment(frame, triage)
    return frame


def _refuse_undated(frame: pl.DataFrame, triage: Triage) -> pl.DataFrame:
    undated = (pl.col("paid_amount_minor") != 0) & pl.col("paid_date").is_null()
    if triage.has("paid_date") or frame.filter(undated).is_empty():
        return triage.refuse(
            frame,
            undated,
            "paid_without_date",
            "paid_amount",
            lambda row: (
                f"hay {_money(row, 'paid_amount_minor')} cobrados sin fecha de cobro. Escriba la fecha."
            ),
        )
    triage.log.add(
        "error",
        "paid_without_date_column",
        "hay importes cobrados pero ninguna columna con la fecha de cobro. Indíquela con --map "
        "paid_date=COLUMNA "
        "o deje fuera el importe con --map paid_amount=-.",
        column=triage.headings["paid_amount"],
    )
    return frame


def _remark_payment(frame: pl.DataFrame, triage: Triage) -> None:
    triage.remark(
        frame,
        pl.col("paid_amount_minor") > pl.col("amount_minor"),
        "warning",
        "overpaid",
        "paid_amount",
        text=lambda row: (
            f"lo cobrado ({_money(row, 'paid_amount_minor')}) supera el importe "
            f"({_money(row, 'amount_minor')}); el resto quedará sin aplicar. Compruébelo."
        ),
    )
    triage.remark(
        frame,
        pl.col("paid_date") < pl.col("issue_date"),
        "warning",
        "paid_before_issue",
        "paid_date",
        text=lambda row: (
            f"el cobro del {row['paid_date']:%d/%m/%Y} es anterior a la factura. Compruebe las fechas."
        ),
    )


def _remark_totals(frame: pl.DataFrame, triage: Triage) -> None:
    """Base and tax should make the total, with or without the retention; open and paid should too."""
    parts = pl.col("net_amount_minor") + pl.col("tax_amount_minor")
    amount = pl.col("amount_minor")
    odd = ((parts - amount).abs() > 1) & (
        (parts - pl.col("retention_amount_minor").fill_null(0) - amount).abs() > 1
    )
    triage.remark(
        frame,
        odd,
        "warning",
        "totals_disagree",
        "amount",
        text=lambda row: (
            f"base e impuesto no suman el total {_money(row, 'amount_minor')}. Compruebe los importes."
        ),
    )
    left = amount - pl.col("paid_amount_minor").fill_null(0)
    triage.remark(
        frame,
        (pl.col("open_amount_minor") > amount)
        | (pl.col("paid_amount_minor").is_not_null() & (pl.col("open_amount_minor") != left.clip(0))),
        "warning",
        "open_disagrees",
        "open_amount",
        text=lambda row: (
            f"el saldo pendiente {_money(row, 'open_amount_minor')} no cuadra con el importe y lo cobrado. "
            "Compruébelo."
        ),
    )


def _without_duplicates(frame: pl.DataFrame, triage: Triage) -> pl.DataFrame:
    """The same number, customer and due date twice is an error; other due dates are further due lines."""
    keys = ["number", "customer_code", "due_date", "kind"]
    frame = frame.with_columns(_first_row=pl.col("source_row").first().over(keys))
    return triage.refuse(
        frame,
        pl.col("source_row") != pl.col("_first_row"),
        "duplicate_number",
        "number",
        lambda row: (
            f"la factura «{shown(row['number'])}» con vencimiento {row['due_date']:%d/%m/%Y} ya está "
            f"en la fila {row['_first_row']}. Quite una de las dos."
        ),
    ).drop("_first_row")


def _money(row: Row, column: str) -> Any:
    return format_money(row[column], row["currency"])
