"""One payment, credit note or other credit as a person records it, and what becomes of its rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from aldia.operations.ledger.frames import ALLOCATIONS, CREDITS
from aldia.operations.ledger.placing import place, refuse_given_up, refuse_negative_days
from aldia.operations.ledger.state import lock_credits, lock_lines
from aldia.operations.ledger.trace import By, one_verb
from aldia.operations.ledger.writing import write_credits, write_rows
from aldia.operations.refusals import AmountNotPositive, MoreThanLeft, MoreThanOpen
from aldia.queries.ledger import lines_by_number, lines_of_document
from aldia.rules.allocation import allocate_in_order


@dataclass(frozen=True, slots=True)
class Applied:
    """A credit, what it pays (due line, minor units) and what is left of it, minor units."""

    credit_id: int
    allocated: tuple[tuple[int, int], ...]
    rest_minor: int


def record_payment(
    *,
    creditor_id: int,
    customer_id: int | None,
    amount_minor: int,
    currency: str,
    value_on: date,
    actor: str,
    now: datetime,
    names_document: str = "",
    due_line_ids: Sequence[int] = (),
    reference: str = "",
    payer_name: str = "",
    method: str = "",
    source_key: str = "",
) -> Applied:
    """Record money that came in. Named lines, or those of the one document of that number, are paid, oldest
    due first; the rest stays unapplied. customer_id None: nobody knows yet whose it is.

    Raises AmountNotPositive, SourceKeyTaken, NoSuchRow, CurrenciesDiffer (named lines in another currency).
    """
    lines = list(due_line_ids)
    if names_document and not lines:
        lines = _lines_named(creditor_id, names_document, customer_id, currency)
    row = {
        "customer_id": customer_id,
        "kind": "payment",
        "currency": currency,
        "amount_minor": amount_minor,
        "effective_on": value_on,
        "names_document": names_document,
        "reference": reference,
        "payer_name": payer_name,
        "method": method,
        "source_key": source_key,
    }
    return _record("payment_recorded", By(creditor_id, actor, now), row, lines)


def record_credit_note(
    *,
    creditor_id: int,
    customer_id: int,
    number: str,
    amount_minor: int,
    currency: str,
    issued_on: date,
    actor: str,
    now: datetime,
    adjusts_id: int | None = None,
    reason: str = "",
    source_key: str = "",
) -> Applied:
    """Record a credit note; it pays the open lines of the document it adjusts, the rest stays unapplied.

    Raises AmountNotPositive, SourceKeyTaken (the number is recorded already), NoSuchRow.
    """
    lines = [] if adjusts_id is None else lines_of_document(creditor_id, adjusts_id)["due_line_id"].to_list()
    row = {
        "customer_id": customer_id,
        "kind": "credit_note",
        "currency": currency,
        "amount_minor": amount_minor,
        "effective_on": issued_on,
        "number": number,
        "adjusts_id": adjusts_id,
        "reason": reason,
        "source_key": source_key or f"credit_note:{number}",
    }
    return _record("credit_note_recorded", By(creditor_id, actor, now), row, lines)


def write_off(
    *,
    creditor_id: int,
    due_line_id: int,
    on: date,
    actor: str,
    now: datetime,
    amount_minor: int | None = None,
    reason: str = "",
) -> Applied:
    """Give a due line up as uncollectable, all of it or an amount. Raises MoreThanOpen, NoSuchRow."""
    return _take_off(
        By(creditor_id, actor, now),
        kind="write_off",
        verb="written_off",
        due_line_id=due_line_id,
        on=on,
        amount_minor=amount_minor,
        reason=reason,
    )


def forgive(
    *,
    creditor_id: int,
    due_line_id: int,
    on: date,
    actor: str,
    now: datetime,
    amount_minor: int | None = None,
    reason: str = "",
) -> Applied:
    """Forgive a due line or part of it (quita). Raises MoreThanOpen, NoSuchRow."""
    return _take_off(
        By(creditor_id, actor, now),
        kind="forgiveness",
        verb="forgiven",
        due_line_id=due_line_id,
        on=on,
        amount_minor=amount_minor,
        reason=reason,
    )


def allocate_credit(
    *,
    creditor_id: int,
    credit_id: int,
    due_line_ids: Sequence[int],
    actor: str,
    now: datetime,
    amount_minor: int | None = None,
) -> Applied:
    """Apply a credit's rest, or so much of it, to lines, oldest due first.

    Without an amount as much as fits; with one, all of it. Raises WrongKind (a write-off or the like),
    MoreThanLeft, MoreThanOpen, CurrenciesDiffer, NoSuchRow, AmountNotPositive.
    """
    with one_verb("credit_allocated", By(creditor_id, actor, now)) as trace:
        credit = lock_credits(creditor_id, [credit_id]).row(0, named=True)
        refuse_given_up(credit_id, credit["credit_kind"])
        left = credit["left_minor"]
        asked = left if amount_minor is None else amount_minor
        _refuse_not_positive(amount_minor)
        if asked > left:
            raise MoreThanLeft(
                "Del cobro o abono queda menos de lo que se aplica.", asked_minor=asked, left_minor=left
            )
        given = _spread(By(creditor_id, actor, now), credit_id, asked, due_line_ids)
        total = sum(minor for _, minor in given)
        if amount_minor is not None and total < amount_minor:
            raise MoreThanOpen("En las partidas queda menos pendiente.", asked_minor=asked, left_minor=total)
        trace.tell(f"credit:{credit_id}", allocated=[list(each) for each in given])
        return Applied(credit_id, given, left - total)


def refund(
    *,
    creditor_id: int,
    credit_id: int,
    amount_minor: int,
    on: date,
    actor: str,
    now: datetime,
    reference: str = "",
    reason: str = "",
) -> int:
    """Give unallocated money back; the refund's id.

    Raises WrongKind (a write-off or the like), MoreThanLeft, NotThatDay (it was allocated on that day),
    TooEarly, AmountNotPositive, NoSuchRow.
    """
    with one_verb("refunded", By(creditor_id, actor, now)) as trace:
        credit = lock_credits(creditor_id, [credit_id]).row(0, named=True)
        refuse_given_up(credit_id, credit["credit_kind"])
        _refuse_not_positive(amount_minor)
        if amount_minor > credit["left_minor"]:
            raise MoreThanLeft(
                "Queda sin aplicar menos de lo que se devuelve.",
                asked_minor=amount_minor,
                left_minor=credit["left_minor"],
            )
        row = {
            "credit_id": credit_id,
            "currency": credit["credit_currency"],
            "amount_minor": amount_minor,
            "effective_on": on,
            "reference": reference,
            "reason": reason,
        }
        refund_id = int(write_rows("ledger_refund", creditor_id, pl.DataFrame([row]), now)[0])
        refuse_negative_days(creditor_id, "credit", credit_id)
        trace.tell(f"refund:{refund_id}", credit=credit_id, minor=amount_minor, on=on.isoformat())
        return refund_id


def _record(verb: str, by: By, row: Mapping[str, object], due_line_ids: Sequence[int]) -> Applied:
    with one_verb(verb, by) as trace:
        amount = int(str(row["amount_minor"]))
        _refuse_not_positive(amount)
        credit_id = _write_one(by, row)
        given = _spread(by, credit_id, amount, due_line_ids)
        trace.tell(
            f"credit:{credit_id}",
            kind=row["kind"],
            customer=row["customer_id"],
            minor=amount,
            currency=row["currency"],
            allocated=[list(each) for each in given],
        )
        return Applied(credit_id, given, amount - sum(minor for _, minor in given))


def _take_off(
    by: By, *, kind: str, verb: str, due_line_id: int, on: date, amount_minor: int | None, reason: str
) -> Applied:
    """A credit that exists only to close a line: never more than is open."""
    with one_verb(verb, by) as trace:
        line = lock_lines(by.creditor_id, [due_line_id]).row(0, named=True)
        amount = line["open_minor"] if amount_minor is None else amount_minor
        if amount > line["open_minor"] or not line["open_minor"]:
            raise MoreThanOpen(
                "La partida tiene menos pendiente.", asked_minor=amount, left_minor=line["open_minor"]
            )
        _refuse_not_positive(amount)
        row = {
            "customer_id": line["customer_id"],
            "kind": kind,
            "currency": line["currency"],
            "amount_minor": amount,
            "effective_on": on,
            "reason": reason,
        }
        credit_id = _write_one(by, row)
        given = _spread(by, credit_id, amount, [due_line_id])
        trace.tell(f"credit:{credit_id}", line=due_line_id, minor=amount, on=on.isoformat())
        return Applied(credit_id, given, 0)


def _write_one(by: By, row: Mapping[str, object]) -> int:
    frame = pl.DataFrame([row], schema={name: CREDITS[name] for name in CREDITS if name in row})
    return int(write_credits(by.creditor_id, frame, by.now)[0])


def _spread(
    by: By, credit_id: int, amount_minor: int, due_line_ids: Sequence[int]
) -> tuple[tuple[int, int], ...]:
    """Allocate up to the amount to the lines, oldest due first."""
    if not due_line_ids:
        return ()
    lines = lock_lines(by.creditor_id, due_line_ids).sort("due_date", "due_line_id")
    given = allocate_in_order(amount_minor, list(lines.select("due_line_id", "open_minor").iter_rows()))
    if given:
        rows = [(credit_id, line_id, minor) for line_id, minor in given]
        columns = ["credit_id", "due_line_id", "amount_minor"]
        schema = {name: ALLOCATIONS[name] for name in columns}
        place(by.creditor_id, pl.DataFrame(rows, schema=schema, orient="row"), by.now)
    return tuple(given)


def _lines_named(creditor_id: int, number: str, customer_id: int | None, currency: str) -> list[int]:
    """Open lines of the one document of that number (the customer's, if known); none if it is not one."""
    lines = lines_by_number(creditor_id, [number]).filter(pl.col("currency") == currency)
    if customer_id is not None:
        lines = lines.filter(pl.col("customer_id") == customer_id)
    if lines["document_id"].n_unique() != 1:
        return []
    return lines["due_line_id"].to_list()


def _refuse_not_positive(amount_minor: int | None) -> None:
    if amount_minor is not None and amount_minor <= 0:
        raise AmountNotPositive("El importe debe ser mayor que cero.", asked_minor=amount_minor)
