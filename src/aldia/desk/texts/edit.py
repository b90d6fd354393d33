"""A text read with a real customer while it is written, kept, or given back for the house's."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from aldia.desk.access import POST, Visit, creditor_page
from aldia.desk.acting import once
from aldia.desk.texts.listing import channel_label, templates_in_use
from aldia.desk.today.page import now_for
from aldia.kernel.errors import AldiaError
from aldia.operations.texts import reset_text, save_text
from aldia.queries.customer_list import search_customers
from aldia.queries.respect import findings_of_template
from aldia.queries.text_preview import Preview, preview
from aldia.queries.texts import TextInForce, TextUse, own_texts, text_for
from aldia.records.closing.models import Standing
from aldia.records.parties.models import Customer, FormOfAddress
from aldia.rules.rights import Right
from aldia.rules.texts.placeholders import PLACEHOLDERS, allowed_in
from aldia.rules.texts.render import Text, faults_in
from aldia.rules.texts.uses import is_step_text
from aldia.ui.other_language import said

_BODY_MAX = 20_000


@creditor_page()
def edit_text(request: HttpRequest, visit: Visit, template: str, channel: str, form: str) -> HttpResponse:
    """GET cliente: words of the customer to read it with; else one who owes."""
    use = TextUse(template, channel, form)
    found = text_for(own_texts(visit.creditor), use)
    if found is None or form not in FormOfAddress.values:
        raise Http404
    reader = _reader(visit, request.GET.get("cliente", ""))
    return render(request, "desk/texts/edit.html", _page(visit, found, found.text, reader))


@creditor_page(Right.STRATEGY, POST)
def read_text(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The text as the customer would get it, or what is wrong with it."""
    use, text = _use(request), _text(request)
    return render(request, "desk/texts/read.html", _read(visit, use, text, _reader_of(visit, request)))


@creditor_page(Right.STRATEGY, POST)
def save(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Keep it, or (reset) go back to the house's."""
    use, text, now = _use(request), _text(request), now_for(visit.creditor)
    found = text_for(own_texts(visit.creditor), use)
    if found is None:
        messages.error(request, _("Ese texto no existe."))
        return redirect("desk:texts", creditor=visit.creditor.code)

    def act() -> str:
        if request.POST.get("reset"):
            reset_text(creditor=visit.creditor, use=use, actor=visit.actor, now=now)
            return _("Se usa otra vez el texto de la casa.")
        accepted = request.POST.get("accepted", "").replace("\0", "")
        save_text(creditor=visit.creditor, use=use, text=text, actor=visit.actor, now=now, accepted=accepted)
        return _("Texto guardado: es el que saldrá desde ahora.")

    try:
        done = once(request, visit, act)
    except AldiaError as refusal:
        context = _page(visit, found, text, _reader_of(visit, request))
        return render(request, "desk/texts/edit.html", {**context, "refusal": refusal}, status=422)
    if done is None:
        return redirect("desk:texts", creditor=visit.creditor.code)
    messages.success(request, done)
    return redirect("desk:text", visit.creditor.code, use.template, use.channel, use.form)


def _page(visit: Visit, found: TextInForce, text: Text, reader: Customer | None) -> dict[str, Any]:
    allowed = allowed_in(is_step_text(found.use.template))
    return {
        "found": found,
        "text": text,
        "channel": channel_label(found.use.channel),
        "form": said(FormOfAddress(found.use.form).label),
        "used_by": templates_in_use(visit.creditor).get(found.use.template, []),
        "placeholders": [each for name, each in PLACEHOLDERS.items() if name in allowed],
        **_read(visit, found.use, text, reader),
    }


def _read(visit: Visit, use: TextUse, text: Text, reader: Customer | None) -> dict[str, Any]:
    faults = faults_in(text, is_step=is_step_text(use.template), channel=use.channel)
    found = [] if faults else findings_of_template(visit.creditor, use.template, use.channel, text)
    if faults or reader is None:
        return {"faults": faults, "findings": found, "reader": reader, "preview": None, "length": None}
    seen: Preview | None = None
    try:
        seen = preview(
            visit.creditor,
            customer_id=reader.pk,
            template=use.template,
            channel=use.channel,
            now=now_for(visit.creditor),
            text=text,
        )
    except AldiaError as refusal:
        faults = [refusal.sentence]
    return {
        "faults": faults,
        "findings": found,
        "reader": reader,
        "preview": seen,
        "length": len(seen.filled.text) if seen else 0,
    }


def _reader(visit: Visit, words: str) -> Customer | None:
    """Who is asked for by words; else whoever owes most."""
    if words:
        found = search_customers(visit.creditor.pk, words[:100], most=1)
        return Customer.objects.get(pk=found[0].customer_id) if found else None
    owes = Standing.objects.filter(creditor=visit.creditor).order_by("-dunnable_minor").first()
    return Customer.objects.get(pk=owes.customer_id) if owes else Customer.objects.first()


def _reader_of(visit: Visit, request: HttpRequest) -> Customer | None:
    asked = request.POST.get("reader", "")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 19 else 0
    return Customer.objects.filter(pk=number).first() or _reader(visit, "")


def _use(request: HttpRequest) -> TextUse:
    said = (request.POST.get(name, "").replace("\0", "")[:80] for name in ("template", "channel", "form"))
    return TextUse(*said)


def _text(request: HttpRequest) -> Text:
    subject, body = request.POST.get("subject", ""), request.POST.get("body", "")
    return Text(subject.replace("\0", "")[:400], body.replace("\0", "").replace("\r\n", "\n")[:_BODY_MAX])
