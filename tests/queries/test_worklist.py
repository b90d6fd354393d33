"""The worklist over a portfolio in the database: whose cases, in what order, with which words."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from psycopg import Connection

from aldia.operations.cases import CaseChanges, add_note, change_case, reassign, take_case
from aldia.operations.memberships import end_access
from aldia.operations.run import daily_run
from aldia.queries.cases import case_history, cases_of_group, notes_of, open_case_of
from aldia.queries.live import live, owed_now
from aldia.queries.timeline import timeline
from aldia.queries.worklist import NOBODY, Wanted, Worklist, next_case, worklist
from aldia.records.cases.models import Case, Collector
from aldia.records.parties.models import Customer, CustomerGroup, CustomerWord
from aldia.records.tenancy.models import Creditor, Membership
from aldia.records.tenancy.scope import scope
from aldia.rules.worklist import Tier
from tests import factories as make
from tests.factories_portfolio import generated_world
from tests.operations.run.portfolios import world_creditor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

NOW = datetime(2028, 12, 31, 9, tzinfo=UTC)
DAY = date(2028, 12, 31)


@pytest.fixture
def creditor(owner_connection: Connection[Any]) -> Creditor:
    return world_creditor(owner_connection, generated_world(8))


@pytest.fixture
def ana(creditor: Creditor) -> Membership:
    return _collector(creditor, "Ana", cases_per_day=5)


@pytest.fixture
def run(creditor: Creditor, ana: Membership) -> None:
    daily_run(creditor=creditor, on=DAY, now=NOW, actor="t")


def _collector(creditor: Creditor, name: str, **fields: Any) -> Membership:
    member = make.membership(creditor=creditor, role="gestor", user=make.user(name=name))
    with transaction.atomic(), scope([creditor.pk]):
        Collector.objects.create(creditor=creditor, member=member, **fields)
    return member


def _asked(creditor: Creditor, question: Callable[..., Any], *args: Any, **more: Any) -> Any:
    with transaction.atomic(), scope([creditor.pk]):
        return question(creditor, *args, **more)


def _list(creditor: Creditor, member: Membership, **wanted: Any) -> Worklist:
    now = wanted.pop("now", NOW)
    found: Worklist = _asked(creditor, worklist, member=member, on=DAY, now=now, wanted=Wanted(**wanted))
    return found


@pytest.mark.usefixtures("run")
def test_a_run_opens_cases_for_the_one_who_takes_them_and_the_list_says_why(
    creditor: Creditor, ana: Membership
) -> None:
    found = _list(creditor, ana)
    with transaction.atomic(), scope([creditor.pk]):
        cases = Case.objects.filter(creditor=creditor)
        assert found.total == cases.count() > 10
        assert {case.owner_id for case in cases} == {ana.pk}
    assert all(row.reason for row in found.rows)
    assert [row.tier for row in found.rows] == sorted(row.tier for row in found.rows)
    assert found.capacity is not None
    assert found.capacity.left == found.today == 5
    assert [row.today for row in found.rows][:6] == [True] * 5 + [False]


@pytest.mark.usefixtures("run")
def test_who_is_worked_goes_down_and_the_next_one_comes(creditor: Creditor, ana: Membership) -> None:
    first, second = _list(creditor, ana).rows[:2]
    said = CaseChanges(next_action="Volver a llamar", next_on=DAY + timedelta(days=2))
    change_case(
        creditor=creditor,
        case_id=first.case_id,
        changes=said,
        seen_version=first.version,
        actor=f"user:{ana.user_id}",
        now=NOW,
    )
    after = _list(creditor, ana)
    assert after.rows[0].case_id == second.case_id
    moved = next(row for row in after.rows if row.case_id == first.case_id)
    assert (moved.tier, moved.why, moved.reason) == (Tier.ASIDE, "worked", "Ya se ha trabajado hoy")
    assert after.capacity is not None
    assert (after.capacity.worked, after.today) == (1, 4)
    following = _asked(creditor, next_case, member=ana, on=DAY, now=NOW)
    assert following.case_id == second.case_id


@pytest.mark.usefixtures("run")
def test_the_next_case_is_one_that_no_colleague_has_open(creditor: Creditor, ana: Membership) -> None:
    luis = _collector(creditor, "Luis")
    first, second = _list(creditor, ana).rows[:2]
    assert take_case(creditor=creditor, case_id=first.case_id, member=luis, now=NOW).by_me
    assert _asked(creditor, next_case, member=ana, on=DAY, now=NOW).case_id == second.case_id
    assert _list(creditor, ana).rows[0].locked_by == "Luis"
    later = NOW + timedelta(minutes=6)
    assert _asked(creditor, next_case, member=ana, on=DAY, now=later).case_id == first.case_id


@pytest.mark.usefixtures("run")
def test_what_somebody_who_has_left_had_is_offered(creditor: Creditor, ana: Membership) -> None:
    boss = make.membership(creditor=creditor, role="manager")
    end_access(creditor=creditor, membership_id=ana.pk, actor="t", now=NOW)
    found = _list(creditor, boss, owner=NOBODY)
    assert found.total == found.left_behind[0].cases > 10
    assert found.left_behind[0].label == "de Ana, que ya no está"
    assert {row.owner_label for row in found.rows} == {"de Ana, que ya no está"}
    ids = [row.case_id for row in found.rows]
    given = reassign(creditor=creditor, case_ids=ids, owner_id=boss.pk, actor=f"user:{boss.user_id}", now=NOW)
    assert given.cases == len(ids)
    after = _list(creditor, boss)
    assert (after.total, after.left_behind) == (given.cases, ())


@pytest.mark.usefixtures("run")
def test_filters_leave_what_they_say(creditor: Creditor, ana: Membership) -> None:
    everything = _list(creditor, ana)
    one = everything.rows[3]
    with transaction.atomic(), scope([creditor.pk]):
        CustomerWord.objects.create(creditor=creditor, customer_id=one.customer_id, word="bodegas")
    assert [row.code for row in _list(creditor, ana, text="Bode").rows] == [one.code]
    assert _list(creditor, ana, state="waiting").total == 0
    assert _list(creditor, ana, only_today=True).total == 5
    oldest = max(row.days_overdue for row in everything.rows)
    late = _list(creditor, ana, days_from=oldest)
    assert 0 < late.total < everything.total == _list(creditor, ana, days_to=oldest).total
    assert sum(everything.counts.values()) == everything.total
    for tier, _label, count in everything.tiers:
        assert _list(creditor, ana, tier=tier).total == count


@pytest.mark.parametrize("seed", [3, 8, 21])
def test_what_is_owed_now_is_what_the_engine_says(owner_connection: Connection[Any], seed: int) -> None:
    world = generated_world(seed)
    creditor = world_creditor(owner_connection, world)
    with transaction.atomic(), scope([creditor.pk]):
        ids = list(Customer.objects.values_list("pk", flat=True))
        whole = live(creditor, ids, world.as_of).rows
        slim = owed_now(creditor, ids, world.as_of)
    told = {(row["customer_id"], row["currency"]): row for rows in slim.values() for row in rows}
    names = ("overdue_minor", "dunnable_minor", "days_overdue")
    assert {key: [row[name] for name in names] for key, row in told.items()} == {
        key: [row[name] for name in names] for key, row in whole.items()
    }


def test_a_view_of_the_list_is_kept_and_found_again() -> None:
    wanted = Wanted(owner="team", tier=2, least_minor=100_000, text="bodegas", page=3)
    assert Wanted.of_state(wanted.as_state()) == Wanted(
        owner="team", tier=2, least_minor=100_000, text="bodegas"
    )
    assert Wanted.of_state({"owner": 5, "tier": "x", "other": 1}) == Wanted()


@pytest.mark.usefixtures("run")
def test_a_case_tells_its_history_notes_and_group(creditor: Creditor, ana: Membership) -> None:
    first, second = _list(creditor, ana).rows[:2]
    with transaction.atomic(), scope([creditor.pk]):
        group = CustomerGroup.objects.create(creditor=creditor, code="g1", name="Grupo Uno")
        Customer.objects.filter(pk__in=[first.customer_id, second.customer_id]).update(group=group)
    actor = f"user:{ana.user_id}"
    add_note(creditor=creditor, customer_id=first.customer_id, text=" Prefiere tardes ", actor=actor, now=NOW)
    change_case(
        creditor=creditor, case_id=first.case_id, changes=CaseChanges(state="escalated"), actor=actor, now=NOW
    )
    assert [note.text for note in _asked(creditor, notes_of, first.customer_id)] == ["Prefiere tardes"]
    history = _asked(creditor, case_history, first.customer_id)
    assert [(each.label, each.by) for each in history] == [
        ("Trabajado", "Ana"),
        ("Cambio de estado", "Ana"),
        ("Abierto", "El proceso diario"),
    ]
    assert _asked(creditor, open_case_of, first.customer_id).state_label == "Escalado"
    told = _asked(creditor, timeline, first.customer_id, titles={}, until=DAY, topics=["work"]).entries
    assert [(entry.title, entry.detail, entry.note, entry.by) for entry in told] == [
        ("Nota", "", "Prefiere tardes", "Ana"),
        ("Expediente: escalado", "", "", "Ana"),
        ("Expediente: abierto", "Lo lleva Ana", "", "el proceso diario"),
    ]
    together = _asked(creditor, cases_of_group, first.customer_id)
    assert [(each.case_id, each.group) for each in together] == [(second.case_id, "Grupo Uno")]
    assert _list(creditor, ana, group_id=group.pk).total == 2
