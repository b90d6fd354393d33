"""What an import would book, before anything is: frames whose new rows bear provisional, negative ids.

The n-th new row of a table is −n; `booking.py` gives them real ids. So a preview and a commit think the same.
"""

from dataclasses import dataclass, field

import polars as pl

from aldia.operations.imports.report import Notes
from aldia.operations.ledger.frames import ALLOCATIONS, CREDITS, DOCUMENTS, LINES, OPTIONAL, TAXES

NEW_CUSTOMERS = pl.Schema(
    {
        "id": pl.Int64(),
        "code": pl.String(),
        "name": pl.String(),
        "person_kind": pl.String(),
        "tax_id": pl.String(),
        "language": pl.String(),
        "form_of_address": pl.String(),
        "segment": pl.String(),
        "tags": pl.List(pl.String),
        "country": pl.String(),
        "place": pl.String(),
        "postal_code": pl.String(),
        "owner_id": pl.Int64(),
        "salesperson_id": pl.Int64(),
        "group_id": pl.Int64(),
        "contract_rate_bp": pl.Int32(),
        "insolvent_on": pl.Date(),
        "minor": pl.Boolean(),
    }
)
NEW_GROUPS = pl.Schema({"id": pl.Int64, "code": pl.String, "name": pl.String, "kind": pl.String})
NEW_SALESPEOPLE = pl.Schema({"id": pl.Int64, "name": pl.String, "member_id": pl.Int64, "email": pl.String})
NEW_CONTACTS = pl.Schema(
    {
        "id": pl.Int64,
        "customer_id": pl.Int64,
        "name": pl.String,
        "role": pl.String,
        "is_recipient": pl.Boolean,
        "customer_minor": pl.Boolean,
    }
)
NEW_POINTS = pl.Schema(
    {"customer_id": pl.Int64, "contact_id": pl.Int64, "channel": pl.String, "value": pl.String}
)
NEW_BENEFICIARIES = pl.Schema(
    {
        "id": pl.Int64,
        "customer_id": pl.Int64,
        "code": pl.String,
        "name": pl.String,
        "kind": pl.String,
        "minor": pl.Boolean,
    }
)
CHANGED_BENEFICIARIES = pl.Schema({"id": pl.Int64, "name": pl.String, "minor": pl.Boolean})
ACCEPTANCES = pl.Schema(
    {
        "document_id": pl.Int64,
        "customer_id": pl.Int64,
        "state": pl.String,
        "number": pl.String,
        "effective_on": pl.Date,
    }
)
OVERLAYS = pl.Schema(
    {
        "customer_id": pl.Int64,
        "due_line_id": pl.Int64,
        "kind": pl.String,
        "until_on": pl.Date,
        "effective_on": pl.Date,
        "reason": pl.String,
    }
)
LINKS = pl.Schema({"document_id": pl.Int64, "url": pl.String})
"""Where documents can be had."""
RETURNS = pl.Schema(
    {"credit_id": pl.Int64, "amount_minor": pl.Int64, "effective_on": pl.Date, "reason": pl.String}
)
CORRECTIONS = pl.Schema(
    {
        "credit_id": pl.Int64,
        "due_line_id": pl.Int64,
        "amount_minor": pl.Int64,
        "rest_minor": pl.Int64,
        "effective_on": pl.Date,
        "reason": pl.String,
    }
)
"""rest_minor: what of the row is not allocated."""
AGAIN = pl.Schema({"credit_id": pl.Int64, "due_line_id": pl.Int64})


def _none(schema: pl.Schema) -> pl.DataFrame:
    return pl.DataFrame(schema=schema)


@dataclass(slots=True)
class Plan:
    """New rows per table; counts per row of the file; everything worth saying.

    again: which rest may pay which line, in order, once corrections and returns have made room.
    """

    notes: Notes
    counts: dict[str, int] = field(default_factory=dict)
    groups: pl.DataFrame = field(default_factory=lambda: _none(NEW_GROUPS))
    salespeople: pl.DataFrame = field(default_factory=lambda: _none(NEW_SALESPEOPLE))
    customers: pl.DataFrame = field(default_factory=lambda: _none(NEW_CUSTOMERS))
    changed_customers: pl.DataFrame = field(default_factory=lambda: _none(NEW_CUSTOMERS))
    contacts: pl.DataFrame = field(default_factory=lambda: _none(NEW_CONTACTS))
    points: pl.DataFrame = field(default_factory=lambda: _none(NEW_POINTS))
    beneficiaries: pl.DataFrame = field(default_factory=lambda: _none(NEW_BENEFICIARIES))
    changed_beneficiaries: pl.DataFrame = field(default_factory=lambda: _none(CHANGED_BENEFICIARIES))
    documents: pl.DataFrame = field(default_factory=lambda: _none(DOCUMENTS))
    lines: pl.DataFrame = field(default_factory=lambda: _none(LINES))
    taxes: pl.DataFrame = field(default_factory=lambda: _none(TAXES))
    acceptances: pl.DataFrame = field(default_factory=lambda: _none(ACCEPTANCES))
    credits: pl.DataFrame = field(default_factory=lambda: _none(CREDITS))
    allocations: pl.DataFrame = field(default_factory=lambda: _none(ALLOCATIONS))
    returns: pl.DataFrame = field(default_factory=lambda: _none(RETURNS))
    corrections: pl.DataFrame = field(default_factory=lambda: _none(CORRECTIONS))
    again: pl.DataFrame = field(default_factory=lambda: _none(AGAIN))
    overlays: pl.DataFrame = field(default_factory=lambda: _none(OVERLAYS))
    links: pl.DataFrame = field(default_factory=lambda: _none(LINKS))

    def count(self, **more: int) -> None:
        """Add to the counts."""
        for name, number in more.items():
            self.counts[name] = self.counts.get(name, 0) + number


def provisional(frame: pl.DataFrame, name: str = "id", *, after: int = 0) -> pl.DataFrame:
    """The frame with provisional ids, from −(after + 1) downwards in its order."""
    ids = pl.int_range(1, frame.height + 1, dtype=pl.Int64)
    return frame.with_columns((-(ids + after)).alias(name))


def fitted(frame: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    """Exactly the columns of the schema; what the frame lacks is null, or the ledger's own default."""
    return frame.select(_fitted(frame, name, dtype) for name, dtype in schema.items())


def _fitted(frame: pl.DataFrame, name: str, dtype: pl.DataType) -> pl.Expr:
    column = (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype)
    default = OPTIONAL.get(name)
    return (column if default is None else column.fill_null(default)).alias(name)


def joined(parts: list[pl.DataFrame], schema: pl.Schema) -> pl.DataFrame:
    """The parts one under the other, each fitted to the schema."""
    return pl.concat([fitted(part, schema) for part in parts]) if parts else pl.DataFrame(schema=schema)
