"""The salesperson is told first: when, by whom, once, and never so that a message waits for ever."""

from datetime import UTC, date, datetime, timedelta
from itertools import repeat
from typing import Any

import pytest

from aldia.channels.mail import NotSent
from aldia.channels.mailbox import MailboxTransport
from aldia.operations.digests import send_due_digests
from aldia.operations.outbox import send_everything, use_mailbox
from aldia.operations.run import daily_run
from aldia.operations.sales_notices import mark_seen
from aldia.operations.salespeople import (
    SalespersonRefused,
    Seller,
    change_salesperson,
    choose_tells_first,
    set_salesperson,
)
from aldia.queries.alerts import alerts_of
from aldia.queries.frame import frame_counts
from aldia.queries.outbox import mailbox
from aldia.queries.sales_notices import notices_of_member
from aldia.queries.salespeople import listed_salespeople, salespeople_known, tells_salespeople_first
from aldia.records.audit.models import AuditEntry
from aldia.records.cases.models import DailyRun
from aldia.records.outreach.models import AlertDigest, Message
from aldia.records.parties.models import Customer, SalesDigest, SalesNotice, Salesperson
from aldia.records.tenancy.models import Membership
from aldia.rules.gate import Refused, refusal_sentence
from tests import factories as make
from tests.queries.gate_house import DAY, NOW, house, use_strategy

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

FIRM = date(2026, 10, 30)  # on Friday 20 November 21 days late: the firm step
EVE = date(2026, 10, 31)  # on Saturday the 21st 21 days late: nobody works between
SOFT = date(2026, 11, 10)
MONDAY = DAY + timedelta(days=3)
MONDAY_AT_TEN = NOW + timedelta(days=3)
WHO: dict[str, Any] = {"actor": "prueba", "now": NOW}
LADDER = """
[strategy]
name = "pymes"
title = "Corta"
currency = "EUR"
spacing_days = 3

[[step]]
id = "soft"
title = "Recordatorio"
when = "days_overdue >= 5"
channels = ["email"]
tone = "amable"
template = "friendly"

[[step]]
id = "firm"
title = "Aviso firme"
when = "days_overdue >= 21"
channels = ["email"]
tone = "firme"
template = "firm"

[[step]]
id = "formal"
title = "Requerimiento"
when = "days_overdue >= 25"
channels = ["email"]
tone = "formal"
template = "formal_demand"
"""


@pytest.fixture
def luz(monkeypatch):
    monkeypatch.setattr("aldia.kernel.clock.is_present", lambda moment: True)
    found = house()
    use_strategy(found, "pymes", lambda _toml: LADDER)
    use_mailbox(creditor=found.creditor, **WHO)
    return found


def _sells(luz, code, seller):
    return set_salesperson(creditor=luz.creditor, customer_id=luz.customers[code].pk, seller=seller, **WHO)


def _outside(luz, code, name="Ana Ruiz", email="ana@agentes.example"):
    return _sells(luz, code, Seller(name=name, email=email))


def _member(luz, **fields):
    return make.membership(creditor=luz.creditor, role="viewer", **fields)


def _told(luz):
    with luz.inside():
        rows = SalesNotice.objects.order_by("customer__code").select_related("customer")
        return [(each.customer.code, each.step, each.on_date, each.from_on) for each in rows]


def _send(luz, now):
    return send_everything(creditor=luz.creditor, moments=repeat(now), actor="prueba")


def _reminded(luz, code, *, days_ago):
    """The friendly step has left."""
    with luz.inside():
        customer = luz.customers[code]
        episode = make.episode(customer=customer, opened_on=DAY - timedelta(days=20))
        before = make.message(
            customer=customer,
            episode=episode,
            once_key=f"episode:{episode.pk}/soft/1",
            step="soft",
            rank=1,
            tone="amable",
            planned_on=DAY - timedelta(days=days_ago),
        )
        make.send_message(before, at=NOW - timedelta(days=days_ago))


def _left(luz):
    with luz.inside():
        return sorted(Message.objects.filter(state="sent").values_list("customer__code", "step"))


