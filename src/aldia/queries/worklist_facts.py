"""The facts behind the worklist, of every open case of a creditor: a few SELECTs from one snapshot."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from aldia.queries import worklist_sql as sql
from aldia.queries.asking import ask
from aldia.queries.portfolio import EVERYBODY, Chosen, Part
from aldia.queries.snapshot import Snapshot, own_view, snapshot_of
from aldia.records.tenancy.models import Creditor
from aldia.rules.cases import WORKS
from aldia.rules.rights import Right, may
from aldia.rules.worklist import AMOUNTS, FACTS, ranked

PROMISES_DAYS = 400
"""Promises of longer ago are history."""
_CALLS_DAYS = 10

_ID, _DAY, _TEXT, _FLAG = pl.Int64(), pl.Date(), pl.String(), pl.Boolean()
_MOMENT = pl.Datetime("us", "UTC")
_CASES = pl.Schema(
    {
        "case_id": _ID,
        "customer_id": _ID,
        "state": _TEXT,
        "state_since": _DAY,
        "owner_id": _ID,
        "team_id": _ID,
        "priority": _ID,
        "next_on": _DAY,
        "next_at": _MOMENT,
        "touched_at": _MOMENT,
    }
)
_STANDING = pl.Schema(
    {
        **AMOUNTS,
        "overdue_since": _DAY,
        "debtor_kind": _TEXT,
        "has_phone": _FLAG,
        "has_email": _FLAG,
        "has_post": _FLAG,
        "last_contact_on": _DAY,
        "on_hold": _FLAG,
        "insolvent": _FLAG,
    }
)
_TASKS = pl.Schema(
    {
        "customer_id": _ID,
        "task_on": _DAY,
        "task_by": _DAY,
        "task_kind": _TEXT,
        "task_step": _TEXT,
        "task_is_call": _FLAG,
    }
)
_PROMISES = pl.Schema(
    {
        "promise_id": _ID,
        "customer_id": _ID,
        "promised_on": _DAY,
        "amount_minor": _ID,
        "currency": _TEXT,
        "verdict": _TEXT,
        "decided_on": _DAY,
    }
)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the house. is_able: may work cases now; may_lead: may see others' work too. team_id,
    cases_per_day: None for no collector."""

    id: int
    name: str
    is_able: bool
    team_id: int | None
    cases_per_day: int | None
    may_lead: bool = False


def owner_words(name: str, *, gone: bool) -> str:
    """«Marta»; «de Marta, que ya no está», whose cases are to be given to somebody; "" for nobody."""
    return f"de {name}, que ya no está" if gone else name


def members_of(creditor_id: int) -> dict[int, Member]:
    """Everybody who works or has worked for the creditor, by membership."""
    return {
        row["id"]: Member(
            id=row["id"],
            name=row["name"],
            is_able=row["is_in"] and may(row["role"], WORKS),
            team_id=row["team_id"],
            cases_per_day=row["cases_per_day"],
            may_lead=row["is_in"] and may(row["role"], Right.TEAM),
        )
        for row in ask(sql.MEMBERS, creditor=creditor_id)
    }


def day_of(creditor: Creditor, on: date) -> tuple[datetime, datetime]:
    """When the creditor's day begins, and when the next one does."""
    zone, tomorrow = ZoneInfo(creditor.time_zone), on + timedelta(days=1)
    return datetime.combine(on, time.min, zone), datetime.combine(tomorrow, time.min, zone)


def worked_on(creditor: Creditor, on: date) -> dict[str, int]:
    """Actor → how many cases they have worked on the day, not what has been taken back. In scope."""
    since, until = day_of(creditor, on)
    rows = ask(sql.WORKED, creditor=creditor.pk, since=since, until=until)
    return {row["actor"]: row["cases"] for row in rows}


def ranked_cases(creditor: Creditor, members: dict[int, Member], *, on: date, now: datetime) -> pl.DataFrame:
    """Every open case in the order of work: `rules.worklist.ranked` with owner_id, team_id and works_id (who
    works it: the owner while able, else the person named for large accounts, else NULL); what was promised
    and broken: promise_minor, promise_currency, broken_minor, broken_currency and broken_promised_on, the day
    it was promised for.

    In a transaction and the creditor's scope, outside savepoints.
    """
    with snapshot_of(creditor.pk) as snapshot:
        rows = _ranked(creditor, snapshot, EVERYBODY, on, now)
    return rows.with_columns(works_id=_works(creditor, members))


