"""The cases looked at, by plain rows: one is open exactly where something is late."""

from collections.abc import Iterator

from tests.simulation.books import Books
from tests.simulation.house import House
from tests.simulation.verdicts import Fault

_WORKING = "SELECT customer_id FROM cases_case WHERE state <> 'closed'"
_TWICE = "SELECT customer_id FROM cases_case WHERE state <> 'closed' GROUP BY 1 HAVING count(*) > 1"


def faults_of_cases(house: House, books: Books) -> Iterator[Fault]:
    """After a run: whoever is late has a case and nobody else; nobody has two."""
    late = {line.customer_id for line in books.lines.values() if line.overdue}
    working = {customer for (customer,) in house.ask(_WORKING)}
    for customer in late ^ working:
        said = "is late and has no case" if customer in late else "has a case and is not late"
        yield Fault("cases", f"{books.codes[customer]} {said}")
    for (customer,) in house.ask(_TWICE):
        yield Fault("cases", f"{books.codes[customer]} has two open cases")
