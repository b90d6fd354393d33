"""One case changed by a person: the first wins, the second is told what changed and by whom."""

from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from aldia.kernel.clock import business_date
from aldia.operations.audit import record_event
from aldia.operations.cases.changes import CaseChanges, apply, read_changes, read_next
from aldia.operations.cases.errors import CaseChanged, CaseIsClosed, NoSuchCase
from aldia.operations.cases.workers import must_work
from aldia.queries.case_events import changes_since
from aldia.queries.holds import holds_of
from aldia.records.cases.models import Case
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.cases import after_work, may_become

_WORK = {"state", "next_action", "next_on", "next_at"}


def change_case(
    *,
    creditor: Creditor,
    case_id: int,
    changes: CaseChanges,
    seen_version: int | None = None,
    actor: str,
    now: datetime,
) -> Case:
    """Set what is said; nothing is written where nothing differs.

    seen_version: of the case as the person saw it, None for whatever it is now. A new state or next action
    counts as working it. Raises NoSuchCase, CaseIsClosed, CaseChanged, CaseRefused, MayNotWork.
    """
    with transaction.atomic(), scope([creditor.pk]):
        must_work(creditor, actor)
        case = open_case(creditor, case_id)
        must_be_seen(creditor, case, seen_version)
        values = read_changes(creditor, changes, now)
        worked = bool(_WORK & values.keys())
        kinds = apply(case, values, creditor=creditor, actor=actor, now=now, worked=worked)
        if kinds:
            _record("case.changed", case, actor, now, {"kinds": kinds, "version": case.version})
    return case


def touch_case(
    *,
    creditor: Creditor,
    customer_id: int,
    actor: str,
    now: datetime,
    state: str | None = None,
    next_action: str | None = None,
    next_on: date | None = None,
    next_at: datetime | None = None,
) -> Case | None:
    """A person has worked the customer's open case: part of the operation that says what was done, in its
    transaction and under its audit entry. None where none is open.

    A new case becomes one under way, and so does one that waits for nothing any more. state: kept to the
    table of states; what it forbids is left out. What was to be done by today is done; next_*: what is to be
    done instead, None for not said (next_action "" takes it away). Raises CaseRefused for a next action that
    cannot be.
    """
    assert connection.in_atomic_block, "part of another operation"
    case = locked_case_of(creditor, customer_id)
    if case is None:
        return None
    today = business_date(now, creditor.time_zone)
    values: dict[str, Any] = {}
    said = {"next_action": next_action, "next_on": next_on, "next_at": next_at}
    said = {name: value for name, value in said.items() if value is not None}
    if said:
        values = {"next_action": "", "next_on": None, "next_at": None} | read_next(creditor, said, now)
    elif case.next_on is not None and case.next_on <= today:
        values = {"next_action": "", "next_on": None, "next_at": None}
    has_next = values.get("next_on", case.next_on) is not None
    wanted = state or after_work(case.state, has_next=has_next, has_hold=_has_hold(case, today))
    values["state"] = wanted if may_become(case.state, wanted) else case.state
    apply(case, values, creditor=creditor, actor=actor, now=now, worked=True)
    return case


def _has_hold(case: Case, today: date) -> bool:
    """One is in force or to come; asked only of a case that waits."""
    if case.state != "waiting":
        return False
    return any(each.can_end for each in holds_of(case.creditor, case.customer_id, today))


def locked_case_of(creditor: Creditor, customer_id: int) -> Case | None:
    """The customer's open case, locked until the end of the transaction; None where none is open."""
    mine = Case.objects.select_for_update(no_key=True).filter(creditor=creditor, customer_id=customer_id)
    return mine.exclude(state="closed").first()


def open_case(creditor: Creditor, case_id: int) -> Case:
    """The case, locked until the end of the transaction. Raises NoSuchCase, CaseIsClosed."""
    case = Case.objects.select_for_update(no_key=True).filter(creditor=creditor, pk=case_id).first()
    if case is None:
        raise NoSuchCase("Este expediente no existe: vuelva a la cola.", case=case_id)
    if case.state == "closed":
        raise CaseIsClosed(
            "Este expediente está cerrado: no queda nada vencido. Se abrirá solo si vuelve a haberlo.",
            case=case_id,
        )
    return case


def must_be_seen(creditor: Creditor, case: Case, seen_version: int | None) -> None:
    """Raises CaseChanged where the locked case is no longer as it was seen."""
    if seen_version is None or seen_version == case.version:
        return
    changes, by = changes_since(creditor, case, seen_version)
    told = f": {'; '.join(changes)}" if changes else ""
    raise CaseChanged(
        f"{by or 'Otra persona'} ha cambiado este expediente mientras usted lo tenía abierto{told}. No se ha"
        " guardado lo suyo: revíselo y repita.",
        case=case.pk,
        changes=list(changes),
        by=by,
        version=case.version,
    )


def _record(verb: str, case: Case, actor: str, now: datetime, payload: dict[str, Any]) -> None:
    record_event(
        creditor_id=case.creditor_id,
        verb=verb,
        subject=f"case:{case.pk}",
        actor=actor,
        payload=payload,
        at=now,
    )
