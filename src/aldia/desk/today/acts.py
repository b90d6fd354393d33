"""What a person decides on «Hoy»: yes, not at all, later, in other words; the brake; tasks."""

from collections.abc import Callable
from datetime import date, datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aldia.desk.access import POST, Visit, creditor_page
from aldia.desk.acting import NotAsSaid, acted
from aldia.desk.today.page import asked_of, now_for
from aldia.kernel.clock import business_date, morning_of
from aldia.operations.outbox import approve_as, discard_draft, edit_as, postpone, skip
from aldia.operations.run import release_held
from aldia.operations.tasks import close_task
from aldia.queries.approvals import units_of_group
from aldia.queries.hindrances import hindrances_of
from aldia.rules.rights import Right

_KEY_MAX = 200


@creditor_page(Right.APPROVE, POST)
def approve_units(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The one opened, the ticked, or (what=all) all of the list as it was shown."""
    now = now_for(visit.creditor)

    def act() -> str:
        keys = _keys(request, visit, now)
        done = approve_as(member=visit.membership, keys=keys, actor=visit.actor, now=now)
        count = ngettext("Aprobado: %(n)s mensaje.", "Aprobados: %(n)s mensajes.", done.units)
        return f"{count % {'n': done.units}} {_what_happens(visit, done.units)}"

    return _acted(request, visit, act)


def _what_happens(visit: Visit, units: int) -> str:
    """When the approved leave, or what holds them."""
    if hindrances_of(visit.creditor).locked_reason:
        return _("No sale nada mientras los envíos estén bloqueados tras restaurar una copia.")
    if visit.creditor.sending_stopped_at:
        return _("No sale nada mientras los envíos estén parados.")
    return ngettext("Saldrá en su horario.", "Saldrán en su horario.", units)


@creditor_page(Right.APPROVE, POST)
def skip_units(request: HttpRequest, visit: Visit) -> HttpResponse:
    """They never leave; the ladder goes on."""
    now = now_for(visit.creditor)

    def act() -> str:
        keys = _keys(request, visit, now)
        done = skip(creditor=visit.creditor, keys=keys, actor=visit.actor, now=now)
        return ngettext("Omitido: %(n)s mensaje.", "Omitidos: %(n)s mensajes.", done.units) % {
            "n": done.units
        }

    return _acted(request, visit, act)


@creditor_page(Right.APPROVE, POST)
def postpone_units(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Not before a day."""
    now = now_for(visit.creditor)

    def act() -> str:
        until = morning_of(_day(request.POST.get("until", "")), visit.creditor.time_zone)
        keys = _keys(request, visit, now)
        postpone(creditor=visit.creditor, keys=keys, until=until, actor=visit.actor, now=now)
        return _("Pospuesto: no saldrá antes de ese día.")

    return _acted(request, visit, act)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotAsSaid(_("Diga hasta qué día se pospone.")) from None


@creditor_page(Right.APPROVE, POST)
def edit_unit(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Other words for one message, or back to those of the house; it stays opened (ver)."""
    now, key = now_for(visit.creditor), request.POST.get("unit", "").replace("\0", "")[:_KEY_MAX]

    def act() -> str:
        if request.POST.get("reset"):
            discard_draft(creditor=visit.creditor, key=key, actor=visit.actor, now=now)
            return _("El mensaje vuelve al texto de la casa.")
        subject, body = request.POST.get("subject", ""), request.POST.get("body", "")
        accepted = request.POST.get("accepted", "").replace("\0", "")
        edit_as(
            member=visit.membership,
            key=key,
            subject=subject,
            body=body,
            actor=visit.actor,
            now=now,
            accepted=accepted,
        )
        return _("Texto guardado. Así se leerá.")

    return _acted(request, visit, act)


@creditor_page(Right.RELEASE, POST)
def release(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The yes after the brake."""

    def act() -> str:
        count = release_held(creditor=visit.creditor, actor=visit.actor, now=now_for(visit.creditor))
        return ngettext(
            "Freno soltado: %(n)s mensaje sigue su camino.",
            "Freno soltado: %(n)s mensajes siguen su camino.",
            count,
        ) % {"n": count}

    return _acted(request, visit, act)


@creditor_page(Right.APPROVE, POST)
def close(request: HttpRequest, visit: Visit, task_id: int) -> HttpResponse:
    """done=1: it has been done; else it is left out."""
    now = now_for(visit.creditor)

    def act() -> str:
        done = bool(request.POST.get("done"))
        on = business_date(now, visit.creditor.time_zone)
        close_task(creditor=visit.creditor, task_id=task_id, done=done, on=on, actor=visit.actor, now=now)
        return _("Tarea hecha.") if done else _("Tarea omitida.")

    return _acted(request, visit, act)


def _keys(request: HttpRequest, visit: Visit, now: datetime) -> list[str]:
    """The ticked ones, or all of the list: nothing is decided about what nobody has been shown."""
    if request.POST.get("what") != "all":
        return [key.replace("\0", "")[:_KEY_MAX] for key in request.POST.getlist("unit")]
    waiting = units_of_group(visit.creditor, asked_of(request).group, now=now)
    if request.POST.get("shown") != waiting.mark:
        raise NotAsSaid(
            _("La lista ha cambiado desde que usted la vio: ahora esperan %(n)s. Mírela y decida otra vez.")
            % {"n": len(waiting.keys)}
        )
    return list(waiting.keys)


def _acted(request: HttpRequest, visit: Visit, act: Callable[[], str]) -> HttpResponse:
    """Do it once, say what happened, and back to the list, whose first message is the next one."""
    acted(request, visit, act)
    if request.POST.get("back") == "outbox":
        return redirect("desk:outbox", creditor=visit.creditor.code)
    said = {name: request.POST.get(name, "")[:_KEY_MAX] for name in ("paso", "ver", "tareas")}
    query = urlencode({name: value for name, value in said.items() if value})
    address = reverse("desk:today", kwargs={"creditor": visit.creditor.code})
    return redirect(f"{address}?{query}" if query else address)
