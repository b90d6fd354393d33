"""To write to a customer in one's own words, and to take it back before it leaves."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aldia.desk.access import FORM, POST, Visit, creditor_page
from aldia.desk.acting import acted, once
from aldia.desk.today.page import now_for
from aldia.kernel.errors import AldiaError
from aldia.operations.outbox import HotWords, Written, take_back, write_to_as
from aldia.operations.respect import WordsQuestioned
from aldia.queries.outbox import sendable
from aldia.queries.ways import open_ways
from aldia.records.outreach.models import MessageChannel
from aldia.records.parties.models import Customer
from aldia.rules.rights import Right
from aldia.rules.texts.render import Text
from aldia.ui.forms import DeskForm
from aldia.ui.other_language import said
from aldia.ui.templatetags.written import moment

_KEY_MAX = 200


class WritingForm(DeskForm):
    """channels: those by which the customer can be reached now, with the address."""

    channel = forms.ChoiceField(label=gettext_lazy("Por dónde"))
    subject = forms.CharField(label=gettext_lazy("Asunto"), required=False, max_length=200)
    body = forms.CharField(
        label=gettext_lazy("Mensaje"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 10})
    )
    accepted = forms.CharField(
        label=gettext_lazy("Si se queda así, ¿por qué?"), required=False, max_length=500
    )

    def __init__(self, channels: list[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data)
        self.fields["channel"].choices = channels  # type: ignore[attr-defined]


@creditor_page(Right.APPROVE, FORM)
def write(request: HttpRequest, visit: Visit, customer_id: int) -> HttpResponse:
    """The form; when=now, tomorrow or colleague. The same page again (422) where it cannot be so."""
    customer = Customer.objects.filter(pk=customer_id).first()
    if customer is None:
        raise Http404
    form = WritingForm(_channels(visit, customer), request.POST if request.method == "POST" else None)
    refused: AldiaError | None = None
    if form.is_valid():
        try:
            done = once(request, visit, lambda: _written(request, visit, customer, form))
        except AldiaError as error:
            refused = error
        else:
            if done is not None:
                messages.success(request, _told(visit, done))
            return redirect("desk:customer", creditor=visit.creditor.code, customer_id=customer_id)
    context = {
        "form": form,
        "customer": customer,
        "refused": refused,
        "is_hot": isinstance(refused, HotWords),
        "is_questioned": isinstance(refused, WordsQuestioned),
    }
    return render(request, "desk/customers/write.html", context, status=422 if form.is_bound else 200)


def _written(request: HttpRequest, visit: Visit, customer: Customer, form: WritingForm) -> Written:
    data = form.cleaned_data
    return write_to_as(
        member=visit.membership,
        customer_id=customer.pk,
        channel=data["channel"],
        text=Text(data["subject"] if data["channel"] == "email" else "", data["body"]),
        when=request.POST.get("when", "")[:20],
        actor=visit.actor,
        now=now_for(visit.creditor),
        accepted=data["accepted"].replace("\0", ""),
    )


def _channels(visit: Visit, customer: Customer) -> list[tuple[str, str]]:
    """Those that have a way out and an address of the customer, with it."""
    by_hand = [each for each in sendable(visit.creditor) if each in ("email", "sms", "whatsapp")]
    reached = open_ways(visit.creditor, customer.pk, by_hand, now=now_for(visit.creditor))
    return [
        (channel, f"{said(MessageChannel(channel).label)} · {each.address}")
        for channel, each in reached.items()
    ]


def _told(visit: Visit, written: Written) -> str:
    if written.leaves_at is None:
        return _("Escrito: espera en «Hoy» a que otra persona lo lea y lo apruebe.")
    return _("Escrito: saldrá a partir del %(at)s. Hasta entonces se puede deshacer.") % {
        "at": moment(written.leaves_at)
    }


@creditor_page(Right.APPROVE, POST)
def unsend(request: HttpRequest, visit: Visit, customer_id: int) -> HttpResponse:
    """What has not left yet never leaves."""
    key = request.POST.get("key", "").replace("\0", "")[:_KEY_MAX]

    def act() -> str:
        take_back(creditor=visit.creditor, key=key, actor=visit.actor, now=now_for(visit.creditor))
        return _("Deshecho: ese mensaje no saldrá.")

    acted(request, visit, act)
    return redirect("desk:customer", creditor=visit.creditor.code, customer_id=customer_id)
