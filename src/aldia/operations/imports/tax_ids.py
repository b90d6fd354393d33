"""What a Spanish tax id says about who bears it."""

import polars as pl

_PUBLIC = r"^[PQS]\d{7}[0-9A-J]$"
_BUSINESS = r"^[ABCDEFGHJNRUVW]\d{7}[0-9A-J]$"
_PERSON = r"^(\d{8}|[XYZKLM]\d{7})[A-Z]$"


def person_kind_of(tax_id: pl.Expr) -> pl.Expr:
    """`public_body`, `business` or `consumer` by the form of a NIF; null where it does not say."""
    bare = tax_id.str.to_uppercase().str.replace_all(r"[^A-Z0-9]", "").str.replace(r"^ES", "")
    return (
        pl.when(bare.str.contains(_PUBLIC))
        .then(pl.lit("public_body"))
        .when(bare.str.contains(_BUSINESS))
        .then(pl.lit("business"))
        .when(bare.str.contains(_PERSON))
        .then(pl.lit("consumer"))
        .otherwise(pl.lit(None, pl.String))
    )
