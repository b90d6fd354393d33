"""What a person decides on «Hoy»: yes, not at all, later, in other words; the brake; tasks."""

from collections.abc import Callable
from datetime import date, datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aldia.desk.access import POST, Visit, creditor_page
from aldia.desk.once import first_time
from aldia.desk.today.page import asked_of, now_for
from aldia.kernel.clock import business_date, morning_of
from aldia.kernel.errors import AldiaError
from aldia.operations.outbox import approve, discard_draft, edit, postpone, skip
from aldia.operations.run import release_held
from aldia.operations.tasks import close_task
from aldia.queries.approvals import units_of_group
from aldia.rules.rights import Right

_KEY_MAX = 200


@creditor_page(Right.APPROVE, POST)
def approve_units(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The one opened, the ticked, or (what=all) all of the list."""
    now = now_for(visit.creditor)

    def act() -> str:
        keys = _keys(request, visit, now)
        done = approve(creditor=visit.creditor, keys=keys, actor=visit.actor, now=now)
        return ngettext(
            "Aprobado: %(n)s mensaje. Saldrá en su horario.",
            "Aprobados: %(n)s mensajes. Saldrán en su horario.",
            done.units,
        ) % {"n": done.units}

    return _acted(request, visit, act)


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
        try:
            day = date.fromisoformat(request.POST.get("until", ""))
        except ValueError:
            return _("Diga hasta qué día se pospone.")
        until = morning_of(day, visit.creditor.time_zone)
        keys = _keys(request, visit, now)
        postpone(creditor=visit.creditor, keys=keys, until=until, actor=visit.actor, now=now)
        return _("Pospuesto: volverá a salir aquí ese día.")

    return _acted(request, visit, act)


@creditor_page(Right.APPROVE, POST)
def edit_unit(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Other words for one message, or back to those of the house."""
    now, key = now_for(visit.creditor), request.POST.get("unit", "").replace("\0", "")[:_KEY_MAX]

    def act() -> str:
        if request.POST.get("reset"):
            discard_draft(creditor=visit.creditor, key=key, actor=visit.actor, now=now)
            return _("El mensaje vuelve al texto de la casa.")
        subject, body = request.POST.get("subject", ""), request.POST.get("body", "")
        edit(creditor=visit.creditor, key=key, subject=subject, body=body, actor=visit.actor, now=now)
        return _("Texto guardado. Así se leerá.")

    return _acted(request, visit, act, stay=key)


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
    if request.POST.get("what") == "all":
        return units_of_group(visit.creditor, asked_of(request).group, now=now)
    return [key.replace("\0", "")[:_KEY_MAX] for key in request.POST.getlist("unit")]


def _acted(request: HttpRequest, visit: Visit, act: Callable[[], str], stay: str = "") -> HttpResponse:
    """Do it once, say what happened, and back to the list, whose first message is the next one."""
    if not first_time(request, visit):
        messages.info(request, _("Eso ya estaba hecho."))
    else:
        try:
            with transaction.atomic():
                messages.success(request, act())
        except AldiaError as refusal:
            messages.error(request, refusal.sentence)
    said = {"paso": asked_of(request).group, "ver": stay}
    query = urlencode({name: value for name, value in said.items() if value})
    address = reverse("desk:today", kwargs={"creditor": visit.creditor.code})
    return redirect(f"{address}?{query}" if query else address)
