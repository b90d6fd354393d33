"""What a payment table would book: new credits, the lines they pay, and money that went back."""

import hashlib

import polars as pl

from aldia.formats.table.findings import shown
from aldia.operations.imports.context import Context
from aldia.operations.imports.future import say_future
from aldia.operations.imports.money_back import plan_returns
from aldia.operations.imports.named_documents import lines_of_documents, say_unapplied, with_documents
from aldia.operations.imports.payers import with_payers
from aldia.operations.imports.plan import AGAIN, Plan, fitted, joined, provisional
from aldia.operations.imports.waterfall import pour
from aldia.operations.ledger.frames import ALLOCATIONS, CREDITS
from aldia.operations.ledger.state import live_allocations
from aldia.queries.imports import known_money

_IDENTITY = ("customer_code", "value_date", "amount_minor", "currency", "kind", "description", "payer_name")
_BACK = ("return",)


def plan_payments(context: Context, rows: pl.DataFrame, plan: Plan) -> None:
    """Compare the rows with the ledger and put into the plan what is new. Books nothing.

    A row with the bank's reference is known by it; one without by customer, day, amount, text and its place
    among equals of that day.
    """
    rows = _without_refunds(rows, plan)
    rows = with_documents(context, with_payers(context, rows))
    rows = _with_keys(rows)
    back = rows.filter(pl.col("kind").is_in(_BACK))
    money = _refuse_ownerless(rows.filter(~pl.col("kind").is_in(_BACK)), plan)
    known = known_money(
        context.creditor_id,
        money["source_key"],
        rows["reference"].drop_nulls(),
        back["customer_id"].drop_nulls(),
    )
    money = _compared(money, known)
    fresh = provisional(money.filter(pl.col("status") == "new"))
    _say_known_reference(money.filter(pl.col("status") == "changed"), plan)
    _say_unidentified(fresh.filter(pl.col("customer_id").is_null()), plan)
    say_unapplied(fresh, plan)
    say_future(context, pl.concat([fresh, back], how="diagonal"), "value_date", plan)
    _plan_credits(fresh, plan)
    returned = plan_returns(context, back, known, fresh, plan)
    _plan_allocations(context, fresh, plan)
    statuses = dict(money["status"].value_counts().iter_rows())
    plan.count(
        new=statuses.get("new", 0) + returned["new"],
        unchanged=statuses.get("unchanged", 0) + returned["unchanged"],
        changed=statuses.get("changed", 0),
        refused=returned["refused"],
    )


