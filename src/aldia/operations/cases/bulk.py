"""Many cases changed at once: all of them or none, one audit entry, taken back in one go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from aldia.operations.audit import record_event
from aldia.operations.cases.changes import NOT_SAID, CaseChanges, apply, read_changes
from aldia.operations.cases.errors import (
    CaseChanged,
    CaseIsClosed,
    CaseIsTaken,
    CaseRefused,
    NoSuchCase,
)
from aldia.operations.cases.notes import withdraw_note
from aldia.operations.cases.workers import must_work
from aldia.queries.case_locks import holders_of
from aldia.records.audit.models import AuditEntry
from aldia.records.cases.models import Case
from aldia.records.tenancy.models import Creditor, Membership
from aldia.records.tenancy.scope import scope
from aldia.rules.cases import UNDO_MINUTES

AT_ONCE_MAX = 500
_NOTHING_SEEN: Mapping[int, int] = {}
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "cases.reassigned": ("owner_id", "team_id"),
    "cases.postponed": ("next_on", "next_at"),
    "cases.prioritised": ("priority",),
}


@dataclass(frozen=True, slots=True)
class Many:
    """cases: how many are other than before. sequence: of the entry in the chain, by which it is taken back;
    None where nothing was changed."""

    cases: int
    sequence: int | None


def reassign(
    *,
    creditor: Creditor,
    case_ids: Sequence[int],
    owner_id: int | None,
    seen_versions: Mapping[int, int] = _NOTHING_SEEN,
    member: Membership | None = None,
    actor: str,
    now: datetime,
) -> Many:
    """Give the cases to a member and their team, or to nobody (None); how many had another owner.

    seen_versions: case → version the person saw, where the page knows it. member: who does it; then no case
    may be open at a colleague's. Raises as `change_case`, CaseIsTaken.
    """
    changes = CaseChanges(owner_id=owner_id)
    by = _By("cases.reassigned", member, actor, now)
    return _many(creditor, case_ids, changes, seen_versions, by)


def postpone(
    *,
    creditor: Creditor,
    case_ids: Sequence[int],
    next_on: date,
    next_action: str = "",
    seen_versions: Mapping[int, int] = _NOTHING_SEEN,
    member: Membership | None = None,
    actor: str,
    now: datetime,
) -> Many:
    """The cases may wait until the day, unless an answer, a task or a promise brings them up before; how many
    had another one.

    next_action: "" keeps what was to be done. Raises as above.
    """
    action = next_action or NOT_SAID
    changes = CaseChanges(next_on=next_on, next_action=action)
    by = _By("cases.postponed", member, actor, now)
    return _many(creditor, case_ids, changes, seen_versions, by)


def prioritise(
    *,
    creditor: Creditor,
    case_ids: Sequence[int],
    priority: int,
    seen_versions: Mapping[int, int] = _NOTHING_SEEN,
    member: Membership | None = None,
    actor: str,
    now: datetime,
) -> Many:
    """A person's word on how pressing the cases are; how many had another one. Raises as above."""
    changes = CaseChanges(priority=priority)
    by = _By("cases.prioritised", member, actor, now)
    return _many(creditor, case_ids, changes, seen_versions, by)


def undo_many(*, creditor: Creditor, sequence: int, actor: str, now: datetime) -> tuple[int, int]:
    """Take back what was done with many cases, within ten minutes and by who did it: (put back, left alone).

    A case that somebody has changed since stays as they left it. Raises CaseRefused, MayNotWork, NoteRefused.
    """
    with transaction.atomic(), scope([creditor.pk]):
        must_work(creditor, actor)
        entry = _entry(creditor, sequence, actor, now)
        if entry.verb == "cases.noted":
            done = len(entry.payload["notes"])
            for note in entry.payload["notes"]:
                withdraw_note(creditor=creditor, note_id=note, actor=actor, now=now)
        else:
            done = _put_back(creditor, entry, actor, now)
        record_event(
            creditor_id=creditor.pk,
            verb="cases.undone",
            subject=entry.subject,
            actor=actor,
            payload={"entry": sequence},
            at=now,
        )
    return done, len(entry.payload["cases"]) - done


