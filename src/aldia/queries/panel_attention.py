"""What needs a person, and how new the figures are. Two SELECTs beside the kept figures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from aldia.kernel.clock import business_date
from aldia.queries.asking import ask
from aldia.queries.bank_data import TAKEN_IN
from aldia.queries.panel_page import Attention, Freshness
from aldia.records.cases.models import DailyRun
from aldia.records.closing.models import DaySnapshot
from aldia.records.tenancy.models import Creditor

BANK_DAYS = 7
"""Days after which bank data counts as old where the creditor names no limit of its own."""

_FACTS = f"""
SELECT 'unknown' AS what, '' AS currency, count(*) AS amount, NULL::timestamptz AS at
FROM outreach_message WHERE creditor_id = %(creditor)s AND state = 'unknown'
UNION ALL
SELECT 'held', '', count(*), NULL FROM outreach_message m
WHERE m.creditor_id = %(creditor)s AND m.state = 'waiting_approval'
  AND EXISTS (SELECT FROM cases_daily_run r WHERE r.creditor_id = %(creditor)s AND r.id = m.run_id
              AND r.held AND r.released_at IS NULL)
UNION ALL
SELECT 'tasks', '', count(*), NULL FROM cases_task
WHERE creditor_id = %(creditor)s AND state = 'open' AND due_on < %(on)s
UNION ALL
SELECT 'open_tasks', '', count(*), NULL FROM cases_task
WHERE creditor_id = %(creditor)s AND state = 'open'
UNION ALL
SELECT 'unidentified', currency, sum(unallocated_minor), NULL FROM ledger_credit_balance
WHERE creditor_id = %(creditor)s AND customer_id IS NULL AND unallocated_minor > 0 GROUP BY currency
UNION ALL
SELECT 'import', '', 0, {TAKEN_IN.format(until="")}
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """Counted now. unknown, held: messages in doubt, and stopped by the brake. tasks: overdue, of all the
    open_tasks. unidentified: currency → minor units that belong to nobody yet. imported_at: when payments
    were last taken in, by file or by a program."""

    unknown: int
    held: int
    tasks: int
    open_tasks: int
    unidentified: dict[str, int]
    imported_at: datetime | None


def standing_facts(creditor_id: int, on: date) -> Facts:
    """What waits for a person at this moment; tasks: due before the day."""
    rows = ask(_FACTS, creditor=creditor_id, on=on)
    counts = {row["what"]: int(row["amount"]) for row in rows if not row["currency"]}
    return Facts(
        unknown=counts["unknown"],
        held=counts["held"],
        tasks=counts["tasks"],
        open_tasks=counts["open_tasks"],
        unidentified={row["currency"]: int(row["amount"]) for row in rows if row["currency"]},
        imported_at=next(row["at"] for row in rows if row["what"] == "import"),
    )


def freshness_of(
    creditor: Creditor, today: Sequence[DaySnapshot], facts: Facts, run: DailyRun | None
) -> Freshness:
    """How new the bank's data and the figures are, on the day of the figures."""
    paid = [row.inputs["last_payment_on"] for row in today if row.inputs.get("last_payment_on")]
    until = date.fromisoformat(max(paid)) if paid else None
    known = [until] if until else []
    if facts.imported_at:
        known.append(business_date(facts.imported_at, creditor.time_zone))
    return Freshness(
        run_on=run.on_date if run else None,
        payments_until=until,
        imported_at=facts.imported_at,
        days=max(0, (today[0].on_date - max(known)).days) if known else None,
    )


def attention_of(
    creditor: Creditor, today: Sequence[DaySnapshot], facts: Facts, freshness: Freshness
) -> tuple[Attention, ...]:
    """What weighs most first; nothing that is in order."""
    unreachable = sum(row.inputs.get("unreachable", 0) for row in today)
    stale = freshness.days or 0
    limit = creditor.bank_data_days_max if creditor.bank_data_days_max is not None else BANK_DAYS
    no_address = " AND ".join(f"NOT has_{way}" for way in ("email", "phone", "whatsapp", "post"))
    wanted: Iterable[Attention] = (
        Attention("stopped", 1 if creditor.sending_stopped_at else 0, "settings"),
        Attention("doubts", facts.unknown, "outbox"),
        Attention("brake", facts.held, "today"),
        Attention("bank_stale", stale if stale > limit else 0, "imports"),
        Attention("unidentified", len(facts.unidentified), "payments", amounts=facts.unidentified),
        Attention("tasks_overdue", facts.tasks, "today"),
        Attention("no_address", unreachable, "customers", rows=f"open > 0 AND {no_address}"),
    )
    return tuple(each for each in wanted if each.count)
