"""Is a case open exactly where something was overdue at the last run?

Runs keep both in one transaction: the standing of every customer, which `verify_standing` compares with the
engine, and the cases. A house that never had a case waits for its first run.
"""

from collections.abc import Iterator
from typing import Any

from aldia.queries.asking import ask
from aldia.queries.verify import Violation
from aldia.records.tenancy.models import Creditor

SHOWN = 20

_DIFFERENT = """
WITH late AS (
    SELECT DISTINCT customer_id FROM closing_standing
    WHERE creditor_id = %(creditor)s AND items_overdue > 0
), working AS (
    SELECT customer_id, id FROM cases_case WHERE creditor_id = %(creditor)s AND state <> 'closed'
)
SELECT coalesce(l.customer_id, w.customer_id) AS customer_id, w.id AS case_id
FROM late l FULL JOIN working w ON w.customer_id = l.customer_id
WHERE (l.customer_id IS NULL OR w.customer_id IS NULL)
  AND EXISTS (SELECT FROM cases_case WHERE creditor_id = %(creditor)s)
  AND EXISTS (SELECT FROM cases_daily_run WHERE creditor_id = %(creditor)s)
ORDER BY 1 LIMIT %(shown)s
"""

_VERSIONS = """
SELECT c.id AS case_id, c.customer_id, c.version, coalesce(max((e.payload ->> 'version')::integer), 0) AS told
FROM cases_case c
LEFT JOIN cases_case_event e
       ON e.creditor_id = c.creditor_id AND e.customer_id = c.customer_id AND e.case_id = c.id
WHERE c.creditor_id = %(creditor)s
GROUP BY c.id, c.customer_id, c.version
HAVING c.version IS DISTINCT FROM coalesce(max((e.payload ->> 'version')::integer), 0)
ORDER BY 1 LIMIT %(shown)s
"""


def verify_cases(creditor: Creditor) -> list[Violation]:
    """Open cases that are not those of the last run, and cases whose history does not tell of their last
    change; the first twenty of each. In a transaction and scope."""
    values: dict[str, Any] = {"creditor": creditor.pk, "shown": SHOWN}
    return [*_open(ask(_DIFFERENT, **values)), *_told(ask(_VERSIONS, **values))]


def _open(rows: list[dict[str, Any]]) -> Iterator[Violation]:
    for row in rows:
        sentence = (
            f"El expediente {row['case_id']} está abierto y no había nada vencido en el último proceso."
            if row["case_id"]
            else f"El cliente {row['customer_id']} tenía algo vencido en el último proceso y no tiene"
            " expediente abierto."
        )
        yield Violation("cases", sentence, {"customer": row["customer_id"], "case": row["case_id"]})


def _told(rows: list[dict[str, Any]]) -> Iterator[Violation]:
    for row in rows:
        yield Violation(
            "cases",
            f"El historial del expediente {row['case_id']} no cuenta su último cambio.",
            {"customer": row["customer_id"], "case": row["case_id"], "version": row["version"]},
        )
