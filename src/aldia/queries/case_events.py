"""The history of a case in words: what others have changed since somebody looked."""

import json
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from aldia.queries.asking import ask
from aldia.queries.people import names_of_actors
from aldia.records.cases.models import Case, CaseState, Priority
from aldia.records.tenancy.models import Creditor, Membership
from aldia.rules.portfolio.words import day_text

_SINCE = """
SELECT kind, actor, payload FROM cases_case_event
WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s AND case_id = %(case)s
  AND (payload ->> 'version')::integer > %(seen)s
ORDER BY id
"""


def changes_since(creditor: Creditor, case: Case, seen_version: int) -> tuple[list[str], str]:
    """What has been changed since that version, in Spanish words, and by whom; "" for nobody known."""
    rows = ask(_SINCE, creditor=creditor.pk, customer=case.customer_id, case=case.pk, seen=seen_version)
    latest = {row["kind"]: event_payload(row["payload"]) for row in rows}
    told = [event_words(creditor, kind, payload) for kind, payload in latest.items()]
    actors = list(dict.fromkeys(row["actor"] for row in rows))
    names = names_of_actors(actors)
    by = " y ".join(dict.fromkeys(program(actor, names.get(actor, actor)) for actor in actors))
    return [words for words in told if words], by


def program(actor: str, name: str) -> str:
    """`run:17` is nobody's name."""
    return "El proceso diario" if actor.startswith("run:") else name


def event_payload(payload: Any) -> dict[str, Any]:
    """The JSON of an event, however the driver gives it."""
    if isinstance(payload, str):
        payload = json.loads(payload)
    return dict(payload)


def event_words(creditor: Creditor, kind: str, payload: dict[str, Any]) -> str:
    """«ahora está en «A la espera»»; "" where there is nothing to tell."""
    match kind:
        case "state":
            return f"ahora está en «{CaseState(payload['to']).label}»"
        case "assigned":
            name = member_name(payload.get("to"))
            return f"ahora lo lleva {name}" if name else "ahora no lo lleva nadie"
        case "priority":
            return f"la prioridad es ahora {str(Priority(payload['to']).label).lower()}"
        case "next":
            return _next_words(creditor, payload)
        case "worked":
            return "lo ha trabajado"
        case "closed":
            return "se ha cerrado"
        case "reopened":
            return "se ha reabierto"
        case _:
            return ""


def _next_words(creditor: Creditor, payload: dict[str, Any]) -> str:
    if payload.get("at"):
        at = datetime.fromisoformat(payload["at"]).astimezone(ZoneInfo(creditor.time_zone))
        return f"la próxima acción es ahora para el {day_text(at.date())} a las {at:%H:%M}"
    if payload.get("on"):
        return f"la próxima acción es ahora para el {day_text(date.fromisoformat(payload['on']))}"
    return "ya no hay próxima acción"


def member_name(member_id: int | None) -> str:
    """How the member is called; "" for nobody."""
    if member_id is None:
        return ""
    found = Membership.objects.filter(pk=member_id).values_list("user__name", flat=True).first()
    return found or ""
