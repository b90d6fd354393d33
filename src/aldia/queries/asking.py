"""SELECTs on Django's connection, answered as dictionaries."""

from typing import Any

from django.db import connection


def ask(query: str, **values: Any) -> list[dict[str, Any]]:
    """The rows of a SELECT that names its values `%(name)s`, inside the current transaction and scope."""
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
