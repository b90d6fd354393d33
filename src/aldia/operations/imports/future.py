"""Days of a file that have not come yet."""

import polars as pl

from aldia.operations.imports.context import Context
from aldia.operations.imports.plan import Plan

_WHAT = {
    "issue_date": "la fecha de factura",
    "paid_date": "la fecha de cobro",
    "value_date": "la fecha del cobro",
}


def say_future(context: Context, rows: pl.DataFrame, about: str, plan: Plan) -> None:
    """A day later than the creditor's business date is booked as it stands, but said."""
    plan.notes.say(
        rows.filter(pl.col(about) > pl.lit(context.day)),
        "warning",
        "date_in_the_future",
        about,
        lambda row: (
            f"{_WHAT[about]} ({row[about]:%d/%m/%Y}) es posterior a hoy, {context.day:%d/%m/%Y}. Compruébela."
        ),
    )
