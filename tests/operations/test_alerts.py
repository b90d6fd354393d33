"""Who is told of what, once; and the daily mail: one per person and business day, whatever happens."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import transaction

from aldia.operations.alerts import ARREARS_ONE_BY_ONE_MAX, choose_digest, mark_read, raise_alert
from aldia.operations.digests import send_due_digests
from aldia.operations.outbox import stop_sending, use_mailbox
from aldia.operations.run import daily_run
from aldia.operations.strategies import set_strategy
from aldia.queries.alerts import alerts_of
from aldia.queries.frame import frame_counts
from aldia.queries.outbox import mailbox
from aldia.records.cases.models import Case
from aldia.records.outreach.models import Alert, AlertDigest
from aldia.records.tenancy.models import Membership, User
from aldia.records.tenancy.scope import scope
from aldia.rules.digests import digest_is_due
from aldia.rules.shipped import shipped_strategies
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)

FRIDAY = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # 10:00 in Madrid
ACTOR = "prueba"


@pytest.fixture
def house():
    creditor = make.creditor()
    use_mailbox(creditor=creditor, actor=ACTOR, now=FRIDAY)
    return creditor


def _inside(creditor, act):
    with transaction.atomic(), scope([creditor.pk]):
        return act()


def _customer(creditor, **fields):
    return _inside(creditor, lambda: make.customer(creditor=creditor, **fields))


def _tell(creditor, customer, key="reply:1", **more):
    said = {"kind": "reply", "at": FRIDAY, "detail": "Promete pagar", **more}
    return _inside(
        creditor,
        lambda: raise_alert(creditor_id=creditor.pk, customer_id=customer.pk, once_key=key, **said),
    )


def _members_told(creditor):
    return _inside(creditor, lambda: sorted(Alert.objects.values_list("member_id", "once_key")))


def test_the_owner_is_told_once_and_nobody_else(house):
    owner = make.membership(creditor=house)
    make.membership(creditor=house, role="manager")
    customer = _customer(house, owner=owner)
    assert [_tell(house, customer), _tell(house, customer)] == [1, 0]
    assert _members_told(house) == [(owner.pk, "reply:1")]


@pytest.mark.parametrize(
    ("roles", "told"),
    [
        (["manager", "manager", "administrator", "gestor"], ["manager", "manager"]),
        (["administrator", "gestor", "viewer"], ["administrator"]),
        (["gestor"], []),
    ],
)
def test_without_an_owner_those_who_lead_are_told(house, roles, told):
    members = [make.membership(creditor=house, role=role) for role in roles]
    _tell(house, _customer(house))
    expected = sorted((each.pk, "reply:1") for each in members if each.role in told)
    assert _members_told(house) == expected


def test_an_owner_whose_access_has_ended_is_as_none(house):
    owner = make.membership(creditor=house, ended_at=FRIDAY)
    manager = make.membership(creditor=house, role="manager")
    _tell(house, _customer(house, owner=owner))
    assert _members_told(house) == [(manager.pk, "reply:1")]


@pytest.fixture
def people(house):
    """The customer's owner, a gestor and a manager."""
    gestor = make.membership(creditor=house, user=make.user(name="Gema"))
    return make.membership(creditor=house), gestor, make.membership(creditor=house, role="manager")


def _case(house, customer, owner, **fields):
    said = {"opened_on": FRIDAY.date(), "state_since": FRIDAY.date()} | fields
    _inside(house, lambda: Case.objects.create(creditor=house, customer=customer, owner=owner, **said))


def test_who_has_the_open_case_is_told_before_the_customers_owner(house, people):
    owner, gestor, _manager = people
    customer = _customer(house, owner=owner)
    _case(house, customer, None, state="closed", closed_on=FRIDAY.date())
    _case(house, customer, gestor)
    assert _tell(house, customer, kind="broken_promise") == 1
    assert _members_told(house) == [(gestor.pk, "reply:1")]


@pytest.mark.parametrize("gone", ["closed", "nobodys", "ended", "inactive", "looks_only"])
def test_a_case_nobody_can_work_leaves_it_to_the_customers_owner(house, people, gone):
    owner, gestor, _manager = people
    customer = _customer(house, owner=owner)
    closed = {"state": "closed", "closed_on": FRIDAY.date()} if gone == "closed" else {}
    _case(house, customer, None if gone == "nobodys" else gestor, **closed)
    mine = Membership.objects.filter(pk=gestor.pk)
    if gone == "ended":
        mine.update(ended_at=FRIDAY)
    elif gone == "looks_only":
        mine.update(role="viewer")
    elif gone == "inactive":
        User.objects.filter(pk=gestor.user_id).update(is_active=False)
    _tell(house, customer)
    assert _members_told(house) == [(owner.pk, "reply:1")]


def test_nobody_of_another_creditor_is_told(house):
    make.membership(creditor=make.creditor(), role="manager")
    mine = make.membership(creditor=house, role="manager")
    _tell(house, _customer(house))
    assert _members_told(house) == [(mine.pk, "reply:1")]


def _overdue(creditor, count, **fields):
    def write():
        for number in range(count):
            customer = make.customer(creditor=creditor, code=f"n{number}", **fields)
            make.due_line(customer=customer)

    _inside(creditor, write)


