"""The oracle's whole answer for one day."""

from dataclasses import dataclass
from datetime import date

from tests.oracle.balances import Book
from tests.oracle.decisions import Decision, decisions
from tests.oracle.frame import Row, portfolio
from tests.oracle.notices import Notice, notices
from tests.oracle.world import World


@dataclass(frozen=True, slots=True)
class Answer:
    """rows: (customer id, currency) → every column of the vocabulary; decisions: customer id → one."""

    day: date
    rows: dict[tuple[int, str], Row]
    decisions: dict[int, Decision]
    notices: list[Notice]


def answer(world: World, day: date) -> Answer:
    """What the rules say about the world as of the day, its episodes taken as they stand."""
    book = Book(world, day)
    rows = portfolio(book)
    return Answer(day, rows, decisions(book, rows), notices(book))
