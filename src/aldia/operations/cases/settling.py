"""Settle: a run opens, closes and takes up again the cases, one statement per kind of change.

docs/rules/worklist.md §1–2. A run alone does this, under its advisory lock, so what its snapshot says of open
and closed is what there is.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
from django.db import connection

from aldia.operations.bulk import insert_frame, with_ids
from aldia.operations.cases.workers import able
from aldia.queries.asking import ask
from aldia.queries.portfolio import EVERYBODY, Part
from aldia.queries.snapshot import Snapshot
from aldia.records.cases.models import Collector
from aldia.records.tenancy.models import Creditor, Membership
from aldia.rules.cases import Opening, Worker, owners_of
from aldia.rules.portfolio.case_changes import CLOSED_CASES, OPEN_CASES, CaseMoves, case_moves
from aldia.rules.portfolio.frames import Terms

_Whose = tuple[int | None, int | None, str]  # owner, team, why

_TABLE = "cases_case"
_OPEN = "SELECT id AS case_id, customer_id FROM cases_case WHERE state <> 'closed'{within}"
_CLOSED = """
SELECT id AS case_id, customer_id, owner_id, closed_on FROM cases_case WHERE state = 'closed'{within}
"""
_WHOSE = "SELECT id AS customer_id, owner_id, group_id FROM parties_customer WHERE true{within}"
_OWNED = pl.Schema({"customer_id": pl.Int64(), "owner_id": pl.Int64(), "group_id": pl.Int64()})

_LOADS = """
SELECT owner_id, count(*) AS cases FROM cases_case
WHERE creditor_id = %(creditor)s AND owner_id IS NOT NULL AND state <> 'closed' GROUP BY owner_id
"""
_OF_GROUPS = """
SELECT DISTINCT ON (u.group_id) u.group_id, c.owner_id
FROM cases_case c JOIN parties_customer u ON u.creditor_id = c.creditor_id AND u.id = c.customer_id
WHERE c.creditor_id = %(creditor)s AND c.state <> 'closed' AND c.owner_id IS NOT NULL
  AND u.group_id IS NOT NULL
ORDER BY u.group_id, c.id
"""

# People change cases in the order of their ids: so does a run, lest they wait for each other.
_LOCK = "SELECT id FROM cases_case WHERE creditor_id = %s AND id = ANY (%s) ORDER BY id FOR NO KEY UPDATE"

_CLOSE = """
WITH moved AS (
    UPDATE cases_case SET state = 'closed', state_since = %(on)s, closed_on = %(on)s, next_action = '',
           next_on = NULL, next_at = NULL, version = version + 1
    WHERE creditor_id = %(creditor)s AND id = ANY (%(ids)s) AND state <> 'closed'
    RETURNING id, customer_id, version
)
INSERT INTO cases_case_event (creditor_id, case_id, customer_id, kind, at, actor, payload)
SELECT %(creditor)s, id, customer_id, 'closed', %(at)s, %(actor)s, jsonb_build_object('version', version)
FROM moved ORDER BY id
"""
_REOPEN = """
WITH moved AS (
    UPDATE cases_case c SET state = 'working', state_since = %(on)s, closed_on = NULL,
           reopened_times = c.reopened_times + 1, version = c.version + 1, owner_id = r.owner,
           team_id = r.team
    FROM unnest(%(ids)s::bigint[], %(owners)s::bigint[], %(teams)s::bigint[]) r (id, owner, team)
    WHERE c.creditor_id = %(creditor)s AND c.id = r.id AND c.state = 'closed'
    RETURNING c.id, c.customer_id, c.version, c.reopened_times, c.owner_id, c.team_id
)
INSERT INTO cases_case_event (creditor_id, case_id, customer_id, kind, at, actor, payload)
SELECT %(creditor)s, id, customer_id, 'reopened', %(at)s, %(actor)s,
       jsonb_build_object('version', version, 'times', reopened_times, 'owner', owner_id, 'team', team_id)
