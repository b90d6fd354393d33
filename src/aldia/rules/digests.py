"""When the daily mail of alerts is due."""

from datetime import date, datetime, time

from aldia.rules.calendars import Holidays, is_business_day

FROM = time(8)
"""Not before this hour, where the creditor is."""
WAITS_FOR_THE_RUN_UNTIL = time(12)
"""So long it waits for the day's run, whose news belong in it."""


def digest_is_due(
    local: datetime, *, holidays: Holidays, run_at: time | None, last_run_on: date | None
) -> bool:
    """Whether the mail of this day may go now. local: the creditor's own time. run_at: of the daily run, None
    where none is set; last_run_on: the day of the last one."""
    if not is_business_day(local.date(), holidays) or local.time() < FROM:
        return False
    has_run = run_at is None or (last_run_on is not None and last_run_on >= local.date())
    return has_run or local.time() >= WAITS_FOR_THE_RUN_UNTIL
