"""The forms of django-allauth in the house's style."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from aldia.ui.forms import DeskForm

_SPENT_SECONDS = 180  # longer than a code is good for: now, one step before, one after
_NAME_MAX = 60


class _Plain(DeskForm):
    """Without the placeholders that repeat the labels."""

    labels: dict[str, Any] = {}

    def __init__(self, *args: Any, **names: Any) -> None:
        super().__init__(*args, **names)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)


class LogInForm(_Plain, LoginForm):  # type: ignore[misc]
    """E-mail and password; the refusal does not tell which of the two was wrong."""

    labels = {"login": _("Correo electrónico"), "password": _("Contraseña")}

    def __init__(self, *args: Any, **names: Any) -> None:
        super().__init__(*args, **names)
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autofocus": True, "maxlength": 254}

    def add_prefix(self, field_name: str) -> str:
        """On the page the field is `username`, as password managers know it."""
        return super().add_prefix("username" if field_name == "login" else field_name)


class ConfirmForm(_Plain, ReauthenticateForm):  # type: ignore[misc]
    """The password once more."""

    labels = {"password": _("Contraseña")}


class NewPasswordForm(_Plain, ChangePasswordForm):  # type: ignore[misc]
    """One's own password."""

    labels = {
        "oldpassword": _("Contraseña actual"),
        "password1": _("Contraseña nueva"),
        "password2": _("La nueva, otra vez"),
    }


class _Code(_Plain):
    """Six digits, or a recovery code."""

    labels = {"code": _("Código")}

    def __init__(self, *args: Any, **names: Any) -> None:
        super().__init__(*args, **names)
        digits = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "maxlength": 20}
        self.fields["code"].widget.attrs |= digits

    def clean_code(self) -> str:
        """Good once, even while its time has not run out."""
        code = str(super().clean_code())  # type: ignore[misc]
        digits = "".join(filter(str.isalnum, code))
        if not cache.add(f"aldia:code:{self.user.pk}:{digits}", 1, timeout=_SPENT_SECONDS):  # type: ignore[attr-defined]
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(_Code, AuthenticateForm):  # type: ignore[misc]
    """The second factor at log-in."""


class ConfirmCodeForm(_Code, ReauthenticateCodeForm):  # type: ignore[misc]
    """The second factor once more."""


class AppForm(_Code, ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new application."""

    labels = {"code": _("Código que muestra la aplicación")}


class AddKeyForm(_Plain, AddWebAuthnForm):  # type: ignore[misc]
    """A passkey or a security key."""

    labels = {"name": _("Nombre de la llave"), "passwordless": _("Entrar solo con ella, sin contraseña")}

    def __init__(self, *args: Any, **names: Any) -> None:
        super().__init__(*args, **names)
        self.fields["name"].max_length = _NAME_MAX  # type: ignore[attr-defined]
        self.fields["name"].widget.attrs["maxlength"] = _NAME_MAX
        self.fields["passwordless"].initial = True
        self.fields["passwordless"].help_text = _(
            "Su dispositivo le pedirá la huella, la cara o el PIN. Sin marcar, la llave se pide además de la"
            " contraseña."
        )


class RenameKeyForm(_Plain, EditWebAuthnForm):  # type: ignore[misc]
    """What a key is called."""

    labels = {"name": _("Nombre de la llave")}

    def __init__(self, *args: Any, **names: Any) -> None:
        super().__init__(*args, **names)
        self.fields["name"].widget.attrs["maxlength"] = _NAME_MAX
