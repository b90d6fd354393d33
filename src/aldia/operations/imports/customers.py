"""What a customer table would book: customers, their groups, contacts and points, and those they pay for."""

from datetime import date, timedelta

import polars as pl

from aldia.formats.table.findings import shown
from aldia.kernel.text import fold
from aldia.operations.imports.context import Context
from aldia.operations.imports.dependants import plan_dependants
from aldia.operations.imports.plan import (
    NEW_CUSTOMERS,
    NEW_GROUPS,
    OVERLAYS,
    Plan,
    fitted,
    joined,
    provisional,
)
from aldia.operations.imports.reach import plan_reach
from aldia.operations.imports.salespeople import with_salespeople
from aldia.operations.imports.tax_ids import person_kind_of
from aldia.queries.imports import customers_named, groups_of, holds_of, people_of

_OF_AGE_YEARS = 18
_DEFAULTS = {
    "tax_id": "",
    "language": "es",
    "form_of_address": "usted",
    "segment": "",
    "country": "",
    "place": "",
    "postal_code": "",
    "minor": False,
}
_PLACE = r"^[A-Z]{2}-[A-Z0-9]{1,3}$"
_MORE = {
    "insolvent_on": pl.Date,
    "hold_until": pl.Date,
    "salesperson": pl.String,
    "salesperson_email": pl.String,
}


def plan_customers(context: Context, rows: pl.DataFrame, plan: Plan) -> None:
    """Compare the rows with the customers there are and put into the plan what is new. Writes nothing.

    A blank cell changes nothing. A row with a payer is no customer but somebody that payer pays for.
    """
    rows = _with_columns(context, rows)
    own = _checked(rows.filter(pl.col("payer_code").is_null()), plan)
    own = _with_owners(context, _with_groups(context, own, plan), plan)
    own = with_salespeople(context, own, plan)
    known = customers_named(context.creditor_id, own["code"])
    merged = _merged(own, known)
    fresh = merged.filter(pl.col("customer_id").is_null()).drop("customer_id")
    fresh = provisional(fresh, "customer_id")
    plan.customers = fitted(fresh.with_columns(id="customer_id"), NEW_CUSTOMERS)
    there = merged.filter(pl.col("customer_id").is_not_null())
    changed = there.filter(pl.col("is_changed"))
    plan.changed_customers = fitted(changed.with_columns(id="customer_id"), NEW_CUSTOMERS)
    everybody = pl.concat([fresh, there], how="diagonal")
    touched = plan_reach(context, everybody, plan)
    held = _plan_holds(context, everybody, plan)
    moved = there.filter(pl.col("is_changed") | pl.col("customer_id").is_in(list(touched | held))).height
    plan.count(new=fresh.height, changed=moved, unchanged=there.height - moved)
    plan.count(customers=fresh.height)
    plan_dependants(context, rows.filter(pl.col("payer_code").is_not_null()), everybody, plan)


def _with_columns(context: Context, rows: pl.DataFrame) -> pl.DataFrame:
    missing = [pl.lit(None, dtype).alias(name) for name, dtype in _MORE.items() if name not in rows.columns]
    return rows.with_columns(missing).with_columns(
        is_minor=pl.col("birth_date") > pl.lit(_coming_of_age(context.day)),
        place=pl.when(pl.col("region").str.contains(_PLACE)).then("region"),
    )


