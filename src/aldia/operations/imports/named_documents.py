"""Which documents a payment names: one by its exact number, or several numbers in one cell."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from aldia.formats.table.findings import shown
from aldia.formats.table.triage import Row
from aldia.operations.imports.context import Context
from aldia.operations.imports.matching import DOCUMENT
from aldia.operations.imports.plan import Plan
from aldia.queries.imports import lines_of_numbers

_SEPARATORS = (re.compile(r"[,;]+"), re.compile(r"[,;/\s]+"))
_FOUND = pl.Schema(
    {
        "customer_id": pl.Int64(),
        "currency": pl.String(),
        "invoice_number": pl.String(),
        "found_customer": pl.Int64(),
        "documents": pl.List(pl.Int64),
        "why_not": pl.String(),
    }
)


@dataclass(frozen=True, slots=True)
class _Known:
    """documents: (customer, currency, number) → document. owners: number → its customers and currencies."""

    documents: dict[tuple[int, str, str], int]
    owners: dict[str, set[tuple[int, str]]]

    def owner_of(self, number: str, currency: str) -> int | None:
        """The only customer with a document of that number and currency."""
        those = {customer for customer, its in self.owners.get(number, ()) if its == currency}
        return those.pop() if len(those) == 1 else None

    def find(self, customer: int | None, currency: str, text: str) -> tuple[int | None, list[int]]:
        """Whose the documents named are, and the documents: all that are named or none."""
        for numbers in _readings(text):
            who = customer if customer is not None else self.owner_of(numbers[0], currency)
            named = [self.documents.get((who, currency, number)) for number in numbers] if who else []
            if named and all(named):
                return who, [document for document in named if document]
        return customer, []

    def why_not(self, customer: int | None, currency: str, text: str) -> str:
        """Why nothing is found under this number: currency, another, several, unknown."""
        owners = self.owners.get(text, set())
        if any(its != currency and customer in {None, who} for who, its in owners):
            return "currency"
        if customer is None:
            return "several" if owners else "unknown"
        return "another" if owners else "unknown"


def with_documents(context: Context, rows: pl.DataFrame) -> pl.DataFrame:
    """`documents`: those named, empty where the number says nothing; `why_not` then.

    The payment of an unknown payer is of the one customer who has a document of that number.
    """
    cases = rows.select("customer_id", "currency", "invoice_number").unique(maintain_order=True)
    cases = cases.filter(pl.col("invoice_number").is_not_null())
    known = _known(context, cases["invoice_number"])
    found = [(*case, *_answer(known, *case)) for case in cases.iter_rows()]
    keys = ["customer_id", "currency", "invoice_number"]
    answers = pl.DataFrame(found, schema=_FOUND, orient="row")
    return (
        rows.join(answers, on=keys, how="left", nulls_equal=True, maintain_order="left")
        .with_columns(
            customer_id=pl.coalesce("customer_id", "found_customer"),
            documents=pl.col("documents").fill_null([]),
        )
        .drop("found_customer")
    )


def lines_of_documents(context: Context, rows: pl.DataFrame) -> pl.DataFrame:
    """group (the document), due_line_id, open_minor of the documents that rows name, oldest due first."""
    numbers = {number for text in rows["invoice_number"] for reading in _readings(text) for number in reading}
    lines = lines_of_numbers(context.creditor_id, numbers)
    first = pl.col("document_id").min().over(DOCUMENT)
    named = lines.with_columns(group=first, due=pl.coalesce("terms_on", "due_date"))
    wanted = rows.select(group="documents").explode("group").unique()
    return (
        named.join(wanted, on="group", how="semi")
        .sort("due", "due_line_id")
        .select("group", "due_line_id", "open_minor")
    )


def say_unapplied(rows: pl.DataFrame, plan: Plan) -> None:
    """New money that names something which is no document it could pay: accepted, but not without a word."""
    for why, (code, sentence) in _SENTENCES.items():
        plan.notes.say(rows.filter(pl.col("why_not") == why), "warning", code, "invoice_number", sentence)


def _readings(text: str) -> Iterator[list[str]]:
    """The number as it stands, then as a list of numbers."""
    yield [text]
    for separator in _SEPARATORS:
        parts = [part.strip() for part in separator.split(text) if part.strip()]
        if len(parts) > 1:
            yield list(dict.fromkeys(parts))


def _known(context: Context, texts: pl.Series) -> _Known:
    numbers = {number for text in texts for reading in _readings(text) for number in reading}
    lines = lines_of_numbers(context.creditor_id, numbers)
    documents = lines.group_by(DOCUMENT).agg(document=pl.col("document_id").min())
    owners: dict[str, set[tuple[int, str]]] = defaultdict(set)
    by_name: dict[tuple[int, str, str], int] = {}
    for customer, number, currency, document in documents.select(*DOCUMENT, "document").iter_rows():
        owners[number].add((customer, currency))
        by_name[(customer, currency, number)] = document
    return _Known(by_name, owners)


def _answer(
    known: _Known, customer: int | None, currency: str, text: str
) -> tuple[int | None, list[int], str | None]:
    who, documents = known.find(customer, currency, text)
    return who, documents, None if documents else known.why_not(customer, currency, text)


def _where(row: Row) -> str:
    if row["customer_id"] is None:
        return "el cobro queda sin identificar"
    return "el cobro queda sin aplicar en la cuenta del cliente"


def _unknown(row: Row) -> str:
    if row["customer_id"] is None:
        return f"no hay ninguna factura «{shown(row['invoice_number'])}»; el cobro queda sin identificar."
    return (
        f"no hay ninguna factura «{shown(row['invoice_number'])}» de ese cliente; el cobro queda sin aplicar."
    )


_SENTENCES = {
    "unknown": ("document_unknown", _unknown),
    "currency": (
        "document_in_other_currency",
        lambda row: (
            f"la factura «{shown(row['invoice_number'])}» no está en {row['currency']}, la moneda del cobro; "
            f"{_where(row)}."
        ),
    ),
    "another": (
        "document_of_another",
        lambda row: (
            f"la factura «{shown(row['invoice_number'])}» es de otro cliente; el cobro queda sin aplicar en "
            "la cuenta del cliente indicado."
        ),
    ),
    "several": (
        "document_of_several",
        lambda row: (
            f"varios clientes tienen una factura «{shown(row['invoice_number'])}»; {_where(row)}. Indique el "
            "cliente en la fila."
        ),
    ),
}
