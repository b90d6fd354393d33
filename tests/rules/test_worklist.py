"""The worklist is what the oracle reckons, whatever the facts; its sentences say what there is."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aldia.rules.worklist import AMOUNTS, FACTS, KIND_CHANCE, TIER_LABELS, Tier, ranked
from aldia.rules.worklist_words import _SENTENCES, Told, chance_label, reason_sentence
from tests.oracle.worklist import ranking

DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)

_days = st.integers(-12, 12).map(lambda n: DAY + timedelta(days=n))
_maybe_day = st.none() | _days
_moments = st.integers(-30, 30).map(lambda hours: NOW + timedelta(hours=hours))


def _facts(case_id: int) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "case_id": st.just(case_id),
            "customer_id": st.just(case_id + 100),
            "state": st.sampled_from(["new", "working", "waiting", "promised", "escalated"]),
            "state_since": _days,
            "priority": st.sampled_from([-1, 0, 0, 1]),
            "next": st.none() | _moments | _days,
            "touched_on": st.none() | st.just(DAY) | _days,
            "days_overdue": st.sampled_from([0, 1, 30, 31, 60, 90, 91, 180, 360, 361, 900]),
            "debtor_kind": st.sampled_from(sorted(KIND_CHANCE)),
            "has_phone": st.booleans(),
            "has_email": st.booleans(),
            "has_post": st.booleans(),
            "contact_on": _maybe_day,
            "on_hold": st.sampled_from([False, False, False, True]),
            "insolvent": st.sampled_from([False, False, False, True]),
            "reply_at": st.none() | st.none() | _moments,
            "task_on": st.none() | st.none() | _days,
            "promise_on": st.none() | st.none() | _days,
            "broken_on": st.none() | st.none() | _days,
        }
    ).map(_with_next)


def _with_next(row: dict[str, Any]) -> dict[str, Any]:
    said = row.pop("next")
    is_moment = isinstance(said, datetime)
    return row | {"next_on": said.date() if is_moment else said, "next_at": said if is_moment else None}


_minor = st.sampled_from([0, 1, 99, 5_000]) | st.integers(0, 10**13)


def _amounts(customer_id: int) -> st.SearchStrategy[list[dict[str, Any]]]:
    row = st.fixed_dictionaries(
        {"overdue_minor": _minor, "part": st.integers(0, 100), "disputed": st.booleans()}
    )
    return st.dictionaries(st.sampled_from(["EUR", "COP", "BHD"]), row, max_size=3).map(
        lambda found: [_amount(customer_id, code, each) for code, each in sorted(found.items())]
    )


def _amount(customer_id: int, currency: str, row: dict[str, Any]) -> dict[str, Any]:
    dunnable = row["overdue_minor"] * row["part"] // 100
    return {
        "customer_id": customer_id,
        "currency": currency,
        "overdue_minor": row["overdue_minor"],
        "dunnable_minor": dunnable,
        "disputed_minor": row["overdue_minor"] - dunnable if row["disputed"] else 0,
    }


@st.composite
def _portfolios(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    count = draw(st.integers(0, 8))
    facts = [draw(_facts(case_id)) for case_id in range(1, count + 1)]
    amounts = [each for row in facts for each in draw(_amounts(row["customer_id"]))]
    return facts, amounts


def _ranked(facts: list[dict[str, Any]], amounts: list[dict[str, Any]]) -> pl.DataFrame:
    return ranked(
        pl.DataFrame(facts, schema=FACTS),
        pl.DataFrame(amounts, schema=AMOUNTS),
        currency="EUR",
        now=NOW,
        on=DAY,
    )


@pytest.mark.slow
@given(_portfolios())
def test_the_order_is_that_of_the_oracle(
    portfolio: tuple[list[dict[str, Any]], list[dict[str, Any]]],
) -> None:
    facts, amounts = portfolio
    found = _ranked(facts, amounts).select("case_id", "tier", "why", "worth_minor", "chance", "score_minor")
    wanted = ranking(facts, amounts, currency="EUR", now=NOW, on=DAY)
    assert found.rows() == [
        (each.case_id, each.tier, each.why, each.worth, each.chance, each.score) for each in wanted
    ]


@pytest.mark.slow
@given(_portfolios())
def test_more_to_ask_for_never_brings_a_case_down(
    portfolio: tuple[list[dict[str, Any]], list[dict[str, Any]]],
) -> None:
    facts, amounts = portfolio
    euros = [each for each in amounts if each["currency"] == "EUR" and each["dunnable_minor"] > 0]
    if not euros:
        return
    before = _ranked(facts, amounts)["case_id"].to_list()
    customer = euros[0]["customer_id"]
    more = [
        each | ({"dunnable_minor": each["dunnable_minor"] + 10**6} if each is euros[0] else {})
        for each in amounts
    ]
    after = _ranked(facts, more)["case_id"].to_list()
    assert after.index(customer - 100) <= before.index(customer - 100)


_PLAIN = {
    "state": "working",
    "state_since": date(2026, 10, 1),
    "priority": 0,
    "days_overdue": 45,
    "debtor_kind": "careless",
    "has_phone": True,
    "has_email": True,
    "has_post": False,
    "on_hold": False,
    "insolvent": False,
}


def test_the_worked_examples_of_the_document() -> None:
    facts = [
        _PLAIN | {"case_id": 1, "customer_id": 1, "contact_on": DAY - timedelta(days=3)},
        _PLAIN
        | {"case_id": 2, "customer_id": 2, "debtor_kind": "unknown", "days_overdue": 100, "has_phone": False},
    ]
    owed = {"currency": "EUR", "disputed_minor": 0}
    amounts = [
        owed | {"customer_id": 1, "overdue_minor": 120_000, "dunnable_minor": 120_000},
        owed | {"customer_id": 2, "overdue_minor": 200_000, "dunnable_minor": 200_000},
    ]
    rows = _ranked(facts, amounts).select("case_id", "chance", "score_minor").rows()
    assert rows == [(1, 46, 55_200), (2, 18, 36_000)]


def test_another_currency_counts_by_what_is_usual_in_it() -> None:
    owed = [("EUR", 10_000), ("EUR", 30_000), ("EUR", 90_000), ("USD", 200_000), ("USD", 600_000)]
    facts = [_PLAIN | {"case_id": n, "customer_id": n} for n in range(1, 6)]
    amounts = [
        {
            "customer_id": n,
            "currency": code,
            "overdue_minor": minor,
            "dunnable_minor": minor,
            "disputed_minor": 0,
        }
        for n, (code, minor) in enumerate(owed, start=1)
    ]
    worth = dict(_ranked(facts, amounts).select("case_id", "worth_minor").iter_rows())
    assert worth == {1: 10_000, 2: 30_000, 3: 90_000, 4: 30_000, 5: 90_000}


def test_every_ground_has_a_sentence_and_every_tier_a_name() -> None:
    assert set(TIER_LABELS) == set(Tier)
    told = Told(why="", on=DAY, next_at=NOW, next_on=DAY, state="new")
    for why in _SENTENCES:
        sentence = reason_sentence(Told(why=why, on=DAY, next_at=NOW, next_on=DAY))
        assert sentence
        assert not sentence.endswith(".")
    assert told.state == "new"


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (
            Told("broken", DAY, broken="300,00 €", broken_on=DAY),
            "Incumplió un compromiso de 300,00 € el vie 20 nov 2026",
        ),
        (Told("callback", DAY, next_at=NOW, action="Ana"), "Se quedó en llamar hoy a las 10:00: Ana"),
        (Told("reply", DAY, reply_on=DAY), "Ha contestado hoy y nadie lo ha mirado"),
        (
            Told("task", DAY, task="Mandarle la factura o una copia", task_by=DAY),
            "Tarea para hoy: Mandarle la factura o una copia",
        ),
        (
            Told("task", DAY, task="Llamar: Llamada", task_by=DAY - timedelta(days=1)),
            "Tarea sin hacer desde el jue 19 nov 2026: Llamar: Llamada",
        ),
        (
            Told("task", DAY, task="Preparar un plan B", task_by=DAY + timedelta(days=10)),
            "Preparar un plan B",
        ),
        (
            Told("next", DAY, next_on=DAY - timedelta(days=1), action="Mandar copia"),
            "Tocaba el jue 19 nov 2026: Mandar copia",
        ),
        (
            Told(
                "amount", DAY, chance=46, amount="1.200,00 €", days_overdue=45, contact_on=date(2026, 11, 17)
            ),
            "1.200,00 € por reclamar con 45 días de retraso, ocasión regular, contactado el mar 17 nov 2026",
        ),
        (
            Told("amount", DAY, chance=60, amount="5,00 €", days_overdue=1, state="new"),
            "Nuevo: 5,00 € por reclamar con 1 día de retraso, buena ocasión",
        ),
        (Told("later", DAY, next_at=NOW + timedelta(hours=6), next_on=DAY), "Hoy a las 16:00"),
        (
            Told("promised", DAY, promise="80,00 €", promise_on=date(2026, 11, 27)),
            "Se comprometió a pagar 80,00 € el vie 27 nov 2026",
        ),
    ],
)
def test_reasons_in_words(told: Told, sentence: str) -> None:
    assert reason_sentence(told) == sentence


def test_chances_in_words() -> None:
    assert [chance_label(each) for each in (80, 50, 49, 25, 24)] == [
        "buena ocasión",
        "buena ocasión",
        "ocasión regular",
        "ocasión regular",
        "ocasión difícil",
    ]
