"""What a customer's sheet says of the work on it: the open case, and whether anything was ever promised."""

from dataclasses import dataclass
from datetime import date, datetime

from aldia.queries.asking import ask
from aldia.records.cases.models import CaseState
from aldia.records.tenancy.models import Creditor

_CASE = """
SELECT c.id, c.state, c.opened_on, c.next_action, c.next_on, c.next_at, coalesce(o.name, '') AS owner,
       EXISTS (SELECT FROM cases_promise p WHERE p.creditor_id = u.creditor_id AND p.customer_id = u.id)
           AS has_promises
FROM parties_customer u
LEFT JOIN cases_case c ON c.creditor_id = u.creditor_id AND c.customer_id = u.id AND c.state <> 'closed'
LEFT JOIN tenancy_membership m ON m.creditor_id = c.creditor_id AND m.id = c.owner_id
LEFT JOIN tenancy_user o ON o.id = m.user_id
WHERE u.creditor_id = %(creditor)s AND u.id = %(customer)s
"""


@dataclass(frozen=True, slots=True)
class SheetCase:
    """The open case. owner: "" for nobody."""

    id: int
    state: str
    opened_on: date
    next_action: str
    next_on: date | None
    next_at: datetime | None
    owner: str

    @property
    def state_label(self) -> str:
        """«En gestión»."""
        return str(CaseState(self.state).label)


def sheet_case(creditor: Creditor, customer_id: int) -> tuple[SheetCase | None, bool]:
    """The customer's open case, and whether there is any promise; one SELECT, in scope."""
    rows = ask(_CASE, creditor=creditor.pk, customer=customer_id)
    if not rows:
        return None, False
    row = rows[0]
    promised = bool(row.pop("has_promises"))
    return (SheetCase(**row) if row["id"] is not None else None), promised
