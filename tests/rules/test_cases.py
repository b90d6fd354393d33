"""Cases: the table of states, and to whom a new one goes."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from aldia.records.cases.models import CaseState
from aldia.rules.cases import BY_PEOPLE, MOVES, Opening, Worker, after_work, may_become, owners_of


def test_the_table_has_every_state_and_only_runs_close() -> None:
    assert set(MOVES) == set(CaseState.values)
    assert {to for moves in MOVES.values() for to in moves} == set(CaseState.values) - {"new"}
    assert MOVES["closed"] == ("working",)
    assert set(BY_PEOPLE) <= set(MOVES) - {"new", "closed", "promised"}
    assert may_become("waiting", "waiting")
    assert not may_become("closed", "waiting")


@given(st.sampled_from(sorted(set(MOVES) - {"closed"})), st.booleans(), st.booleans())
def test_who_is_worked_waits_only_for_something(state: str, has_next: bool, has_hold: bool) -> None:
    after = after_work(state, has_next=has_next, has_hold=has_hold)
    assert may_become(state, after)
    assert after != "new"
    assert (after == "waiting") == (state == "waiting" and (has_next or has_hold))
    assert after_work(after, has_next=has_next, has_hold=has_hold) == after


def _plain(customer: int) -> Opening:
    return Opening(customer, None, False, None)


def test_the_worked_example_of_the_document() -> None:
    workers = [Worker(1, 40, 10), Worker(2, 10, 4)]
    given_to = owners_of(map(_plain, range(7)), workers=workers, large_owner=None, of_groups={})
    assert [owner for _customer, owner, _why in given_to] == [1] * 7
    workers = [Worker(1, 10, 4), Worker(2, 40, 10)]
    given_to = owners_of(map(_plain, range(8)), workers=workers, large_owner=None, of_groups={})
    assert [owner for _customer, owner, _why in given_to] == [2] * 6 + [1, 2]


def test_the_customers_own_comes_first_then_large_then_the_group() -> None:
    openings = [
        Opening(1, 9, True, 5),
        Opening(2, None, True, 5),
        Opening(3, None, False, 5),
        Opening(4, None, False, 6),
        Opening(5, None, False, None),
    ]
    found = owners_of(openings, workers=[Worker(3, 10, 0)], large_owner=8, of_groups={6: 7})
    assert list(found) == [
        (1, 9, "customer"),
        (2, 8, "large"),
        (3, 9, "group"),
        (4, 7, "group"),
        (5, 3, "load"),
    ]
    nobody = owners_of(openings[4:], workers=[], large_owner=None, of_groups={})
    assert list(nobody) == [(5, None, "")]


_openings = st.lists(
    st.tuples(
        st.none() | st.none() | st.integers(1, 4), st.booleans(), st.none() | st.none() | st.integers(1, 3)
    ),
    max_size=25,
)
_workers = st.dictionaries(st.integers(1, 6), st.tuples(st.integers(1, 9), st.integers(0, 20)), max_size=5)


@given(
    _openings, _workers, st.none() | st.integers(1, 6), st.dictionaries(st.integers(1, 3), st.integers(1, 6))
)
def test_owners_are_those_of_a_plain_loop(
    drawn: list[tuple[int | None, bool, int | None]],
    terms: dict[int, tuple[int, int]],
    large_owner: int | None,
    of_groups: dict[int, int],
) -> None:
    openings = [Opening(number, *each) for number, each in enumerate(drawn)]
    workers = [Worker(member, capacity, load) for member, (capacity, load) in terms.items()]
    found = owners_of(openings, workers=workers, large_owner=large_owner, of_groups=of_groups)
    loads = {member: load for member, (_capacity, load) in terms.items()}
    groups, wanted = dict(of_groups), []
    for case in openings:
        owner = case.customer_owner
        if owner is None and case.large:
            owner = large_owner
        if owner is None and case.group is not None:
            owner = groups.get(case.group)
        if owner is None and loads:
            owner = min(loads, key=lambda member: (Fraction(loads[member], terms[member][0]), member))
            loads[owner] += 1
        if case.group is not None and owner is not None:
            groups.setdefault(case.group, owner)
        wanted.append((case.customer_id, owner))
    assert [(customer, owner) for customer, owner, _why in found] == wanted
