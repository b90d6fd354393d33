"""The worklist: the open cases in the order in which they are worked, filtered, by pages; and the next one.

Which cases and in what order: by what the last run kept and what people have done since. What they owe: as of
this moment, for the cases shown only (docs/decisions/0012).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from typing import Any

import polars as pl

from aldia.queries import worklist_sql as sql
from aldia.queries.asking import ask
from aldia.queries.cases import CaseSeen
from aldia.queries.word_search import words_asked
from aldia.queries.worklist_facts import (
    Member,
    case_of_customer,
    members_of,
    owner_words,
    ranked_cases,
    worked_on,
)
from aldia.queries.worklist_rows import WorkRow, reason_of, with_tasks, work_rows
from aldia.records.tenancy.models import Creditor, Membership
from aldia.rules.worklist import TIER_LABELS, Tier

__all__ = ["Capacity", "LeftBehind", "Wanted", "WorkRow", "Worklist", "next_case", "why_now", "worklist"]

PAGE = 50
MINE, TEAM, NOBODY, EVERYBODY = "mine", "team", "nobody", "all"
_OF_PAGES = ("page", "size")
VIEW_PAGE = "worklist"
"""The page under which its saved views are kept (`operations/saved_views.py`)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader looks for; "" and None for whatever there is.

    owner: mine, team, nobody (of leavers, too), all, or a membership's id. only_today: what fits into the
    collector's day. amounts: overdue, in minor units of the creditor's currency. text: words of name, code or
    tax id. page: from 1, of so many rows (size).
    """

    owner: str = MINE
    tier: int | None = None
    state: str = ""
    kind: str = ""
    group_id: int | None = None
    text: str = ""
    least_minor: int | None = None
    most_minor: int | None = None
    days_from: int | None = None
    days_to: int | None = None
    only_today: bool = False
    page: int = 1
    size: int = PAGE

    def as_state(self) -> dict[str, Any]:
        """What a saved view keeps: all but the page and its size."""
        plain = asdict(Wanted())
        return {
            name: value
            for name, value in asdict(self).items()
            if name not in _OF_PAGES and value != plain[name]
        }

    @classmethod
    def of_state(cls, state: Mapping[str, Any]) -> "Wanted":
        """From a saved view; what it does not know is left out."""
        plain = cls()
        known = {each.name: getattr(plain, each.name) for each in fields(cls) if each.name not in _OF_PAGES}
        return replace(plain, **{name: state[name] for name in known if _fits(state.get(name), known[name])})


def _fits(value: object, plain: object) -> bool:
    return type(value) is (int if plain is None else type(plain))


@dataclass(frozen=True, slots=True)
class Capacity:
    """A collector's day: cases they can work, have worked, and have left."""

    per_day: int
    worked: int

    @property
    def left(self) -> int:
        """How many more fit in."""
        return max(self.per_day - self.worked, 0)


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """Open cases of somebody who may not work them any more."""

    member_id: int
    name: str
    cases: int

    @property
    def label(self) -> str:
        """«de Marta, que ya no está»."""
        return owner_words(self.name, gone=True)


@dataclass(frozen=True, slots=True)
class Worklist:
    """One page. total: how many rows there are on all pages. counts: tier → how many, before the filter by
    tier. today: how many of them fit into the day. capacity: of the collector whose list it is, None for
    others. left_behind: cases that are to be given to somebody. owners: mine, team, nobody, all → how many
    open cases, whatever is filtered."""

    rows: tuple[WorkRow, ...]
    total: int
    page: int
    pages: int
    counts: dict[int, int]
    today: int
    capacity: Capacity | None
    left_behind: tuple[LeftBehind, ...]
    owners: dict[str, int]

    @property
    def tiers(self) -> list[tuple[int, str, int]]:
        """Tier, its Spanish name and how many, in the order of work; those that occur."""
        return [(int(t), TIER_LABELS[t], self.counts[t]) for t in Tier if self.counts.get(t)]