def test_a_firm_message_waits_a_working_day_for_the_salesperson_and_then_leaves(luz):
    luz.customer("A", (60_000, FIRM))
    luz.customer("B", (60_000, FIRM))
    _outside(luz, "A")
    luz.run()
    assert _told(luz) == [("A", "firm", DAY, MONDAY)]
    assert luz.rules() == {"A": "salesperson_first", "B": "sale"}
    (refused,) = (each for each in luz.looks("A").values())
    assert isinstance(refused, Refused)
    assert refused.retry_at == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # Monday at nine in Madrid
    assert refusal_sentence(refused).startswith(
        "Antes lo sabe Ana Ruiz, que puede llamarle: sale a partir del lun 23 nov 2026."
    )
    _send(luz, NOW)
    assert _left(luz) == [("B", "firm")]
    assert luz.rules(MONDAY_AT_TEN) == {"A": "sale"}
    _send(luz, MONDAY_AT_TEN)
    assert _left(luz) == [("A", "firm"), ("B", "firm")]


def test_whoever_is_told_the_day_before_makes_nothing_wait(luz):
    luz.customer("A", (60_000, EVE))
    _outside(luz, "A")
    _reminded(luz, "A", days_ago=9)
    luz.run()
    assert _told(luz) == [("A", "firm", DAY, MONDAY)]
    assert luz.rules() == {}  # the step itself is due on Saturday
    luz.run(MONDAY)
    assert _told(luz) == [("A", "firm", DAY, MONDAY)]
    assert luz.rules(MONDAY_AT_TEN) == {"A": "sale"}


def test_a_step_that_only_waits_for_its_spacing_is_told_of_too(luz):
    luz.customer("A", (60_000, FIRM))
    _outside(luz, "A")
    _reminded(luz, "A", days_ago=2)
    luz.run()
    assert luz.rules() == {}
    assert _told(luz) == [("A", "firm", DAY, MONDAY)]


def test_friendly_messages_wait_for_nobody_and_tell_nobody(luz):
    luz.customer("A", (60_000, SOFT))
    _outside(luz, "A")
    luz.run()
    assert (luz.rules(), _told(luz)) == ({"A": "sale"}, [])


def test_once_told_in_an_episode_nothing_waits_again_and_nobody_is_told_twice(luz):
    luz.customer("A", (60_000, FIRM))
    _outside(luz, "A")
    for _ in range(3):
        luz.run()
    _send(luz, MONDAY_AT_TEN)
    for day in range(4, 9):
        luz.run(DAY + timedelta(days=day))
        _send(luz, NOW + timedelta(days=day))
    assert _left(luz) == [("A", "firm"), ("A", "formal")]
    assert len(_told(luz)) == 1


def test_another_run_of_the_same_day_finds_nothing_new(luz):
    luz.customer("A", (60_000, FIRM))
    luz.customer("B", (60_000, EVE))
    for code in "AB":
        _outside(luz, code)
    _reminded(luz, "B", days_ago=9)
    for _ in range(3):
        luz.run()
    with luz.inside():
        assert DailyRun.objects.count() == 1


def test_who_becomes_the_salesperson_when_something_firm_has_left_hears_of_the_next_episode(luz):
    luz.customer("A", (60_000, FIRM))
    luz.run()
    _send(luz, NOW)
    assert _left(luz) == [("A", "firm")]
    _outside(luz, "A")
    later = DAY + timedelta(days=5)
    luz.run(later)
    assert (luz.rules(NOW + timedelta(days=5)), _told(luz)) == ({"A": "sale"}, [])


def test_what_no_run_foresaw_is_told_when_it_would_leave_and_waits_no_longer_than_that(luz):
    luz.customer("A", (60_000, FIRM))
    luz.run()
    _outside(luz, "A")
    assert (luz.rules(), _told(luz)) == ({"A": "salesperson_first"}, [])
    report = _send(luz, NOW)
    assert report.postponed == {"salesperson_first": 1}
    assert _told(luz) == [("A", "firm", DAY, MONDAY)]
    _send(luz, NOW + timedelta(hours=3))
    assert _left(luz) == []
    _send(luz, MONDAY_AT_TEN)
    assert _left(luz) == [("A", "firm")]


def test_a_salesperson_who_can_no_longer_be_told_holds_nothing_up(luz):
    member = _member(luz)
    luz.customer("A", (60_000, FIRM))
    _sells(luz, "A", Seller(member_id=member.pk))
    Membership.objects.filter(pk=member.pk).update(ended_at=NOW)
    luz.run()
    assert (luz.rules(), _told(luz)) == ({"A": "sale"}, [])


