"""A plan becomes rows: provisional ids become real ones, and every table is filled in bulk, in order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl
from django.db import connection

from aldia.operations.bulk import insert_frame, next_ids, update_frame
from aldia.operations.imports.plan import Plan
from aldia.operations.imports.returning import correct, take_back
from aldia.operations.imports.second_pour import pour_again
from aldia.operations.imports.words import names_for_search, words_of
from aldia.operations.ledger.placing import place
from aldia.operations.ledger.writing import write_credits, write_documents, write_rows

Progress = Callable[[int, int], None]

ROWS_PER_CHUNK = 20_000
_KEYS = {
    "parties_customer_group": ("group_id",),
    "parties_salesperson": ("salesperson_id",),
    "parties_customer": ("customer_id",),
    "parties_contact": ("contact_id",),
    "parties_beneficiary": ("beneficiary_id",),
    "ledger_document": ("document_id", "adjusts_id"),
    "ledger_due_line": ("due_line_id",),
    "ledger_credit": ("credit_id",),
}
_SILENCE = """
DELETE FROM parties_contact_point p USING parties_contact c
WHERE p.creditor_id = %(creditor)s AND c.creditor_id = p.creditor_id AND c.id = p.contact_id
  AND c.role = 'holder' AND c.customer_id = ANY (%(ids)s::bigint[]);
UPDATE parties_contact SET is_recipient = false
WHERE creditor_id = %(creditor)s AND role = 'holder' AND customer_id = ANY (%(ids)s::bigint[])
"""


@dataclass(slots=True)
class Booking:
    """One plan on its way into the tables. batch_id: the import's, None for what came by no file.

    progress(done, total) is called after each chunk of rows.
    """

    creditor_id: int
    batch_id: int | None
    now: datetime
    progress: Progress | None = None
    total: int = 0
    done: int = 0
    real: dict[str, pl.DataFrame] = field(default_factory=dict)

    def book(self, plan: Plan) -> None:
        """Write everything, or raise and leave it to the transaction to forget."""
        self.total = sum(
            frame.height
            for frame in (plan.customers, plan.documents, plan.credits, plan.allocations, plan.returns)
        )
        self._step(0)
        self.parties(plan)
        correct(self.creditor_id, plan.corrections.drop("rest_minor"), self.batch_id, self.now)
        self._documents(plan)
        self._credits(plan)
        self._rows("ledger_acceptance", plan.acceptances)
        self._links(plan.links)
        take_back(self.creditor_id, self._with_ids(plan.returns), self.batch_id, self.now)
        self._step(plan.returns.height)
        plan.count(allocations=pour_again(self.creditor_id, self._with_ids(plan.again), self.now))
        overlays = plan.overlays.with_columns(recorded_by=pl.lit(f"batch:{self.batch_id}"))
        self._rows("ledger_overlay", overlays, batch=True)

    def parties(self, plan: Plan) -> None:
        """Write only who the plan's customers are, how they are reached and for whom they pay."""
        self._insert("parties_customer_group", plan.groups)
        self._insert("parties_salesperson", plan.salespeople)
        self._insert("parties_customer", names_for_search(plan.customers), batch=True)
        self._change_customers(plan.changed_customers)
        insert_frame(
            "parties_customer_word",
            self.creditor_id,
            words_of(self._with_own_ids("parties_customer", plan.customers)),
        )
        self._insert("parties_contact", plan.contacts)
        points = self._with_ids(plan.points)
        insert_frame("parties_contact_point", self.creditor_id, points, unless_exists=True)
        self._insert("parties_beneficiary", plan.beneficiaries)
        update_frame("parties_beneficiary", self.creditor_id, "id", plan.changed_beneficiaries)
        self._step(plan.customers.height)

    def _change_customers(self, changed: pl.DataFrame) -> None:
        if changed.is_empty():
            return
        rows = self._with_ids(names_for_search(changed))
        minors = rows.filter(pl.col("minor"))["id"].to_list()
        with connection.cursor() as cursor:
            cursor.execute(_SILENCE, {"creditor": self.creditor_id, "ids": minors})
        update_frame("parties_customer", self.creditor_id, "id", rows.drop("code"))
        insert_frame("parties_customer_word", self.creditor_id, words_of(rows), unless_exists=True)

    def _documents(self, plan: Plan) -> None:
        documents = self._with_own_ids("ledger_document", plan.documents).with_columns(self._batch())
        lines = self._with_own_ids("ledger_due_line", plan.lines).with_columns(self._batch())
        taxes = self._with_ids(plan.taxes)
        for part in _chunks(documents):
            own = part.select(document_id="id")
            write_documents(
                self.creditor_id,
                part,
                lines.join(own, on="document_id", how="semi"),
                taxes.join(own, on="document_id", how="semi"),
                self.now,
            )
            self._step(part.height)

    def _links(self, links: pl.DataFrame) -> None:
        by = f"batch:{self.batch_id}"
        self._rows("ledger_document_copy", links.with_columns(kind=pl.lit("link"), recorded_by=pl.lit(by)))

    def _credits(self, plan: Plan) -> None:
        for part in _chunks(self._with_own_ids("ledger_credit", plan.credits).with_columns(self._batch())):
            write_credits(self.creditor_id, part, self.now)
            self._step(part.height)
        for part in _chunks(self._with_ids(plan.allocations).drop("id", strict=False)):
            place(self.creditor_id, part, self.now)
            self._step(part.height)

    def _insert(self, table: str, frame: pl.DataFrame, *, batch: bool = False) -> None:
        rows = self._with_own_ids(table, frame)
        insert_frame(table, self.creditor_id, rows.with_columns(self._batch()) if batch else rows)

    def _rows(self, table: str, frame: pl.DataFrame, *, batch: bool = False) -> None:
        if frame.height:
            rows = self._with_ids(frame)
            write_rows(table, self.creditor_id, rows.with_columns(self._batch()) if batch else rows, self.now)

    def _with_own_ids(self, table: str, frame: pl.DataFrame) -> pl.DataFrame:
        """Give the table's new rows their ids, once; and resolve what else they name."""
        if table not in self.real:
            fresh = next_ids(table, frame.height)
            self.real[table] = pl.DataFrame({"provisional": frame["id"], "real": fresh})
        known = self._with_ids(frame)
        return known.with_columns(id=_resolved(known["id"], self.real[table]))

    def _with_ids(self, frame: pl.DataFrame) -> pl.DataFrame:
        for table, columns in _KEYS.items():
            if table in self.real:
                frame = frame.with_columns(
                    _resolved(frame[column], self.real[table]).alias(column)
                    for column in columns
                    if column in frame.columns
                )
        return frame

    def _batch(self) -> pl.Expr:
        return pl.lit(self.batch_id, pl.Int64).alias("batch_id")

    def _step(self, rows: int) -> None:
        self.done += rows
        if self.progress is not None:
            self.progress(self.done, self.total)


def _chunks(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    return frame.iter_slices(ROWS_PER_CHUNK) if frame.height else iter(())


def _resolved(ids: pl.Series, real: pl.DataFrame) -> pl.Series:
    """Negative ids become real ones; the others stay."""
    if real.is_empty():
        return ids
    named = ids.to_frame("provisional").join(real, on="provisional", how="left", maintain_order="left")
    return named.select(pl.coalesce("real", "provisional")).to_series()
