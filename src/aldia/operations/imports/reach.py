"""Contacts and contact points of a customer table. Nobody known to be a minor is ever a recipient."""

import polars as pl

from aldia.kernel.text import fold
from aldia.operations.imports.context import Context
from aldia.operations.imports.plan import NEW_CONTACTS, NEW_POINTS, Plan, joined, provisional
from aldia.queries.imports import contacts_of, points_of

_REGION_CODE = r"^[A-Z]{2}-[A-Z0-9]{1,3}$"  # ISO 3166-2
_ROLES = {
    "accounts_payable": (
        "cuentas pagar|contab|administracion|proveedores|accounts payable|tesoreria|facturacion"
    ),
    "finance_head": "financ|cfo|director economico",
    "owner": "propietari|gerente|duen|administrador|socio|owner|ceo|titular empresa",
    "parent": "madre|padre|mama|papa|parent|mother|father|progenitor",
    "guardian": "tutor|guardian|representante legal",
    "lawyer": "abogad|letrad|lawyer|procurador",
    "holder": "titular|holder|cliente|el mismo",
}


def role_of(words: str | None) -> str:
    """The role a text names; `other` when it names none."""
    text = fold(words or "").replace(" a ", " ")
    for role, hints in _ROLES.items():
        if any(hint in text for hint in hints.split("|")):
            return role
    return "other"


def plan_reach(context: Context, rows: pl.DataFrame, plan: Plan) -> set[int]:
    """Plan new contacts and points; the customers that get one.

    rows: customers with `customer_id`, `minor` and the columns of the file. A contact without name is the
    holder. A minor holder is a contact but no recipient, so what address the row gives is not stored.
    """
    wanted = _wanted(rows)
    known = contacts_of(context.creditor_id, wanted["customer_id"])
    wanted = _with_known(wanted, known)
    silent = pl.col("is_recipient").not_()
    _say_silent(wanted.filter(silent & _has_address()), plan)
    points = _points(wanted.filter(~silent))
    there = points_of(context.creditor_id, wanted["customer_id"])
    points = points.join(there, on=["customer_id", "channel", "value"], how="anti").unique(
        ["customer_id", "channel", "value"], keep="first", maintain_order=True
    )
    named = pl.col("contact_name").is_not_null()
    needed = pl.col("customer_id").is_in(points["customer_id"].to_list())
    new = provisional(
        wanted.filter(pl.col("contact_id").is_null() & (named | needed)).drop("contact_id"),
        after=plan.contacts.height,
    )
    plan.contacts = joined([plan.contacts, new], NEW_CONTACTS)
    ids = new.select("customer_id", "role", "name", new_id="id")
    points = points.join(ids, on=["customer_id", "role", "name"], how="left", maintain_order="left")
    points = points.with_columns(contact_id=pl.coalesce("contact_id", "new_id"))
    plan.points = joined([plan.points, points], NEW_POINTS)
    plan.count(contacts=new.height, contact_points=points.height)
    return set(new["customer_id"]) | set(points["customer_id"])


def _wanted(rows: pl.DataFrame) -> pl.DataFrame:
    """One contact per row: name, role, whether it may be written to."""
    roles = [
        role_of(role) if name is not None or role is not None else "holder"
        for name, role in rows.select("contact_name", "contact_role").iter_rows()
    ]
    wanted = rows.with_columns(
        pl.Series("role", roles, dtype=pl.String),
        customer_name=pl.col("name"),
    ).with_columns(
        name=pl.when(pl.col("role") == "holder")
        .then(pl.coalesce("contact_name", "customer_name"))
        .otherwise(pl.col("contact_name").fill_null("")),
        customer_minor=pl.col("minor"),
    )
    recipient = ~((pl.col("role") == "holder") & pl.col("minor"))
    return wanted.filter(pl.col("contact_name").is_not_null() | _has_address()).with_columns(
        is_recipient=recipient
    )


def _has_address() -> pl.Expr:
    return pl.any_horizontal(pl.col("email", "phone", "address").is_not_null())


def _with_known(wanted: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """`contact_id` of a contact in the same role: of the same name, or the only one to be without."""
    named = known.unique(["customer_id", "role", "name"], keep="first", maintain_order=True)
    by_name = named.select("customer_id", "role", "name", "contact_id", was_recipient="is_recipient")
    found = wanted.join(by_name, on=["customer_id", "role", "name"], how="left", maintain_order="left")
    holders = known.filter(pl.col("role") == "holder").unique(
        "customer_id", keep="first", maintain_order=True
    )
    by_role = holders.select("customer_id", "role", holder_id="contact_id", holder_recipient="is_recipient")
    found = found.join(by_role, on=["customer_id", "role"], how="left", maintain_order="left")
    was = pl.coalesce("was_recipient", "holder_recipient", pl.lit(value=True))
    return found.with_columns(
        contact_id=pl.coalesce("contact_id", "holder_id"),
        is_recipient=pl.col("is_recipient") & was,
    )


def _points(wanted: pl.DataFrame) -> pl.DataFrame:
    """The ways to reach each contact; a region that is only a code means nothing to a postman."""
    town = pl.concat_str("postal_code", "city", separator=" ", ignore_nulls=True)
    place = pl.concat_str(
        pl.col("address"),
        pl.when(town != "").then(town),
        pl.when(~pl.col("region").str.contains(_REGION_CODE)).then("region"),
        separator=", ",
        ignore_nulls=True,
    )
    by_post = pl.when(pl.col("address").is_not_null()).then(place)
    columns = {"email": pl.col("email"), "phone": pl.col("phone"), "post": by_post}
    parts = [
        wanted.select("customer_id", "contact_id", "role", "name", channel=pl.lit(channel), value=value)
        for channel, value in columns.items()
    ]
    return pl.concat(parts).filter(pl.col("value").is_not_null() & (pl.col("value") != ""))


def _say_silent(rows: pl.DataFrame, plan: Plan) -> None:
    is_minor = (pl.col("role") == "holder") & pl.col("minor")
    plan.notes.sum_up(
        rows.filter(~is_minor),
        "warning",
        "contact_not_written_to",
        "contact_name",
        "{where} a esa persona no se le escribe: no se guarda su correo, teléfono ni dirección. "
        "Si vuelve a recibir, cámbielo en la ficha del cliente.",
    )
    plan.notes.sum_up(
        rows.filter(is_minor),
        "warning",
        "minor_not_reached",
        "birth_date",
        "{where} el cliente es menor de edad: no se guarda su correo, "
        "teléfono ni dirección. Indique una persona de contacto adulta o el código del pagador.",
    )
