"""«Bandeja»: the list of answers, one of them opened beside it."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from aldia.desk.access import Visit, creditor_page
from aldia.desk.inbox.card import Card, ConfirmForm, card_of
from aldia.desk.today.page import now_for
from aldia.operations.inbound import raw_mail_of
from aldia.queries.inbox import (
    NOBODYS,
    InboxPage,
    inbound_message,
    inbox_account,
    inbox_counts,
    inbox_page,
)
from aldia.records.outreach.models import InboundKind, InboundMessage

_NUMBER_MAX = 19


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address says. done: those that were looked at. kind: "" for all. opened: id, None for the
    first."""

    done: bool
    kind: str
    after: int | None
    opened: int | None

    @property
    def query(self) -> str:
        """The same list again."""
        parts = [("estado", "vistas" if self.done else ""), ("clase", self.kind)]
        return "&".join(f"{name}={value}" for name, value in parts if value)


def asked_of(request: HttpRequest) -> Asked:
    """What cannot be read counts as not said."""
    said = request.POST if request.method == "POST" else request.GET
    kind = said.get("clase", "")
    return Asked(
        done=said.get("estado", "") == "vistas",
        kind=kind if kind in (*InboundKind.values, NOBODYS) else "",
        after=_number(said.get("tras", "")),
        opened=_number(said.get("ver", "")),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < _NUMBER_MAX else None


@creditor_page()
def show_inbox(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET estado (vistas), clase, tras, ver."""
    asked = asked_of(request)
    page = inbox_page(visit.creditor, new=not asked.done, kind=asked.kind, after=asked.after)
    opened = asked.opened or (page.rows[0].id if page.rows else None)
    message = inbound_message(visit.creditor, opened) if opened else None
    context = {
        **_around(visit, asked, page),
        "card": card_of(visit.creditor, message, now=now_for(visit.creditor)) if message else None,
    }
    return render(request, "desk/inbox/inbox.html", context)


def _around(visit: Visit, asked: Asked, page: InboxPage) -> dict[str, Any]:
    return {
        "asked": asked,
        "page": page,
        "counts": inbox_counts(visit.creditor.pk),
        "account": inbox_account(visit.creditor),
    }


@creditor_page()
def show_card(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET ver: that answer, opened beside the list."""
    asked = asked_of(request)
    message = inbound_message(visit.creditor, asked.opened) if asked.opened else None
    card = card_of(visit.creditor, message, now=now_for(visit.creditor)) if message else None
    return render(request, "desk/inbox/card.html", {"card": card, "asked": asked})


@creditor_page()
def show_message(request: HttpRequest, visit: Visit, inbound_id: int) -> HttpResponse:
    """One answer on a page of its own."""
    return message_page(request, visit, _message(visit, inbound_id))


def message_page(
    request: HttpRequest, visit: Visit, message: InboundMessage, form: ConfirmForm | None = None
) -> HttpResponse:
    """The page; with a form that was sent, its faults beside the fields."""
    card: Card = card_of(visit.creditor, message, now=now_for(visit.creditor), form=form)
    context = {"card": card, "asked": asked_of(request)}
    return render(request, "desk/inbox/message.html", context, status=422 if form else 200)


@creditor_page()
def download(request: HttpRequest, visit: Visit, inbound_id: int) -> HttpResponse:
    """The mail as it came, with what was attached: to be kept, never shown by us."""
    message = _message(visit, inbound_id)
    content = raw_mail_of(message.event)
    if not content:
        raise Http404
    answer = HttpResponse(content, content_type="message/rfc822")
    answer["Content-Disposition"] = f'attachment; filename="respuesta-{message.pk}.eml"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _message(visit: Visit, inbound_id: int) -> InboundMessage:
    found = inbound_message(visit.creditor, inbound_id)
    if found is None:
        raise Http404
    return found
