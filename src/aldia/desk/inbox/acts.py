"""What a person does with an answer: confirms it, says whose it is, leaves it aside."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from aldia.desk.access import POST, Visit, creditor_page
from aldia.desk.acting import NotAsSaid, acted, once
from aldia.desk.inbox.card import ConfirmForm, numbers
from aldia.desk.inbox.pages import asked_of, message_page
from aldia.desk.notes import warn_about
from aldia.desk.today.page import now_for
from aldia.kernel.errors import AldiaError
from aldia.operations.inbound import (
    AlreadyLookedAt,
    Confirmation,
    NotYetAnybodys,
    assign,
    confirm,
    dismiss,
)
from aldia.queries.inbox import inbound_message
from aldia.records.outreach.models import InboundKind, InboundMessage
from aldia.rules.rights import Right
from aldia.ui.other_language import said

_REASON_MAX = 200
_CODE_MAX = 200


@creditor_page(Right.NOTE, POST)
def confirm_message(request: HttpRequest, visit: Visit, inbound_id: int) -> HttpResponse:
    """It is as the form says; what follows from it is done. The answer again (422) where it cannot be so."""
    message = inbound_message(visit.creditor, inbound_id)
    if message is None:
        raise Http404
    form = ConfirmForm(visit.creditor.currency, request.POST)
    if not form.is_valid():
        return message_page(request, visit, message, form)
    try:
        done = once(request, visit, lambda: _confirmed(request, visit, inbound_id, form))
    except (AlreadyLookedAt, NotYetAnybodys) as other:
        messages.error(request, other.sentence)
        return _back(request, visit)
    except AldiaError as refusal:
        form.refuse(refusal)
        return message_page(request, visit, message, form)
    if done is not None:
        warn_about(request, form.cleaned_data["note"])
        label = said(str(InboundKind(done.kind).label))
        messages.success(request, _("Anotado: «%(kind)s».") % {"kind": label})
    return _back(request, visit)


def _confirmed(request: HttpRequest, visit: Visit, inbound_id: int, form: ConfirmForm) -> InboundMessage:
    return confirm(
        creditor=visit.creditor,
        message_id=inbound_id,
        confirmation=Confirmation(
            kind=form.cleaned_data["kind"],
            note=form.cleaned_data["note"],
            hold_until=form.cleaned_data["hold_until"],
            disputed_lines=form.lines,
            promise=form.promise,
            member=visit.membership,
            shown_customer_id=next(iter(numbers([request.POST.get("customer", "")])), None),
        ),
        actor=visit.actor,
        now=now_for(visit.creditor),
    )


@creditor_page(Right.APPROVE, POST)
def send_copy(request: HttpRequest, visit: Visit, inbound_id: int) -> HttpResponse:
    """It asks for copies: it is taken down, and a mail with them leaves after ten minutes."""
    if inbound_message(visit.creditor, inbound_id) is None:
        raise Http404
    lines = numbers(request.POST.getlist("copy"))

    def act() -> str:
        if not lines:
            raise NotAsSaid(_("Elija de qué facturas se manda la copia."))
        confirm(
            creditor=visit.creditor,
            message_id=inbound_id,
            confirmation=Confirmation(
                kind=InboundKind.COPY.value,
                shown_customer_id=next(iter(numbers([request.POST.get("customer", "")])), None),
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


def _back(request: HttpRequest, visit: Visit, opened: int | None = None) -> HttpResponse:
    """To the list, whose first answer is the next one; to the page of the one where it was on it."""
    asked = asked_of(request)
    if opened and request.POST.get("page"):
        return redirect("desk:inbound", creditor=visit.creditor.code, inbound_id=opened)
    query = "&".join(filter(None, (asked.query, f"ver={opened}" if opened else "")))
    address = reverse("desk:inbox", kwargs={"creditor": visit.creditor.code})
    return redirect(f"{address}?{query}" if query else address)
