"""The portfolio as it is kept for lists: what may be filtered on, and the rows to be stored.

Three words change day by day though nothing happened. Days overdue are kept as the date they count from; late
interest and days on hold are not kept at all, so lists cannot filter on them. docs/rules/standing.md.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import polars as pl

from aldia.rules.portfolio.condition_tree import AllOf, AnyOf, Comparison, Negation, Node
from aldia.rules.portfolio.conditions import Condition
from aldia.rules.portfolio.engine import Decided
from aldia.rules.portfolio.frames import Terms
from aldia.rules.portfolio.vocabulary import Column, Unit, aging_columns, vocabulary

NOTHING_OVERDUE = date(9999, 12, 31)
"""`overdue_since` where nothing counts as overdue."""

_NOT_KEPT = frozenset({"interest_minor", "days_on_hold"})

_DECIDED = [
    Column("outcome", Unit.TEXT, "última decisión", "step or reason decided by the last run", since="0.2"),
    Column("next_on", Unit.DATE, "próxima decisión", "when it may change", "no date known", since="0.2"),
]


def standing_columns(edges: Iterable[int]) -> list[Column]:
    """The words lists may filter on, in order: the vocabulary less what is not kept, and what was decided."""
    return [*(column for column in vocabulary(edges) if column.name not in _NOT_KEPT), *_DECIDED]


def stored_columns(edges: Iterable[int]) -> dict[str, pl.DataType]:
    """Name and type of the columns that are stored, in order, without the customer's id."""
    buckets = [column.name for column in aging_columns(edges)]
    stored: dict[str, pl.DataType] = {}
    for column in standing_columns(edges):
        if column.name == "days_overdue":
            stored["overdue_since"] = pl.Date()
        elif column.name == buckets[0]:
            stored["aging"] = pl.String()
        elif column.name not in buckets:
            stored[column.name] = column.dtype
    return stored | {"is_step": pl.Boolean()}


def standing_rows(decided: Decided, terms: Terms) -> pl.DataFrame:
    """customer_id and `stored_columns`; aging as the text of an array."""
    days = pl.col("days_overdue")
    since = pl.lit(terms.as_of).cast(pl.Int32) - days
    buckets = [pl.col(column.name) for column in aging_columns(terms.aging_edges)]
    decisions = decided.decisions.select(
        "customer_id", "outcome", "next_on", is_step=pl.col("step").is_not_null()
    )
    return (
        decided.rows.join(decisions, on="customer_id")
        .with_columns(
            overdue_since=pl.when(days > 0).then(since.cast(pl.Date)).otherwise(NOTHING_OVERDUE),
            aging=pl.concat_str(pl.lit("{"), pl.concat_str(buckets, separator=","), pl.lit("}")),
        )
        .select("customer_id", *(pl.col(n).cast(t) for n, t in stored_columns(terms.aging_edges).items()))
    )


def edges_of(aging: Mapping[str, int]) -> tuple[int, ...]:
    """The edges behind names of ageing buckets: `aging_not_due`, `aging_1_30`, `aging_over_30` → 0, 30."""
    spans = [name.removesuffix("_minor").split("_") for name in aging]
    return tuple(sorted({0} | {int(span[-1]) for span in spans if span[-1].isdigit()}))


_SINCE = Column("overdue_since", Unit.DATE, "", "the day `days_overdue` counts from")


def kept_condition(condition: Condition, on: date) -> Condition:
    """The same condition, with days overdue asked of the date that is kept: so an index may answer it."""
    return replace(condition, tree=_by_date(condition.tree, on))


def _by_date(node: Node, on: date) -> Node:
    match node:
        case AllOf(parts):
            return AllOf(tuple(_by_date(part, on) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(_by_date(part, on) for part in parts))
        case Negation(part):
            return Negation(_by_date(part, on))
        case Comparison(column, op, Decimal() as days) if column.name == "days_overdue":
            return _since(op, int(days), on) or node
        case _:
            return node


def _since(op: str, days: int, on: date) -> Comparison | None:
    """`days_overdue op days` as a comparison of the date; None where it holds for all rows or for none."""
    op, days = {">": (">=", days + 1), "<": ("<=", days - 1)}.get(op, (op, days))
    op = {"=": "=", "<>": "<>", ">=": "<=", "<=": ">="}[op]
    if days < 0 or (days == 0 and op != ">="):
        return None
    earliest = days > (on - date.min).days
    return Comparison(_SINCE, op, date.min if earliest else on - timedelta(days=days))
