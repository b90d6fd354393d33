"""A portfolio of one is the same portfolio: figures, interest rows and decision agree with the whole run."""

from datetime import date

import pytest

from tests.cli.conftest import books, house  # noqa: F401

DAY = date(2026, 11, 20)
CODES = ["TARDE", "COBRADO", "INCIDENCIA", "PAUSA", "CONCURSO", "POCO", "PRONTO", "PAGADO", "NUEVO"]


@pytest.fixture
def explained(books):  # noqa: F811
    """The explanation of one customer."""
    from aldia.queries.explain import explain

    return lambda code, day=DAY: explain(books, code, day)


@pytest.mark.slow
def test_each_explanation_agrees_with_the_whole_portfolio(books, explained):  # noqa: F811
    from aldia.queries.decisions import decisions_on
    from aldia.queries.reasons import portfolio_on

    whole = {each.customer: each for each in decisions_on(books, DAY).decisions}
    rows = portfolio_on(books, DAY).drop("episode_opened_on").to_dicts()
    mine = []
    for code in sorted(CODES):
        found = explained(code)
        assert found.decision.outcome == whole[code].outcome
        assert found.decision.sentence == whole[code].sentence
        assert found.decision.next_on == whole[code].next_on
        _adds_up(found)
        mine += [{k: v for k, v in row.items() if k != "episode_opened_on"} for row in found.balances]
    assert mine == rows


def _adds_up(found):
    """Interest rows make the line's figure, lines make the balance."""
    for line in found.lines:
        assert sum(row.amount for row in line.interest) * 100 == line.interest_minor
    for row in found.balances:
        assert sum(line.interest_minor for line in found.lines) == row["interest_minor"]
        assert sum(line.open_minor for line in found.lines) == row["open_minor"]


def test_interest_is_told_by_the_money_that_was_owed_on_each_day(explained):
    rows = explained("TARDE").lines[0].interest
    assert [(row.days, row.principal_minor) for row in rows] == [(20, 100_000), (30, 60_000)]
    assert (rows[0].first, rows[-1].last) == (date(2026, 10, 2), DAY)


def test_interest_of_the_insolvent_ends_with_the_insolvency(explained):
    assert explained("CONCURSO").lines[0].interest[-1].last == date(2026, 10, 1)


def test_steps_say_whether_their_condition_holds_and_what_is_missing(explained):
    steps = {step.step: step for step in explained("TARDE").steps}
    friendly, second = steps["friendly"], steps["second"]
    assert (friendly.chosen, friendly.tests[0].holds, friendly.missing) == (True, True, ())
    assert (second.chosen, second.tests[0].holds, second.missing) == (False, True, ("friendly",))
    assert all(step.tests == () for step in explained("PRONTO").steps)


def test_a_step_done_is_told_with_its_day(books):  # noqa: F811
    from django.db import transaction

    from aldia.kernel.clock import morning_of
    from aldia.operations.run import daily_run
    from aldia.queries.explain import explain
    from aldia.records.outreach.models import Message
    from aldia.records.tenancy.scope import scope
    from tests.factories import send_message

    now = morning_of(DAY, books.time_zone)
    daily_run(creditor=books, on=DAY, now=now, actor="prueba")
    with transaction.atomic(), scope([books.pk]):
        send_message(Message.objects.get(customer__code="TARDE"), at=now)
    found = explain(books, "TARDE", date(2026, 11, 24))
    assert found.steps[0].done_on == DAY
    assert found.decision.outcome == "spacing"
    assert "el último aviso salió el vie 20 nov 2026" in found.decision.sentence
    assert found.episodes == ((DAY, None),)
    assert [(event.on, event.kind, event.state) for event in found.history if event.kind == "message"] == [
        (DAY, "message", "Enviado")
    ]


def test_of_another_creditors_customer_nothing_is_known(books):  # noqa: F811
    from aldia.operations.creditors import create_creditor
    from aldia.queries.customers import UnknownCustomer
    from aldia.queries.explain import explain
    from tests.cli.books import NOW

    other = create_creditor(name="Otra", country="ES", now=NOW, actor="prueba").creditor
    with pytest.raises(UnknownCustomer):
        explain(other, "TARDE", DAY)
