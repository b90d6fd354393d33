"""The rows of a page of the worklist, with names, reasons and what is owed at this moment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from aldia.kernel.money import Money, format_money
from aldia.queries import worklist_sql as sql
from aldia.queries.asking import ask
from aldia.queries.live import owed_now
from aldia.queries.reasons import step_titles
from aldia.queries.terms import strategies_in_force
from aldia.queries.worklist_facts import Member, owner_words
from aldia.records.cases.models import CaseState
from aldia.records.tenancy.models import Creditor
from aldia.rules.portfolio.words import joined, task_label
from aldia.rules.worklist import TIER_LABELS
from aldia.rules.worklist_words import Told, chance_label, reason_sentence

SETTLED = "Ya no debe nada vencido: se cerrará en el próximo proceso"


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A case in the worklist.

    owner: how whoever has it is known, "" for nobody; owner_gone: they may not work it any more. reason: a
    Spanish sentence; why: its code (`rules/worklist.py`). overdue, dunnable: one per currency, as of this
    moment; settled: nothing is overdue any more. today: fits into the day. locked_by: the colleague who has
    it open, "" for nobody; locked_by_id: their membership.
    """

    case_id: int
    customer_id: int
    code: str
    name: str
    group_id: int | None
    group: str
    state: str
    state_label: str
    owner_id: int | None
    owner: str
    owner_gone: bool
    team: str
    priority: int
    tier: int
    tier_label: str
    why: str
    reason: str
    chance: int
    chance_label: str
    overdue: tuple[Money, ...]
    dunnable: tuple[Money, ...]
    days_overdue: int
    settled: bool
    kind: str
    next_action: str
    next_on: date | None
    next_at: datetime | None
    today: bool
    locked_by_id: int | None
    locked_by: str
    version: int

    @property
    def owner_label(self) -> str:
        """«Marta»; «de Marta, que ya no está»; "" for nobody."""
        return owner_words(self.owner, gone=self.owner_gone)


def work_rows(
    creditor: Creditor, cases: pl.DataFrame, members: dict[int, Member], *, on: date, now: datetime
) -> tuple[WorkRow, ...]:
    """The rows of these cases, in their order. cases: of `ranked_cases`, with today.

    In a transaction and the creditor's scope, outside savepoints.
    """
    if cases.is_empty():
        return ()
    ids = cases["case_id"].to_list()
    details = {row["case_id"]: row for row in ask(sql.DETAILS, creditor=creditor.pk, ids=ids, now=now)}
    owed = owed_now(creditor, cases["customer_id"], on)
    rows = [
        facts | details[facts["case_id"]]
        for facts in cases.iter_rows(named=True)
        if facts["case_id"] in details
    ]
    return tuple(
        _row(creditor, row, owed.get(row["customer_id"], []), members, on)
        for row in with_tasks(creditor, rows)
    )


def _row(
    creditor: Creditor,
    row: dict[str, Any],
    owed: list[dict[str, Any]],
    members: dict[int, Member],
    on: date,
) -> WorkRow:
    overdue = _sums(owed, "overdue_minor")
    owner = members.get(row["owner_id"])
    holder = members.get(row["locked_by_id"])
    days = max((figures["days_overdue"] for figures in owed if figures["overdue_minor"]), default=0)
    return WorkRow(
        case_id=row["case_id"],
        customer_id=row["customer_id"],
        code=row["code"],
        name=row["name"] or row["code"],
        group_id=row["group_id"],
        group=row["group_name"] or "",
        state=row["state"],
        state_label=str(CaseState(row["state"]).label),
        owner_id=row["owner_id"],
        owner=owner.name if owner else "",
        owner_gone=owner is not None and not owner.is_able,
        team=row["team"],
        priority=row["priority"],
        tier=row["tier"],
        tier_label=TIER_LABELS[row["tier"]],
        why=row["why"],
        reason=reason_of(creditor, row, owed, on),
        chance=row["chance"],
        chance_label=chance_label(row["chance"]),
        overdue=overdue,
        dunnable=_sums(owed, "dunnable_minor"),
        days_overdue=days,
        settled=not overdue,
        kind=row["debtor_kind"],
        next_action=row["next_action"],
        next_on=row["next_on"],
        next_at=row["next_at"],
        today=row["today"],
        locked_by_id=row["locked_by_id"],
        locked_by=holder.name if holder else "",
        version=row["version"],
    )


def _sums(owed: Iterable[Mapping[str, Any]], column: str) -> tuple[Money, ...]:
    return tuple(Money(figures[column], figures["currency"]) for figures in owed if figures[column])


def reason_of(creditor: Creditor, row: Mapping[str, Any], owed: Iterable[Mapping[str, Any]], on: date) -> str:
    """Why a case stands where it stands, a Spanish sentence. row: of `with_tasks`, with next_action. owed:
    the customer's portfolio rows as of this moment."""
    owed = list(owed)
    if not _sums(owed, "overdue_minor"):
        return SETTLED
    zone = ZoneInfo(creditor.time_zone)
    asked = _sums(owed, "dunnable_minor") or _sums(owed, "overdue_minor")
    next_at, reply_at = row["next_at"], row["reply_at"]
    return reason_sentence(
        Told(
            why=row["why"],
            on=on,
            chance=row["chance"],
            state=row["state"],
            amount=joined(format_money(each.minor, each.currency) for each in asked),
            days_overdue=max((figures["days_overdue"] for figures in owed), default=0),
            action=row["next_action"],
            next_on=row["next_on"],
            next_at=next_at.astimezone(zone) if next_at else None,
            reply_on=reply_at.astimezone(zone).date() if reply_at else None,
            task=row["task"],
            task_by=row["task_by"],
            waiting_since=row["state_since"],
            promise=_money(row["promise_minor"], row["promise_currency"]),
            promise_on=row["promise_on"],
            broken=_money(row["broken_minor"], row["broken_currency"]),
            broken_on=row["broken_promised_on"],
            contact_on=row["contact_on"],
            has_phone=row["has_phone"],
        )
    )


def with_tasks(creditor: Creditor, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows of `ranked_cases` with task: what the open one asks for, "" where it is not why they stand
    where they stand. In scope."""
    rows = list(rows)
    named = any(row["why"] == "task" and row["task_step"] for row in rows)
    titles = step_titles(strategies_in_force(creditor).strategies) if named else {}
    return [{**row, "task": _task(row, titles) if row["why"] == "task" else ""} for row in rows]


def _task(row: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    title = titles.get(row["task_step"], "")
    return task_label(row["task_kind"], title=title, is_call=row["task_is_call"], by_on=row["task_by"])


def _money(minor: int | None, currency: str | None) -> str:
    return format_money(minor, currency) if minor is not None and currency else ""
