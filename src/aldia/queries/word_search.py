"""Customers by the beginnings of words, without accents: of their name, code or tax id.

Rare words are looked up first and cut with each other, which leaves few customers; very common beginnings
(«c») are asked of those, or of each customer in the order of the list. docs/rules/standing.md §4.
"""

from dataclasses import dataclass

from aldia.kernel.text import fold
from aldia.queries.asking import ask

_WORDS_MAX = 6
_COMMON = 20_000  # words that begin so: more than these are not gathered

_COUNT = """(SELECT count(*) FROM (
    SELECT FROM parties_customer_word
    WHERE creditor_id = %(creditor)s AND word ^@ %({word})s LIMIT %(common)s) found) AS {word}"""

_WHOSE = """SELECT customer_id FROM parties_customer_word
    WHERE creditor_id = %(creditor)s AND word ^@ %({word})s"""

_HAS = """AND EXISTS (SELECT FROM parties_customer_word w
    WHERE w.creditor_id = %(creditor)s AND w.customer_id = {{id}} AND w.word ^@ %({word})s)"""


@dataclass(frozen=True, slots=True)
class Words:
    """What a WHERE needs: values for the words, by name, and SQL that begins with AND; `{id}` is to be the
    customer's id. Both empty where no word is asked for."""

    values: dict[str, str]
    sql: str

    def of(self, id_column: str) -> str:
        """The SQL for a query that names the customer so."""
        return self.sql.format(id=id_column)


def folded_words(text: str) -> list[str]:
    """The words looked for, at most six."""
    return fold(text.replace("\0", "")).split()[:_WORDS_MAX]


def words_asked(creditor_id: int, text: str) -> Words:
    """A condition for customers that have, for each word of the text, a word that begins with it."""
    values = {f"word{place}": word for place, word in enumerate(folded_words(text))}
    if not values:
        return Words({}, "")
    counts = ", ".join(_COUNT.format(word=name) for name in values)
    found = ask(f"SELECT {counts}", creditor=creditor_id, common=_COMMON + 1, **values)[0]
    rare = [name for name in values if found[name] <= _COMMON]
    common = [_HAS.format(word=name) for name in values if name not in rare]
    gathered = " INTERSECT ".join(_WHOSE.format(word=name) for name in rare)
    parts = [f"AND {{id}} = ANY (ARRAY({gathered})::bigint[])"] if rare else []
    return Words(values, " ".join([*parts, *common]))