def test_a_creditor_may_choose_that_nobody_is_told_first(luz):
    luz.customer("A", (60_000, FIRM))
    _outside(luz, "A")
    assert tells_salespeople_first(luz.creditor.pk)
    choose_tells_first(creditor=luz.creditor, on=False, **WHO)
    luz.run()
    assert (luz.rules(), _told(luz)) == ({"A": "sale"}, [])
    choose_tells_first(creditor=luz.creditor, on=True, **WHO)
    assert luz.rules() == {"A": "salesperson_first"}
    with luz.inside():
        assert tells_salespeople_first(luz.creditor.pk)


def test_a_dry_run_tells_nobody(luz):
    luz.customer("A", (60_000, FIRM))
    _outside(luz, "A")
    daily_run(creditor=luz.creditor, on=DAY, now=NOW, actor="prueba", dry_run=True)
    assert _told(luz) == []


def test_a_person_of_the_house_sees_it_at_the_bell_and_in_the_daily_mail(luz):
    member = _member(luz)
    luz.customer("A", (60_000, FIRM), name="Bar Sol, S.L.")
    luz.customer("B", (60_000, FIRM), name="Bar Mar, S.L.")
    _sells(luz, "A", Seller(member_id=member.pk))
    luz.run()
    with luz.inside():
        assert frame_counts(luz.creditor.pk, member.pk).alerts == 1
        (told,) = notices_of_member(luz.creditor, member.pk)
        assert alerts_of(luz.creditor.pk, member.pk) == ([], None)
    assert (told.name, told.title, told.from_on, told.is_new) == (
        "Bar Sol, S.L.",
        "Aviso firme",
        MONDAY,
        True,
    )
    send_due_digests(creditor=luz.creditor, now=NOW, actor="prueba")
    send_due_digests(creditor=luz.creditor, now=NOW + timedelta(hours=1), actor="prueba")
    (mail,) = mailbox(luz.creditor)
    assert mail.recipient == member.user.email
    assert "- Bar Sol, S.L. (A): «Aviso firme», desde el lun 23 nov 2026" in mail.text
    assert "Bar Mar" not in mail.text
    send_due_digests(creditor=luz.creditor, now=MONDAY_AT_TEN, actor="prueba")
    assert len(mailbox(luz.creditor)) == 1  # told by a mail that went: not again
    assert mark_seen(member=member, now=NOW) == 1
    with luz.inside():
        assert frame_counts(luz.creditor.pk, member.pk).alerts == 0
        assert AlertDigest.objects.get().state == "sent"


def test_who_has_seen_it_gets_no_mail_of_it(luz):
    member = _member(luz)
    luz.customer("A", (60_000, FIRM))
    _sells(luz, "A", Seller(member_id=member.pk))
    luz.run()
    mark_seen(member=member, now=NOW)
    send_due_digests(creditor=luz.creditor, now=NOW, actor="prueba")
    assert mailbox(luz.creditor) == []


def test_a_salesperson_without_access_gets_one_mail_a_day_of_the_own_customers_alone(luz):
    for code, name in (("A", "Bar Sol, S.L."), ("B", "Bar Mar, S.L."), ("C", "Bar Luna, S.L.")):
        luz.customer(code, (60_000, FIRM), name=name)
    _outside(luz, "A")
    _outside(luz, "B", name="Eva Gil", email="eva@agentes.example")
    luz.run()
    for hours in (0, 0, 2):
        send_due_digests(creditor=luz.creditor, now=NOW + timedelta(hours=hours), actor="prueba")
    mails = {each.recipient: each for each in mailbox(luz.creditor)}
    assert sorted(mails) == ["ana@agentes.example", "eva@agentes.example"]
    ana = mails["ana@agentes.example"]
    assert ana.subject == "Papelería Luz: 1 cliente suyo, antes de escribirles"
    assert "Bar Sol, S.L. (A)" in ana.text
    assert not any(name in ana.text for name in ("Bar Mar", "Bar Luna", "Eva Gil", "600"))
    with luz.inside():
        assert set(SalesDigest.objects.values_list("state", flat=True)) == {"sent"}
    send_due_digests(creditor=luz.creditor, now=MONDAY_AT_TEN, actor="prueba")
    assert len(mailbox(luz.creditor)) == 2


