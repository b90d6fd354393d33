"""A text read with a real customer while it is written, kept, or given back for the house's."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from aldia.desk.access import POST, Visit, creditor_page
from aldia.desk.acting import once
from aldia.desk.texts.listing import channel_label, templates_in_use
from aldia.desk.today.page import now_for
from aldia.kernel.errors import AldiaError
from aldia.operations.texts import reset_text, save_text
from aldia.queries.customer_list import search_customers
from aldia.queries.people import name_of_actor
from aldia.queries.respect import findings_of_template
from aldia.queries.text_examples import EXAMPLES
from aldia.queries.text_preview import Preview, preview
from aldia.queries.texts import TextInForce, TextUse, own_texts, text_for, version_of, versions_of
from aldia.records.closing.models import Standing
from aldia.records.outreach.models import TextChannel, TextLanguage
from aldia.records.parties.models import Customer, FormOfAddress
from aldia.rules.rights import Right
from aldia.rules.texts.placeholders import PLACEHOLDERS, allowed_in
from aldia.rules.texts.render import Text, faults_in
from aldia.rules.texts.uses import FALLBACK_LANGUAGE, KINDS, form_in, has_forms, provided_by, title_of
from aldia.ui.other_language import said

_BODY_MAX = 20_000


@creditor_page()
def edit_text(request: HttpRequest, visit: Visit, template: str, channel: str, form: str) -> HttpResponse:
    """GET cliente: words of the customer to read it with; else one who owes. idioma: of the text.
    version: number of an earlier one, to begin with what it said.
    """
    use = TextUse(template, channel, form, request.GET.get("idioma") or FALLBACK_LANGUAGE)
    found = text_for(own_texts(visit.creditor), use) if _is_use(use) else None
    if found is None:
        raise Http404
    text = found.text
    if number := request.GET.get("version", ""):
        earlier = version_of(visit.creditor, use, _number(number))
        if earlier is None or earlier.text is None:
            raise Http404
        text = earlier.text
    reader = _reader(visit, request.GET.get("cliente", ""))
    context = _page(visit, found, text, reader) | {"version": _number(number)}
    return render(request, "desk/texts/edit.html", context)


@creditor_page(Right.STRATEGY, POST)
def read_text(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The text as the customer would get it, or what is wrong with it."""
    use, text = _use(request), _text(request)
    if not _is_use(use):
        return render(request, "desk/texts/read.html", {"faults": [_("Ese texto no existe.")]})
    return render(request, "desk/texts/read.html", _read(visit, use, text, _reader_of(visit, request)))


@creditor_page(Right.STRATEGY, POST)
def save(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Keep it, or (reset) go back to the house's."""
    use, text, now = _use(request), _text(request), now_for(visit.creditor)
    found = text_for(own_texts(visit.creditor), use) if _is_use(use) else None
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
    page = reverse("desk:text", args=(visit.creditor.code, use.template, use.channel, use.form))
    return redirect(f"{page}{_in_its_language(use)}")


def _page(visit: Visit, found: TextInForce, text: Text, reader: Customer | None) -> dict[str, Any]:
    allowed, use = allowed_in(provided_by(found.use.template)), found.use
    kind = KINDS.get(use.template)
    return {
        "title": said(title_of(use.template)),
        "tone": said(kind.tone) if kind else "",
        "is_confidential": kind is not None and kind.is_confidential,
        "spoken": said(TextLanguage(use.language).label),
        "has_forms": has_forms(use.language),
        "in_its_language": _in_its_language(use),
        "is_translated": found.language == use.language,
        "versions": [(each, name_of_actor(each.by)) for each in versions_of(visit.creditor, use)],
        "found": found,
        "text": text,
        "channel": channel_label(found.use.channel),
        "form": said(FormOfAddress(found.use.form).label),
        "used_by": templates_in_use(visit.creditor).get(found.use.template, []),
        "placeholders": [each for name, each in PLACEHOLDERS.items() if name in allowed],
        **_read(visit, found.use, text, reader),
    }


def _read(visit: Visit, use: TextUse, text: Text, reader: Customer | None) -> dict[str, Any]:
    faults = faults_in(text, provides=provided_by(use.template), channel=use.channel)
    found = (
        []
        if faults
        else findings_of_template(visit.creditor, use.template, use.channel, text, language=use.language)
    )
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
            use=use,
        )
    except AldiaError as refusal:
        faults = [refusal.sentence]
    return {
        "faults": faults,
        "findings": found,
        "reader": reader,
        "preview": seen,
        "invented": [said(EXAMPLES[each]) for each in seen.invented] if seen else [],
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
    return Customer.objects.filter(pk=_number(asked)).first() or _reader(visit, "")


def _number(typed: str) -> int:
    """0 for what is none."""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 19 else 0


def _use(request: HttpRequest) -> TextUse:
    names = ("template", "channel", "form", "language")
    template, channel, form, language = (request.POST.get(name, "").replace("\0", "")[:80] for name in names)
    return TextUse(template, channel, form, language or FALLBACK_LANGUAGE)


def _is_use(use: TextUse) -> bool:
    """Channel, form and language exist, and the language knows the form."""
    return (
        use.channel in TextChannel.values
        and use.form in FormOfAddress.values
        and use.language in TextLanguage.values
        and form_in(use.language, use.form) == use.form
    )


def _in_its_language(use: TextUse) -> str:
    """What an address of a text that is not Spanish ends in."""
    return "" if use.language == FALLBACK_LANGUAGE else f"?idioma={use.language}"


def _text(request: HttpRequest) -> Text:
    subject, body = request.POST.get("subject", ""), request.POST.get("body", "")
    return Text(subject.replace("\0", "")[:400], body.replace("\0", "").replace("\r\n", "\n")[:_BODY_MAX])
