"""The lot: the same acts whenever it is drawn, so many of each, no matter in which order they come."""

import random
from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from aldia.rules.quality import CALL, MESSAGE, Act, drawn, week_of

_WEEK = date(2026, 11, 16)
_acts = st.lists(
    st.builds(Act, st.sampled_from([CALL, MESSAGE]), st.integers(1, 60), st.integers(1, 4)),
    unique_by=lambda act: (act.kind, act.id),
    max_size=60,
)


@given(_acts, st.integers(0, 6), st.randoms(use_true_random=False))
def test_the_lot_does_not_depend_on_the_order_and_takes_so_many_of_each(
    acts: list[Act], per_member: int, rng: random.Random
):
    found = drawn(acts, creditor_id=1, week=_WEEK, per_member=per_member)
    rng.shuffle(acts)
    assert drawn(acts, creditor_id=1, week=_WEEK, per_member=per_member) == found
    made, taken = (Counter(act.member_id for act in some) for some in (acts, found))
    assert taken == Counter({member: min(per_member, n) for member, n in made.items() if per_member})


@given(_acts, st.integers(1, 6))
def test_what_others_did_changes_nobodys_lot(acts: list[Act], per_member: int):
    found = drawn(acts, creditor_id=1, week=_WEEK, per_member=per_member)
    mine = [act for act in acts if act.member_id == 1]
    alone = drawn(mine, creditor_id=1, week=_WEEK, per_member=per_member)
    assert alone == [act for act in found if act.member_id == 1]


def test_another_week_or_creditor_draws_others():
    acts = [Act(CALL, number, 1) for number in range(200)]
    lots = [
        {act.id for act in drawn(acts, creditor_id=creditor, week=week, per_member=5)}
        for creditor, week in ((1, _WEEK), (2, _WEEK), (1, _WEEK + timedelta(days=7)))
    ]
    assert len({frozenset(lot) for lot in lots}) == 3


def test_a_week_begins_on_monday():
    assert {week_of(_WEEK + timedelta(days=n)) for n in range(7)} == {_WEEK}
