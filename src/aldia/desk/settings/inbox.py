"""Where answers come in: the IMAP account, a look into it that says what happened, and its end."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aldia.desk.access import POST, Visit, creditor_page
from aldia.desk.acting import acted, once
from aldia.desk.once import first_time
from aldia.desk.settings.inbox_form import InboxForm
from aldia.desk.settings.mail import mail_page
from aldia.kernel import clock
from aldia.kernel.errors import AldiaError
from aldia.operations.inbound import remove_inbox, set_inbox, try_inbox
from aldia.queries.inbox import inbox_account
from aldia.records.tenancy.scope import scope
from aldia.rules.rights import Right
from aldia.ui.other_language import said


@creditor_page(Right.SETTINGS, POST)
def set_account(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Keep the account; what is wrong in it is said beside its field."""
    form = InboxForm(inbox_account(visit.creditor), request.POST)
    if form.is_valid() and _kept(request, form, visit):
        return _back(visit)
    return mail_page(request, visit, inbox_form=form)


@creditor_page(Right.SETTINGS, POST, in_scope=False)
def try_account(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Open the box and look, changing nothing there."""
    with transaction.atomic(), scope([visit.creditor.pk]):
        first = first_time(request, visit)
    if not first:
        return _back(visit)
    try:
        waiting = try_inbox(creditor=visit.creditor, actor=visit.actor, now=clock.now())
    except AldiaError as refusal:
        told = _("El buzón de respuestas no se puede leer. %(why)s") % {"why": said(refusal.sentence)}
        messages.error(request, told)
        return _back(visit)
    told = ngettext(
        "El buzón se lee bien: hay %(n)s mensaje por recoger.",
        "El buzón se lee bien: hay %(n)s mensajes por recoger.",
        waiting,
    )
    messages.success(request, told % {"n": waiting})
    return _back(visit)


@creditor_page(Right.SETTINGS, POST)
def remove_account(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Nothing is fetched any more; what came stays."""

    def act() -> str:
        remove_inbox(creditor=visit.creditor, actor=visit.actor, now=clock.now())
        return _("Ya no se leen respuestas por correo. Lo que llegó se queda.")

    acted(request, visit, act)
    return _back(visit)


def _kept(request: HttpRequest, form: InboxForm, visit: Visit) -> bool:
    values = dict(form.cleaned_data)
    password = values.pop("password") or None

    def act() -> str:
        set_inbox(creditor=visit.creditor, actor=visit.actor, now=clock.now(), password=password, **values)
        return _("El buzón de respuestas se ha guardado. Pruébelo ahora.")

    try:
        done = once(request, visit, act)
    except AldiaError as refusal:
        field = refusal.facts.get("field")
        form.add_error(field if field in form.fields else None, said(refusal.sentence))
        return False
    if done:
        messages.success(request, done)
    return True


def _back(visit: Visit) -> HttpResponse:
    return redirect("desk:settings-mail", creditor=visit.creditor.code)
