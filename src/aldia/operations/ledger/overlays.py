"""Dated facts beside a line or customer: they move no money."""

from datetime import date, datetime
from typing import Any

import polars as pl

from aldia.operations.ledger.state import lock_lines
from aldia.operations.ledger.trace import By, one_verb
from aldia.operations.ledger.writing import write_rows
from aldia.operations.refusals import AmountNotPositive, MoreThanOpen, NoSuchRow
from aldia.queries.reading import read_frame

_OVERLAY = pl.Schema(
    {
        "customer_id": pl.Int64,
        "due_line_id": pl.Int64,
        "kind": pl.String,
        "amount_minor": pl.Int64,
        "until_on": pl.Date,
        "effective_on": pl.Date,
        "reason": pl.String,
        "recorded_by": pl.String,
    }
)


def record_terms(
    *,
    creditor_id: int,
    due_line_id: int,
    until_on: date,
    on: date,
    actor: str,
    now: datetime,
    reason: str = "",
) -> int:
    """Another due date for a line, in force from `on`; the overlay's id. Raises NoSuchRow."""
    row = {"kind": "terms", "until_on": until_on, "effective_on": on, "reason": reason}
    return _beside_line("terms_recorded", By(creditor_id, actor, now), due_line_id, row)


def record_dispute(
    *,
    creditor_id: int,
    due_line_id: int,
    on: date,
    actor: str,
    now: datetime,
    amount_minor: int | None = None,
    reason: str = "",
) -> int:
    """The customer contests a line, or so much of it, until the overlay is ended; its id.

    Raises MoreThanOpen (more than the line ever was), AmountNotPositive, NoSuchRow.
    """
    row = {"kind": "dispute", "amount_minor": amount_minor, "effective_on": on, "reason": reason}
    return _beside_line("dispute_recorded", By(creditor_id, actor, now), due_line_id, row)


def record_cover(
    *,
    creditor_id: int,
    due_line_id: int,
    until_on: date,
    on: date,
    actor: str,
    now: datetime,
    amount_minor: int | None = None,
    reason: str = "",
) -> int:
    """Paper or a direct debit covers a line, or so much of it, until `until_on`, which is free; its id.

    Raises as `record_dispute`, and TooEarly when it ends before it begins.
    """
    row = {
        "kind": "cover",
        "amount_minor": amount_minor,
        "until_on": until_on,
        "effective_on": on,
        "reason": reason,
    }
    return _beside_line("cover_recorded", By(creditor_id, actor, now), due_line_id, row)


def record_hold(
    *,
    creditor_id: int,
    customer_id: int,
    on: date,
    actor: str,
    now: datetime,
    until_on: date | None = None,
    reason: str = "",
) -> int:
    """Nobody duns the customer up to and without `until_on` (None: until it is ended); the overlay's id.

    Raises NoSuchRow, TooEarly.
    """
    row = {"kind": "hold", "until_on": until_on, "effective_on": on, "reason": reason}
    with one_verb("hold_recorded", By(creditor_id, actor, now)) as trace:
        overlay_id = _write(By(creditor_id, actor, now), row | {"customer_id": customer_id})
        trace.tell(f"overlay:{overlay_id}", customer=customer_id, on=on.isoformat())
        return overlay_id


def end_overlay(
    *, creditor_id: int, overlay_id: int, on: date, actor: str, now: datetime, reason: str = ""
) -> int:
    """End a circumstance; `on` is the first day without it. The end's id. Raises AlreadyEnded, NoSuchRow."""
    with one_verb("overlay_ended", By(creditor_id, actor, now)) as trace:
        row = {"overlay_id": overlay_id, "effective_on": on, "reason": reason, "recorded_by": actor}
        end_id = int(write_rows("ledger_overlay_end", creditor_id, pl.DataFrame([row]), now)[0])
        trace.tell(f"overlay:{overlay_id}", on=on.isoformat())
        return end_id


def record_acceptance(
    *,
    creditor_id: int,
    document_id: int,
    state: str,
    on: date,
    actor: str,
    now: datetime,
    number: str = "",
) -> int:
    """What the customer says to a document: requested, accepted, rejected, registered; the last word counts.

    number: of the register. Raises NoSuchRow, BadValue.
    """
    with one_verb("acceptance_recorded", By(creditor_id, actor, now)) as trace:
        row = {
            "document_id": document_id,
            "customer_id": _customer_of(creditor_id, document_id),
            "state": state,
            "number": number,
            "effective_on": on,
        }
        word_id = int(write_rows("ledger_acceptance", creditor_id, pl.DataFrame([row]), now)[0])
        trace.tell(f"document:{document_id}", state=state, on=on.isoformat())
        return word_id


def _beside_line(verb: str, by: By, due_line_id: int, row: dict[str, Any]) -> int:
    with one_verb(verb, by) as trace:
        line = lock_lines(by.creditor_id, [due_line_id]).row(0, named=True)
        _refuse_beyond(row.get("amount_minor"), line["original_minor"])
        whole = row | {"due_line_id": due_line_id, "customer_id": line["customer_id"]}
        overlay_id = _write(by, whole)
        trace.tell(f"overlay:{overlay_id}", line=due_line_id, on=row["effective_on"].isoformat())
        return overlay_id


def _refuse_beyond(amount_minor: int | None, original_minor: int) -> None:
    if amount_minor is None:
        return
    if amount_minor <= 0:
        raise AmountNotPositive("El importe debe ser mayor que cero.", asked_minor=amount_minor)
    if amount_minor > original_minor:
        raise MoreThanOpen(
            "El importe supera el de la partida.", asked_minor=amount_minor, left_minor=original_minor
        )


def _write(by: By, row: dict[str, Any]) -> int:
    frame = pl.DataFrame([row | {"recorded_by": by.actor}], schema=_OVERLAY)
    return int(write_rows("ledger_overlay", by.creditor_id, frame, by.now)[0])


def _customer_of(creditor_id: int, document_id: int) -> int:
    found = read_frame(
        "SELECT customer_id FROM ledger_document WHERE creditor_id = %s AND id = %s",
        [creditor_id, document_id],
        pl.Schema({"customer_id": pl.Int64}),
    )
    if found.is_empty():
        raise NoSuchRow(f"No existe el documento {document_id}.", id=document_id)
    return int(found["customer_id"][0])
