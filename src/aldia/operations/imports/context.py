"""For whom, from where and on which day an import thinks."""

from dataclasses import dataclass, field
from datetime import date

import polars as pl

from aldia.records.tenancy.models import Creditor

DERIVED = "~"
"""Between a due line's source key and the mark of what an import derived from the line."""


@dataclass(frozen=True, slots=True)
class Context:
    """source: name of the saved source. day: the creditor's business date. mark: the import's own number.

    amount_is_open: the file has no total, only what is still open. numbers_aside: document numbers of rows
    that could not be used, so nobody may conclude that they are gone.
    """

    creditor: Creditor
    source: str
    file_name: str
    day: date
    mark: str
    amount_is_open: bool = False
    numbers_aside: frozenset[str] = field(default_factory=frozenset)

    @property
    def creditor_id(self) -> int:
        """The tenant."""
        return int(self.creditor.pk)

    @property
    def prefix(self) -> str:
        """What all source keys of this source begin with."""
        return f"{escaped_text(self.source)}:"


def escaped_text(text: str) -> str:
    """A part of a source key, without the signs that separate parts."""
    return text.replace("%", "%25").replace(":", "%3A").replace(DERIVED, "%7E")


def escaped(column: str) -> pl.Expr:
    """The same for a column."""
    text = pl.col(column).str.replace_all("%", "%25", literal=True)
    return text.str.replace_all(":", "%3A", literal=True).str.replace_all(DERIVED, "%7E", literal=True)


def derived_key(context: Context, what: str) -> pl.Expr:
    """The source key of what this import derives from a line: adjust, paid, open."""
    return pl.col("source_key") + pl.lit(f"{DERIVED}{what}:{context.mark}")
