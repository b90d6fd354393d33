"""What a customer's sheet says of the work on it: the open case, and whether there is more to ask for."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from aldia.queries.asking import ask
from aldia.records.cases.models import CaseState
from aldia.records.tenancy.models import Creditor

_CASE = """
SELECT c.id, c.state, c.opened_on, c.next_action, c.next_on, c.next_at, coalesce(o.name, '') AS owner,
       EXISTS (SELECT FROM cases_promise p WHERE p.creditor_id = u.creditor_id AND p.customer_id = u.id)
           AS has_promises,
       EXISTS (SELECT FROM cases_call k WHERE k.creditor_id = u.creditor_id AND k.customer_id = u.id
               AND k.recorded_at >= %(begins)s) AS has_calls
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


@dataclass(frozen=True, slots=True)
class SheetWork:
    """case: None where none is open. has_promises: ever. has_calls: any was written down today."""

    case: SheetCase | None = None
    has_promises: bool = False
    has_calls: bool = False


def sheet_work(creditor: Creditor, customer_id: int, today: date) -> SheetWork:
    """Of one customer; one SELECT, in scope. today: of the creditor."""
    begins = datetime.combine(today, time.min, ZoneInfo(creditor.time_zone))
    rows = ask(_CASE, creditor=creditor.pk, customer=customer_id, begins=begins)
    if not rows:
        return SheetWork()
    row = rows[0]
    promised, called = bool(row.pop("has_promises")), bool(row.pop("has_calls"))
    return SheetWork(SheetCase(**row) if row["id"] is not None else None, promised, called)
