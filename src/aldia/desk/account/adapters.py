"""What django-allauth asks of the house: words for refusals, who may come in, how secrets are kept."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aldia.connectors.secrets import seal, unseal
from aldia.records.tenancy.models import User


def display_name(user: User) -> str:
    """How the person is called on screen and in their passkey."""
    return user.name


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """E-mail and password; nobody signs up by themselves; nothing is mailed."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Esta persona ya no puede entrar."),
        "email_password_mismatch": _(
            "El correo o la contraseña no coinciden. Revíselos e inténtelo de nuevo."
        ),
        "enter_current_password": _("Esta no es su contraseña actual."),
        "incorrect_code": _("El código no es correcto, o ya se ha usado."),
        "incorrect_password": _("La contraseña no es correcta."),
        "too_many_login_attempts": _(
            "Demasiados intentos seguidos. Espere cinco minutos y vuelva a intentarlo."
        ),
        "rate_limited": _("Demasiados intentos seguidos. Espere un momento y vuelva a intentarlo."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an administrator lets people in."""
        return False

    def reauthenticate(self, user: User, password: str) -> bool:
        """Whether it is still the same person; counted like a log-in."""
        again = self.authenticate(self.request, email=user.email, password=password)
        return again is not None and again.pk == user.pk

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the account."""
        return reverse("mfa_index")

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Password first, in our words."""
        words = {
            "reauthenticate": _("Con su contraseña"),
            "mfa_reauthenticate": _("Con un código de su aplicación"),
            "mfa_reauthenticate:webauthn": _("Con una llave de acceso"),
        }
        methods = super().get_reauthentication_methods(user)
        return [{**each, "description": words[each["id"]]} for each in methods]


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets are sealed with the key outside the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("El código no es correcto, o ya se ha usado."),
        "cannot_generate_recovery_codes": _(
            "Active antes un segundo factor: los códigos son para cuando falte."
        ),
    }

    def encrypt(self, text: str) -> str:
        """For the database."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """As it was given out."""
        return unseal(encrypted_text)

    def generate_authenticator_name(self, user: User, type: Any) -> str:
        """«Llave 1»: what the form proposes."""
        number = user.authenticator_set.filter(type=type).count() + 1  # type: ignore[attr-defined]
        return gettext("Llave %(number)s") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The house as the browser names it."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Al Día"}
