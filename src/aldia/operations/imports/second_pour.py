"""Money onto lines once more, after corrections and returns have made room."""

from datetime import datetime

import polars as pl

from aldia.operations.ledger.frames import ALLOCATIONS
from aldia.operations.ledger.placing import place
from aldia.operations.ledger.state import lock_credits, lock_lines


def pour_again(creditor_id: int, pairs: pl.DataFrame, now: datetime) -> int:
    """Give each credit's rest to its lines; how many allocations that took.

    pairs: credit_id, due_line_id in the order in which they are served, of one currency each; amount_minor,
    where there is one, is the most that a pair gets.
    """
    if pairs.is_empty():
        return 0
    credits_ = lock_credits(creditor_id, pairs["credit_id"])
    lines = lock_lines(creditor_id, pairs["due_line_id"])
    left = dict(credits_.select("credit_id", "left_minor").iter_rows())
    open_ = dict(lines.select("due_line_id", "open_minor").iter_rows())
    given: list[tuple[int, int, int]] = []
    for credit_id, line_id, most in _with_most(pairs).iter_rows():
        minor = min(left[credit_id], open_[line_id], most)
        if minor > 0:
            left[credit_id] -= minor
            open_[line_id] -= minor
            given.append((credit_id, line_id, minor))
    if given:
        schema = {name: dtype for name, dtype in ALLOCATIONS.items() if name != "id"}
        place(creditor_id, pl.DataFrame(given, schema=schema, orient="row"), now)
    return len(given)


def _with_most(pairs: pl.DataFrame) -> pl.DataFrame:
    most = pl.col("amount_minor") if "amount_minor" in pairs.columns else pl.lit(2**63 - 1)
    return pairs.select("credit_id", "due_line_id", most.cast(pl.Int64))