def worklist(
    creditor: Creditor, *, member: Membership | None, on: date, now: datetime, wanted: Wanted | None = None
) -> Worklist:
    """A page of the worklist as this member sees it; None for a program, which has no cases of its own.

    In a transaction and the creditor's scope, outside savepoints.
    """
    wanted = wanted or Wanted()
    look = _Look(creditor, member, on, now)
    capacity = look.capacity(wanted.owner)
    theirs = _with_today(look.of_owner(wanted.owner), capacity)
    found = _filtered(theirs, wanted, look.among(wanted))
    counts = dict(found.group_by("tier").len().iter_rows())
    if wanted.tier is not None:
        found = found.filter(tier=wanted.tier)
    pages = max(-(-found.height // wanted.size), 1)
    page = min(max(wanted.page, 1), pages)
    return Worklist(
        rows=work_rows(
            creditor, found.slice((page - 1) * wanted.size, wanted.size), look.members, on=on, now=now
        ),
        total=found.height,
        page=page,
        pages=pages,
        counts=counts,
        today=int(found["today"].sum()),
        capacity=capacity,
        left_behind=look.left_behind(),
        owners={owner: look.of_owner(owner).height for owner in (MINE, TEAM, NOBODY, EVERYBODY)},
    )


def next_case(
    creditor: Creditor,
    *,
    member: Membership,
    on: date,
    now: datetime,
    after: int | None = None,
    wanted: Wanted | None = None,
) -> WorkRow | None:
    """The best case for the member that nobody else has open; None where nothing is left for today.

    after: the case they come from, which is passed over. wanted: the list they walk. As `worklist`.
    """
    wanted = wanted or Wanted()
    look = _Look(creditor, member, on, now)
    held = [row["case_id"] for row in ask(sql.LOCKED, creditor=creditor.pk, member=member.pk, now=now)]
    theirs = _with_today(look.of_owner(wanted.owner), look.capacity(wanted.owner))
    found = _filtered(theirs, wanted, look.among(wanted))
    if wanted.tier is not None:
        found = found.filter(tier=wanted.tier)
    free = found.filter(~pl.col("case_id").is_in(held) & (pl.col("tier") != Tier.ASIDE))
    if after is not None:
        free = free.filter(pl.col("case_id") != after)
    rows = work_rows(creditor, free.head(1), look.members, on=on, now=now)
    return rows[0] if rows else None


def why_now(
    creditor: Creditor, case: CaseSeen, owed: Iterable[Mapping[str, Any]], *, on: date, now: datetime
) -> str:
    """The reason with which an open case stands in the list, "" for no such.

    owed: its portfolio rows of this moment. In a transaction and the creditor's scope.
    """
    row = case_of_customer(creditor, case.customer_id, on=on, now=now)
    if row is None:
        return ""
    (told,) = with_tasks(creditor, [row | {"next_action": case.next_action}])
    return reason_of(creditor, told, owed, on)


class _Look:
    """All open cases ranked, as one member sees them at one moment."""

    def __init__(self, creditor: Creditor, member: Membership | None, on: date, now: datetime) -> None:
        self._creditor, self._on, self._now = creditor, on, now
        self._me = member.pk if member is not None else 0
        self.members: dict[int, Member] = members_of(creditor.pk)
        self._cases = ranked_cases(creditor, self.members, on=on, now=now)

    def of_owner(self, owner: str) -> pl.DataFrame:
        """Those that are somebody's, in the order of work."""
        works = pl.col("works_id")
        if owner == EVERYBODY:
            return self._cases
        if owner == NOBODY:
            return self._cases.filter(works.is_null())
        if owner == TEAM:
            return self._cases.filter(pl.col("team_id").is_in(self._teams()) | (works == self._me))
        return self._cases.filter(works == self._whose(owner))

    def _whose(self, owner: str) -> int:
        return int(owner) if owner.isascii() and owner.isdecimal() else self._me

    def _teams(self) -> list[int]:
        """The teams the member works in or leads."""
        mine = self.members.get(self._me)
        led = [row["id"] for row in ask(sql.LED, creditor=self._creditor.pk, member=self._me)]
        return [*led, mine.team_id] if mine is not None and mine.team_id is not None else led

    def capacity(self, owner: str) -> Capacity | None:
        """Of the collector whose list it is."""
        if owner in (TEAM, NOBODY, EVERYBODY):
            return None
        collector = self.members.get(self._whose(owner))
        if collector is None or collector.cases_per_day is None:
            return None
        return Capacity(collector.cases_per_day, self._worked_by(collector.id))

    def _worked_by(self, member_id: int) -> int:
        user = Membership.objects.filter(pk=member_id).values_list("user_id", flat=True).first()
        return worked_on(self._creditor, self._on).get(f"user:{user}", 0)

    def among(self, wanted: Wanted) -> list[int] | None:
        """Customers of the group and with the words that are asked for; None for everybody."""
        if wanted.group_id is None:
            return self._with_text(wanted.text)
        rows = ask(sql.OF_GROUP, creditor=self._creditor.pk, group=wanted.group_id)
        group, named = [row["id"] for row in rows], self._with_text(wanted.text)
        return group if named is None else sorted(set(group) & set(named))

    def _with_text(self, text: str) -> list[int] | None:
        words = words_asked(self._creditor.pk, text)
        if not words.values:
            return None
        query = sql.WITH_WORDS.format(words=words.of("c.id"))
        return [row["id"] for row in ask(query, creditor=self._creditor.pk, **words.values)]

    def left_behind(self) -> tuple[LeftBehind, ...]:
        """Whose cases are to be given to others, most cases first."""
        gone = [member.id for member in self.members.values() if not member.is_able]
        counts = self._cases.filter(pl.col("owner_id").is_in(gone)).group_by("owner_id").len()
        return tuple(
            LeftBehind(owner, self.members[owner].name, cases)
            for owner, cases in counts.sort(["len", "owner_id"], descending=[True, False]).iter_rows()
        )


def _with_today(cases: pl.DataFrame, capacity: Capacity | None) -> pl.DataFrame:
    """With today: what fits into the day, from the top; all there is to do where it has no bound."""
    to_do = pl.col("tier") != Tier.ASIDE
    fits = to_do if capacity is None else to_do & (to_do.cum_sum() <= capacity.left)
    return cases.with_columns(today=fits)


def _filtered(cases: pl.DataFrame, wanted: Wanted, among: list[int] | None) -> pl.DataFrame:
    overdue, days = pl.col("overdue_worth_minor"), pl.col("days_overdue")
    tests: list[tuple[Any, Callable[[Any], pl.Expr]]] = [
        (wanted.state or None, lambda state: pl.col("state") == state),
        (wanted.kind or None, lambda kind: pl.col("debtor_kind") == kind),
        (among, pl.col("customer_id").is_in),
        (wanted.least_minor, lambda minor: overdue >= minor),
        (wanted.most_minor, lambda minor: overdue <= minor),
        (wanted.days_from, lambda number: days >= number),
        (wanted.days_to, lambda number: days <= number),
        (wanted.only_today or None, lambda _asked: pl.col("today")),
    ]
    return cases.filter(pl.lit(value=True), *(test(value) for value, test in tests if value is not None))
