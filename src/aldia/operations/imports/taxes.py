"""The taxes of new documents, from what an invoice table says: base, tax, rate, retention."""

import polars as pl

from aldia.operations.imports.plan import fitted
from aldia.operations.ledger.frames import TAXES

_KINDS = {
    "iva": "iva",
    "recargo": "recargo_equivalencia",
    "igic": "igic",
    "ipsi": "ipsi",
    "igv": "igv",
    "itbis": "iva_latam",
    "isv": "iva_latam",
}
_NONE = ("exempt", "reverse_charge")
_USUAL_BP = (2100, 1000, 400, 500, 1800, 1600, 1900, 700, 300, 950, 2000, 1500, 520, 140, 50)
_SPANISH, _PERUVIAN = ("ES",), ("PE",)


def default_tax(country: str) -> str:
    """The value-added tax of a country, for rows that name none."""
    if country in _SPANISH:
        return "iva"
    return "igv" if country in _PERUVIAN else "iva_latam"


def totals_of_documents(rows: pl.DataFrame) -> pl.DataFrame:
    """document_id, due_minor, net_minor, total_minor. rows: new lines with `document_id`.

    A retention that was left out of the due amount belongs to the total. Rows of one document may each carry
    their own part of the base, or all repeat the document's.
    """
    return (
        _parts(rows)
        .group_by("document_id", maintain_order=True)
        .agg(
            due_minor=pl.col("due_minor").first(),
            net_minor=pl.col("net").sum(),
            has_net=pl.col("net").is_not_null().any(),
            taxed=(pl.col("net") + pl.col("tax")).sum(),
            kept=pl.col("kept").sum(),
        )
        .with_columns(
            net_minor=pl.when("has_net").then("net_minor"),
            total_minor=pl.when(
                pl.col("has_net") & ((pl.col("taxed") - pl.col("kept") - pl.col("due_minor")).abs() <= 2)
            )
            .then(pl.col("due_minor") + pl.col("kept"))
            .otherwise("due_minor"),
        )
        .select("document_id", "due_minor", "net_minor", "total_minor")
    )


def tax_lines(rows: pl.DataFrame, country: str) -> pl.DataFrame:
    """TAXES of new documents; one per document, tax and rate."""
    parts = _parts(rows)
    kind = pl.col("tax_kind").replace_strict(_KINDS, default=default_tax(country), return_dtype=pl.String)
    taxed = parts.filter(
        pl.col("net").is_not_null() & ~pl.col("tax_kind").is_in(_NONE).fill_null(value=False)
    ).with_columns(kind=kind, rate_bp=_rate_bp(), amount_minor="tax", base_minor="net")
    retained = parts.filter(pl.col("kept") > 0).with_columns(
        kind=pl.lit("retention"),
        base_minor=pl.coalesce("net", "due_minor"),
        amount_minor="kept",
    )
    retained = retained.with_columns(
        rate_bp=((pl.col("kept") * 20_000 + pl.col("base_minor")) // (pl.col("base_minor") * 2))
        .fill_null(0)
        .clip(0, 10_000)
    )
    columns = ["document_id", "kind", "rate_bp", "base_minor", "amount_minor"]
    lines = pl.concat([part.select(pl.col(c).cast(TAXES[c]) for c in columns) for part in (taxed, retained)])
    sound = lines.filter((pl.col("base_minor") >= 0) & (pl.col("amount_minor") >= 0))
    summed = sound.group_by("document_id", "kind", "rate_bp", maintain_order=True).agg(
        pl.col("base_minor", "amount_minor").sum()
    )
    return fitted(summed, TAXES)


def _parts(rows: pl.DataFrame) -> pl.DataFrame:
    """Each part of a base once: net, tax, kept (retention), and due_minor of the whole document."""
    kept = pl.col("retention_amount_minor").fill_null(0)
    tax = pl.coalesce("tax_amount_minor", pl.col("amount_minor") - pl.col("net_amount_minor") + kept)
    net = pl.coalesce("net_amount_minor", pl.col("amount_minor") - pl.col("tax_amount_minor"))
    parts = rows.with_columns(
        net=net, tax=tax, kept=kept, due_minor=pl.col("amount_minor").sum().over("document_id")
    )
    same = ["document_id", "net", "tax", "kept", "tax_kind", "tax_rate"]
    whole = ((pl.col("net") + pl.col("tax") - pl.col("due_minor")).abs() <= 2) | (
        (pl.col("net") + pl.col("tax") - pl.col("kept") - pl.col("due_minor")).abs() <= 2
    )
    repeated = whole.fill_null(value=False) & (pl.len().over(same) == pl.len().over("document_id"))
    nth = pl.int_range(pl.len()).over("document_id")
    return parts.filter(~(repeated & (nth > 0)))


def _rate_bp() -> pl.Expr:
    """As written; else the first usual rate that gives the tax to the cent; else what the amounts give."""
    written = (pl.col("tax_rate") * 100).round(0).cast(pl.Int64)
    usual = [
        pl.when(((pl.col("net") * bp + 5_000) // 10_000 - pl.col("tax")).abs() <= 1).then(bp)
        for bp in _USUAL_BP
    ]
    nothing = pl.when((pl.col("tax") == 0) | (pl.col("net") == 0)).then(0)
    given = ((pl.col("tax") * 20_000 + pl.col("net")) // (pl.col("net") * 2)).clip(0, 10_000)
    return pl.coalesce(written.clip(0, 10_000), nothing, *usual, given).cast(pl.Int32).alias("rate_bp")
