"""Freeze: one creditor's portfolio as of a day, in the frames that `rules/portfolio` reads.

Reversals are subtracted here, so that the rules see what is left of each row. Large portfolios are read in
parts of customers; each part is whole in itself, for a payer's credits are read with the payer and a line's
allocations with the line, whoever paid.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import polars as pl

from aldia.jurisdictions.loader import available_countries, load_jurisdiction
from aldia.queries import portfolio_sql as sql
from aldia.queries.snapshot import Snapshot
from aldia.rules.consents import Said, may_be_used, standing_of
from aldia.rules.portfolio import frames as shape
from aldia.rules.portfolio.frames import Frames
from aldia.rules.recipients import GUARDIANS, REPRESENTATIVES
from aldia.rules.texts.phones import BY_NUMBER, e164, those_that_take_messages


@dataclass(frozen=True, slots=True)
class Part:
    """Customers with lowest <= id <= highest; None on both sides is everybody."""

    lowest: int | None = None
    highest: int | None = None

    def within(self, columns: str) -> str:
        """SQL that keeps rows of these customers by any of the columns (`a|b`); begins with AND."""
        if self.lowest is None or self.highest is None:
            return ""
        tests = (f"{c} BETWEEN {self.lowest:d} AND {self.highest:d}" for c in columns.split("|"))
        return f" AND ({' OR '.join(tests)})"


EVERYBODY = Part()


@dataclass(frozen=True, slots=True)
class Chosen(Part):
    """Just these customers."""

    ids: tuple[int, ...] = field(default=())

    def within(self, columns: str) -> str:
        """SQL that keeps rows of these customers by any of the columns (`a|b`); begins with AND."""
        if not self.ids:
            return " AND false"
        listed = ",".join(f"{each:d}" for each in self.ids)
        return f" AND ({' OR '.join(f'{column} IN ({listed})' for column in columns.split('|'))})"


def parts_of(snapshot: Snapshot, customers_per_part: int) -> Iterator[Part]:
    """The portfolio cut into runs of customer ids, each of at most that many customers."""
    ids = snapshot.read("SELECT id FROM parties_customer ORDER BY id")["id"]
    if len(ids) <= customers_per_part:
        yield EVERYBODY
        return
    for start in range(0, len(ids), customers_per_part):
        run = ids[start : start + customers_per_part]
        yield Part(run[0], run[-1])


def freeze(snapshot: Snapshot, as_of: date, part: Part = EVERYBODY) -> Frames:
    """The portfolio, or one part of it, as of the day."""
    reader = _Reader(snapshot, as_of, part)
    reversals = reader.read(sql.REVERSALS)
    allocations = _less(reader.read(sql.ALLOCATIONS), "allocation_id", reversals)
    lines = _less(reader.read(sql.LINES, shape.LINES), "line_id", reversals, "due_line_id")
    return Frames(
        customers=_customers(reader),
        lines=lines,
        allocations=allocations.filter(pl.col("amount_minor") > 0).select(*shape.ALLOCATIONS),
        credits=_credits(reader, allocations, reversals),
        overlays=reader.read(sql.OVERLAYS, shape.OVERLAYS),
        episodes=reader.read(sql.EPISODES, shape.EPISODES),
        closed_episodes=reader.read(sql.CLOSED_EPISODES, shape.CLOSED_EPISODES),
        steps=reader.read(sql.STEPS, shape.STEPS),
        promises=reader.read(sql.PROMISES, shape.PROMISES),
        promise_lines=reader.read(sql.PROMISE_LINES, shape.PROMISE_LINES),
        replies=reader.read(sql.REPLIES, shape.REPLIES),
        calls=reader.read(sql.CALLS, shape.CALLS),
        judgements=reader.read(sql.JUDGEMENTS, shape.JUDGEMENTS),
        claims=reader.read(sql.CLAIMS, shape.CLAIMS),
        acceptances=reader.read(sql.ACCEPTANCES, shape.ACCEPTANCES),
        barred=_barred(reader),
        held=reader.read(sql.HELD, shape.HELD),
    )


def freeze_promises(snapshot: Snapshot, as_of: date, part: Part = EVERYBODY) -> Frames:
    """Only what promises are judged by: they themselves, due lines, money and what lies beside the lines."""
    reader = _Reader(snapshot, as_of, part)
    return _only(
        promises=reader.read(sql.PROMISES, shape.PROMISES),
        promise_lines=reader.read(sql.PROMISE_LINES, shape.PROMISE_LINES),
        **_money(reader),
    )


def freeze_money(snapshot: Snapshot, as_of: date, part: Part = EVERYBODY) -> Frames:
    """Only what is owed: due lines, money and what lies beside the lines; a third of what `freeze` reads."""
    return _only(**_money(_Reader(snapshot, as_of, part)))


def _money(reader: "_Reader") -> dict[str, pl.DataFrame]:
    reversals = reader.read(sql.REVERSALS)
    allocations = _less(reader.read(sql.ALLOCATIONS), "allocation_id", reversals)
    return {
        "lines": _less(reader.read(sql.LINES, shape.LINES), "line_id", reversals, "due_line_id"),
        "allocations": allocations.filter(pl.col("amount_minor") > 0).select(*shape.ALLOCATIONS),
        "credits": _credits(reader, allocations, reversals),
        "overlays": reader.read(sql.OVERLAYS, shape.OVERLAYS),
    }


def _only(**read: pl.DataFrame) -> Frames:
    """Frames of which the others are empty."""
    return Frames(**({name: schema.to_frame() for name, schema in Frames.schemas().items()} | read))


def cached_balances(snapshot: Snapshot, as_of: date, part: Part = EVERYBODY) -> pl.DataFrame:
    """line_id, cached_minor: open amounts as the database keeps them; no line with a later row."""
    return _Reader(snapshot, as_of, part).read(sql.CACHED)


def read_all(snapshot: Snapshot, as_of: date, part: Part = EVERYBODY) -> int:
    """Read all that `freeze` and `cached_balances` read, and nothing more; how many rows there were."""
    reader = _Reader(snapshot, as_of, part)
    return sum(reader.read(template).height for template in sql.ALL)


def unidentified_money(snapshot: Snapshot, as_of: date) -> dict[str, int]:
    """Money in that belongs to nobody yet and is not spent: minor units per currency, as of the day."""
    reader = _Reader(snapshot, as_of, EVERYBODY)
    reversals = reader.read(sql.REVERSALS)
    allocations = _less(reader.read(sql.UNIDENTIFIED_ALLOCATIONS), "allocation_id", reversals)
    credits_ = _less(reader.read(sql.UNIDENTIFIED_CREDITS), "credit_id", reversals)
    left = _left_of(reader, credits_, allocations, reversals)
    totals = left.group_by("currency").agg(pl.col("amount_minor").sum()).sort("currency")
    return {currency: minor for currency, minor in totals.iter_rows() if minor}


@dataclass(frozen=True, slots=True)
class _Reader:
    snapshot: Snapshot
    as_of: date
    part: Part

    def read(self, template: str, schema: pl.Schema | None = None) -> pl.DataFrame:
        text = re.sub(r"\{within:([\w.|]+)\}", lambda m: self.part.within(m[1]), template)
        return self.snapshot.read(text.replace(":day", f"DATE '{self.as_of}'"), schema)


def _customers(reader: _Reader) -> pl.DataFrame:
    return (
        _with_strategy(reader, reader.read(sql.CUSTOMERS))
        .join(reader.read(sql.REACHABLE), on="customer_id", how="left")
        .with_columns(pl.col("has_email", "has_phone", "has_post").fill_null(False))
        .pipe(_with_numbers)
        .select(pl.col(n).cast(t) for n, t in shape.CUSTOMERS.items())
    )


def _with_numbers(customers: pl.DataFrame) -> pl.DataFrame:
    """With takes_sms and has_whatsapp: true where a number of theirs takes messages of that kind."""
    for channel, flag in (("sms", "takes_sms"), ("whatsapp", "has_whatsapp")):
        numbers = customers.select("customer_id", country="numbers_of", value=channel).drop_nulls("value")
        taking = those_that_take_messages(numbers.explode("value"))["customer_id"].unique()
        customers = customers.with_columns(pl.col("customer_id").is_in(taking.implode()).alias(flag))
    return customers


def _barred(reader: _Reader) -> pl.DataFrame:
    """Channels with addresses none of which may be used; the rule itself is asked, address by address."""
    asking = ", ".join(f"('{country}', '{kind}', '{channel}')" for country, kind, channel in _asking())
    ways = reader.read(sql.WAYS.replace("{asking}", asking))
    said: dict[int, list[Said]] = defaultdict(list)
    for customer, *rest in reader.read(sql.CONSENTS).iter_rows() if ways.height else ():
        said[customer].append(Said(*rest))
    usable: dict[tuple[int, str], bool] = defaultdict(bool)
    for way in ways.iter_rows(named=True):
        if way["channel"] in BY_NUMBER and not e164(way["value"], way["numbers_of"]):
            continue  # a landline is no way there, open or barred
        usable[way["customer_id"], way["channel"]] |= _is_open(way, said.get(way["customer_id"], ()))
    shut = pl.DataFrame([key for key, may in usable.items() if not may], schema=shape.BARRED, orient="row")
    return pl.concat([shut, reader.read(sql.TURNED_AWAY, shape.BARRED)]).unique(maintain_order=True)


def _is_open(way: dict[str, Any], said: Sequence[Said]) -> bool:
    if way["represented"] and way["role"] not in REPRESENTATIVES:
        return False
    if way["minor"] and way["role"] not in GUARDIANS:
        return False
    agreed = frozenset({way["channel"]} if way["agreed"] else ())
    standing = standing_of(said, way["channel"], way["value"], agreed=agreed)
    return may_be_used(standing, asks_consent=way["asks_consent"])


@cache
def _asking() -> tuple[tuple[str, str, str], ...]:
    """(country, person kind, channel) that asks for a consent, of every country we know."""
    return tuple(
        sorted(
            (country, kind, channel)
            for country in available_countries()
            for each in load_jurisdiction(country).opt_ins
            for kind in each.protects
            for channel in each.channels
        )
    )


def _with_strategy(reader: _Reader, customers: pl.DataFrame) -> pl.DataFrame:
    """Override order: customer, segment, person kind (a segment of its own name), creditor."""
    inforce = reader.read(sql.STRATEGIES_IN_FORCE)
    own = inforce.filter(pl.col("customer_id").is_not_null()).select("customer_id", own="name")
    rest = inforce.filter(pl.col("customer_id").is_null())
    by_segment = rest.filter(pl.col("segment") != "").select("segment", by_segment="name")
    by_kind = by_segment.rename({"segment": "person_kind", "by_segment": "by_kind"})
    default = rest.filter(pl.col("segment") == "")["name"].to_list()
    return (
        customers.join(own, on="customer_id", how="left")
        .join(by_segment, on="segment", how="left")
        .join(by_kind, on="person_kind", how="left")
        .with_columns(
            strategy=pl.coalesce("own", "by_segment", "by_kind", pl.lit(default[0] if default else None))
        )
    )


def _credits(reader: _Reader, allocations: pl.DataFrame, reversals: pl.DataFrame) -> pl.DataFrame:
    credits_ = _less(reader.read(sql.CREDITS), "credit_id", reversals)
    credits_ = credits_.with_columns(payment=pl.col("payment") & (pl.col("amount_minor") > 0))
    left = _left_of(reader, credits_, allocations, reversals)
    return left.rename({"amount_minor": "unallocated_minor"}).select(
        pl.col(n).cast(t) for n, t in shape.CREDITS.items()
    )


def _left_of(
    reader: _Reader, credits_: pl.DataFrame, allocations: pl.DataFrame, reversals: pl.DataFrame
) -> pl.DataFrame:
    """What refunds and allocations leave of each credit, its own reversals already taken off."""
    refunds = _less(reader.read(sql.REFUNDS), "refund_id", reversals)
    return _less(_less(credits_, "credit_id", refunds), "credit_id", allocations)


def _less(frame: pl.DataFrame, key: str, taken: pl.DataFrame, taken_key: str | None = None) -> pl.DataFrame:
    """amount_minor less what `taken` (rows of taken_key, amount_minor) takes from each row."""
    parts = taken.filter(pl.col(taken_key or key).is_not_null())
    if parts.is_empty():
        return frame
    sums = parts.group_by(pl.col(taken_key or key).alias(key)).agg(taken=pl.col("amount_minor").sum())
    left = frame.join(sums, on=key, how="left")
    return left.with_columns(pl.col("amount_minor") - pl.col("taken").fill_null(0)).drop("taken")
