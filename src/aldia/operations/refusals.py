"""What the ledger refuses, by name, with a Spanish sentence; and the database's own refusals by theirs.

Operations look before they leap, under locks; the constraints stand behind them for whatever else comes. Both
speak with the same words: `spoken()` turns the database's refusal into ours, by constraint, in one place.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError

from aldia.kernel.errors import AldiaError


class LedgerRefusal(AldiaError):
    """The ledger does not take this."""

    code = "ledger_refusal"


class MoreThanOpen(LedgerRefusal):
    """More than is open of a due line."""

    code = "more_than_open"


class MoreThanLeft(LedgerRefusal):
    """More than is left of a credit, refund or allocation."""

    code = "more_than_left"


class NotThatDay(LedgerRefusal):
    """Enough is left today, but on the day named it was not."""

    code = "not_that_day"


class TooEarly(LedgerRefusal):
    """Dated before the row it speaks of."""

    code = "too_early"


class NoSuchRow(LedgerRefusal):
    """The row named does not exist, or belongs to another creditor."""

    code = "no_such_row"


class SourceKeyTaken(LedgerRefusal):
    """A live row came from the same place already."""

    code = "source_key_taken"


class NumberTaken(LedgerRefusal):
    """A document has this line already."""

    code = "line_number_taken"


class AnotherCustomer(LedgerRefusal):
    """The rows belong to different customers where one is needed."""

    code = "another_customer"


class WrongKind(LedgerRefusal):
    """The credit is of a kind to which this is not done. facts: id, kind."""

    code = "wrong_kind"


class AmountNotPositive(LedgerRefusal):
    """Zero or less."""

    code = "amount_not_positive"


class DueBeforeIssue(LedgerRefusal):
    """Due before it was issued."""

    code = "due_before_issue"


class BadValue(LedgerRefusal):
    """A value outside what the ledger knows."""

    code = "bad_value"


class NeverChanged(LedgerRefusal):
    """Rows of the ledger are never changed nor deleted."""

    code = "never_changed"


class AlreadyEnded(LedgerRefusal):
    """The overlay has its end."""

    code = "already_ended"


_MORE_THAN_OPEN = (MoreThanOpen, "El importe supera lo que queda pendiente de la partida.")
_MORE_THAN_LEFT = (MoreThanLeft, "El importe supera lo que queda disponible.")
_KEY_TAKEN = (SourceKeyTaken, "Ya existe un apunte vivo con el mismo origen: no se registra dos veces.")
_TOO_EARLY = (TooEarly, "La fecha es anterior a la del apunte al que se refiere.")
_ANOTHER = (AnotherCustomer, "El cliente indicado no es el del cobro.")
_NEVER = (NeverChanged, "Los apuntes no se modifican ni se borran: anúlelos con un apunte nuevo.")
_NOT_POSITIVE = (AmountNotPositive, "El importe debe ser mayor que cero.")
_SHAPE = (BadValue, "Faltan datos de la circunstancia, o no corresponden a su clase.")

_REFUSALS: dict[str, tuple[type[LedgerRefusal], str]] = {
    "item_open_is_never_negative": _MORE_THAN_OPEN,
    "item_is_settled_iff_nothing_is_open": _MORE_THAN_OPEN,
    "item_allocated_is_never_negative": _MORE_THAN_LEFT,
    "credit_unallocated_is_never_negative": _MORE_THAN_LEFT,
    "credit_allocated_is_never_negative": _MORE_THAN_LEFT,
    "credit_refunded_is_never_negative": _MORE_THAN_LEFT,
    "reversal_exceeds": _MORE_THAN_LEFT,
    "item_source_key_is_unique_among_unreversed": _KEY_TAKEN,
    "credit_source_key_is_unique_among_unreversed": _KEY_TAKEN,
    "allocation_too_early": _TOO_EARLY,
    "refund_too_early": _TOO_EARLY,
    "reversal_too_early": _TOO_EARLY,
    "allocation_of_another_customer": _ANOTHER,
    "reversal_of_another_customer": _ANOTHER,
    "append_only": _NEVER,
    "trigger_kept": _NEVER,
    "balance_missing": (NoSuchRow, "El apunte al que se refiere no existe."),
    "document_total_is_positive": _NOT_POSITIVE,
    "due_line_amount_is_positive": _NOT_POSITIVE,
    "credit_amount_is_positive": _NOT_POSITIVE,
    "allocation_amount_is_positive": _NOT_POSITIVE,
    "refund_amount_is_positive": _NOT_POSITIVE,
    "reversal_amount_is_positive": _NOT_POSITIVE,
    "overlay_amount_is_positive": _NOT_POSITIVE,
    "due_line_is_not_due_before_issue": (DueBeforeIssue, "El vencimiento es anterior a la emisión."),
    "due_line_number_is_unique": (NumberTaken, "El documento ya tiene una partida con ese número."),
    "overlay_has_the_shape_of_its_kind": _SHAPE,
    "overlay_hold_or_cover_ends_after_it_begins": (TooEarly, "La fecha final no es posterior a la inicial."),
    "overlay_ends_once": (AlreadyEnded, "Esta circunstancia ya tiene fecha de fin."),
    "credit_only_money_may_be_unidentified": (BadValue, "Solo un cobro puede quedar sin identificar."),
    "acceptance_state_is_known": (BadValue, "El estado de conformidad no existe."),
    "reversal_kind_is_known": (BadValue, "El motivo de anulación no existe."),
}
"""Name of a constraint, or of a trigger's refusal (the first word of its message) → what we say."""

_BY_STATE: dict[str, tuple[type[LedgerRefusal], str]] = {
    "23503": (NoSuchRow, "El cliente, el documento o el apunte indicado no existe."),
    "23514": (BadValue, "Un valor está fuera de lo admitido."),
    "22003": (BadValue, "El importe es demasiado grande."),
    "22001": (BadValue, "Un texto es demasiado largo."),
    "42501": (NoSuchRow, "El apunte pertenece a otro acreedor."),
}
"""SQLSTATE → what we say where no name is known: foreign keys, other checks, size, row security."""


@contextmanager
def spoken() -> Iterator[None]:
    """Inside, a refusal of the database becomes one of ours, with `constraint` among its facts.

    Put it around the atomic block, so that the transaction is rolled back before anybody hears of it. What is
    no refusal (a lost connection, a deadlock, a missing column) passes through untouched.
    """
    try:
        yield
    except DatabaseError as error:
        refusal = _refusal_of(error)
        if refusal is None:
            raise
        raise refusal from error


def _refusal_of(error: DatabaseError) -> LedgerRefusal | None:
    cause: Any = error.__cause__
    diagnosis = getattr(cause, "diag", None)
    if diagnosis is None:
        return None
    first_word = (diagnosis.message_primary or "").partition(":")[0]
    name = diagnosis.constraint_name or first_word
    known = _REFUSALS.get(name) or _BY_STATE.get(diagnosis.sqlstate or "")
    return known[0](known[1], constraint=name) if known else None
