"""A provider of e-mail: its account, and the address at which it brings its news."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aldia.channels.email import PROVIDERS
from aldia.channels.email.provider_news import INBOUND
from aldia.desk.access import FORM, Visit, creditor_page
from aldia.desk.acting import once
from aldia.desk.settings.tabs import tabs
from aldia.kernel import clock
from aldia.kernel.errors import AldiaError
from aldia.operations.outbox import provider_hook, set_mail_provider
from aldia.records.outreach.models import MailAccount, MailKind
from aldia.rules.rights import Right
from aldia.ui.forms import DeskForm
from aldia.ui.other_language import said

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_TEXT_MAX, _SECRET_MAX = 200, 1000
_OFF = {"autocomplete": "off"}  # else a browser takes what stands before a key for a name to log in with


def _plain(label: "_StrPromise", hint: "_StrPromise | str" = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=_TEXT_MAX,
        required=required,
        help_text=hint,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


def _secret(label: "_StrPromise", hint: "_StrPromise") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=_SECRET_MAX,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=hint,
    )


_KEPT = gettext_lazy("No se vuelve a mostrar. Vacía: sigue la de ahora.")
_REGIONS: dict[str, "list[tuple[str, str | _StrPromise]]"] = {
    "mailgun": [("us", gettext_lazy("Estados Unidos")), ("eu", gettext_lazy("Unión Europea"))],
    "sendgrid": [("global", gettext_lazy("Mundial")), ("eu", gettext_lazy("Unión Europea"))],
}
_API_KEYS: dict[str, "str | _StrPromise"] = {
    "postmark": "Server API token",
    "mailjet": "API key",
}


class MailProviderForm(DeskForm):
    """An account at a provider: what that one needs of all that some need."""

    api_key = _secret(gettext_lazy("Clave de la API"), _KEPT)
    secret_key = _secret(gettext_lazy("Clave secreta"), _KEPT)
    domain = _plain(
        gettext_lazy("Dominio de envío"), gettext_lazy("El que confirmó allí, como mg.suempresa.es.")
    )
    region = forms.ChoiceField(label=gettext_lazy("Región de la cuenta"))
    stream = _plain(
        gettext_lazy("Message stream"), gettext_lazy("Vacío: el de siempre, outbound."), required=False
    )
    from_address = forms.EmailField(
        label=gettext_lazy("De parte de"), max_length=_TEXT_MAX, widget=forms.EmailInput(attrs=_OFF)
    )
    from_name = forms.CharField(
        label=gettext_lazy("Con el nombre"),
        max_length=_TEXT_MAX,
        required=False,
        widget=forms.TextInput(attrs=_OFF),
    )
    reply_to = forms.EmailField(
        label=gettext_lazy("Las respuestas, a"),
        max_length=_TEXT_MAX,
        required=False,
        widget=forms.EmailInput(attrs=_OFF),
    )
    public_url = _plain(
        gettext_lazy("Dirección pública de esta página"),
        gettext_lazy("Como https://aldia.suempresa.es: la parte de delante de la dirección de los avisos."),
        required=False,
    )
    signing_key = _secret(
        gettext_lazy("Clave de firma de los avisos"),
        gettext_lazy("Con ella solo vale lo que firma el proveedor. Vacía: sigue la de ahora."),
    )
    verification_key = forms.CharField(
        label=gettext_lazy("Clave de verificación de los avisos"),
        max_length=_SECRET_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("La de «Signed Event Webhook»: con ella solo vale lo que firma SendGrid."),
    )

    def __init__(self, provider: str, account: MailAccount | None, data: Any = None) -> None:
        shown: dict[str, Any] = {}
        if account is not None:
            shown = {name: getattr(account, name) for name in ("from_address", "from_name", "reply_to")}
        if account is not None and account.provider == provider:
            shown |= account.provider_settings
        super().__init__(data, initial=shown)
        spec = PROVIDERS[provider]
        self.secret_names, self.option_names = spec.secrets, spec.options
        own = {"api_key", "secret_key", "signing_key", "domain", "region", "stream", "verification_key"}
        for name in own - {*spec.secrets, *spec.options}:
            del self.fields[name]
        if provider in _API_KEYS:
            self.fields["api_key"].label = _API_KEYS[provider]
        if "region" in self.fields:
            self.fields["region"].choices = _REGIONS[provider]  # type: ignore[attr-defined]

    def account(self) -> dict[str, Any]:
        """The arguments of `set_mail_provider` that the form says."""
        given = self.cleaned_data
        return {
            "settings": {name: given[name] for name in (*self.option_names, "public_url")},
            "secrets": {name: given[name] for name in self.secret_names},
            **{name: given[name] for name in ("from_address", "from_name", "reply_to")},
        }


@creditor_page(Right.SETTINGS, FORM)
def account(request: HttpRequest, visit: Visit, mailer: str) -> HttpResponse:
    """The account, to look at and to change, and where the provider is to bring its news."""
    if mailer not in PROVIDERS:
        raise Http404
    kept = MailAccount.objects.filter(creditor=visit.creditor).first()
    form = MailProviderForm(mailer, kept, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _kept(request, visit, mailer, form):
        return redirect("desk:settings-mail-provider", visit.creditor.code, mailer)
    mine = kept if kept is not None and kept.provider == mailer else None
    context = {
        "tabs": tabs(visit, "settings-mail"),
        "provider": mailer,
        "provider_name": PROVIDERS[mailer].label,
        "form": form,
        "account": mine,
        "in_use": mine is not None and mine.kind == MailKind.PROVIDER,
        "hook": provider_hook(visit.creditor, mine, here=request.build_absolute_uri("/")) if mine else "",
        "brings_mail": mailer in INBOUND,
        "untracked": PROVIDERS[mailer].untracked,
    }
    return render(request, "desk/settings/mail_provider.html", context, status=422 if form.errors else 200)


def _kept(request: HttpRequest, visit: Visit, provider: str, form: MailProviderForm) -> bool:
    def act() -> str:
        set_mail_provider(
            creditor=visit.creditor,
            provider=provider,
            actor=visit.actor,
            now=clock.now(),
            **form.account(),
        )
        return _("La cuenta de correo se ha guardado. Envíe ahora una prueba.")

    try:
        done = once(request, visit, act)
    except AldiaError as refusal:
        field = refusal.facts.get("field")
        form.add_error(field if field in form.fields else None, said(refusal.sentence))
        return False
    if done:
        messages.success(request, done)
    return True
