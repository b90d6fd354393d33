"""The order of the worklist, from docs/rules/worklist.md alone, in plain loops."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

Row = Mapping[str, Any]

_TIERS = {"callback": 1, "broken": 2, "reply": 3, "next": 4, "task": 4, "promise_day": 5, "amount": 6}
_KINDS = {
    "good_payer": 80,
    "casual": 80,
    "careless": 75,
    "chronic": 55,
    "unknown": 50,
    "stalling": 45,
    "circumstantial": 40,
    "illiquid": 25,
}


@dataclass(frozen=True, slots=True)
class Ranked:
    """One case as §3 to §5 have it."""

    case_id: int
    tier: int
    why: str
    worth: int
    chance: int
    score: int


def ranking(
    facts: Iterable[Row], amounts: Iterable[Row], *, currency: str, now: datetime, on: date
) -> list[Ranked]:
    """The cases in the order in which they are worked."""
    amounts = list(amounts)
    times = _times(amounts, currency)
    found = []
    for row in facts:
        mine = [each for each in amounts if each["customer_id"] == row["customer_id"]]
        worth = sum(_told(each["dunnable_minor"], times[each["currency"]]) for each in mine)
        disputed = sum(_told(each["disputed_minor"], times[each["currency"]]) for each in mine)
        why = _why(row, worth, disputed, now, on)
        chance = _chance(row, on)
        each = Ranked(row["case_id"], _TIERS.get(why, 7), why, worth, chance, worth * chance // 100)
        hour = row["next_at"].timestamp() if each.tier == 1 else 0.0
        key = (each.tier, -row["priority"], hour, -each.score, -row["days_overdue"], each.case_id)
        found.append((key, each))
    return [each for _key, each in sorted(found, key=lambda pair: pair[0])]


def _times(amounts: list[Row], currency: str) -> dict[str, int]:
    """Millionths of the creditor's minor unit that one of each currency counts."""
    overdue = defaultdict(list)
    for each in amounts:
        if each["overdue_minor"] > 0:
            overdue[each["currency"]].append(each["overdue_minor"])
    usual = {code: sorted(minors)[(len(minors) - 1) // 2] for code, minors in overdue.items()}
    times = {each["currency"]: 1_000_000 for each in amounts}
    for code, minor in usual.items():
        if code != currency and currency in usual:
            times[code] = 1_000_000 * usual[currency] // minor
    return times


def _told(minor: int, millionths: int) -> int:
    return minor * millionths // 1_000_000


def _why(row: Row, worth: int, disputed: int, now: datetime, on: date) -> str:
    worked = row["touched_on"] == on
    promised = row["promise_on"] is not None
    if row["next_at"] is not None and row["next_at"] <= now:
        return "callback"
    broken = row["broken_on"] is not None and not promised and not row["on_hold"]
    if broken and (row["touched_on"] is None or row["touched_on"] < row["broken_on"]):
        return "broken"
    if row["reply_at"] is not None:
        return "reply"
    if row["next_at"] is None and row["next_on"] is not None and row["next_on"] <= on:
        return "next"
    if worked:
        return "worked"
    if row["task_on"] is not None and row["task_on"] <= on and not promised and not row["on_hold"]:
        return "task"
    if row["promise_on"] == on:
        return "promise_day"
    return _aside(row, on, now) or _asked(worth, disputed)


def _aside(row: Row, on: date, now: datetime) -> str:
    if row["on_hold"]:
        return "on_hold"
    if row["insolvent"]:
        return "insolvent"
    if row["promise_on"] is not None:
        return "promised"
    if (row["next_at"] is not None and row["next_at"] > now) or (
        row["next_on"] is not None and row["next_on"] > on
    ):
        return "later"
    if row["state"] == "waiting" and on < row["state_since"] + timedelta(days=7):
        return "waiting"
    return ""


def _asked(worth: int, disputed: int) -> str:
    if worth > 0:
        return "amount"
    return "disputed" if disputed > 0 else "covered"


def _chance(row: Row, on: date) -> int:
    percent = _KINDS[row["debtor_kind"]]
    days = row["days_overdue"]
    for most, factor in ((30, 100), (60, 90), (90, 75), (180, 55), (360, 35), (days, 20)):
        if days <= most:
            percent = percent * factor // 100
            break
    if not row["has_phone"]:
        percent = percent * (70 if row["has_email"] else 40 if row["has_post"] else 20) // 100
    if row["contact_on"] is not None:
        ago = (on - row["contact_on"]).days
        percent = percent * (40 if ago < 2 else 70 if ago < 7 else 100) // 100
    return percent