@pytest.mark.parametrize("count", [3, ARREARS_ONE_BY_ONE_MAX + 1])
def test_a_run_tells_of_new_arrears_one_by_one_or_as_a_number(house, count):
    manager = make.membership(creditor=house, role="manager")
    _inside(
        house,
        lambda: set_strategy(
            creditor_id=house.pk, toml=shipped_strategies()["pymes"], now=FRIDAY, actor=ACTOR
        ),
    )
    _overdue(house, count)
    for _ in range(2):
        daily_run(creditor=house, on=FRIDAY.date(), now=FRIDAY, actor=ACTOR)
    told, _more = _inside(house, lambda: alerts_of(house.pk, manager.pk))
    if count == 3:
        assert {(each.kind, each.code, each.count) for each in told} == {
            ("arrear", f"n{number}", 1) for number in range(3)
        }
    else:
        assert [(each.kind, each.customer_id, each.count) for each in told] == [("arrear", None, count)]


def test_seen_is_seen_by_that_person_alone(house):
    first, second = (make.membership(creditor=house, role="manager") for _ in range(2))
    for key in ("reply:1", "reply:2"):
        _tell(house, _customer(house), key=key)
    mine = _inside(house, lambda: list(Alert.objects.filter(member=first).values_list("pk", flat=True)))
    theirs = _inside(house, lambda: list(Alert.objects.filter(member=second).values_list("pk", flat=True)))
    assert mark_read(member=first, now=FRIDAY, ids=[mine[0], theirs[0]]) == 1
    assert _inside(house, lambda: [frame_counts(house.pk, each.pk).alerts for each in (first, second)]) == [
        1,
        2,
    ]
    assert mark_read(member=first, now=FRIDAY) == 1


def _send(creditor, now=FRIDAY, **options):
    return send_due_digests(creditor=creditor, now=now, actor=ACTOR, **options)


def test_the_mail_comes_once_a_day_however_often_it_is_asked_for(house):
    manager = make.membership(creditor=house, role="manager")
    _tell(house, _customer(house, code="tarde", name="Bar Tarde"))
    sent = [_send(house, FRIDAY + timedelta(minutes=15 * n)).sent for n in range(5)]
    _tell(house, _customer(house), key="reply:2")
    sent.append(_send(house, FRIDAY + timedelta(hours=5)).sent)
    assert sent == [1, 0, 0, 0, 0, 0]
    (mail,) = mailbox(house)
    assert mail.recipient == manager.user.email
    assert "Bar Tarde (tarde): Promete pagar" in mail.text
    monday = FRIDAY + timedelta(days=3)
    assert [_send(house, FRIDAY + timedelta(days=1)).sent, _send(house, monday).sent] == [0, 1]
    assert "Bar Tarde" not in mailbox(house)[1].text, "what a mail has told of is not told again"
    assert _send(house, monday + timedelta(days=1)).sent == 0


def test_who_does_not_want_it_or_has_seen_everything_gets_none(house):
    chooses, reads = (make.membership(creditor=house, role="manager") for _ in range(2))
    _tell(house, _customer(house))
    choose_digest(member=chooses, on=False, actor=ACTOR, now=FRIDAY)
    mark_read(member=reads, now=FRIDAY)
    assert _send(house).sent == 0
    choose_digest(member=chooses, on=True, actor=ACTOR, now=FRIDAY)
    assert _send(house).sent == 1


def test_the_red_button_keeps_it_in_the_house(house):
    make.membership(creditor=house, role="manager")
    _tell(house, _customer(house))
    stop_sending(creditor=house, actor="ana", now=FRIDAY)
    report = _send(house)
    assert (report.sent, "parados" in report.trouble) == (0, True)
    assert mailbox(house) == []


@pytest.mark.parametrize("point", ["digest.begun", "digest.handed_over"])
def test_whoever_dies_on_the_way_leaves_one_mail_at_most(house, monkeypatch, point):
    make.membership(creditor=house, role="manager")
    _tell(house, _customer(house))

    class Died(Exception):
        pass

    def die(name):
        if name == point:
            raise Died

    monkeypatch.setattr("aldia.operations.digests.fault_point", die)
    with pytest.raises(Died):
        _send(house)
    monkeypatch.undo()
    assert _send(house, FRIDAY + timedelta(hours=1)).sent == 0
    assert len(mailbox(house)) == (0 if point == "digest.begun" else 1)
    states = _inside(house, lambda: list(AlertDigest.objects.values_list("state", flat=True)))
    assert states == ["sending"]


def test_without_the_row_the_same_death_would_send_two(house, monkeypatch):
    """The control: the row written before is what stops the second mail."""
    make.membership(creditor=house, role="manager")
    _tell(house, _customer(house))
    assert _send(house).sent == 1
    monkeypatch.setattr(
        "aldia.operations.digests.due_digests",
        lambda creditor_id, on: [_due(house)],
    )
    assert _send(house).sent == 0
    from aldia.queries.verify import verify

    assert _inside(house, lambda: [each for each in verify(house.pk) if each.invariant == "I5"]) == []


def _due(creditor):
    from aldia.queries.alerts import DueDigest

    member = Membership.objects.get(creditor=creditor, role="manager")
    return DueDigest(member.pk, member.user.email, member.user.name, 0)


@pytest.mark.parametrize(
    ("local", "run_at", "last_run_on", "due"),
    [
        (datetime(2026, 11, 20, 7, 59), None, None, False),
        (datetime(2026, 11, 20, 8, 0), None, None, True),
        (datetime(2026, 11, 20, 8, 0), time(7), date(2026, 11, 19), False),
        (datetime(2026, 11, 20, 8, 0), time(7), date(2026, 11, 20), True),
        (datetime(2026, 11, 20, 12, 0), time(7), date(2026, 11, 19), True),
        (datetime(2026, 11, 21, 10, 0), None, None, False),
        (datetime(2026, 12, 25, 10, 0), None, None, False),
    ],
)
def test_when_it_is_due(local, run_at, last_run_on, due):
    holidays = frozenset({date(2026, 12, 25)})
    assert digest_is_due(local, holidays=holidays, run_at=run_at, last_run_on=last_run_on) is due
