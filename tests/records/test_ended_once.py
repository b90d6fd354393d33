"""Circumstances and pauses of areas: their end may be written, once; nothing else may change."""

from datetime import UTC, date, datetime

import pytest

from aldia.records.parties.models import AreaHold, Circumstance
from tests import factories as make
from tests.records.refusals import refused
from tests.records.world import furnish

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
END = {"ended_on": date(2026, 3, 4), "ended_by": "ana", "ended_at": NOW}


@pytest.fixture(params=[Circumstance, AreaHold])
def rows(request, ours):
    furnish(ours)
    return request.param.objects.all()


def test_the_end_is_written_once(rows):
    assert rows.update(**END) == 1
    with refused("ends_once:"):
        rows.update(ended_by="eva")


def test_what_was_recorded_stays(rows):
    with refused("ends_once:"):
        rows.update(from_on=date(2026, 3, 1))
    with refused("ends_once:"):
        rows.update(**END, from_on=date(2026, 3, 1))
    with refused("ends_once:"):
        rows.delete()


def test_a_second_open_circumstance_of_the_kind_is_refused_and_one_after_it_is_not(ours):
    customer = make.customer(creditor=ours)
    row = {"creditor": ours, "customer": customer, "kind": "complaint", "recorded_by": "ana"}
    first = Circumstance.objects.create(**row, from_on=date(2026, 3, 2))
    with refused("circumstance_is_one_open_per_kind"):
        Circumstance.objects.create(**row, from_on=date(2026, 3, 3))
    Circumstance.objects.filter(pk=first.pk).update(**END)
    Circumstance.objects.create(**row, from_on=date(2026, 3, 5))
