"""The table of states in the database is that of `rules/cases.py`, and it is kept."""

import re
from itertools import product

import pytest
from django.db import connection

from aldia.records.cases.models import Case, CaseState
from aldia.rules.cases import MOVES
from tests import factories as make
from tests.records.refusals import refused
from tests.records.world import DAY

pytestmark = pytest.mark.django_db


def _case(creditor, state):
    return Case.objects.create(
        creditor=creditor,
        customer=make.customer(creditor=creditor),
        state=state,
        state_since=DAY,
        opened_on=DAY,
        closed_on=DAY if state == "closed" else None,
    )


def _move(case, state, **more):
    fields = {"state": state, "closed_on": DAY if state == "closed" else None, "version": case.version + 1}
    return Case.objects.filter(pk=case.pk).update(**fields | more)


def test_the_trigger_has_the_table_of_the_rules():
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'cases_case_moves'")
        source = cursor.fetchone()[0]
    pairs = re.findall(r"'([a-z]+) ([a-z]+)'", source)
    assert sorted(pairs) == sorted((here, there) for here, all_ in MOVES.items() for there in all_)


@pytest.mark.parametrize(("here", "there"), list(product(CaseState.values, repeat=2)))
def test_a_case_goes_where_the_table_lets_it(ours, here, there):
    case = _case(ours, here)
    again = {"reopened_times": 1} if here == "closed" != there else {}
    if here == there or there in MOVES[here]:
        assert _move(case, there, **again) == 1
        return
    with refused("case_moves:"):
        _move(case, there, **again)


def test_a_change_counts_and_the_first_things_stay(ours):
    case = _case(ours, "working")
    other = make.customer(creditor=ours)
    for change in (
        {"priority": 1},
        {"version": 2, "customer_id": other.pk},
        {"version": 2, "opened_on": DAY.replace(day=1)},
    ):
        with refused("case_moves:"):
            Case.objects.filter(pk=case.pk).update(**change)
    with refused("case_moves:"):
        case.delete()


def test_taking_up_again_is_counted(ours):
    case = _case(ours, "closed")
    with refused("case_moves:"):
        _move(case, "working")
    assert _move(case, "working", reopened_times=1) == 1
