"""Rows of a customer table that name a payer: pupils, lines, sites for which somebody else pays."""

import polars as pl

from aldia.formats.table.findings import shown
from aldia.operations.imports.context import Context
from aldia.operations.imports.plan import CHANGED_BENEFICIARIES, NEW_BENEFICIARIES, Plan, fitted, provisional
from aldia.queries.imports import beneficiaries_of, customers_named


def plan_dependants(context: Context, rows: pl.DataFrame, customers: pl.DataFrame, plan: Plan) -> None:
    """Plan the beneficiaries that these rows are.

    customers: code and customer_id of the file's own customers; a payer is one of them, or known already.
    """
    if rows.is_empty():
        return
    known = customers_named(context.creditor_id, rows["payer_code"].unique())
    payers = pl.concat(
        [
            customers.select("customer_id", payer_code="code"),
            known.select("customer_id", payer_code="customer"),
        ]
    ).unique("payer_code", keep="first", maintain_order=True)
    found = rows.join(payers, on="payer_code", how="left", maintain_order="left")
    _refuse_payerless(found.filter(pl.col("customer_id").is_null()), plan)
    _say_unreached(found, plan)
    _plan(context, found.filter(pl.col("customer_id").is_not_null()), plan)


def _refuse_payerless(rows: pl.DataFrame, plan: Plan) -> None:
    plan.notes.say(
        rows,
        "error",
        "payer_unknown",
        "payer_code",
        lambda row: (
            f"el pagador «{shown(row['payer_code'])}» no es ningún cliente. Añádalo al archivo o "
            "corrija el código."
        ),
    )
    plan.count(refused=rows.height)


def _say_unreached(rows: pl.DataFrame, plan: Plan) -> None:
    plan.notes.sum_up(
        rows.filter(pl.any_horizontal(pl.col("email", "phone", "address").is_not_null())),
        "info",
        "beneficiary_not_reached",
        "payer_code",
        "{where} hay un beneficiario de otro cliente: su correo, teléfono y dirección no se guardan, porque "
        "se escribe al pagador. Póngalos en la fila del pagador.",
    )


def _plan(context: Context, rows: pl.DataFrame, plan: Plan) -> None:
    known = beneficiaries_of(context.creditor_id, rows["customer_id"], [])
    there = known.rename({"name": "was_name", "minor": "was_minor"})
    rows = rows.join(there, on=["customer_id", "code"], how="left", maintain_order="left")
    minor = pl.coalesce("is_minor", "was_minor", pl.lit(value=False))
    rows = rows.with_columns(minor=minor, name=pl.coalesce("name", "was_name", "code"))
    new = provisional(rows.filter(pl.col("beneficiary_id").is_null()))
    kind = pl.when("minor").then(pl.lit("pupil")).otherwise(pl.lit("other"))
    plan.beneficiaries = fitted(new.with_columns(kind=kind), NEW_BENEFICIARIES)
    differs = (pl.col("name") != pl.col("was_name")) | (pl.col("minor") != pl.col("was_minor"))
    old = rows.filter(pl.col("beneficiary_id").is_not_null())
    changed = old.filter(differs)
    plan.changed_beneficiaries = fitted(changed.with_columns(id="beneficiary_id"), CHANGED_BENEFICIARIES)
    plan.count(
        beneficiaries=new.height,
        new=new.height,
        changed=changed.height,
        unchanged=old.height - changed.height,
    )
