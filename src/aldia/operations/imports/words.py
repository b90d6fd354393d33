"""A customer's words, as stored for search and sorting."""

import polars as pl

from aldia.kernel.text import fold, sort_key


def names_for_search(customers: pl.DataFrame) -> pl.DataFrame:
    """The frame (with `name`) and its folded and sorting forms."""
    names = customers["name"].to_list()
    return customers.with_columns(
        pl.Series("folded_name", [fold(name) for name in names], dtype=pl.String),
        pl.Series("sort_name", [sort_key(name) for name in names], dtype=pl.String),
    )


def words_of(customers: pl.DataFrame) -> pl.DataFrame:
    """customer_id, word: each folded word of name, code and tax id. customers: id, name, code, tax_id."""
    texts = customers.select("id", "name", "code", "tax_id")
    pairs = [
        (id_, word)
        for id_, *parts in texts.iter_rows()
        for word in sorted({word for part in parts for word in fold(part or "").split()})
    ]
    return pl.DataFrame(pairs, schema={"customer_id": pl.Int64, "word": pl.String}, orient="row")
