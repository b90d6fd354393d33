"""Strategies for generated worlds: each condition twice, as authors write it and in Python."""

import random
from collections.abc import Mapping
from decimal import Decimal

from tests.oracle.world import Entry, Predicate, Step, Strategy, Truth, Value


def _at_least(word: str, number: int) -> Predicate:
    def holds(seen: Mapping[str, Value]) -> Truth:
        value = seen[word]
        return None if value is None else bool(value >= number)  # type: ignore[operator]

    return holds


def _is(word: str, text: str) -> Predicate:
    def holds(seen: Mapping[str, Value]) -> Truth:
        return None if seen[word] is None else seen[word] == text

    return holds


def _missing(word: str) -> Predicate:
    return lambda seen: seen[word] is None


def _both(*parts: Predicate) -> Predicate:
    def holds(seen: Mapping[str, Value]) -> Truth:
        found = [part(seen) for part in parts]
        if False in found:
            return False
        return None if None in found else True

    return holds


def _either(*parts: Predicate) -> Predicate:
    return _never(_both(*[_never(part) for part in parts]))


def _never(part: Predicate) -> Predicate:
    def holds(seen: Mapping[str, Value]) -> Truth:
        found = part(seen)
        return None if found is None else not found

    return holds


def _ladder(rng: random.Random) -> tuple[Step, ...]:
    """Four rungs that use days, money, NULLs, text and NOT."""
    first, second, third = rng.choice([1, 3, 5]), rng.choice([10, 15]), rng.choice([25, 30, 45])
    money = rng.choice([20, 30, 100])
    late, owed = "days_overdue", "dunnable"
    return (
        Step("friendly", f"{late} >= {first}", holds=_at_least(late, first)),
        Step(
            "second",
            f"{late} >= {second} AND {owed} >= {money}"
            f" AND (debtor_kind NOT IN ('circumstantial', 'illiquid') OR {late} >= {second + 9})",
            requires=("friendly",),
            holds=_both(
                _at_least(late, second),
                _at_least(owed, money),
                _either(
                    _never(_either(_is("debtor_kind", "circumstantial"), _is("debtor_kind", "illiquid"))),
                    _at_least(late, second + 9),
                ),
            ),
        ),
        Step(
            "firm",
            f"{late} > {third - 1} AND ({owed} >= {money} OR NOT (days_late_mean < 20))",
            requires=("second",),
            spacing_days=rng.choice([None, 3, 10]),
            minimum=rng.choice([None, Decimal("30.50"), Decimal("200")]),
            holds=_both(
                _at_least(late, third),
                _either(_at_least(owed, money), _at_least("days_late_mean", 20)),
            ),
        ),
        Step(
            "final",
            f"{late} >= {third + 20} AND {late} >= {third} AND NOT (replies_30d >= 1)"
            " AND (last_reply_kind IS NULL OR last_reply_kind <> 'promise') AND person_kind IN"
            " ('business', 'consumer')",
            requires=("friendly", "firm"),
            spacing_days=14,
            holds=_both(
                _at_least(late, third + 20),
                _never(_at_least("replies_30d", 1)),
                _either(_missing("last_reply_kind"), _never(_is("last_reply_kind", "promise"))),
                _either(_is("person_kind", "business"), _is("person_kind", "consumer")),
            ),
        ),
    )


def _notices() -> tuple[Entry, ...]:
    issue, due = "days_since_issue", "days_to_due"
    return (
        Entry(
            "delivery",
            "delivery",
            f"{issue} BETWEEN 0 AND 3",
            _both(_at_least(issue, 0), _never(_at_least(issue, 4))),
        ),
        Entry(
            "acceptance",
            "acceptance",
            f"{issue} >= 5 AND {issue} <= 10 AND acceptance_state IS NULL AND NOT person_kind = 'consumer'",
            _both(
                _at_least(issue, 5),
                _never(_at_least(issue, 11)),
                _missing("acceptance_state"),
                _never(_is("person_kind", "consumer")),
            ),
        ),
        Entry(
            "pre_due",
            "pre_due",
            f"{due} >= 1 AND {due} <= 5 AND open >= 20",
            _both(_at_least(due, 1), _never(_at_least(due, 6)), _at_least("open", 20)),
        ),
        Entry(
            "due_today",
            "due_today",
            f"{due} <= 0 AND {due} >= -2",
            _both(_never(_at_least(due, 1)), _at_least(due, -2)),
        ),
    )


def generated_strategies(rng: random.Random) -> dict[str, Strategy]:
    """`pymes` (default), `administraciones`, `solo_euros` per customer; `academia` per item.

    Factors times amounts are whole minor units, so that no rounding of thresholds is asked.
    """
    every = {"USD": Decimal("1.10"), "CLP": Decimal("1000"), "BHD": Decimal("0.40")}
    minimum = Decimal(rng.choice(["0", "10", "15"]))
    spacing = rng.choice([0, 5, 7])
    steps, entries = _ladder(rng), _notices()
    return {
        "pymes": Strategy(
            "pymes", "EUR", minimum, spacing, "customer", steps, entries, {"USD": Decimal("1.10")}
        ),
        "administraciones": Strategy(
            "administraciones", "EUR", Decimal("50"), 15, "customer", steps[:3], entries[:3], every
        ),
        "solo_euros": Strategy("solo_euros", "EUR", minimum, spacing, "customer", steps[:2]),
        "academia": Strategy("academia", "EUR", minimum, spacing, "item", steps, entries[2:], every),
    }
