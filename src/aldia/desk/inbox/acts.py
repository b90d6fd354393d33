"""What a person does with an answer: confirms it, says whose it is, leaves it aside."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from aldia.desk.access import POST, Visit, creditor_page
from aldia.desk.acting import NotAsSaid, acted
from aldia.desk.inbox.card import ConfirmForm
from aldia.desk.inbox.pages import asked_of, message_page
from aldia.desk.notes import warn_about
from aldia.desk.today.page import now_for
from aldia.operations.inbound import Confirmation, assign, confirm, dismiss
from aldia.queries.inbox import inbound_message
from aldia.records.outreach.models import InboundKind
from aldia.rules.rights import Right
from aldia.ui.other_language import said

_REASON_MAX = 200
_CODE_MAX = 200
_LINES_MAX = 100
_NUMBER_MAX = 19


@creditor_page(Right.NOTE, POST)
def confirm_message(request: HttpRequest, visit: Visit, inbound_id: int) -> HttpResponse:
    """It is as the form says; what follows from it is done."""
    message = inbound_message(visit.creditor, inbound_id)
    if message is None:
        raise Http404
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return message_page(request, visit, message, form)

    def act() -> str:
        done = confirm(
            creditor=visit.creditor,
            message_id=inbound_id,
            confirmation=Confirmation(
                kind=form.cleaned_data["kind"],
                note=form.cleaned_data["note"],
                hold_until=form.cleaned_data["hold_until"],
                disputed_lines=_numbers(request.POST.getlist("line")),
                promise=form.promise,
                member=visit.membership,
                shown_customer_id=next(iter(_numbers([request.POST.get("customer", "")])), None),
            ),
            actor=visit.actor,
            now=now_for(visit.creditor),
        )
        warn_about(request, form.cleaned_data["note"])
        return _("Anotado: «%(kind)s».") % {"kind": said(str(InboundKind(done.kind).label))}

    acted(request, visit, act)
    return _back(request, visit)


@creditor_page(Right.APPROVE, POST)
def send_copy(request: HttpRequest, visit: Visit, inbound_id: int) -> HttpResponse:
    """It asks for copies: it is taken down, and a mail with them leaves after ten minutes."""
    if inbound_message(visit.creditor, inbound_id) is None:
        raise Http404
    lines = _numbers(request.POST.getlist("copy"))

    def act() -> str:
        if not lines:
            raise NotAsSaid(_("Elija de qué facturas se manda la copia."))
        confirm(
            creditor=visit.creditor,
            message_id=inbound_id,
            confirmation=Confirmation(
                kind=InboundKind.COPY.value,
                shown_customer_id=next(iter(_numbers([request.POST.get("customer", "")])), None),
                copies_of=lines,
            ),
            actor=visit.actor,
            now=now_for(visit.creditor),
        )
        return _("La copia sale en diez minutos. Hasta entonces se puede deshacer en la ficha del cliente.")

    acted(request, visit, act)
    return _back(request, visit)


@creditor_page(Right.NOTE, POST)
def dismiss_message(request: HttpRequest, visit: Visit, inbound_id: int) -> HttpResponse:
    """It counts as no answer."""
    reason = request.POST.get("reason", "").replace("\0", "")[:_REASON_MAX]

    def act() -> str:
        dismiss(
            creditor=visit.creditor,
            message_id=inbound_id,
            reason=reason,
            actor=visit.actor,
            now=now_for(visit.creditor),
        )
        return _("Descartada.")

    acted(request, visit, act)
    return _back(request, visit)


@creditor_page(Right.NOTE, POST)
def assign_message(request: HttpRequest, visit: Visit, inbound_id: int) -> HttpResponse:
    """It is of that customer; it stays opened (ver)."""
    code = request.POST.get("code", "").replace("\0", "")[:_CODE_MAX]

    def act() -> str:
        done = assign(
            creditor=visit.creditor,
            message_id=inbound_id,
            customer_code=code,
            remember=bool(request.POST.get("remember")),
            actor=visit.actor,
            now=now_for(visit.creditor),
        )
        return _("Ahora es de «%(name)s».") % {"name": done.customer.name if done.customer else code}

    acted(request, visit, act)
    return _back(request, visit, opened=inbound_id)


def _numbers(texts: list[str]) -> tuple[int, ...]:
    """What cannot be an id counts as not said."""
    fit = (text for text in texts[:_LINES_MAX] if text.isascii() and text.isdecimal())
    return tuple(int(text) for text in fit if len(text) < _NUMBER_MAX)


def _back(request: HttpRequest, visit: Visit, opened: int | None = None) -> HttpResponse:
    """To the list, whose first answer is the next one; to the page of the one where it was on it."""
    asked = asked_of(request)
    if opened and request.POST.get("page"):
        return redirect("desk:inbound", creditor=visit.creditor.code, inbound_id=opened)
    query = "&".join(filter(None, (asked.query, f"ver={opened}" if opened else "")))
    address = reverse("desk:inbox", kwargs={"creditor": visit.creditor.code})
    return redirect(f"{address}?{query}" if query else address)