def _entry(creditor: Creditor, sequence: int, actor: str, now: datetime) -> AuditEntry:
    entries = AuditEntry.objects.filter(creditor=creditor)
    ours = entries.filter(sequence=sequence, verb__in=[*_COLUMNS, "cases.noted"], actor=actor)
    entry = ours.first()
    if entry is None or now - entry.recorded_at > timedelta(minutes=UNDO_MINUTES):
        raise CaseRefused(
            f"Solo puede deshacerlo quien lo hizo, en los {UNDO_MINUTES} minutos siguientes.", field="done"
        )
    undone = entries.filter(sequence__gt=sequence, verb="cases.undone", payload__entry=sequence)
    if undone.exists():
        raise CaseRefused("Eso ya estaba deshecho.", field="done")
    return entry


def _put_back(creditor: Creditor, entry: AuditEntry, actor: str, now: datetime) -> int:
    """Each case that nobody has changed since, as it was; a day that has passed meanwhile is left out."""
    before = {int(case): values for case, values in entry.payload["before"].items()}
    mine = Case.objects.select_for_update(no_key=True).filter(creditor=creditor, pk__in=before)
    done = 0
    for case in mine.exclude(state="closed").order_by("pk"):
        version, *values = before[case.pk]
        if case.version == version:
            said = dict(zip(_COLUMNS[entry.verb], values, strict=True))
            apply(case, _read(said), creditor=creditor, actor=actor, now=now, worked=False)
            done += 1
    return done


def _read(said: dict[str, Any]) -> dict[str, Any]:
    if "next_on" not in said:
        return said
    on, at = said["next_on"], said["next_at"]
    return {
        "next_on": date.fromisoformat(on) if on else None,
        "next_at": datetime.fromisoformat(at) if at else None,
    }


@dataclass(frozen=True, slots=True)
class _By:
    verb: str
    member: Membership | None
    actor: str
    now: datetime


def _many(
    creditor: Creditor, case_ids: Sequence[int], changes: CaseChanges, seen: Mapping[int, int], by: _By
) -> Many:
    ids = sorted(set(case_ids))
    if not ids or len(ids) > AT_ONCE_MAX:
        raise CaseRefused(f"Elija entre uno y {AT_ONCE_MAX} expedientes.", field="case_ids", count=len(ids))
    sequence = None
    with transaction.atomic(), scope([creditor.pk]):
        must_work(creditor, by.actor)
        cases = _locked(creditor, ids)
        values = read_changes(creditor, changes, by.now)
        _must_be_free(creditor, cases, by)
        _must_be_seen(cases, seen)
        before: dict[str, list[Any]] = {}
        for case in cases:
            was = [_plain(getattr(case, name)) for name in _COLUMNS[by.verb]]
            if apply(case, values, creditor=creditor, actor=by.actor, now=by.now, worked=False):
                before[str(case.pk)] = [case.version, *was]
        if before:
            payload = {"to": values["owner_id"]} if "owner_id" in values else {}
            sequence = record_event(
                creditor_id=creditor.pk,
                verb=by.verb,
                subject=f"creditor:{creditor.pk}",
                actor=by.actor,
                payload=payload | {"cases": [int(case) for case in before], "before": before},
                at=by.now,
            )
    return Many(len(before), sequence)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _must_be_free(creditor: Creditor, cases: Sequence[Case], by: _By) -> None:
    """Raises CaseIsTaken while a colleague has one of them open."""
    if by.member is None:
        return
    held = holders_of(creditor, [case.pk for case in cases], but=by.member.pk, now=by.now)
    for case in cases:
        if case.pk in held:
            raise CaseIsTaken(
                f"{held[case.pk]} tiene abierto {_named(case)}: no se ha cambiado ninguno. Quítelo de la"
                " selección y repita.",
                case=case.pk,
                by=held[case.pk],
            )


def _must_be_seen(cases: Sequence[Case], seen: Mapping[int, int]) -> None:
    """Raises CaseChanged where one of them is no longer as it was seen."""
    for case in cases:
        if seen.get(case.pk, case.version) != case.version:
            raise CaseChanged(
                f"{_named(case)} ha cambiado desde que usted abrió la lista: no se ha cambiado ninguno. La"
                " lista ya está al día; revísela y repita.",
                case=case.pk,
                version=case.version,
            )


def _named(case: Case) -> str:
    return f"«{case.customer.name or case.customer.code}»"


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
        names = ", ".join(_named(case) for case in closed[:3])
        raise CaseIsClosed(
            f"Ya no queda nada vencido de {names}{' y otros' if len(closed) > 3 else ''}: no se ha cambiado"
            " ninguno. Quítelos de la selección y repita.",
            case=closed[0].pk,
        )
    return cases
