"""What an export is asked for."""

from dataclasses import dataclass
from datetime import date, datetime

from aldia.records.parties.models import Customer
from aldia.records.tenancy.models import Creditor


@dataclass(frozen=True, slots=True)
class Asked:
    """What is exported, as of which day's balance, when and by whom."""

    creditor: Creditor
    customer: Customer
    since: date | None
    until: date | None
    as_of: date
    now: datetime
    by: str