def _coming_of_age(day: date) -> date:
    """Whoever was born later is a minor on the day."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return day.replace(year=day.year - _OF_AGE_YEARS, day=last)


def _checked(rows: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """An agreed rate is a share of at most one hundred per cent."""
    wrong = ~pl.col("agreed_rate").is_between(0, 100)
    plan.notes.say(
        rows.filter(wrong.fill_null(value=False)),
        "error",
        "rate_out_of_range",
        "agreed_rate",
        lambda row: (
            f"el interés pactado {row['agreed_rate'].normalize():f} % no está entre 0 y 100. Corríjalo."
        ),
    )
    plan.count(refused=rows.filter(wrong.fill_null(value=False)).height)
    rate = (pl.col("agreed_rate") * 100).round(0).cast(pl.Int64)
    return rows.filter(~wrong.fill_null(value=False)).with_columns(contract_rate_bp=rate)


def _with_groups(context: Context, rows: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    known = groups_of(context.creditor_id)
    named = (
        rows.filter(pl.col("group").is_not_null())
        .group_by("group", maintain_order=True)
        .agg(kind=pl.col("kind").drop_nulls().first())
    )
    named = named.with_columns(pl.Series("code", [fold(name) for name in named["group"]], dtype=pl.String))
    new = provisional(named.filter(~pl.col("code").is_in(list(known))).unique("code", maintain_order=True))
    family = pl.when(pl.col("kind") == "consumer").then(pl.lit("family")).otherwise(pl.lit("group"))
    plan.groups = fitted(new.with_columns(name="group", kind=family), NEW_GROUPS)
    ids = known | dict(plan.groups.select("code", "id").iter_rows())
    found = named.select(
        "group", group_id=pl.col("code").replace_strict(ids, default=None, return_dtype=pl.Int64)
    )
    return rows.join(found, on="group", how="left", maintain_order="left")


def _with_owners(context: Context, rows: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    people = {fold(name): id_ for name, id_ in people_of(context.creditor_id).items()}
    names = rows["owner"].drop_nulls().unique().to_list()
    ids = {name: people.get(fold(name)) for name in names}
    rows = rows.with_columns(
        owner_id=pl.col("owner").replace_strict(ids, default=None, return_dtype=pl.Int64)
        if ids
        else pl.lit(None, pl.Int64)
    )
    unknown = rows.filter(pl.col("owner").is_not_null() & pl.col("owner_id").is_null())
    plan.notes.sum_up(
        unknown,
        "warning",
        "owner_unknown",
        "owner",
        "{where} el gestor no es un usuario: no se asigna. Dé de alta al usuario con ese nombre y repita.",
    )
    return rows


def _merged(rows: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Every column of a customer as it would be; `is_changed` where that is not as it is."""
    there = known.rename(
        {name: f"was_{name}" for name in known.columns if name not in {"customer_id", "customer"}}
    )
    rows = rows.join(
        there, left_on="code", right_on="customer", how="left", maintain_order="left"
    ).with_columns(
        person_kind=pl.coalesce(
            "kind", "was_person_kind", person_kind_of(pl.col("tax_id")), pl.lit("consumer")
        ),
        minor=pl.coalesce("is_minor", "was_minor"),
        tags=pl.when(pl.col("tags").list.len() > 0).then("tags").otherwise("was_tags"),
        name=pl.coalesce("name", "was_name", "code"),
    )
    plain = [
        "tax_id",
        "language",
        "form_of_address",
        "segment",
        "country",
        "place",
        "postal_code",
        "owner_id",
    ]
    plain += ["salesperson_id", "group_id", "contract_rate_bp", "insolvent_on"]
    rows = rows.with_columns(pl.coalesce(name, f"was_{name}").alias(name) for name in plain)
    rows = rows.with_columns(pl.col(name).fill_null(value) for name, value in _DEFAULTS.items())
    rows = rows.with_columns(pl.col("tags").fill_null([]))
    compared = [*plain, "person_kind", "minor", "tags", "name"]
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"was_{name}")) for name in compared)
    return rows.with_columns(is_changed=pl.col("customer_id").is_not_null() & differs)


def _plan_holds(context: Context, rows: pl.DataFrame, plan: Plan) -> set[int]:
    """The customers that get a (longer) hold."""
    said = rows.filter(pl.col("hold_until") > pl.lit(context.day))
    held = holds_of(context.creditor_id, said["customer_id"], context.day)
    until = pl.col("customer_id").replace_strict(held, default=None, return_dtype=pl.Date) if held else None
    said = said.with_columns(held_until=pl.lit(None, pl.Date) if until is None else until)
    new = said.filter(pl.col("held_until").is_null() | (pl.col("hold_until") > pl.col("held_until")))
    longest = context.creditor.hold_days_max
    plan.notes.say(
        new.filter(pl.col("hold_until") > pl.lit(context.day + timedelta(days=longest))),
        "warning",
        "hold_is_long",
        "hold_until",
        lambda row: (
            f"la pausa del cliente «{shown(row['code'])}» pasa de los {longest} días que dura aquí una pausa:"
            " se pone como dice el archivo. Si no es lo que quiere, termínela en su ficha."
        ),
    )
    overlays = new.with_columns(
        kind=pl.lit("hold"),
        until_on="hold_until",
        effective_on=pl.lit(context.day),
        reason=pl.lit(f"Según «{context.file_name}»."),
    )
    plan.overlays = joined([plan.overlays, overlays], OVERLAYS)
    plan.count(holds=new.height)
    plan.notes.say(
        said.filter(pl.col("hold_until") < pl.col("held_until")),
        "warning",
        "hold_is_shorter",
        "hold_until",
        lambda row: (
            f"el cliente «{shown(row['code'])}» ya tiene una pausa hasta el {row['held_until']:%d/%m/%Y}; no "
            "se acorta."
        ),
    )
    return set(new["customer_id"])
