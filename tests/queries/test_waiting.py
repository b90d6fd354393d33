"""What waits in the outbox, when it is few and when it is many: the same list, found in two ways."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from aldia.operations.audit import record_event
from aldia.operations.outbox import approve
from aldia.queries import approvals, outbox, outbox_figures
from aldia.queries.approvals import (
    WaitingUnit,
    mark_of,
    units_of_group,
    waiting_groups,
    waiting_page,
    waiting_unit,
)
from aldia.queries.outbox import units_free, units_ready
from aldia.records.outreach.models import Message
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from tests import factories as make
from tests.records.world import standing_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
DAY = date(2026, 11, 20)
TITLES = {"second": "Segundo recordatorio", "firm": "Aviso firme"}


@pytest.fixture
def creditor() -> Creditor:
    """Twelve customers wait: of each weight two; every third with two rows in its bundle; two owe nothing in
    the creditor's currency. One is put off until tomorrow."""
    creditor = make.creditor()
    with transaction.atomic(), scope([creditor.pk]):
        for number in range(12):
            customer = make.customer(creditor=creditor, code=f"C{number:02}")
            facts: dict[str, Any] = {
                "customer": customer,
                "bundle": f"dunning:{number:02}:{DAY}",
                "state": "waiting_approval",
                "planned_on": DAY,
            }
            make.message(**facts, step="second", rank=2)
            if number % 3 == 0:
                make.message(**facts, step="firm", rank=3)
            if number < 10:
                minor = 1_000 * (number // 2 + 1)
                standing_of(customer, minor=minor, since=DAY - timedelta(days=number))
        Message.objects.filter(bundle=f"dunning:07:{DAY}").update(not_before_at=NOW + timedelta(days=1))
    return creditor


def _ask(creditor: Creditor, question: Any, *args: Any, **more: Any) -> Any:
    with transaction.atomic(), scope([creditor.pk]):
        return question(creditor, *args, **more)


def _walked(creditor: Creditor, group: str, *, waiting: int) -> list[WaitingUnit]:
    """All pages of three, one after the other."""
    found: list[WaitingUnit] = []
    after = None
    while True:
        asked = {"group": group, "after": after, "now": NOW, "today": DAY, "most": 3, "waiting": waiting}
        page = _ask(creditor, waiting_page, TITLES, **asked)
        found += page.units
        after = page.next_after
        if after is None:
            return found


@pytest.mark.parametrize("group", ["", "dunning/second", "dunning/firm"])
def test_of_many_the_pages_are_those_of_the_sorted_list(creditor: Creditor, group: str) -> None:
    few = _walked(creditor, group, waiting=0)
    assert _walked(creditor, group, waiting=approvals.MANY + 1) == few
    weights = [(each.weight.minor, each.unit) for each in few]
    assert weights == sorted(weights, reverse=True)


def test_every_unit_that_waits_now_is_on_one_page_with_the_step_of_its_highest_rank(
    creditor: Creditor,
) -> None:
    units = _walked(creditor, "", waiting=0)
    assert sorted(each.code for each in units) == [f"C{n:02}" for n in range(12) if n != 7]
    assert {each.code for each in units if each.step == "firm"} == {"C00", "C03", "C06", "C09"}
    assert {each.code: each.days_overdue for each in units}["C09"] == 9
    assert {each.code: each.days_overdue for each in units}["C11"] == 0
    groups = _ask(creditor, waiting_groups, TITLES, now=NOW)
    assert [(each.key, each.count) for each in groups] == [("dunning/firm", 4), ("dunning/second", 7)]
    firm = _ask(creditor, units_of_group, "dunning/firm", now=NOW)
    assert set(firm.keys) == {each.unit for each in units if each.step == "firm"}
    assert firm.mark == mark_of(4, groups[0].last_id)
    every = _ask(creditor, units_of_group, "", now=NOW)
    assert every.mark == mark_of(11, max(each.last_id for each in groups))


def test_one_unit_is_the_same_by_itself_but_for_its_weight(creditor: Creditor) -> None:
    listed = next(each for each in _walked(creditor, "", waiting=0) if each.code == "C06")
    alone = _ask(creditor, waiting_unit, TITLES, listed.unit, now=NOW)
    assert alone == replace(listed, weight=alone.weight, days_overdue=0)
    assert _ask(creditor, waiting_unit, TITLES, f"dunning:07:{DAY}", now=NOW) is None


def test_of_a_bundle_that_has_left_the_rest_waits_under_a_key_of_its_own(creditor: Creditor) -> None:
    with transaction.atomic(), scope([creditor.pk]):
        customer = Message.objects.filter(bundle=f"dunning:06:{DAY}").first().customer  # type: ignore[union-attr]
        facts: dict[str, Any] = {
            "customer": customer,
            "unit": f"dunning:06:{DAY}",
            "finished_at": NOW,
            "begun_at": NOW,
        }
        make.dispatch(**facts, key=f"dunning:06:{DAY}", state="sent")
    key = f"dunning:06:{DAY}/2"
    listed = next(each for each in _walked(creditor, "", waiting=0) if each.code == "C06")
    alone = _ask(creditor, waiting_unit, TITLES, listed.unit, now=NOW)
    assert (listed.key, alone.key) == (key, key)
    assert key in _ask(creditor, units_of_group, "", now=NOW).keys
    approve(creditor=creditor, keys=[key], actor="ana", now=NOW)
    assert key not in _ask(creditor, units_of_group, "", now=NOW).keys


def test_what_may_leave_is_found_behind_many_rows_that_may_not(
    creditor: Creditor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "_ROWS_PER_UNIT", 1)
    with transaction.atomic(), scope([creditor.pk]):
        whole = Message.objects.filter(
            bundle__in=[f"dunning:{number}:{DAY}" for number in ("03", "08", "11")]
        )
        half = Message.objects.filter(bundle=f"dunning:00:{DAY}", step="firm")
        (whole | half).update(state="approved", approved_by="ana", approved_at=NOW)
    ready = _ask(creditor, units_ready, now=NOW, limit=2)
    assert [each.unit for each in ready] == [f"dunning:03:{DAY}", f"dunning:08:{DAY}"]
    assert len(ready[0].message_ids) == 2
    assert len(_ask(creditor, units_free, limit=2)) == 2
    free = _ask(creditor, units_free, limit=9)
    assert [unit.unit[8:10] for _place, unit in free] == ["03", "08", "11"]
    first, last = free[0][0], free[-1]
    assert _ask(creditor, units_free, limit=9, after=first) == free[1:]
    assert _ask(creditor, units_free, limit=9, after=last[0]) == []


def test_counts_of_many_are_kept_until_something_is_done_or_its_hour_comes(
    creditor: Creditor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_figures, "MANY", 0)
    _write_entry(creditor)
    first = _ask(creditor, outbox_figures.outbox_figures, TITLES, now=NOW)
    assert first.counts.waiting_approval == 12
    assert _ask(creditor, outbox_figures.outbox_figures, TITLES, now=NOW) is first
    with transaction.atomic(), scope([creditor.pk]):
        Message.objects.filter(bundle=f"dunning:05:{DAY}").update(state="skipped", reason="skipped")
    _write_entry(creditor)
    second = _ask(creditor, outbox_figures.outbox_figures, TITLES, now=NOW)
    assert second.counts.waiting_approval == 11
    assert second.until == NOW + timedelta(hours=1)
    tomorrow = NOW + timedelta(days=1)
    later = _ask(creditor, outbox_figures.outbox_figures, TITLES, now=tomorrow)
    assert sum(each.count for each in later.groups) == sum(each.count for each in second.groups) + 1


def test_counts_of_few_are_always_counted(creditor: Creditor) -> None:
    _write_entry(creditor)
    first = _ask(creditor, outbox_figures.outbox_figures, TITLES, now=NOW)
    assert _ask(creditor, outbox_figures.outbox_figures, TITLES, now=NOW) is not first


def _write_entry(creditor: Creditor) -> None:
    with transaction.atomic(), scope([creditor.pk]):
        record_event(
            creditor_id=creditor.pk,
            verb="outbox.skipped",
            subject=f"creditor:{creditor.pk}",
            actor="prueba",
            payload={"messages": 1},
            at=NOW,
        )
