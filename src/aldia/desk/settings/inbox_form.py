"""The box that answers come into, as a form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from aldia.records.outreach.models import InboxAccount, MailSecurity
from aldia.ui.forms import DeskForm

_TEXT_MAX = 200


class InboxForm(DeskForm):
    """An IMAP account. The password is written, never shown. Its fields have names and ids of their own."""

    prefix = "inbox"

    host = forms.CharField(
        label=gettext_lazy("Servidor"),
        max_length=_TEXT_MAX,
        help_text=gettext_lazy("El de entrada (IMAP) de su proveedor, como imap.ejemplo.com."),
    )
    port = forms.IntegerField(label=gettext_lazy("Puerto"), min_value=1, max_value=65_535, initial=993)
    security = forms.ChoiceField(
        label=gettext_lazy("Cifrado"), choices=MailSecurity.choices, initial=MailSecurity.TLS
    )
    username = forms.CharField(
        label=gettext_lazy("Usuario"),
        max_length=_TEXT_MAX,
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
    folder = forms.CharField(label=gettext_lazy("Carpeta"), max_length=_TEXT_MAX, initial="INBOX")
    marks_read = forms.BooleanField(
        label=gettext_lazy("Marcar como leído en el servidor lo que se recoge"), required=False
    )

    def __init__(self, account: InboxAccount | None, data: Any = None) -> None:
        shown = {name: getattr(account, name) for name in self.base_fields if hasattr(account, name)}
        super().__init__(data, initial={name: value for name, value in shown.items() if value})