def case_of_customer(
    creditor: Creditor, customer_id: int, *, on: date, now: datetime
) -> dict[str, Any] | None:
    """The row of one customer's open case, without works_id; None where none is open.

    What other currencies are worth is not asked of the other customers, so its score compares with nothing.
    In a transaction and the creditor's scope.
    """
    rows = _ranked(creditor, own_view(creditor.pk), Chosen(ids=(customer_id,)), on, now).to_dicts()
    return rows[0] if rows else None


def _ranked(creditor: Creditor, snapshot: Snapshot, part: Part, on: date, now: datetime) -> pl.DataFrame:
    def read(query: str, schema: pl.Schema, *, of: str = "customer_id", **values: object) -> pl.DataFrame:
        within = part.within(of)
        return snapshot.read(query.format(creditor=f"{creditor.pk:d}", within=within, **values), schema)

    standing = read(sql.STANDING, _STANDING, of="s.customer_id")
    since = on - timedelta(days=PROMISES_DAYS)
    facts = read(sql.CASES, _CASES, of="c.customer_id")
    for each in (
        _per_customer(standing, on),
        read(sql.REPLIES, pl.Schema({"customer_id": _ID, "reply_at": _MOMENT})),
        read(sql.TASKS, _TASKS, on=on),
        read(
            sql.CALLS,
            pl.Schema({"customer_id": _ID, "called_on": _DAY}),
            since=(now - timedelta(days=_CALLS_DAYS)).isoformat(),
        ),
        *_promised(read(sql.PROMISES, _PROMISES, of="p.customer_id", since=since)),
    ):
        facts = facts.join(each, on="customer_id", how="left")
    facts = _completed(facts, creditor.time_zone)
    return ranked(facts, standing.select(list(AMOUNTS)), currency=creditor.currency, now=now, on=on)


def _per_customer(standing: pl.DataFrame, on: date) -> pl.DataFrame:
    """Kind, ways and pauses are the same in each currency; days are those of the oldest thing overdue."""
    first = ("debtor_kind", "has_phone", "has_email", "has_post", "last_contact_on", "on_hold", "insolvent")
    days = pl.lit(on, pl.Date).cast(pl.Int32) - pl.col("overdue_since").min().cast(pl.Int32)
    return standing.group_by("customer_id").agg(
        *(pl.col(name).first() for name in first), days_overdue=days.clip(0).cast(pl.Int64)
    )


def _promised(promises: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The earliest promise that is not decided; the latest that is, where it was broken."""
    undecided = promises.filter(pl.col("verdict").is_null()).sort("promised_on", "promise_id")
    decided = promises.filter(pl.col("verdict").is_not_null() & (pl.col("verdict") != "withdrawn"))
    latest = decided.sort("promise_id").unique("customer_id", keep="last")
    return (
        undecided.unique("customer_id", keep="first", maintain_order=True).select(
            "customer_id",
            promise_on="promised_on",
            promise_minor="amount_minor",
            promise_currency="currency",
        ),
        latest.filter(verdict="broken").select(
            "customer_id",
            broken_on="decided_on",
            broken_promised_on="promised_on",
            broken_minor="amount_minor",
            broken_currency="currency",
        ),
    )


def _completed(facts: pl.DataFrame, zone: str) -> pl.DataFrame:
    """The columns of FACTS; a customer of whom no run has kept anything is unknown and cannot be reached."""
    ready = facts.with_columns(
        pl.col("has_phone", "has_email", "has_post", "on_hold", "insolvent").fill_null(value=False),
        pl.col("debtor_kind").fill_null("unknown"),
        pl.col("days_overdue").fill_null(0),
        touched_on=pl.col("touched_at").dt.convert_time_zone(zone).dt.date(),
        contact_on=pl.max_horizontal("last_contact_on", "called_on"),
    )
    return ready.with_columns(pl.col(name).cast(kind) for name, kind in FACTS.items())


def _works(creditor: Creditor, members: dict[int, Member]) -> pl.Expr:
    able = [member.id for member in members.values() if member.is_able]
    owner = pl.when(pl.col("owner_id").is_in(able)).then("owner_id")
    named, least = creditor.large_account_owner_id, creditor.large_account_minor
    if least is None or named not in able:
        return owner
    large = pl.col("overdue_worth_minor") >= least
    return pl.coalesce(owner, pl.when(large).then(pl.lit(named, pl.Int64)))
