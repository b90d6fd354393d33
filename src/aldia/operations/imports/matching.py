"""Which row of a file is which due line of the ledger, and what the ledger knows about it by now."""

from dataclasses import dataclass

import polars as pl

from aldia.operations.imports.context import DERIVED, Context, escaped
from aldia.queries.imports import allocated_by_others, derived_credits, lines_of_numbers

DOCUMENT = ["customer_id", "number", "currency"]
"""What makes two rows one document."""

_FACTS = {
    "line_amount_minor": "amount_minor",
    "line_open_minor": "open_minor",
    "line_due": "due",
    "line_issued_on": "issued_on",
    "document_id": "document_id",
    "source_key": "source_key",
    "was_disputed": "disputed",
    "was_covered_until": "covered_until",
    "was_acceptance": "acceptance",
}

_SUMS = ("up", "up_open", "down", "told", "own_minor", "others")


@dataclass(frozen=True, slots=True)
class Matched:
    """rows: of the file, each with `due_line_id` and what is known of it, or null where it is new.

    lines: all lines of the documents named, `base_id` telling which line an adjustment belongs to.
    """

    rows: pl.DataFrame
    lines: pl.DataFrame


def match(context: Context, rows: pl.DataFrame, numbers: pl.Series) -> Matched:
    """rows: debits of a file with `customer_id`. numbers: of all documents that matter.

    A row is the line of its document with the same due date; the others are paired in order of due date.
    """
    lines = _with_base(lines_of_numbers(context.creditor_id, numbers))
    base = lines.filter(~pl.col("is_adjustment"))
    paired = _paired(rows, base)
    facts = base.select("due_line_id", *(pl.col(old).alias(new) for new, old in _FACTS.items()))
    known = paired.join(facts, on="due_line_id", how="left", maintain_order="left")
    return Matched(_with_history(context, known, lines), lines)


def with_new_keys(context: Context, rows: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """New rows with a source key: source, kind, customer, number, currency, and ordinal by due date."""
    ordinal = pl.col("source_key").str.extract(r":(\d+)$").cast(pl.Int64, strict=False)
    last = lines.group_by(DOCUMENT).agg(last=pl.max_horizontal(ordinal.max(), pl.len().cast(pl.Int64)))
    parts = [escaped(name) for name in ("document_kind", "customer", "number", "currency")]
    nth = pl.col("source_row").cum_count().over(DOCUMENT).cast(pl.Int64)
    return (
        rows.sort("due_date", "source_row")
        .join(last, on=DOCUMENT, how="left", maintain_order="left")
        .with_columns(ordinal=nth + pl.col("last").fill_null(0))
        .with_columns(source_key=pl.concat_str(pl.lit(context.prefix[:-1]), *parts, "ordinal", separator=":"))
        .drop("last")
    )


def base_key() -> pl.Expr:
    """The source key of the line that a line adjusts; a line's own where it adjusts none."""
    return pl.col("source_key").str.split(DERIVED).list.first()


def _with_base(lines: pl.DataFrame) -> pl.DataFrame:
    marked = lines.with_columns(
        is_adjustment=pl.col("source_key").str.contains(DERIVED, literal=True),
        base_key=base_key(),
        due=pl.coalesce("terms_on", "due_date"),
    )
    own = marked.filter(~pl.col("is_adjustment")).select("base_key", base_id="due_line_id")
    found = marked.join(own, on="base_key", how="left", maintain_order="left")
    return found.with_columns(base_id=pl.coalesce("base_id", "due_line_id"))


def _paired(rows: pl.DataFrame, base: pl.DataFrame) -> pl.DataFrame:
    file = rows.sort("due_date", "source_row")
    there = base.sort("due", "due_line_id").select(*DOCUMENT, "due_line_id", due_date="due")
    same_day = [*DOCUMENT, "due_date"]
    first = _pair(file, there, same_day)
    rest = first.filter(pl.col("due_line_id").is_null()).drop("due_line_id")
    left = there.join(first.select("due_line_id").drop_nulls(), on="due_line_id", how="anti")
    second = _pair(rest, left.drop("due_date"), DOCUMENT)
    return pl.concat([first.filter(pl.col("due_line_id").is_not_null()), second])


def _pair(file: pl.DataFrame, there: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    nth = pl.int_range(pl.len()).over(keys).alias("_nth")
    return (
        file.with_columns(nth)
        .join(there.with_columns(nth), on=[*keys, "_nth"], how="left", maintain_order="left")
        .drop("_nth")
    )


def _with_history(context: Context, rows: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """known_minor: what the line and its adjustments come to; known_open: what of it is open; already_minor:
    what is known to be paid of it, money that went back included; own_minor, live_minor: what the file itself
    told and what anybody told, as far as it did not go back; last_paid_on: the day the file told last."""
    adjusting = lines.filter(pl.col("is_adjustment"))
    ups = _summed(adjusting, {"up": "amount_minor", "up_open": "open_minor"})
    known = rows.with_columns(base_id="due_line_id")
    for part in (ups, _derived_sums(context, rows), _paid_by_others(context, lines)):
        known = known.join(part, on="base_id", how="left", maintain_order="left")
    known = known.with_columns(pl.col(name).fill_null(0) for name in _SUMS)
    return known.with_columns(
        known_minor=pl.col("line_amount_minor") + pl.col("up") - pl.col("down"),
        known_open=pl.col("line_open_minor") + pl.col("up_open"),
        already_minor=pl.col("told") + pl.col("others"),
        live_minor=pl.col("own_minor") + pl.col("others"),
    ).drop("base_id", "up", "up_open", "down", "told", "others")


def _summed(rows: pl.DataFrame, columns: dict[str, str]) -> pl.DataFrame:
    return rows.group_by("base_id").agg(pl.col(old).sum().alias(new) for new, old in columns.items())


def _derived_sums(context: Context, rows: pl.DataFrame) -> pl.DataFrame:
    """down, told, own_minor, last_paid_on per line: of the credits earlier imports derived from it.

    A payment that went back was still told by the file, so the same file does not bring it again.
    """
    known = rows.filter(pl.col("due_line_id").is_not_null())
    keys = known.select("source_key", base_id="due_line_id")
    parts = pl.col("source_key").str.split(DERIVED)
    marked = derived_credits(context.creditor_id).with_columns(
        source_key=parts.list.first(), mark=parts.list.last().str.split(":").list.first()
    )
    is_paid, is_money = pl.col("mark") == "paid", pl.col("mark").is_in(["paid", "open"])
    return (
        marked.join(keys, on="source_key")
        .sort("credit_id")
        .group_by("base_id")
        .agg(
            down=pl.col("amount_minor").filter(pl.col("mark") == "adjust").sum(),
            told=pl.col("original_minor").filter(is_money).sum(),
            own_minor=pl.col("amount_minor").filter(is_money).sum(),
            last_paid_on=pl.col("value_on").filter(is_paid).last(),
        )
    )


def _paid_by_others(context: Context, lines: pl.DataFrame) -> pl.DataFrame:
    schema = {"base_id": pl.Int64, "others": pl.Int64}
    if lines.is_empty():
        return pl.DataFrame(schema=schema)
    paid = allocated_by_others(context.creditor_id, lines["due_line_id"])
    return _summed(
        paid.join(lines.select("due_line_id", "base_id"), on="due_line_id"), {"others": "paid_minor"}
    )
