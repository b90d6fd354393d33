"""SELECTs on Django's connection, answered as frames."""

from collections.abc import Sequence
from typing import Any

import polars as pl
from django.db import connection


def read_frame(query: str, params: Sequence[Any], schema: pl.Schema) -> pl.DataFrame:
    """The rows of a SELECT inside the current transaction and scope; columns by position as in schema."""
    with connection.cursor() as cursor:
        cursor.execute(query, list(params))
        return pl.DataFrame(cursor.fetchall(), schema=schema, orient="row")
