"""What may be said of a case at once, and what saying it changes."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import Enum
from typing import Any, Final

from aldia.kernel.clock import business_date
from aldia.operations.cases.errors import CaseRefused
from aldia.operations.cases.workers import able_owner
from aldia.records.cases.models import Case, CaseEvent, CaseState, Collector, Priority, Team
from aldia.records.tenancy.models import Creditor
from aldia.rules.cases import BY_PEOPLE, may_become

ACTION_MAX = 200


class _NotSaid(Enum):
    NOT_SAID = "not said"


NOT_SAID: Final = _NotSaid.NOT_SAID


@dataclass(frozen=True, slots=True)
class CaseChanges:
    """What a person says of a case; what is not said stays.

    owner_id, team_id: None for nobody; a new owner brings their team, unless one is said. next_action: ""
    for none, which takes its day away. next_at: aware; its day follows where next_on is not said.
    """

    state: str | _NotSaid = NOT_SAID
    owner_id: int | _NotSaid | None = NOT_SAID
    team_id: int | _NotSaid | None = NOT_SAID
    priority: int | _NotSaid = NOT_SAID
    next_action: str | _NotSaid = NOT_SAID
    next_on: date | _NotSaid | None = NOT_SAID
    next_at: datetime | _NotSaid | None = NOT_SAID

    def said(self) -> dict[str, Any]:
        """Field → what was said of it."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value for name, value in values.items() if value is not NOT_SAID}


def read_changes(creditor: Creditor, changes: CaseChanges, now: datetime) -> dict[str, Any]:
    """The columns to be set, checked but for the state each case is in. Raises CaseRefused."""
    said = changes.said()
    if said.get("state", "working") not in BY_PEOPLE:
        raise CaseRefused(
            _UNKNOWN_STATE.get(said["state"], _NO_SUCH_STATE), field="state", state=said["state"]
        )
    if said.get("priority", 0) not in Priority.values:
        raise CaseRefused("La prioridad es baja, normal o alta.", field="priority")
    if said.get("owner_id") is not None:
        able_owner(creditor, said["owner_id"])
    if "owner_id" in said and "team_id" not in said:
        said["team_id"] = team_of(creditor, said["owner_id"])
    if said.get("team_id") is not None:
        _must_be_team(creditor, said["team_id"])
    return said | read_next(creditor, said, now)


_UNKNOWN_STATE = {
    "closed": "Un expediente no se cierra a mano: se cierra solo cuando no queda nada vencido. Si hay que"
    " esperar, ponga una próxima acción o una pausa.",
    "new": "Un expediente solo es nuevo hasta que alguien lo trabaja.",
    "promised": "Anote el compromiso, con su importe y su fecha: el expediente cambia de estado solo.",
}
_NO_SUCH_STATE = "Ese estado no existe: elija uno de la lista."


def read_next(creditor: Creditor, said: dict[str, Any], now: datetime) -> dict[str, Any]:
    """next_action, next_on and next_at as they fit together. Raises CaseRefused."""
    if not {"next_action", "next_on", "next_at"} & said.keys():
        return {}
    action = " ".join(str(said.get("next_action", "")).replace("\0", " ").split())
    if len(action) > ACTION_MAX:
        raise CaseRefused(
            f"La próxima acción cabe en {ACTION_MAX} caracteres: lo demás, en una nota.", field="next_action"
        )
    at, on = said.get("next_at"), said.get("next_on")
    if at is not None:
        day = business_date(at, creditor.time_zone)
        if on is not None and on != day:
            raise CaseRefused("La hora de la próxima acción es de otro día.", field="next_at")
        on = day
    if on is not None and on < business_date(now, creditor.time_zone):
        raise CaseRefused("La próxima acción no puede ser en el pasado.", field="next_on")
    values: dict[str, Any] = {"next_on": on, "next_at": at}
    return values | ({"next_action": action} if "next_action" in said else {})


def team_of(creditor: Creditor, member_id: int | None) -> int | None:
    """The team a collector works in; None for nobody, and for who is in none."""
    if member_id is None:
        return None
    mine = Collector.objects.filter(creditor=creditor, member_id=member_id, team__ended_at=None)
    found: int | None = mine.values_list("team_id", flat=True).first()
    return found


def _must_be_team(creditor: Creditor, team_id: int) -> None:
    if not Team.objects.filter(creditor=creditor, pk=team_id, ended_at=None).exists():
        raise CaseRefused("Ese equipo ya no existe: elija otro.", field="team_id", team=team_id)


def apply(
    case: Case, values: dict[str, Any], *, creditor: Creditor, actor: str, now: datetime, worked: bool
) -> list[str]:
    """Set the columns on a locked case and write its history; the kinds of events written, none where
    nothing differs. worked: a person has worked it, whatever else changes. Raises CaseRefused."""
    before = {name: getattr(case, name) for name in (*values, "state", "owner_id", "next_on")}
    if "state" in values and not may_become(case.state, values["state"]):
        raise CaseRefused(
            f"Un expediente en «{CaseState(case.state).label}» no puede pasar a"
            f" «{CaseState(values['state']).label}».",
            field="state",
            state=case.state,
        )
    changed = {name for name, value in values.items() if before[name] != value}
    if not changed and not worked:
        return []
    for name in changed:
        setattr(case, name, values[name])
    if "state" in changed:
        case.state_since = business_date(now, creditor.time_zone)
    if worked:
        case.touched_at = now
    case.version += 1
    case.save()
    events = _events(case, before, changed)
    if worked:
        events.append(("worked", {}))
    CaseEvent.objects.bulk_create(
        CaseEvent(
            creditor_id=case.creditor_id,
            case_id=case.pk,
            customer_id=case.customer_id,
            kind=kind,
            at=now,
            actor=actor,
            payload={"version": case.version, **payload},
        )
        for kind, payload in events
    )
    return [kind for kind, _payload in events]


def _events(case: Case, before: dict[str, Any], changed: set[str]) -> list[tuple[str, dict[str, Any]]]:
    events: list[tuple[str, dict[str, Any]]] = []
    if "state" in changed:
        events.append(("state", {"from": before["state"], "to": case.state}))
    if changed & {"owner_id", "team_id"}:
        events.append(("assigned", {"from": before["owner_id"], "to": case.owner_id, "team": case.team_id}))
    if "priority" in changed:
        events.append(("priority", {"from": before["priority"], "to": case.priority}))
    if changed & {"next_action", "next_on", "next_at"}:
        on, at = case.next_on, case.next_at
        said = {"on": on.isoformat() if on else None, "at": at.isoformat() if at else None}
        events.append(("next", said))
    return events
