"""A form that changes something is taken in once, whatever is clicked twice."""

from django.db import connection


def take_form(*, creditor_id: int, key: str) -> bool:
    """True the first time the key comes, within the caller's transaction and scope; False ever after.

    Two at the same moment: the second waits for the first to commit, and gets False. What the form does must
    happen in the same transaction, so that a failure gives the key back.
    """
    assert connection.in_atomic_block, "the key belongs to the transaction of what the form does"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tenancy_taken_form (creditor_id, key) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            [creditor_id, key[:64]],
        )
        return bool(cursor.rowcount == 1)
