"""What the database's planner knows of tables that have just grown."""

from django.db import connection

_CHANGES_MIN = 200


def fresh_statistics(*, changes_min: int = _CHANGES_MIN) -> int:
    """Have the planner look at the tables that changed by more rows than they had at the last look, and by
    more than `changes_min`; how many it looked at.

    Autovacuum comes by once a minute; until then a table that was empty counts as empty, every index of it
    looks alike, and each question reads all that the creditor has in it. For after what writes many rows: a
    few milliseconds. Another transaction's rows are counted up to a second late.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT schema_fresh_statistics(%s)", [changes_min])
        (looked,) = cursor.fetchone()
    return int(looked)
