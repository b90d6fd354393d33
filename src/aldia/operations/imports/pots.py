"""What is open of every line that an invoice table touches, while the plan fills it."""

from dataclasses import dataclass, field

import polars as pl

from aldia.operations.imports.context import DERIVED
from aldia.operations.imports.matching import DOCUMENT
from aldia.operations.imports.plan import Plan, joined
from aldia.operations.imports.waterfall import less, pour
from aldia.operations.ledger.frames import ALLOCATIONS

_LINES = {
    **{name: pl.Int64 if name == "customer_id" else pl.String for name in DOCUMENT},
    "base_id": pl.Int64,
    "due_line_id": pl.Int64,
    "document_id": pl.Int64,
    "due_date": pl.Date,
    "open_minor": pl.Int64,
}


@dataclass(slots=True)
class Pots:
    """lines: DOCUMENT, base_id (the line an adjustment belongs to), due_line_id, document_id, due_date,
    open_minor: known lines, new ones and adjustments. moved: allocations that corrections undo."""

    lines: pl.DataFrame
    moved: pl.DataFrame = field(default_factory=pl.DataFrame)

    @classmethod
    def of(cls, known: pl.DataFrame, fresh: pl.DataFrame, plan: Plan) -> "Pots":
        """known: of the ledger; fresh: new rows with ids; the plan: its adjusting lines."""
        new = fresh.with_columns(base_id="due_line_id", open_minor="amount_minor")
        schema = pl.Schema(_LINES)
        lines = joined([known.with_columns(due_date="due"), new, _adjusting(known, plan)], schema)
        return cls(lines.sort("due_date", "base_id", "due_line_id"))

    def fill(self, credits: pl.DataFrame, by: list[str], plan: Plan) -> pl.DataFrame:
        """Pour credits (credit_id, amount_minor and the columns `by`) onto the lines with the same `by`, into
        the plan; what each gives each line."""
        group = pl.struct(by) if len(by) > 1 else pl.col(by[0])
        given = pour(credits.with_columns(group=group), self.lines.with_columns(group=group))
        self.lines = less(self.lines, "due_line_id", "open_minor", given)
        plan.allocations = joined([plan.allocations, given], ALLOCATIONS)
        plan.count(allocations=given.height)
        return given

    def open_of(self) -> pl.DataFrame:
        """due_line_id of each base line, `left_minor`: what is open of it and its adjustments."""
        return self.lines.group_by(due_line_id="base_id").agg(left_minor=pl.col("open_minor").sum())


def _adjusting(known: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    base = known.filter(~pl.col("is_adjustment")).select("source_key", *DOCUMENT, base_id="due_line_id")
    adjusting = plan.lines.filter(pl.col("source_key").str.contains(DERIVED, literal=True))
    return (
        adjusting.drop("customer_id")
        .with_columns(source_key=pl.col("source_key").str.split(DERIVED).list.first())
        .join(base, on="source_key", maintain_order="left")
        .with_columns(due_line_id="id", open_minor="amount_minor")
    )
