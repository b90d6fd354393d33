"""Many cases changed at once: all of them or none, one audit entry."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from aldia.operations.audit import record_event
from aldia.operations.cases.changes import NOT_SAID, CaseChanges, apply, read_changes
from aldia.operations.cases.changing import must_be_seen
from aldia.operations.cases.errors import CaseIsClosed, CaseRefused, NoSuchCase
from aldia.operations.cases.workers import must_work
from aldia.records.cases.models import Case
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

AT_ONCE_MAX = 500
_NOTHING_SEEN: Mapping[int, int] = {}


def reassign(
    *,
    creditor: Creditor,
    case_ids: Sequence[int],
    owner_id: int | None,
    seen_versions: Mapping[int, int] = _NOTHING_SEEN,
    actor: str,
    now: datetime,
) -> int:
    """Give the cases to a member and their team, or to nobody (None); how many had another owner.

    seen_versions: case → version the person saw, where the page knows it. Raises as `change_case`.
    """
    changes = CaseChanges(owner_id=owner_id)
    return _many(creditor, case_ids, changes, seen_versions, ("cases.reassigned", actor, now))


def postpone(
    *,
    creditor: Creditor,
    case_ids: Sequence[int],
    next_on: date,
    next_action: str = "",
    seen_versions: Mapping[int, int] = _NOTHING_SEEN,
    actor: str,
    now: datetime,
) -> int:
    """Nothing is to be done about the cases before the day; how many had another one.

    next_action: "" keeps what was to be done. Raises as above.
    """
    action = next_action or NOT_SAID
    changes = CaseChanges(next_on=next_on, next_action=action)
    return _many(creditor, case_ids, changes, seen_versions, ("cases.postponed", actor, now))


def prioritise(
    *,
    creditor: Creditor,
    case_ids: Sequence[int],
    priority: int,
    seen_versions: Mapping[int, int] = _NOTHING_SEEN,
    actor: str,
    now: datetime,
) -> int:
    """A person's word on how pressing the cases are; how many had another one. Raises as above."""
    changes = CaseChanges(priority=priority)
    return _many(creditor, case_ids, changes, seen_versions, ("cases.prioritised", actor, now))


def _many(
    creditor: Creditor,
    case_ids: Sequence[int],
    changes: CaseChanges,
    seen: Mapping[int, int],
    entry: tuple[str, str, datetime],
) -> int:
    verb, actor, now = entry
    ids = sorted(set(case_ids))
    if not ids or len(ids) > AT_ONCE_MAX:
        raise CaseRefused(f"Elija entre uno y {AT_ONCE_MAX} expedientes.", field="case_ids", count=len(ids))
    with transaction.atomic(), scope([creditor.pk]):
        must_work(creditor, actor)
        cases = _locked(creditor, ids)
        values = read_changes(creditor, changes, now)
        for case in cases:
            must_be_seen(creditor, case, seen.get(case.pk))
        changed = [
            case.pk
            for case in cases
            if apply(case, values, creditor=creditor, actor=actor, now=now, worked=False)
        ]
        if changed:
            payload = {"cases": changed, "to": values.get("owner_id")} if "owner_id" in values else {}
            record_event(
                creditor_id=creditor.pk,
                verb=verb,
                subject=f"creditor:{creditor.pk}",
                actor=actor,
                payload=payload or {"cases": changed},
                at=now,
            )
    return len(changed)


def _locked(creditor: Creditor, ids: list[int]) -> list[Case]:
    """The cases, each open, locked in the order of their ids. Raises NoSuchCase, CaseIsClosed."""
    mine = Case.objects.select_for_update(no_key=True, of=("self",)).select_related("customer")
    cases = list(mine.filter(creditor=creditor, pk__in=ids).order_by("pk"))
    missing = sorted(set(ids) - {case.pk for case in cases})
    if missing:
        raise NoSuchCase(
            "Alguno de los expedientes elegidos no existe: no se ha cambiado ninguno.", case=missing[0]
        )
    closed = [case for case in cases if case.state == "closed"]
    if closed:
        names = ", ".join(f"«{case.customer.name or case.customer.code}»" for case in closed[:3])
        raise CaseIsClosed(
            f"Ya no queda nada vencido de {names}{' y otros' if len(closed) > 3 else ''}: no se ha cambiado"
            " ninguno. Quítelos de la selección y repita.",
            case=closed[0].pk,
        )
    return cases
