"""What calls have shown of a customer's numbers: why one of them is not dialled any more."""

from collections.abc import Sequence
from datetime import date

from aldia.queries import calls_sql as sql
from aldia.queries.asking import ask
from aldia.rules.consents import is_same_address
from aldia.rules.portfolio.words import day_text

ShownUp = Sequence[tuple[str, str, date]]
"""Number as it was dialled, its status and the day; latest first."""

_WHY = {"wrong": "Equivocado", "disconnected": "Fuera de servicio"}


def numbers_shown_up(creditor_id: int, customer_id: int) -> list[tuple[str, str, date]]:
    """From the calls that stand; one SELECT, in scope."""
    rows = ask(sql.SHOWN_UP, creditor=creditor_id, customer=customer_id)
    return [(row["number"], row["number_status"], row["on_date"]) for row in rows]


def why_bad(number: str, shown_up: ShownUp) -> str:
    """Why a bad number is not used, from what calls have shown; a plain word where no call has."""
    for dialled, status, on in shown_up:
        if status in _WHY and is_same_address(dialled, number):
            return f"{_WHY[status]}, según la llamada del {day_text(on)}."
    return "Marcado como no válido."
