"""The quick way for plain numbers (digits, one decimal sign, thousands, minus): a whole column at once.

It accepts less than numbers.py and agrees with it on what it accepts; anything else is left to numbers.py.
"""

from collections.abc import Sequence
from typing import Final

import polars as pl

from aldia.formats.table.numbers import DecimalSign, Proof
from aldia.formats.table.raw import Cell

# At most 15 digits: no sum below can leave int64.
_GRAMMAR: Final[dict[DecimalSign, str]] = {
    ",": r"^-?(?:[1-9][0-9]{0,2}(?:\.[0-9]{3}){1,3}|[0-9]{1,12})(?:,[0-9]{1,3})?$",
    ".": r"^-?(?:[1-9][0-9]{0,2}(?:,[0-9]{3}){1,3}|[0-9]{1,12})(?:\.[0-9]{1,3})?$",
}


def plain_series(cells: Sequence[Cell]) -> pl.Series | None:
    """The cells if every filled one is a plain number under one of the grammars, else None."""
    if not all(type(cell) is str for cell in cells):
        return None
    series = pl.Series(cells, dtype=pl.String)
    odd = ~(series.str.contains(_GRAMMAR[","]) | series.str.contains(_GRAMMAR["."]) | (series == ""))
    return None if odd.any() else series


def plain_examples(series: pl.Series, *, whole: bool = False) -> dict[Proof, str]:
    """The first cell of each proof about the decimal sign; whole: see `proof_of`."""
    comma, point = (series.str.contains(_GRAMMAR[sign]) for sign in (",", "."))
    marked, pointed = series.str.contains("[.,]"), series.str.contains(".", literal=True)
    either = comma & point & marked
    found = {
        Proof.COMMA: series.filter((comma & ~point) | (either & pointed & whole)),
        Proof.POINT: series.filter((point & ~comma) | (either & ~pointed & whole)),
        Proof.AMBIGUOUS: series.filter(either & (not whole)),
        Proof.NOTHING: series.filter(comma & point & ~marked),
    }
    return {proof: cells[0] for proof, cells in found.items() if len(cells)}


def plain_minor(series: pl.Series, sign: DecimalSign, exponent: int) -> list[int | None] | None:
    """Minor units; None when some cell needs a closer look: the other sign, or too many decimals."""
    decimals = (
        rf"(?:{'[,]' if sign == ',' else '[.]'}([0-9]{{1,{exponent}}})0*)?" if exponent else r"(?:[.,]0+)?()"
    )
    if not (series.str.contains(_GRAMMAR[sign]) | (series == "")).all():
        return None
    digits = series.str.replace_all("." if sign == "," else ",", "", literal=True)
    parts = pl.DataFrame({"text": digits}).select(
        "text",
        whole=pl.col("text").str.extract(rf"^-?([0-9]+){decimals}$", 1).cast(pl.Int64),
        part=pl.col("text").str.extract(rf"^-?[0-9]+{decimals}$", 1).fill_null("").str.pad_end(exponent, "0"),
    )
    if parts.filter(pl.col("whole").is_null() & (pl.col("text") != "")).height:
        return None
    minor = pl.col("whole") * 10**exponent + pl.col("part").replace("", "0").cast(pl.Int64)
    negative = pl.col("text").str.starts_with("-")
    return parts.select(pl.when(negative).then(-minor).otherwise(minor)).to_series().to_list()
