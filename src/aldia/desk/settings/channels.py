"""The channels: what state each is in, whose account carries it, and a test that says what happened."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aldia.desk.access import FORM, POST, Visit, creditor_page
from aldia.desk.acting import acted, once
from aldia.desk.once import first_time
from aldia.desk.settings.tabs import tabs
from aldia.kernel import clock
from aldia.kernel.errors import AldiaError
from aldia.kernel.money import minor_per_major
from aldia.operations.channels import remove_channel, send_test_message, set_channel
from aldia.operations.outbox.short_ways import hook_path
from aldia.queries.channels import SHORT, ShownAccount, channel_accounts, price_in
from aldia.queries.outbox import mail_stays_in_house
from aldia.queries.texts import texts_in_force
from aldia.records.outreach.models import ChannelProvider, MailAccount, MailKind, MailProvider
from aldia.records.tenancy.scope import scope
from aldia.rules.rights import Right
from aldia.rules.texts.uses import title_of
from aldia.ui.forms import DeskForm
from aldia.ui.other_language import said

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_TEXT_MAX, _SECRET_MAX, _BODY_MAX = 200, 1000, 1024
_PROVIDERS = {"sms": ("twilio",), "whatsapp": ("meta", "twilio")}
_ICONS = {
    "email": "mail",
    "sms": "device-mobile",
    "whatsapp": "brand-whatsapp",
    "letter": "printer",
    "certified": "file-text",
    "call": "phone",
}
_TITLES: dict[str, str | Promise] = {
    "email": gettext_lazy("Correo"),
    "sms": gettext_lazy("SMS"),
    "whatsapp": gettext_lazy("WhatsApp"),
    "letter": gettext_lazy("Carta"),
    "certified": gettext_lazy("Carta certificada"),
    "call": gettext_lazy("Llamada"),
}


@dataclass(frozen=True, slots=True)
class ChannelCard:
    """A channel as the page shows it. state: ready, not_set, trouble or hand (people do it). offered:
    (provider, its name) that could carry it."""

    channel: str
    title: str
    icon: str
    state: str
    said: str
    account: ShownAccount | None = None
    offered: tuple[tuple[str, str], ...] = ()
    provider: str = ""
    approved: tuple[tuple[str, str], ...] = ()


def _secret(label: "_StrPromise") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=_SECRET_MAX,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("No se vuelve a mostrar. Vacía: sigue la de ahora."),
    )


def _plain(label: "_StrPromise", hint: "_StrPromise | str" = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=_TEXT_MAX,
        required=required,
        help_text=hint,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class ChannelForm(DeskForm):
    """What every account may say."""

    public_url = _plain(
        gettext_lazy("Dirección pública de esta página"),
        gettext_lazy(
            "Como https://aldia.suempresa.es: ahí cuenta el proveedor qué ha sido de cada mensaje. Vacía: no"
            " se sabrá si llegan."
        ),
        required=False,
    )
    price = _plain(gettext_lazy("Precio"), required=False)
    currency = _plain(gettext_lazy("Moneda"), required=False)

    def __init__(self, account: ShownAccount | None, channel: str, currency: str, data: Any = None) -> None:
        shown = dict(account.settings) if account else {}
        price = price_in(shown)
        shown["currency"] = price.currency if price else currency
        shown["price"] = _written(price.minor / minor_per_major(price.currency)) if price else ""
        super().__init__(data, initial=shown)
        self.fields["price"].help_text = (
            _("De cada parte de un SMS, como 0,0725. Con él se ve lo que costará cada mensaje.")
            if channel == "sms"
            else _("De cada mensaje, como 0,05. Con él se ve lo que costará cada mensaje.")
        )

    def settings(self) -> dict[str, Any]:
        """What is no secret."""
        return {name: value for name, value in self.cleaned_data.items() if name not in self.secret_names}

    def secrets(self) -> dict[str, str]:
        """What is."""
        return {name: self.cleaned_data[name] for name in self.secret_names}

    secret_names: tuple[str, ...] = ()


class TwilioForm(ChannelForm):
    """An account at Twilio."""

    account_sid = _plain(
        gettext_lazy("Account SID"), gettext_lazy("Empieza por AC; está en la primera página de la consola.")
    )
    auth_token = _secret(gettext_lazy("Auth Token"))
    sender = _plain(
        gettext_lazy("Remitente"),
        gettext_lazy("Un número suyo en Twilio, como +34 600 000 000, o el SID de un servicio (MG…)."),
    )
    secret_names = ("auth_token",)
    field_order = ("account_sid", "auth_token", "sender", "public_url", "price", "currency")


class MetaForm(ChannelForm):
    """A number at the WhatsApp Cloud API."""

    phone_number_id = _plain(
        gettext_lazy("Phone number ID"),
        gettext_lazy("El identificador del número, solo cifras; está en WhatsApp, API Setup."),
    )
    access_token = _secret(gettext_lazy("Token de acceso"))
    app_secret = _secret(gettext_lazy("App Secret"))
    public_url = _plain(
        gettext_lazy("Dirección pública de esta página"),
        gettext_lazy("Como https://aldia.suempresa.es: la parte de delante de la dirección de los avisos."),
        required=False,
    )
    secret_names = ("access_token", "app_secret")
    field_order = ("phone_number_id", "access_token", "app_secret", "public_url", "price", "currency")


class TemplateForm(DeskForm):
    """A text that WhatsApp has approved, in place of one of ours."""

    template = forms.ChoiceField(label=gettext_lazy("En lugar de"))
    name = _plain(gettext_lazy("Nombre de la plantilla aprobada"), required=False)
    language = _plain(gettext_lazy("Idioma"), gettext_lazy("Como lo escribe el proveedor: es, es_ES, es_MX."))
    body = forms.CharField(
        label=gettext_lazy("Texto aprobado, con sus huecos"),
        max_length=_BODY_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Tal como se aprobó: «Hola, {{1}}: por su factura, {{2}}»."),
    )
    placeholders = _plain(
        gettext_lazy("Datos de los huecos, en orden"),
        gettext_lazy("Nombres separados por comas, como cliente, total."),
        required=False,
    )

    def __init__(self, texts: list[tuple[str, str]], provider: str, data: Any = None) -> None:
        super().__init__(data, initial={"language": "es"})
        self.fields["template"].choices = texts  # type: ignore[attr-defined]
        if provider == "twilio":
            self.fields["name"].help_text = _("El «Content SID», que empieza por HX.")

    def changed(self, known: dict[str, Any]) -> dict[str, Any]:
        """All approved texts with this one; without it, where its name was left blank."""
        given = self.cleaned_data
        others = {template: each for template, each in known.items() if template != given["template"]}
        if not given["name"].strip():
            return others
        named = [each.strip(" {}") for each in given["placeholders"].split(",") if each.strip()]
        return others | {
            given["template"]: {
                "name": given["name"].strip(),
                "language": given["language"].strip(),
                "body": given["body"].replace("\r\n", "\n").strip(),
                "placeholders": named,
            }
        }


_FORMS: dict[str, type[ChannelForm]] = {"twilio": TwilioForm, "meta": MetaForm}


@creditor_page(Right.SETTINGS)
def show_channels(request: HttpRequest, visit: Visit) -> HttpResponse:
    """One card for each channel."""
    accounts = channel_accounts(visit.creditor)
    mail = MailAccount.objects.filter(creditor=visit.creditor).first()
    in_house = mail_stays_in_house(visit.creditor, mail)
    cards = [
        _mail_card(mail, in_house=in_house),
        *(_short_card(channel, accounts.get(channel), in_house=in_house) for channel in SHORT),
        _hand_card("letter", _("Se imprime y se echa al correo; no necesita cuenta.")),
        _hand_card("certified", _("La lleva un operador postal; aquí quedan el envío y su acuse.")),
        _hand_card("call", _("Es una tarea para una persona, con el número y el guion.")),
    ]
    context = {"tabs": tabs(visit, "settings-channels"), "cards": cards, "in_house": in_house}
    return render(request, "desk/settings/channels.html", context)


def _mail_card(mail: MailAccount | None, *, in_house: bool) -> ChannelCard:
    if mail is not None and mail.trouble:
        return _card("email", "trouble", said(mail.trouble))
    if in_house:
        return _card("email", "ready", _("Se queda en el buzón de pruebas: no sale nada a la calle."))
    if mail is None:
        return _card("email", "not_set", _("Falta indicar su servidor."))
    by_provider = mail.kind == MailKind.PROVIDER
    way = str(MailProvider(mail.provider).label) if by_provider else mail.host
    return _card("email", "ready", _("Sale por %(host)s.") % {"host": way})


def _short_card(channel: str, account: ShownAccount | None, *, in_house: bool) -> ChannelCard:
    offered = tuple((each, str(ChannelProvider(each).label)) for each in _PROVIDERS[channel])
    if account is None:
        words = (
            _("Se queda en el buzón de pruebas mientras el correo esté en él.")
            if in_house
            else _("Los mensajes de este canal esperan a que tenga cuenta.")
        )
        return _card(channel, "ready" if in_house else "not_set", words, offered=offered)
    approved = tuple((each, title_of(each)) for each in account.settings.get("templates", {}))
    more: dict[str, Any] = {"account": account, "offered": offered, "approved": approved}
    if account.provider == "mailbox" or in_house:
        words = _("Se queda en el buzón de pruebas: no sale nada a la calle.")
        return _card(channel, "ready", words, provider=account.provider, **more)
    words = said(account.trouble) if account.trouble else _way(account)
    return _card(channel, "trouble" if account.trouble else "ready", words, provider=account.provider, **more)


def _way(account: ShownAccount) -> str:
    provider = said(str(ChannelProvider(account.provider).label))
    sender = account.settings.get("sender") or account.settings.get("phone_number_id") or ""
    return _("Sale por %(provider)s, de parte de %(sender)s.") % {"provider": provider, "sender": sender}


def _hand_card(channel: str, words: str) -> ChannelCard:
    return _card(channel, "hand", words)


def _card(channel: str, state: str, words: str, **more: Any) -> ChannelCard:
    return ChannelCard(channel, str(_TITLES[channel]), _ICONS[channel], state, words, **more)


@creditor_page(Right.SETTINGS, FORM)
def account(request: HttpRequest, visit: Visit, short: str, provider: str) -> HttpResponse:
    """The account of a channel, to look at and to change; for WhatsApp also its approved texts."""
    if short not in SHORT or provider not in _PROVIDERS[short]:
        raise Http404
    kept = channel_accounts(visit.creditor).get(short)
    shown = kept if kept and kept.provider == provider else None
    about_texts = request.method == "POST" and "template" in request.POST
    posted = request.POST if request.method == "POST" else None
    form = _FORMS[provider](shown, short, visit.creditor.currency, None if about_texts else posted)
    texts = TemplateForm(_whatsapp_texts(visit), provider, posted if about_texts else None)
    done = False
    if about_texts and shown is not None:
        done = texts.is_valid() and _texts_kept(request, visit, shown, texts)
    elif posted is not None and not about_texts:
        done = form.is_valid() and _kept(request, visit, (short, provider), form)
    if done:
        return redirect("desk:settings-channel", visit.creditor.code, short, provider)
    context = {
        "tabs": tabs(visit, "settings-channels"),
        "title": str(_TITLES[short]),
        "short": short,
        "provider": provider,
        "provider_name": said(str(ChannelProvider(provider).label)),
        "form": form,
        "texts": texts if short == "whatsapp" and shown else None,
        "approved": _approved(shown),
        "account": shown,
        "hook": _hook(request, visit, provider, shown),
        "verify_token": shown.settings.get("verify_token", "") if shown else "",
    }
    failed = bool(form.errors or texts.errors)
    return render(request, "desk/settings/channel.html", context, status=422 if failed else 200)


def _whatsapp_texts(visit: Visit) -> list[tuple[str, str]]:
    used = dict.fromkeys(
        each.use.template for each in texts_in_force(visit.creditor) if each.use.channel == "whatsapp"
    )
    return [(template, said(title_of(template))) for template in used]


def _approved(shown: ShownAccount | None) -> list[tuple[str, dict[str, Any]]]:
    templates = shown.settings.get("templates", {}) if shown else {}
    return [(said(title_of(template)), each) for template, each in templates.items()]


def _hook(request: HttpRequest, visit: Visit, provider: str, shown: ShownAccount | None) -> str:
    path = hook_path(visit.creditor, provider)
    public = str(shown.settings.get("public_url") or "") if shown else ""
    return public + path if public else request.build_absolute_uri(path)


def _kept(request: HttpRequest, visit: Visit, way: tuple[str, str], form: ChannelForm) -> bool:
    def act() -> str:
        set_channel(
            creditor=visit.creditor,
            channel=way[0],
            provider=way[1],
            settings=form.settings(),
            secrets=form.secrets(),
            actor=visit.actor,
            now=clock.now(),
        )
        return _("La cuenta se ha guardado. Envíe ahora una prueba.")

    return _done(request, visit, form, act)


def _texts_kept(request: HttpRequest, visit: Visit, shown: ShownAccount, form: TemplateForm) -> bool:
    def act() -> str:
        price = price_in(shown.settings)
        said_of_it = {
            "price": _written(price.minor / minor_per_major(price.currency)) if price else "",
            "currency": price.currency if price else "",
        }
        set_channel(
            creditor=visit.creditor,
            channel=shown.channel,
            provider=shown.provider,
            settings={
                **shown.settings,
                **said_of_it,
                "templates": form.changed(shown.settings.get("templates", {})),
            },
            secrets={},
            actor=visit.actor,
            now=clock.now(),
        )
        return _("La plantilla aprobada se ha guardado.")

    return _done(request, visit, form, act)


def _done(request: HttpRequest, visit: Visit, form: DeskForm, act: Any) -> bool:
    try:
        told = once(request, visit, act)
    except AldiaError as refusal:
        field = refusal.facts.get("field")
        form.add_error(field if field in form.fields else None, said(refusal.sentence))
        return False
    if told:
        messages.success(request, told)
    return True


def _written(price: Decimal) -> str:
    return format(price.normalize(), "f").replace(".", ",")


@creditor_page(Right.SETTINGS, POST, in_scope=False)
def try_channel(request: HttpRequest, visit: Visit, short: str) -> HttpResponse:
    """A real message to the number that was typed, and what became of it in words."""
    _known(short)
    with transaction.atomic(), scope([visit.creditor.pk]):
        first = first_time(request, visit)
    if not first:
        messages.info(request, _("Esa prueba ya se ha enviado."))
        return _back(visit)
    number = request.POST.get("recipient", "")[:_TEXT_MAX]
    try:
        send_test_message(
            creditor=visit.creditor,
            channel=short,
            recipient=number,
            template=request.POST.get("template", "")[:_TEXT_MAX],
            actor=visit.actor,
            now=clock.now(),
        )
    except AldiaError as refusal:
        messages.error(request, _("La prueba no ha salido. %(why)s") % {"why": said(refusal.sentence)})
        return _back(visit)
    if _stays(visit, short):
        messages.success(request, _("La prueba está en el buzón de pruebas: no ha salido a la calle."))
    else:
        messages.success(request, _("La prueba ha salido hacia %(number)s.") % {"number": number})
    return _back(visit)


def _stays(visit: Visit, short: str) -> bool:
    with transaction.atomic(), scope([visit.creditor.pk]):
        kept = channel_accounts(visit.creditor).get(short)
        mail = MailAccount.objects.filter(creditor=visit.creditor).first()
    return mail_stays_in_house(visit.creditor, mail) or kept is None or kept.provider == "mailbox"


@creditor_page(Right.SETTINGS, POST)
def choose_mailbox(request: HttpRequest, visit: Visit, short: str) -> HttpResponse:
    """Nothing of the channel leaves the house from now on."""
    _known(short)

    def act() -> str:
        set_channel(
            creditor=visit.creditor,
            channel=short,
            provider="mailbox",
            settings={},
            secrets={},
            actor=visit.actor,
            now=clock.now(),
        )
        return _("El canal se queda en el buzón de pruebas: no sale nada a la calle.")

    acted(request, visit, act)
    return _back(visit)


@creditor_page(Right.SETTINGS, POST)
def remove(request: HttpRequest, visit: Visit, short: str) -> HttpResponse:
    """The account and its secrets are gone."""
    _known(short)

    def act() -> str:
        remove_channel(creditor=visit.creditor, channel=short, actor=visit.actor, now=clock.now())
        return _("La cuenta se ha quitado, con sus claves. Los mensajes de ese canal esperan.")

    acted(request, visit, act)
    return _back(visit)


def _known(short: str) -> None:
    if short not in SHORT:
        raise Http404


def _back(visit: Visit) -> HttpResponse:
    return redirect(reverse("desk:settings-channels", args=[visit.creditor.code]))
