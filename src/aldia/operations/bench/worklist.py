"""How soon the worklist answers: N open cases with calls, promises and tasks about them."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import quantiles
from typing import Any

from django.db import connection, transaction

from aldia.connectors.postgres import Urls, with_database
from aldia.kernel.clock import stopwatch
from aldia.operations.bench.portfolio import AS_OF, LINES_PER_CUSTOMER, Shape, write_portfolio
from aldia.operations.bench.scratch import environment, scratch_creditor, tidy
from aldia.operations.people import create_user, generated_password
from aldia.operations.run import daily_run
from aldia.operations.teams import CollectorTerms, set_collector
from aldia.queries.worklist import EVERYBODY, Wanted, next_case, worklist
from aldia.records.tenancy.models import Creditor, Membership, Role
from aldia.records.tenancy.scope import scope

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
PAGE_MS_MAX = 300
COLLECTORS = 4
_ACTOR = "bench"
_OVERDUE = 0.94  # customers of the portfolio with something overdue
_TRIES = 30

Progress = Callable[[str, int, int], None]

_LINES = """
CREATE TEMP TABLE one_line ON COMMIT DROP AS
SELECT DISTINCT ON (l.customer_id) l.customer_id, l.id AS line_id, l.currency, b.open_minor
FROM ledger_due_line l
JOIN ledger_item_balance b ON b.creditor_id = l.creditor_id AND b.due_line_id = l.id
WHERE l.creditor_id = %(creditor)s AND b.open_minor > 0 ORDER BY l.customer_id, l.id
"""
# A third called in the last month, one in ten with a promise, a third of those broken; one in eight to be
# looked at again on a day of their own, one in ten with a task.
_WORK = (
    _LINES,
    """
INSERT INTO cases_call (creditor_id, customer_id, reached, outcome, at, on_date, actor, member_id)
SELECT %(creditor)s, customer_id, 'right_party', 'callback', %(now)s - (customer_id %% 30) * interval '1 day',
       %(on)s::date - (customer_id %% 30)::integer, 'bench', %(member)s
FROM one_line WHERE customer_id %% 3 = 0
""",
    """
INSERT INTO cases_promise (creditor_id, customer_id, source, made_on, promised_on, currency, amount_minor,
                           taken_by_id, actor)
SELECT %(creditor)s, customer_id, 'call', %(on)s::date - 20,
       %(on)s::date - 10 + (customer_id / 10 %% 15)::integer, currency, open_minor, %(member)s, 'bench'
FROM one_line WHERE customer_id %% 10 = 1
""",
    """
INSERT INTO cases_promise_line (creditor_id, promise_id, customer_id, due_line_id, currency, amount_minor,
                                open_minor)
SELECT p.creditor_id, p.id, p.customer_id, o.line_id, p.currency, p.amount_minor, p.amount_minor
FROM cases_promise p JOIN one_line o ON o.customer_id = p.customer_id WHERE p.creditor_id = %(creditor)s
""",
    """
INSERT INTO cases_promise_outcome (creditor_id, promise_id, customer_id, verdict, decided_on, actor)
SELECT creditor_id, id, customer_id, 'broken', promised_on + 2, 'bench'
FROM cases_promise WHERE creditor_id = %(creditor)s AND promised_on < %(on)s::date - 5
""",
    """
UPDATE cases_case SET next_on = %(on)s::date - 3 + (customer_id / 8 %% 12)::integer, next_action = 'Llamar',
       state = 'working', version = version + 1
WHERE creditor_id = %(creditor)s AND customer_id %% 8 = 2
""",
    """
INSERT INTO cases_task (creditor_id, once_key, customer_id, kind, channel, due_on)
SELECT %(creditor)s, 'bench/' || customer_id, customer_id, 'dunning', 'call',
       %(on)s::date - (customer_id / 10 %% 5)::integer
