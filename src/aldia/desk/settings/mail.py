"""How mail leaves: the server's account, the mailbox in its place, and a test that says what happened."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aldia.desk.access import FORM, POST, Visit, creditor_page
from aldia.desk.acting import once
from aldia.desk.once import first_time
from aldia.desk.settings.inbox_form import InboxForm
from aldia.desk.settings.tabs import tabs
from aldia.kernel import clock
from aldia.kernel.errors import AldiaError
from aldia.operations.outbox import send_test_mail, set_mail_account, use_mailbox
from aldia.queries.inbox import inbox_account
from aldia.queries.outbox import mail_stays_in_house
from aldia.records.outreach.models import MailAccount, MailKind, MailProvider, MailSecurity
from aldia.records.tenancy.scope import scope
from aldia.rules.rights import Right
from aldia.ui.forms import DeskForm
from aldia.ui.other_language import said

_TEXT_MAX = 200


class MailForm(DeskForm):
    """An SMTP account. The password is written, never shown."""

    host = forms.CharField(
        label=gettext_lazy("Servidor"),
        max_length=_TEXT_MAX,
        help_text=gettext_lazy("El que le da su proveedor de correo, como smtp.ejemplo.com."),
    )
    port = forms.IntegerField(label=gettext_lazy("Puerto"), min_value=1, max_value=65_535, initial=587)
    security = forms.ChoiceField(
        label=gettext_lazy("Cifrado"), choices=MailSecurity.choices, initial=MailSecurity.STARTTLS
    )
    username = forms.CharField(
        label=gettext_lazy("Usuario"),
        max_length=_TEXT_MAX,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Contraseña"),
        max_length=_TEXT_MAX,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("No se vuelve a mostrar. Vacía: sigue la de ahora."),
    )
    from_address = forms.EmailField(label=gettext_lazy("De parte de"), max_length=_TEXT_MAX)
    from_name = forms.CharField(label=gettext_lazy("Con el nombre"), max_length=_TEXT_MAX, required=False)
    reply_to = forms.EmailField(label=gettext_lazy("Las respuestas, a"), max_length=_TEXT_MAX, required=False)

    def __init__(self, account: MailAccount | None, data: Any = None) -> None:
        shown = {name: getattr(account, name) for name in self.base_fields if hasattr(account, name)}
        super().__init__(data, initial={name: value for name, value in shown.items() if value})


@creditor_page(Right.SETTINGS, FORM)
def mail_account(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The account, to look at and to change."""
    account = MailAccount.objects.filter(creditor=visit.creditor).first()
    form = MailForm(account, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _kept(request, form, visit):
        return _back(visit)
    return mail_page(request, visit, form=form)


def mail_page(
    request: HttpRequest,
    visit: Visit,
    *,
    form: MailForm | None = None,
    inbox_form: InboxForm | None = None,
) -> HttpResponse:
    """The tab: how mail leaves, and where answers come in. A form with faults shows them."""
    account = MailAccount.objects.filter(creditor=visit.creditor).first()
    inbox = inbox_account(visit.creditor)
    shown, answers = form or MailForm(account), inbox_form or InboxForm(inbox)
    context = {
        "tabs": tabs(visit, "settings-mail"),
        "account": account,
        "form": shown,
        "in_house": mail_stays_in_house(visit.creditor, account),
        "providers": MailProvider.choices,
        "provider": _provider_of(account),
        "inbox": inbox,
        "inbox_form": answers,
    }
    faulty = shown.errors or answers.errors
    return render(request, "desk/settings/mail.html", context, status=422 if faulty else 200)


def _provider_of(account: MailAccount | None) -> str:
    """The name of the provider that mail leaves by, "" for another way."""
    by_provider = account is not None and account.kind == MailKind.PROVIDER
    return str(MailProvider(account.provider).label) if account is not None and by_provider else ""


@creditor_page(Right.SETTINGS, POST)
def choose_mailbox(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Nothing leaves the house from now on."""
    account = MailAccount.objects.filter(creditor=visit.creditor).first()
    if first_time(request, visit) and (account is None or account.kind != MailKind.MAILBOX):
        use_mailbox(creditor=visit.creditor, actor=visit.actor, now=clock.now())
    messages.success(request, _("El correo se queda en el buzón de pruebas: no sale nada a la calle."))
    return _back(visit)


@creditor_page(Right.SETTINGS, POST, in_scope=False)
def try_mail(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A real mail to whoever asks, and what became of it in words."""
    with transaction.atomic(), scope([visit.creditor.pk]):
        first = first_time(request, visit)
    if not first:
        messages.info(request, _("Esa prueba ya se ha enviado."))
        return _back(visit)
    try:
        answer = send_test_mail(
            creditor=visit.creditor, recipient=visit.user.email, actor=visit.actor, now=clock.now()
        )
    except AldiaError as refusal:
        messages.error(request, _("La prueba no ha salido. %(why)s") % {"why": said(refusal.sentence)})
        return _back(visit)
    told = _("La prueba ha salido hacia %(address)s. El servidor ha contestado: «%(answer)s».")
    messages.success(request, told % {"address": visit.user.email, "answer": answer})
    return _back(visit)


def _kept(request: HttpRequest, form: MailForm, visit: Visit) -> bool:
    password = form.cleaned_data.pop("password") or None

    def act() -> str:
        who: dict[str, Any] = {"creditor": visit.creditor, "actor": visit.actor, "now": clock.now()}
        set_mail_account(**who, password=password, **form.cleaned_data)
        return _("La cuenta de correo se ha guardado. Envíe ahora una prueba.")

    try:
        done = once(request, visit, act)
    except AldiaError as refusal:
        form.add_error(refusal.facts.get("field"), said(refusal.sentence))
        return False
    if done:
        messages.success(request, done)
    return True


def _back(visit: Visit) -> HttpResponse:
    return redirect("desk:settings-mail", creditor=visit.creditor.code)
