"""Reads docs/specimen.md: the page's world, and what the page says must come out of it."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from tests.oracle.specimen_facts import Facts, Table, minor
from tests.oracle.world import Entry, Step, Strategy, Value, World

PAGE = Path(__file__).parents[2] / "docs" / "specimen.md"
_FENCE = re.compile(r"^```toml\n(.*?)^```", re.MULTILINE | re.DOTALL)
_TITLE = re.compile(r"^### (.+)$", re.MULTILINE)
_NOT_COLUMNS = frozenset({"outcome", "rank", "next_on", "occurrence", "notices"})


@dataclass(frozen=True, slots=True)
class Expected:
    """One customer of the page.

    rows: currency → the columns the page names, as the frame has them (money in minor units, None for NULL);
    exactly these currencies have a row. notices: (line number, entry id, occurrence).
    """

    title: str
    code: str
    customer_id: int
    rows: dict[str, dict[str, Value]]
    outcome: str
    rank: int | None
    next_on: date | None
    occurrence: int | None
    notices: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Specimen:
    """The whole page. line_ids: number on the page → id in the world."""

    world: World
    customers: tuple[Expected, ...]
    line_ids: dict[str, int]


def read_strategy(table: Table) -> Strategy:
    """A strategy document as the oracle holds it."""
    head = table["strategy"]
    factors = {c: Decimal(t["factor"]) for c, t in table.get("amounts", {}).items()}
    return Strategy(
        name=head["name"],
        currency=head["currency"],
        minimum=Decimal(head["minimum"]),
        spacing_days=head["spacing_days"],
        per=table["episode"]["per"],
        steps=tuple(_step(s) for s in table.get("step", [])),
        documents=tuple(Entry(d["id"], d["kind"], d["when"]) for d in table.get("document", [])),
        factors=factors,
    )


def _step(table: Table) -> Step:
    minimum = None if "minimum" not in table else Decimal(table["minimum"])
    requires = tuple(table.get("requires", []))
    return Step(table["id"], table["when"], requires, table.get("spacing_days"), minimum)


def _expected(title: str, customer_id: int, code: str, table: Table, columns: frozenset[str]) -> Expected:
    rows = {}
    for currency, words in table.items():
        if currency not in _NOT_COLUMNS:
            rows[currency] = {**_columns(words, currency, columns)}
    return Expected(
        title=title,
        code=code,
        customer_id=customer_id,
        rows=rows,
        outcome=table["outcome"],
        rank=table.get("rank"),
        next_on=table.get("next_on"),
        occurrence=table.get("occurrence"),
        notices=tuple((n["line"], n["entry"], n["occurrence"]) for n in table.get("notices", [])),
    )


def _columns(words: Table, currency: str, money: frozenset[str]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for word, value in words.items():
        if word in money:
            found[f"{word}_minor"] = minor(value, currency)
        elif value == "NULL":
            found[word] = None
        else:
            found[word] = float(value) if isinstance(value, Decimal) else value
    return found


_MONEY_WORDS = frozenset(
    (
        *("open", "overdue", "dunnable", "unapplied", "disputed", "covered", "interest", "compensation"),
        "promised",
        *("aging_not_due", "aging_1_30", "aging_31_60", "aging_61_90"),
        *("aging_91_180", "aging_181_360", "aging_over_360"),
    )
)


def read_specimen(path: Path = PAGE) -> Specimen:
    """The page, block by block: the creditor, the strategies, then facts and expectation in pairs."""
    text = path.read_text(encoding="utf-8")
    tables = [tomllib.loads(block, parse_float=Decimal) for block in _FENCE.findall(text)]
    head = tables[0]
    strategies = {t["strategy"]["name"]: read_strategy(t) for t in tables if "strategy" in t and "step" in t}
    pairs = tables[1 + len(strategies) :]
    titles = _TITLE.findall(text)
    assert len(pairs) == 2 * len(titles), "each customer has a title, facts and an expectation"
    facts = [{"kind": "business", "reach": ["email", "phone", "post"], **t} for t in pairs[::2]]
    page = Facts(head, strategies)
    for customer_id, table in enumerate(facts, start=1):
        page.add_debts(customer_id, table)
    for table in facts:
        page.add_moves(table)
    for customer_id, table in enumerate(facts, start=1):
        page.add_story(customer_id, table)
    expected = [
        _expected(title, customer_id, fact["code"], table, _MONEY_WORDS)
        for customer_id, (title, fact, table) in enumerate(
            zip(titles, facts, pairs[1::2], strict=True), start=1
        )
    ]
    return Specimen(page.world(), tuple(expected), page.line_ids)
