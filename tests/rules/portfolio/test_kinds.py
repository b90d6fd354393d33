"""How a customer pays: the rules over columns against the same in plain loops, on any facts; its words."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aldia.rules.portfolio.behaviour import settled_lines
from aldia.rules.portfolio.frames import Frames, Terms
from aldia.rules.portfolio.kind_words import (
    KIND_LABELS,
    TREATMENTS,
    evidence_sentences,
    kind_label,
    treatment_of,
)
from aldia.rules.portfolio.kinds import Because, Kind, debtor_kinds, kind_rules, with_inferred
from aldia.rules.portfolio.lines import lines_as_of
from aldia.rules.portfolio.promises import promise_lines, promise_standings
from tests.factories_portfolio import generated_world
from tests.oracle.balances import Book
from tests.oracle.kinds import KindFacts, inferred
from tests.oracle.kinds import kind_facts as plain_facts
from tests.rules.portfolio.world_frames import frames_of, terms_of

pytestmark = pytest.mark.slow

DAY = date(2026, 11, 20)
_small = st.integers(0, 6)
_late = st.lists(st.one_of(st.integers(4, 60), st.sampled_from([4, 10, 20, 29, 30, 31, 40])), max_size=12)
_said = st.one_of(
    st.none(),
    st.tuples(
        st.sampled_from(["forgot", "cannot", "stalls", "disagrees"]),
        st.sampled_from([0, 1, 44, 89, 90, 91, 119, 120, 121, 179, 180, 181, 364]),
    ),
)


@st.composite
def facts(draw: st.DrawFn) -> KindFacts:
    late = draw(_late)
    said = draw(_said)
    promises = draw(_small)
    broken = draw(st.integers(0, promises))
    return KindFacts(
        paid=len(late) + draw(st.integers(0, 20)),
        late_days=tuple(late),
        lately=draw(st.integers(0, len(late))),
        days_now=tuple(draw(st.lists(st.sampled_from([4, 5, 7, 8, 30, 200]), max_size=4))),
        in_parts=draw(_small),
        contested=draw(st.sampled_from([0, 0, 0, 0, 1, 3])),
        said=said,
        forgot=draw(_small) if said else 0,
        promises=promises,
        broken=broken,
        partly_kept=draw(st.integers(0, promises - broken)),
    )


def _row(known: KindFacts) -> dict[str, Any]:
    """As `kind_facts` of the engine has it."""
    late = sorted(known.late_days)
    series = pl.Series(late, dtype=pl.Int64)
    return {
        "customer_id": 1,
        "paid": known.paid,
        "paid_late": len(late),
        "lately": known.lately,
        "late_now": len(known.days_now),
        "days_now": max(known.days_now, default=0),
        "items": known.paid + len(known.days_now),
        "late": len(late) + len(known.days_now),
        "late_from": min(late, default=None),
        "late_to": max(late, default=None),
        "late_median": series.median(),
        "late_variance_n2": len(late) * sum(n * n for n in late) - sum(late) ** 2,
        "in_parts": known.in_parts,
        "contested": known.contested,
        "said": known.said[0] if known.said else None,
        "said_days": known.said[1] if known.said else None,
        "said_on": DAY - timedelta(days=known.said[1]) if known.said else None,
        "forgot": known.forgot,
        "promises": known.promises,
        "partly_kept": known.partly_kept,
        "broken": known.broken,
    }


_SCHEMA = pl.Schema(
    dict.fromkeys(_row(KindFacts(0, (), 0, (), 0, 0, None, 0, 0, 0)), pl.Int64)
    | {"late_median": pl.Float64, "said": pl.String, "said_on": pl.Date}
)


@given(st.lists(facts(), min_size=1, max_size=40))
def test_columns_and_plain_words_give_the_same_kind_for_the_same_reason(many: list[KindFacts]) -> None:
    seen = with_inferred(pl.DataFrame([_row(each) for each in many], schema=_SCHEMA))
    got = list(seen.select("inferred_kind", "because").iter_rows())
    assert got == [inferred(each) for each in many]


@given(facts())
def test_every_kind_of_facts_has_its_sentences(known: KindFacts) -> None:
    told = evidence_sentences(_row(known))
    assert told
    assert all(each.endswith(".") and "None" not in each for each in told)


def test_every_rule_is_met_on_generated_portfolios() -> None:
    """So that the comparison of engine and oracle compares something."""
    met = set()
    for seed in range(60):
        world = generated_world(seed)
        book = Book(world, world.as_of)
        met |= {inferred(plain_facts(book, customer.id))[1] for customer in world.customers}
    assert met >= {each.value for each in Because} - {"puts_off", "said_forgot", "on_time"}


def test_each_rule_names_a_reason_of_its_own_in_the_order_of_the_page() -> None:
    reasons = [rule.because for rule in kind_rules()]
    assert reasons == [each for each in Because if each is not Because.NO_EVIDENCE]


def test_each_kind_has_a_label_and_a_treatment_that_speak_of_conduct() -> None:
    assert set(KIND_LABELS) == set(TREATMENTS) == set(Kind)
    words = " ".join([*KIND_LABELS.values(), *TREATMENTS.values()]).lower()
    assert not any(rude in words for rude in ("moros", "deudor", "mal pagador", "insolven"))
    assert kind_label("nobody knows") == "nobody knows"
    assert treatment_of("nobody knows") == treatment_of("unknown")


@pytest.mark.parametrize(
    ("promises", "partly_kept", "broken", "told"),
    [
        (1, 0, 0, "Cumplió su compromiso de pago."),
        (1, 1, 0, "Cumplió en parte su compromiso de pago."),
        (1, 0, 1, "No cumplió su compromiso de pago."),
        (3, 0, 1, "De 3 compromisos de pago en un año cumplió 2."),
        (4, 1, 2, "De 4 compromisos de pago en un año cumplió 1, cumplió en parte 1 e incumplió 2."),
        (2, 2, 0, "De 2 compromisos de pago en un año cumplió 0, cumplió en parte 2 e incumplió 0."),
    ],
)
def test_what_was_kept_in_part_is_not_told_as_kept(
    promises: int, partly_kept: int, broken: int, told: str
) -> None:
    known = KindFacts(0, (), 0, (), 0, 0, None, 0, promises, broken, partly_kept)
    assert evidence_sentences(_row(known)) == (told,)


def test_engine_and_plain_words_count_the_same_promises() -> None:
    counted = 0
    for seed in range(40):
        world = generated_world(seed)
        counts = _kinds(frames_of(world, world.as_of), terms_of(world, world.as_of))
        rows = counts.select("customer_id", "promises", "partly_kept", "broken").iter_rows()
        told = {customer: known for customer, *known in rows}
        book = Book(world, world.as_of)
        for customer in world.customers:
            plain = plain_facts(book, customer.id)
            assert told[customer.id] == [plain.promises, plain.partly_kept, plain.broken]
            counted += plain.partly_kept
    assert counted, "some are kept in part"


def _kinds(frames: Frames, terms: Terms) -> pl.DataFrame:
    lines = lines_as_of(frames, terms)
    promises = promise_standings(frames, terms, promise_lines(frames, terms))
    return debtor_kinds(lines, settled_lines(lines, frames, terms), promises, frames, terms)


def test_the_evidence_is_told_with_its_figures() -> None:
    many = KindFacts(
        paid=10,
        late_days=(12, 20, 15, 15, 15, 15, 15, 15, 15),
        lately=9,
        days_now=(4, 33),
        in_parts=1,
        contested=2,
        said=("cannot", 9),
        forgot=2,
        promises=3,
        broken=2,
    )
    assert evidence_sentences(_row(many)) == (
        "Pagó 9 de 10 facturas entre 12 y 20 días tarde.",
        "Tiene 2 facturas vencidas; la más antigua, desde hace 33 días.",
        "Tiene 2 facturas en incidencia, sin resolver.",
        "Ha pagado 1 factura poco a poco.",
        "El mié 11 nov 2026 dijo que ahora no puede pagar.",
        "En un año ha dicho 2 veces que se le pasó o que no le llegó.",
        "De 3 compromisos de pago en un año cumplió 1.",
    )
    none = KindFacts(0, (), 0, (), 0, 0, None, 0, 0, 0)
    assert evidence_sentences(_row(none)) == ("Todavía no hay bastante historia para decir cómo paga.",)
