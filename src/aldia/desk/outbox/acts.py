"""The buttons of the outbox: send now, the red button, a doubt settled."""

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from aldia.desk.access import POST, Visit, creditor_page
from aldia.desk.acting import acted
from aldia.desk.today.page import now_for
from aldia.kernel.errors import AldiaError
from aldia.operations.outbox import SendReport, resolve_doubt, resume_sending, send_due, stop_sending
from aldia.records.tenancy.scope import scope
from aldia.rules.rights import Right


@creditor_page(Right.APPROVE, POST, in_scope=False)
def send_now(request: HttpRequest, visit: Visit) -> HttpResponse:
    """One batch of what may leave at this moment; the rest follows by itself within a minute."""
    with transaction.atomic(), scope([visit.creditor.pk]):
        now = now_for(visit.creditor)
    try:
        report = send_due(creditor=visit.creditor, now=now, actor=visit.actor)
        messages.success(request, _told(report))
        if report.stopped or report.trouble:
            messages.error(request, report.stopped or report.trouble)
    except AldiaError as refusal:
        messages.error(request, refusal.sentence)
    return redirect("desk:outbox", creditor=visit.creditor.code)


@creditor_page(Right.RELEASE, POST)
def stop(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Nothing leaves any more, within one message."""
    return _acted(
        request,
        visit,
        lambda: stop_sending(creditor=visit.creditor, actor=visit.actor, now=now_for(visit.creditor)),
        _("Envíos parados. No sale nada hasta que alguien los reanude."),
    )


@creditor_page(Right.RELEASE, POST)
def resume(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What waits may leave again."""
    return _acted(
        request,
        visit,
        lambda: resume_sending(creditor=visit.creditor, actor=visit.actor, now=now_for(visit.creditor)),
        _("Envíos reanudados. Cada mensaje se vuelve a mirar antes de salir."),
    )


@creditor_page(Right.RELEASE, POST)
def resolve(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Somebody has found out: it arrived (sent=1), or it did not."""
    sent, key = bool(request.POST.get("sent")), request.POST.get("key", "").replace("\0", "")[:200]
    return _acted(
        request,
        visit,
        lambda: resolve_doubt(
            creditor=visit.creditor, key=key, sent=sent, actor=visit.actor, now=now_for(visit.creditor)
        ),
        _("Anotado: llegó.") if sent else _("Anotado: no llegó. Si todavía procede, se preparará de nuevo."),
    )


def _acted(request: HttpRequest, visit: Visit, act: Callable[[], object], done: str) -> HttpResponse:
    def act_and_say() -> str:
        act()
        return done

    acted(request, visit, act_and_say)
    return redirect("desk:outbox", creditor=visit.creditor.code)


def _told(report: SendReport) -> str:
    said = [_("Enviados: %(n)s.") % {"n": report.sent}]
    if report.postponed:
        said.append(_("Esperan su hora: %(n)s.") % {"n": report.postponed.total()})
    if report.cancelled:
        said.append(_("Anulados al mirarlos por última vez: %(n)s.") % {"n": report.cancelled.total()})
    if report.failed:
        said.append(_("Rechazados: %(n)s.") % {"n": report.failed})
    if report.unknown:
        said.append(_("Sin confirmar: %(n)s.") % {"n": report.unknown})
    return " ".join(said)
