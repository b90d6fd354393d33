"""The lead's board: what each collector has, has done and has been promised on the day."""

from datetime import timedelta

import pytest
from django.db import transaction

from aldia.kernel.money import Money
from aldia.operations.cases import touch_case
from aldia.operations.teams import CollectorTerms, create_team, set_collector
from aldia.queries.team_board import collectors_of, team_board, teams_of
from aldia.records.cases.models import Call, Case, Promise, PromiseLine, PromiseOutcome, Task
from aldia.records.tenancy.scope import scope
from tests import factories as make

pytestmark = pytest.mark.django_db

NOW = make.MORNING
DAY = NOW.date()


def test_a_day_counts_what_was_done_on_it_by_each():
    creditor = make.creditor()
    ana = make.membership(creditor=creditor, user=make.user(name="Ana"))
    luis = make.membership(creditor=creditor, user=make.user(name="Luis"), role="manager")
    team = create_team(creditor=creditor, name="Norte", lead_id=luis.pk, actor="t", now=NOW)
    for member, terms in ((ana, CollectorTerms(30, True, team.pk)), (luis, CollectorTerms(10))):
        set_collector(creditor=creditor, member_id=member.pk, terms=terms, actor="t", now=NOW)
    with transaction.atomic(), scope([creditor.pk]):
        lines = [make.due_line(customer=make.customer(creditor=creditor)) for _ in range(3)]
        customers = [line.customer for line in lines]
        for customer in customers:
            Case.objects.create(
                creditor=creditor, customer=customer, owner=ana, state_since=DAY, opened_on=DAY
            )
        for customer in (customers[0], customers[0], customers[1]):
            touch_case(creditor=creditor, customer_id=customer.pk, actor=f"user:{ana.user_id}", now=NOW)
        touch_case(
            creditor=creditor,
            customer_id=customers[2].pk,
            actor=f"user:{ana.user_id}",
            now=NOW - timedelta(days=1),
        )
        said = {"creditor": creditor, "customer": customers[0], "actor": "t", "on_date": DAY}
        call = Call.objects.create(**said, at=NOW, member=ana, reached="nobody", outcome="no_answer")
        Call.objects.create(
            **said, at=NOW, member=ana, reached="right_party", outcome="spoken", corrects=call
        )
        Call.objects.create(**said, at=NOW, member=ana, reached="right_party", outcome="spoken", kind="visit")
        Call.objects.create(
            **said, at=NOW - timedelta(days=1), member=ana, reached="right_party", outcome="spoken"
        )
        for line, verdict in ((lines[0], ""), (lines[1], "withdrawn")):
            promise = Promise.objects.create(
                creditor=creditor,
                customer=line.customer,
                source="call",
                made_on=DAY,
                promised_on=DAY,
                currency="EUR",
                amount_minor=5_000,
                taken_by=ana,
                actor="t",
            )
            PromiseLine.objects.create(
                creditor=creditor,
                promise=promise,
                customer=line.customer,
                due_line=line,
                currency="EUR",
                amount_minor=5_000,
                open_minor=10_000,
            )
            if verdict:
                PromiseOutcome.objects.create(
                    creditor=creditor,
                    promise=promise,
                    customer=line.customer,
                    verdict=verdict,
                    decided_on=DAY,
                    reason="x",
                    actor="t",
                )
        Task.objects.create(
            creditor=creditor,
            customer=customers[2],
            once_key="k",
            kind="dunning",
            due_on=DAY - timedelta(days=1),
        )
        Task.objects.create(  # asked for days before the due date it is for
            creditor=creditor,
            customer=customers[1],
            once_key=f"customer:{customers[1].pk}/plan_b/{DAY}",
            kind="plan_b",
            due_on=DAY - timedelta(days=9),
        )
        first, second = team_board(creditor, DAY)
        assert [each.name for each in teams_of(creditor)] == ["Norte"]
        assert [each.team for each in collectors_of(creditor)] == ["Norte", ""]
        assert (first.open_cases, first.late, first.worked) == (3, 1, 2)
        assert (first.calls, first.reached) == (1, 2)
        assert (first.promises, first.promised) == (1, (Money(5_000, "EUR"),))
        assert (second.open_cases, second.worked, second.promised) == (0, 0, ())
        assert [each.collector.name for each in team_board(creditor, DAY, team_id=team.pk)] == ["Ana"]
