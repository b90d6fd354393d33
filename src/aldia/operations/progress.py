"""How far long work is, for whoever waits for it on a page.

What a transaction writes nobody sees before it commits; the name of its session everybody sees at once, and
it dies with the session. So the counts stand there: `aldia errand 17 40000 100000` (`queries.errands`).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

Tell = Callable[[int, int], None]
"""tell(done, total): counts of whatever the work goes through."""

MARK = "aldia errand"


@contextmanager
def telling(errand_id: int) -> Iterator[Tell]:
    """Inside, this session bears the errand's number and what `tell` was told last; total 0: unknown yet."""
    before = _name()

    def tell(done: int, total: int) -> None:
        _call(f"{MARK} {errand_id} {done} {total}")

    tell(0, 0)
    try:
        yield tell
    finally:
        _call(before)


def _name() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('application_name')")
        return str(cursor.fetchone()[0])


def _call(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('application_name', %s, false)", [name])