FROM moved ORDER BY id
"""
# What a case stood still for is over: it is under way again.
_GOES_ON = """
WITH moved AS (
    UPDATE cases_case c SET state = 'working', state_since = %(on)s, version = c.version + 1
    WHERE c.creditor_id = %(creditor)s AND c.state = '{state}'{within}
      AND {over}
    RETURNING c.id, c.customer_id, c.version
)
INSERT INTO cases_case_event (creditor_id, case_id, customer_id, kind, at, actor, payload)
SELECT %(creditor)s, id, customer_id, 'state', %(at)s, %(actor)s,
       jsonb_build_object('version', version, 'from', '{state}', 'to', 'working')
FROM moved ORDER BY id
"""
_NO_PROMISE = """NOT EXISTS (
          SELECT FROM cases_promise p
          WHERE p.creditor_id = c.creditor_id AND p.customer_id = c.customer_id
            AND NOT EXISTS (SELECT FROM cases_promise_outcome o
                            WHERE o.creditor_id = p.creditor_id AND o.promise_id = p.id))"""
# A hold has ended while the case waited, none stands or comes, and nothing was agreed for a later day.
_HOLD_OVER = """(c.next_on IS NULL OR c.next_on <= %(on)s) AND (
          SELECT max(coalesce(least(v.until_on, e.effective_on), 'infinity'))
          FROM ledger_overlay v
          LEFT JOIN ledger_overlay_end e ON e.creditor_id = v.creditor_id AND e.overlay_id = v.id
          WHERE v.creditor_id = c.creditor_id AND v.customer_id = c.customer_id AND v.kind = 'hold'
      ) BETWEEN c.state_since + 1 AND %(on)s"""


@dataclass(frozen=True, slots=True)
class Settled:
    """How many cases a run has opened, closed, taken up again, and found with their promise decided or their
    hold over."""

    opened: int
    closed: int
    reopened: int
    unpromised: int
    unheld: int

    @property
    def changed(self) -> int:
        """Cases that are not as they were."""
        return self.opened + self.closed + self.reopened + self.unpromised + self.unheld


def settle_cases(
    *,
    creditor: Creditor,
    run_id: int,
    lines: pl.DataFrame,
    terms: Terms,
    snapshot: Snapshot,
    part: Part = EVERYBODY,
    now: datetime,
) -> Settled:
    """Make the open cases of these customers those of whoever has something overdue beyond the tolerance.

    lines: `lines_as_of` of the part. Twice the same changes nothing the second time. Part of a run: after
    what became of promises is written, in its transaction and under its audit entry.
    """
    moves = _moves(creditor, lines, terms, snapshot, part)
    stamp = {"creditor": creditor.pk, "on": terms.as_of, "at": now, "actor": f"run:{run_id}"}
    _lock(creditor.pk, moves)
    closed = _written(_CLOSE, stamp, ids=moves.closing["case_id"].to_list())
    given = _given(creditor, moves, snapshot, part)
    reopened = _reopen(moves, given, stamp)
    opened = _open(moves, given, stamp)
    within = part.within("c.customer_id")
    unpromised = _written(_GOES_ON.format(state="promised", over=_NO_PROMISE, within=within), stamp)
    unheld = _written(_GOES_ON.format(state="waiting", over=_HOLD_OVER, within=within), stamp)
    return Settled(opened, closed, reopened, unpromised, unheld)


def _moves(
    creditor: Creditor, lines: pl.DataFrame, terms: Terms, snapshot: Snapshot, part: Part
) -> CaseMoves:
    within = part.within("customer_id")
    large = creditor.large_account_minor
    return case_moves(
        lines,
        snapshot.read(_OPEN.replace("{within}", within), OPEN_CASES),
        snapshot.read(_CLOSED.replace("{within}", within), CLOSED_CASES),
        terms,
        (creditor.currency, large) if large else None,
    )


def _lock(creditor_id: int, moves: CaseMoves) -> None:
    ids = [*moves.closing["case_id"], *moves.reopening["case_id"]]
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, [creditor_id, ids])


def _given(creditor: Creditor, moves: CaseMoves, snapshot: Snapshot, part: Part) -> dict[int, _Whose]:
    """Customer → owner, team and why, for the cases that are opened or taken up again."""
    if moves.opening.is_empty() and moves.reopening.is_empty():
        return {}
    members = Membership.objects.filter(able(), creditor=creditor)
    may_own = set(members.values_list("pk", flat=True))
    collectors = list(Collector.objects.filter(creditor=creditor).select_related("team"))
    teams = {each.member_id: each.team_id for each in collectors if each.team and not each.team.ended_at}
    large = creditor.large_account_owner_id
    groups = ask(_OF_GROUPS, creditor=creditor.pk)
    owners = owners_of(
        _openings(moves, snapshot.read(_WHOSE.replace("{within}", part.within("id")), _OWNED), may_own),
        workers=_workers(creditor, collectors, may_own),
        large_owner=large if large in may_own else None,
        of_groups={row["group_id"]: row["owner_id"] for row in groups if row["owner_id"] in may_own},
    )
    return {
        customer: (owner, teams.get(owner) if owner is not None else None, why)
        for customer, owner, why in owners
    }


def _openings(moves: CaseMoves, whose: pl.DataFrame, may_own: set[int]) -> Iterator[Opening]:
    """One per case, in the order of customers; who had a case before has it again."""
    columns = ["customer_id", "large", "before"]
    new = moves.opening.with_columns(before=pl.lit(None, pl.Int64)).select(columns)
    again = moves.reopening.rename({"owner_id": "before"}).select(columns)
    rows = pl.concat([new, again]).join(whose, on="customer_id").sort("customer_id")
    for row in rows.iter_rows(named=True):
        own = next((who for who in (row["before"], row["owner_id"]) if who in may_own), None)
        yield Opening(row["customer_id"], own, bool(row["large"]), row["group_id"])


def _workers(creditor: Creditor, collectors: list[Collector], may_own: set[int]) -> list[Worker]:
    loads = {row["owner_id"]: row["cases"] for row in ask(_LOADS, creditor=creditor.pk)}
    return [
        Worker(each.member_id, each.cases_per_day, loads.get(each.member_id, 0))
        for each in collectors
        if each.takes_new and each.member_id in may_own
    ]


def _reopen(moves: CaseMoves, given: Mapping[int, _Whose], stamp: Mapping[str, Any]) -> int:
    whose = [given[customer] for customer in moves.reopening["customer_id"]]
    return _written(
        _REOPEN,
        stamp,
        ids=moves.reopening["case_id"].to_list(),
        owners=[owner for owner, _team, _why in whose],
        teams=[team for _owner, team, _why in whose],
    )


def _open(moves: CaseMoves, given: Mapping[int, _Whose], stamp: Mapping[str, Any]) -> int:
    whose = [given[customer] for customer in moves.opening["customer_id"]]
    day = pl.lit(stamp["on"], pl.Date)
    cases = with_ids(_TABLE, moves.opening.select("customer_id")).with_columns(
        pl.Series("owner_id", [owner for owner, _team, _why in whose], pl.Int64),
        pl.Series("team_id", [team for _owner, team, _why in whose], pl.Int64),
        state_since=day,
        opened_on=day,
    )
    insert_frame(_TABLE, stamp["creditor"], cases, order_by=["id"])
    told = [
        json.dumps({"version": 1, "owner": owner, "team": team, "why": why}) for owner, team, why in whose
    ]
    events = cases.select(
        "customer_id",
        case_id="id",
        kind=pl.lit("opened"),
        at=pl.lit(stamp["at"], pl.Datetime(time_zone="UTC")),
        actor=pl.lit(stamp["actor"]),
        payload=pl.Series(told, dtype=pl.String),
    )
    return insert_frame("cases_case_event", stamp["creditor"], events, order_by=["case_id"])


def _written(query: str, stamp: Mapping[str, Any], **values: Any) -> int:
    if values.get("ids") == []:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(query, {**stamp, **values})
        return int(cursor.rowcount)
