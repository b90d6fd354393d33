"""The daily run records what is new, once; docs/rules/run.md is the specification."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from psycopg import Connection

from aldia.kernel.clock import morning_of
from aldia.operations.run import NothingHeld, RunInTheFuture, release_held
from aldia.operations.run.daily import BalancesDiffer, LaterRunRecorded
from aldia.operations.strategies import set_strategy
from aldia.queries.terms import NoStrategy
from aldia.records.cases.models import DailyRun, Decision, Episode
from aldia.records.closing.models import DaySnapshot
from aldia.records.ledger.models import OverlayEnd
from aldia.records.outreach.models import Message
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.shipped import shipped_strategies
from tests import factories
from tests.operations.run.portfolios import (
    DAY,
    WORLD,
    essence,
    hold_of,
    put_strategies,
    recorded,
    rows,
    run,
    specimen_creditor,
)
from tests.oracle.answer import answer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def creditor(owner_connection: Connection[Any]) -> Creditor:
    return specimen_creditor(owner_connection)


def test_every_customer_gets_exactly_one_decision(creditor: Creditor) -> None:
    report = run(creditor)
    assert report.customers == len(WORLD.customers)
    assert sum(report.decisions.values()) == report.customers
    decided = Counter(row[0] for row in rows(creditor, "cases_decision", "customer_id"))
    assert decided == Counter(customer.id for customer in WORLD.customers)


def test_the_totals_are_the_oracles(creditor: Creditor) -> None:
    expected = answer(WORLD, DAY)
    overdue: Counter[str] = Counter()
    for (_, currency), row in expected.rows.items():
        overdue[currency] += int(row["overdue_minor"])  # type: ignore[arg-type]
    assert run(creditor).overdue == overdue


@pytest.mark.slow
def test_the_run_started_again_and_again_records_what_one_does(creditor: Creditor) -> None:
    first = run(creditor)
    assert first.recorded
    before, once = recorded(creditor), essence(creditor)
    for _ in range(29):
        again = run(creditor)
        assert not again.recorded
        assert again.decisions == first.decisions
        assert again.messages == first.messages
    assert recorded(creditor) == before
    assert essence(creditor) == once


def test_a_run_cut_into_parts_records_the_same(creditor: Creditor, owner_connection: Connection[Any]) -> None:
    whole = run(creditor, dry_run=True)
    parts = run(creditor, customers_per_part=7)
    assert parts.decisions == whole.decisions
    assert parts.open == whole.open
    assert parts.digest == whole.digest


def test_a_dry_run_writes_nothing(creditor: Creditor) -> None:
    before = essence(creditor)
    report = run(creditor, dry_run=True)
    assert essence(creditor) == before
    assert report.decisions == run(creditor).decisions


def test_messages_say_what_each_line_owes(creditor: Creditor) -> None:
    run(creditor)
    with transaction.atomic(), scope([creditor.pk]):
        message = Message.objects.filter(kind="dunning", run__isnull=False, due_line=None).first()
        assert message is not None
        said = rows(creditor, "outreach_message_line", "message_id, open_minor, days_overdue")
    mine = [row for row in said if row[0] == message.pk]
    assert mine
    assert all(open_minor > 0 and days > 0 for _, open_minor, days in mine)
    assert message.once_key == f"episode:{message.episode_id}/{message.step}/{message.occurrence}"


def test_a_run_before_the_last_recorded_one_is_refused(creditor: Creditor) -> None:
    run(creditor)
    before = essence(creditor)
    with pytest.raises(LaterRunRecorded, match="Ya hay un proceso registrado"):
        run(creditor, on=DAY - timedelta(days=1))
    assert essence(creditor) == before
    assert run(creditor, on=DAY - timedelta(days=1), dry_run=True).customers == len(WORLD.customers)


def test_a_day_that_has_not_come_is_only_rehearsed(creditor: Creditor) -> None:
    before = essence(creditor)
    tomorrow = DAY + timedelta(days=1)
    with pytest.raises(RunInTheFuture, match="aún no ha llegado"):
        run(creditor, on=tomorrow, now=morning_of(DAY, creditor.time_zone))
    assert essence(creditor) == before
    rehearsed = run(creditor, on=tomorrow, now=morning_of(DAY, creditor.time_zone), dry_run=True)
    assert rehearsed.customers == len(WORLD.customers)


def test_the_yes_lets_go_what_the_brake_held_and_nothing_else(creditor: Creditor) -> None:
    free = run(creditor, dry_run=True).messages
    Creditor.objects.filter(pk=creditor.pk).update(brake_messages_max=2)
    creditor.refresh_from_db()
    rehearsed = run(creditor, dry_run=True)
    held = run(creditor)
    assert rehearsed.held
    assert rehearsed.messages == held.messages == {"waiting_approval": sum(free.values())}
    assert held.waiting >= sum(free.values())
    with transaction.atomic(), scope([creditor.pk]):
        earlier = Message.objects.filter(run=None, state="waiting_approval").count()
    assert release_held(creditor=creditor, actor="ana", now=factories.MORNING) == sum(free.values())
    with transaction.atomic(), scope([creditor.pk]):
        assert Message.objects.filter(state="waiting_approval").count() == earlier
        assert DailyRun.objects.get().released_by == "ana"
    with pytest.raises(NothingHeld):
        release_held(creditor=creditor, actor="ana", now=factories.MORNING)


def test_a_step_that_asks_for_a_person_waits_on_after_the_yes() -> None:
    creditor, _ = _one_debt()
    asking = shipped_strategies()["pymes"].replace("approval = true", "approval = false")
    asking = asking.replace('id = "friendly"', 'id = "friendly"\napproval = true', 1)
    with transaction.atomic(), scope([creditor.pk]):
        set_strategy(creditor_id=creditor.pk, toml=asking, now=factories.MORNING, actor="t")
    Creditor.objects.filter(pk=creditor.pk).update(brake_messages_max=0)
    creditor.refresh_from_db()
    assert run(creditor).held
    assert release_held(creditor=creditor, actor="ana", now=factories.MORNING) == 0
    with transaction.atomic(), scope([creditor.pk]):
        assert Message.objects.get().state == "waiting_approval"


def test_the_next_day_stores_only_decisions_that_differ(creditor: Creditor) -> None:
    run(creditor)
    before = len(rows(creditor, "cases_decision", "id"))
    run(creditor, on=DAY + timedelta(days=1))
    with transaction.atomic(), scope([creditor.pk]):
        last = {d.customer_id: d for d in Decision.objects.order_by("id")[:before]}
        for new in Decision.objects.order_by("id")[before:]:
            old = last[new.customer_id]
            assert (new.outcome, new.next_on, new.episode_id) != (old.outcome, old.next_on, old.episode_id)
    assert len(rows(creditor, "cases_decision", "id")) < 2 * before


def test_the_same_step_on_the_next_day_makes_no_second_message(creditor: Creditor) -> None:
    run(creditor)
    run(creditor, on=DAY + timedelta(days=1))
    keys = [row[0] for row in rows(creditor, "outreach_message", "once_key")]
    assert len(keys) == len(set(keys))
    steps = [
        row
        for row in rows(creditor, "outreach_message", "episode_id, step, state")
        if row[0] is not None and row[2] in ("planned", "waiting_approval")
    ]
    assert len(steps) == len(set(steps))


def test_a_message_that_is_no_longer_right_is_withdrawn_with_the_reason(creditor: Creditor) -> None:
    run(creditor)
    with transaction.atomic(), scope([creditor.pk]):
        message = Message.objects.filter(kind="dunning", run__isnull=False, state="planned").first()
        assert message is not None
        customer = message.customer_id
        hold_of(creditor, customer)
    again = run(creditor)
    with transaction.atomic(), scope([creditor.pk]):
        message.refresh_from_db()
        assert (message.state, message.reason) == ("cancelled", "on_hold")
    assert again.withdrawn >= 1


def test_a_withdrawn_step_that_is_due_again_is_the_next_occurrence(creditor: Creditor) -> None:
    run(creditor)
    with transaction.atomic(), scope([creditor.pk]):
        message = Message.objects.filter(kind="dunning", run__isnull=False, state="planned").first()
        assert message is not None
        hold = hold_of(creditor, message.customer_id)
    run(creditor)
    with transaction.atomic(), scope([creditor.pk]):
        OverlayEnd.objects.create(creditor=creditor, overlay=hold, effective_on=DAY)
    run(creditor)
    with transaction.atomic(), scope([creditor.pk]):
        tries = Message.objects.filter(episode=message.episode, step=message.step).order_by("id")
        last = tries.last()
        assert last is not None
        assert (last.state, last.occurrence) == ("planned", message.occurrence + 1)
        assert last.once_key != message.once_key


def test_episodes_open_once_and_close_when_nothing_is_overdue(creditor: Creditor) -> None:
    run(creditor)
    with transaction.atomic(), scope([creditor.pk]):
        still_open = Episode.objects.filter(closed_on=None)
        subjects = [(e.customer_id, e.due_line_id) for e in still_open]
        assert len(subjects) == len(set(subjects))
        overdue = {c for (c, _), row in answer(WORLD, DAY).rows.items() if row["overdue_minor"]}
        assert {customer for customer, _ in subjects} == overdue


def test_a_debt_that_comes_back_within_the_month_takes_up_its_episode() -> None:
    creditor, line = _one_debt()
    run(creditor)
    allocation = _paid(creditor, line)
    run(creditor, on=DAY + timedelta(days=1))
    with transaction.atomic(), scope([creditor.pk]):
        assert Episode.objects.get().closed_on == DAY + timedelta(days=1)
        day = DAY + timedelta(days=10)
        factories.reversal(row=allocation, amount_minor=allocation.amount_minor, effective_on=day)
    run(creditor, on=DAY + timedelta(days=10))
    with transaction.atomic(), scope([creditor.pk]):
        episode = Episode.objects.get()
        assert (episode.closed_on, episode.reopened_times) == (None, 1)


def test_a_debt_that_comes_back_later_is_a_new_episode() -> None:
    creditor, line = _one_debt()
    run(creditor)
    allocation = _paid(creditor, line)
    run(creditor, on=DAY + timedelta(days=1))
    later = DAY + timedelta(days=40)
    with transaction.atomic(), scope([creditor.pk]):
        factories.reversal(row=allocation, amount_minor=allocation.amount_minor, effective_on=later)
    run(creditor, on=later)
    with transaction.atomic(), scope([creditor.pk]):
        assert Episode.objects.count() == 2
        assert Episode.objects.filter(closed_on=None).count() == 1


def test_too_many_messages_wait_for_one_yes(owner_connection: Connection[Any]) -> None:
    creditor = specimen_creditor(owner_connection)
    Creditor.objects.filter(pk=creditor.pk).update(brake_messages_max=2)
    creditor.refresh_from_db()
    report = run(creditor)
    assert report.held
    assert set(report.messages) == {"waiting_approval"}
    with transaction.atomic(), scope([creditor.pk]):
        assert DailyRun.objects.get().held


def test_the_brake_also_holds_what_earlier_parts_had_planned(owner_connection: Connection[Any]) -> None:
    creditor = specimen_creditor(owner_connection)
    Creditor.objects.filter(pk=creditor.pk).update(brake_messages_max=5)
    creditor.refresh_from_db()
    report = run(creditor, customers_per_part=5)
    assert report.held
    assert set(report.messages) == {"waiting_approval"}


def test_a_cache_that_lies_stops_the_run(creditor: Creditor, owner_connection: Connection[Any]) -> None:
    owner_connection.execute("SELECT set_config('aldia.creditor', %s, false)", [str(creditor.pk)])
    owner_connection.execute(
        "UPDATE ledger_item_balance SET allocated_minor = allocated_minor + 1, open_minor = open_minor - 1"
        " WHERE due_line_id = (SELECT due_line_id FROM ledger_item_balance WHERE open_minor > 1"
        " AND last_effective_on <= %s LIMIT 1)",
        [DAY],
    )
    owner_connection.commit()
    before = essence(creditor)
    with pytest.raises(BalancesDiffer, match="no coincide"):
        run(creditor)
    assert essence(creditor) == before


def test_without_a_strategy_the_run_says_what_to_do() -> None:
    with pytest.raises(NoStrategy, match="aldia strategy set"):
        run(factories.creditor())


def test_the_days_figures_are_kept_per_currency(creditor: Creditor) -> None:
    report = run(creditor)
    with transaction.atomic(), scope([creditor.pk]):
        kept = {s.currency: s for s in DaySnapshot.objects.filter(on_date=DAY)}
    assert {c: s.outstanding_minor for c, s in kept.items()} == dict(report.open)
    for snapshot in kept.values():
        assert sum(snapshot.aging.values()) == snapshot.outstanding_minor
        assert snapshot.entered is None  # no day before to compare with
    run(creditor, on=DAY + timedelta(days=1))
    with transaction.atomic(), scope([creditor.pk]):
        assert all(s.entered is not None for s in DaySnapshot.objects.filter(on_date=DAY + timedelta(days=1)))


def _one_debt() -> tuple[Creditor, Any]:
    """A creditor with the page's strategies and one customer with one overdue invoice."""
    creditor = factories.creditor(brake_messages_max=1_000, brake_share_percent=100)
    with transaction.atomic(), scope([creditor.pk]):
        put_strategies(creditor)
        customer = factories.customer(creditor=creditor)
        issued, due = DAY - timedelta(days=70), DAY - timedelta(days=40)
        return creditor, factories.due_line(customer=customer, issued_on=issued, due_date=due)


def _paid(creditor: Creditor, line: Any) -> Any:
    with transaction.atomic(), scope([creditor.pk]):
        credit = factories.credit(
            customer=line.customer, amount_minor=line.amount_minor, effective_on=DAY + timedelta(days=1)
        )
        return factories.allocation(credit=credit, due_line=line, amount_minor=line.amount_minor)