def test_a_mail_that_was_put_off_is_tried_again_and_one_that_failed_is_told_again_the_next_day(
    luz, monkeypatch
):
    luz.customer("A", (60_000, FIRM))
    _outside(luz, "A")
    luz.run()
    with monkeypatch.context() as broken:
        broken.setattr(MailboxTransport, "send", lambda _self, _mail: NotSent("espere", permanent=False))
        assert send_due_digests(creditor=luz.creditor, now=NOW, actor="prueba").waiting == 1
        broken.setattr(MailboxTransport, "send", lambda _self, _mail: NotSent("no", permanent=True))
        again = NOW + timedelta(hours=1)
        assert send_due_digests(creditor=luz.creditor, now=again, actor="prueba").failed == 1
    assert send_due_digests(creditor=luz.creditor, now=again, actor="prueba").sent == 0
    assert send_due_digests(creditor=luz.creditor, now=MONDAY_AT_TEN, actor="prueba").sent == 1
    assert len(mailbox(luz.creditor)) == 1


def test_nobody_of_another_creditor_hears(luz):
    luz.customer("A", (60_000, FIRM))
    stranger = make.membership(creditor=make.creditor(), role="manager")
    with pytest.raises(SalespersonRefused):
        _sells(luz, "A", Seller(member_id=stranger.pk))


@pytest.mark.parametrize(
    ("seller", "field"),
    [
        (Seller(name="Ana"), "email"),
        (Seller(name="", email="ana@example.com"), "name"),
        (Seller(name="Ana", email="ana@example.com, eva@example.com"), "email"),
        (Seller(name="Ana\nBcc: x", email="ana@example.com\nBcc: x@example.com"), "email"),
        (Seller(salesperson_id=10**9), "who"),
    ],
)
def test_who_cannot_be_told_is_no_salesperson(luz, seller, field):
    luz.customer("A", (60_000, FIRM))
    with pytest.raises(SalespersonRefused) as refused:
        _sells(luz, "A", seller)
    assert refused.value.facts["field"] == field
    with luz.inside():
        assert Customer.objects.get(code="A").salesperson is None


def test_one_address_is_one_salesperson(luz):
    for code in "AB":
        luz.customer(code, (60_000, FIRM))
    first = _outside(luz, "A", email="Ana@Agentes.example")
    second = _outside(luz, "B", name="Ana R.", email="ana@agentes.example ")
    assert first == second
    other = _outside(luz, "B", name="Eva", email="eva@agentes.example")
    with pytest.raises(SalespersonRefused, match="otro comercial"):
        change_salesperson(
            creditor=luz.creditor, salesperson_id=other.pk, name="Eva", email="ana@agentes.example", **WHO
        )
    with pytest.raises(SalespersonRefused):
        change_salesperson(creditor=luz.creditor, salesperson_id=other.pk, name="Eva", email="", **WHO)
    change_salesperson(
        creditor=luz.creditor, salesperson_id=other.pk, name="Eva Gil", email="gil@agentes.example", **WHO
    )
    with luz.inside():
        listed = [(each.name, each.email, each.customers) for each in listed_salespeople(luz.creditor.pk)]
        assert listed == [("Ana Ruiz", "ana@agentes.example", 1), ("Eva Gil", "gil@agentes.example", 1)]
        assert len(salespeople_known(luz.creditor.pk).salespeople) == 2
    assert _sells(luz, "B", Seller()) is None
    with luz.inside():
        verbs = list(AuditEntry.objects.filter(verb__contains="sales").values_list("verb", flat=True))
        assert verbs.count("customer.salesperson_set") == 4
        said = str(list(AuditEntry.objects.values_list("payload", flat=True)))
        assert "agentes.example" not in said
        assert "Ana Ruiz" not in said


def test_the_simplest_of_names_is_kept_as_written(luz):
    member = _member(luz, user=make.user(name="Inés Luz", email="ines@luz.example"))
    luz.customer("A", (60_000, FIRM))
    found = _sells(luz, "A", Seller(member_id=member.pk))
    assert found is not None
    assert (found.name, found.member_id, found.email) == ("Inés Luz", member.pk, "")
    assert _sells(luz, "A", Seller(member_id=member.pk)) == found
    with luz.inside():
        assert Salesperson.objects.count() == 1