def _without_refunds(rows: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    refunds = rows.filter(pl.col("kind") == "refund")
    plan.notes.say(
        refunds,
        "error",
        "refund_in_file",
        "kind",
        lambda _: "un reembolso al cliente no se importa: no consta de qué cobro sale. Quite la fila.",
    )
    plan.count(refused=refunds.height)
    return rows.filter(pl.col("kind") != "refund")


def _refuse_ownerless(rows: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """Only money may wait to be identified."""
    ownerless = pl.col("customer_id").is_null() & (pl.col("kind") != "payment")
    plan.notes.say(
        rows.filter(ownerless),
        "error",
        "customer_unknown",
        "customer_code",
        lambda _: (
            "no se sabe de qué cliente es, y solo un cobro puede quedar sin identificar. Indique el cliente."
        ),
    )
    plan.count(refused=rows.filter(ownerless).height)
    return rows.filter(~ownerless)


def _with_keys(rows: pl.DataFrame) -> pl.DataFrame:
    """source_key: of the reference where there is one, else of what the row says."""
    said = [pl.col(name).cast(pl.String).fill_null("") for name in (*_IDENTITY, "invoice_number")]
    by_words = pl.concat_str(said, separator="\x1f")
    named = ["reference", "invoice_number", "customer_code", "amount_minor", "currency", "kind"]
    by_reference = pl.concat_str(
        [pl.col(name).cast(pl.String).fill_null("") for name in named], separator="\x1f"
    )
    rows = rows.with_columns(
        identity=pl.when(pl.col("reference").is_not_null())
        .then(pl.lit("reference\x1f") + by_reference)
        .otherwise(pl.lit("words\x1f") + by_words)
    ).sort("source_row")
    rows = rows.with_columns(ordinal=pl.int_range(1, pl.len() + 1).over("identity"))
    digests = [hashlib.sha256(text.encode()).hexdigest()[:32] for text in rows["identity"]]
    key = pl.concat_str(
        pl.lit("payment"), pl.Series("_digest", digests, dtype=pl.String), "ordinal", separator=":"
    )
    return rows.with_columns(source_key=key)


def _compared(rows: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """status: new, unchanged, or changed (its reference was seen with other facts, so it is not booked)."""
    there = known.select("source_key", known_key=pl.lit(value=True)).unique("source_key")
    rows = rows.join(there, on="source_key", how="left", maintain_order="left")
    facts = ["reference", "amount_minor", "currency"]
    nth = pl.int_range(pl.len())
    of_reference = known.filter(pl.col("reference") != "")
    keys_here = rows.select("source_key")
    unmatched = of_reference.join(keys_here, on="source_key", how="anti").with_columns(
        amount_minor="original_minor"
    )
    rows = rows.with_columns(nth=nth.over(*facts, "known_key"))
    same = unmatched.with_columns(nth=nth.over(facts)).select(*facts, "nth", same_id="credit_id")
    rows = rows.with_columns(known_key=pl.col("known_key").fill_null(value=False))
    open_ = pl.col("reference").is_not_null() & ~pl.col("known_key")
    rows = rows.join(same, on=[*facts, "nth"], how="left", maintain_order="left").with_columns(
        same_id=pl.when(open_).then("same_id")
    )
    left = unmatched.join(rows.select(credit_id="same_id").drop_nulls(), on="credit_id", how="anti")
    other = left.group_by("reference").agg(others=pl.len())
    undecided = open_ & pl.col("same_id").is_null()
    rows = rows.join(other, on="reference", how="left", maintain_order="left").with_columns(
        place=undecided.cast(pl.Int64).cum_sum().over("reference")
    )
    return rows.with_columns(
        status=pl.when(pl.col("known_key") | pl.col("same_id").is_not_null())
        .then(pl.lit("unchanged"))
        .when(undecided & (pl.col("place") <= pl.col("others").fill_null(0)))
        .then(pl.lit("changed"))
        .otherwise(pl.lit("new"))
    )


def _say_known_reference(rows: pl.DataFrame, plan: Plan) -> None:
    plan.notes.say(
        rows,
        "warning",
        "reference_known",
        "reference",
        lambda row: (
            f"el cobro «{shown(row['reference'])}» ya está registrado con otro importe y no se importa otra "
            "vez. Si es otro cobro, cambie la referencia."
        ),
    )


def _say_unidentified(rows: pl.DataFrame, plan: Plan) -> None:
    named = rows.filter(pl.col("customer_code").is_not_null())
    plan.notes.say(
        named,
        "warning",
        "customer_unknown",
        "customer_code",
        lambda row: (
            f"el cliente «{shown(row['customer_code'])}» no existe: el cobro queda sin identificar. "
            "Para evitarlo, importe antes los clientes."
        ),
    )
    plan.count(unidentified=rows.height)


def _plan_credits(fresh: pl.DataFrame, plan: Plan) -> None:
    blank = ["reference", "payer_name", "method"]
    credits_ = fresh.with_columns(pl.col(blank).fill_null("")).with_columns(
        effective_on="value_date",
        names_document=pl.col("invoice_number").fill_null(""),
        reason=pl.col("description").fill_null(""),
    )
    plan.credits = joined([plan.credits, credits_], CREDITS)
    plan.count(payments=credits_.height)


def _plan_allocations(context: Context, fresh: pl.DataFrame, plan: Plan) -> None:
    """Money that names one document pays it first; then what names several, and what the file's own returns
    made room for."""
    paying = fresh.filter(pl.col("documents").list.len() > 0).sort("value_date", "source_row")
    lines = lines_of_documents(context, paying)
    is_sole = pl.col("documents").list.len() == 1
    sole = paying.filter(is_sole).select(
        "amount_minor", group=pl.col("documents").list.first(), credit_id="id"
    )
    given = pour(sole, lines)
    plan.allocations = joined([plan.allocations, given], ALLOCATIONS)
    plan.count(allocations=given.height)
    freed = _freed(context, given, plan)
    rests = paying.select(is_sole.alias("is_sole"), credit_id="id", group="documents").with_row_index("nth")
    pairs = (
        rests.explode("group")
        .join(lines.with_row_index("place"), on="group", maintain_order="left_right")
        .filter(~pl.col("is_sole") | pl.col("due_line_id").is_in(freed.to_list()))
        .sort("nth", "place")
    )
    plan.again = fitted(pairs, AGAIN)


def _freed(context: Context, given: pl.DataFrame, plan: Plan) -> pl.Series:
    """Lines paid by money that this file takes back."""
    gone = plan.returns["credit_id"].unique()
    booked = live_allocations(context.creditor_id, "credit", gone.filter(gone > 0))
    planned = given.filter(pl.col("credit_id").is_in(gone.filter(gone < 0).to_list()))
    return pl.concat([booked["due_line_id"], planned["due_line_id"]]).unique()