FROM one_line WHERE customer_id %% 10 = 3
""",
)


def measure_worklist(urls: Urls, cases: int, progress: Progress, *, keep: bool = False) -> dict[str, Any]:
    """About so many open cases of four collectors, in a database made for it: milliseconds of a page of one's
    own list, of everybody's, of a filtered one, of a late page and of the next case. cpu_ms: of this program
    alone, the least of the tries, so without other work on the machine.

    keep: leave the database behind.
    """
    database = f"aldia_bench_worklist_{cases}"
    owner = with_database(urls.owner, database)
    with scratch_creditor(urls, database, keep=keep) as creditor:
        customers = int(cases / _OVERDUE)
        shape = Shape(customers * LINES_PER_CUSTOMER, customers)
        with transaction.atomic(), scope([creditor.pk]):
            write_portfolio(creditor, shape, NOW, progress)
        members = [_collector(creditor, number) for number in range(COLLECTORS)]
        tidy(owner)
        began = stopwatch()
        daily_run(creditor=creditor, on=AS_OF, now=NOW, actor=_ACTOR)
        first_run = stopwatch() - began
        _work(creditor, members[0])
        tidy(owner)
        asked = _timed(creditor, members[0], progress)
        return {
            "cases": _count(creditor),
            "first_run_seconds": round(first_run, 2),
            "asked": asked,
            "environment": environment(),
        }


def _collector(creditor: Creditor, number: int) -> Membership:
    email = f"bench{number}@aldia.example"
    create_user(
        email=email,
        name=f"Banco {number}",
        password=generated_password(),
        creditor_id=creditor.pk,
        role=Role.GESTOR,
        actor=_ACTOR,
        now=NOW,
    )
    member = Membership.objects.get(creditor=creditor, user__email=email)
    terms = CollectorTerms(cases_per_day=40)
    set_collector(creditor=creditor, member_id=member.pk, terms=terms, actor=_ACTOR, now=NOW)
    return member


def _work(creditor: Creditor, member: Membership) -> None:
    values: dict[str, Any] = {"creditor": creditor.pk, "on": AS_OF, "now": NOW, "member": member.pk}
    with transaction.atomic(), scope([creditor.pk]), connection.cursor() as cursor:
        for statement in _WORK:
            cursor.execute(statement, values)


def _timed(creditor: Creditor, member: Membership, progress: Progress) -> list[dict[str, Any]]:
    lists = {
        "la cola propia": Wanted(),
        "la de todos": Wanted(owner=EVERYBODY),
        "la de todos, última página": Wanted(owner=EVERYBODY, page=10**6),
        "la de todos, filtrada": Wanted(owner=EVERYBODY, tier=6, least_minor=100_000, days_from=30),
        "la de todos, buscada": Wanted(owner=EVERYBODY, text="bodegas"),
    }

    def of(wanted: Wanted) -> Callable[[], Any]:
        return lambda: worklist(creditor, member=member, on=AS_OF, now=NOW, wanted=wanted)

    asked = {name: of(wanted) for name, wanted in lists.items()}
    asked["el siguiente"] = lambda: next_case(creditor, member=member, on=AS_OF, now=NOW)
    found = []
    for done, (name, question) in enumerate(asked.items()):
        progress("worklist", done + 1, len(asked))
        both = [_milliseconds(creditor, question) for _try in range(_TRIES)]
        times = sorted(clock for clock, _cpu in both)
        p95 = quantiles(times, n=20)[-1]
        found.append(
            {
                "name": name,
                "p50_ms": round(times[len(times) // 2], 1),
                "p95_ms": round(p95, 1),
                "cpu_ms": round(min(cpu for _clock, cpu in both), 1),
                "within": p95 <= PAGE_MS_MAX,
            }
        )
    return found


def _milliseconds(creditor: Creditor, question: Callable[[], Any]) -> tuple[float, float]:
    """By the clock, and of this program's processor alone."""
    began, worked = stopwatch(), time.process_time()
    with transaction.atomic(), scope([creditor.pk]):
        question()
    return (stopwatch() - began) * 1000, (time.process_time() - worked) * 1000


def _count(creditor: Creditor) -> int:
    with transaction.atomic(), scope([creditor.pk]), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM cases_case WHERE creditor_id = %s AND state <> 'closed'", [creditor.pk]
        )
        return int(cursor.fetchone()[0])
