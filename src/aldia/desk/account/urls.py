"""Addresses of the own account. The names are those by which django-allauth finds them."""

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as keys
from django.urls import path

from aldia.desk.access import FORM, READ, person_page, street_page
from aldia.desk.entrance import log_in, log_out

own, own_form, street, street_form = (
    person_page(READ),
    person_page(FORM),
    street_page(READ),
    street_page(FORM),
)

urlpatterns = [
    path("entrar/", log_in, name="account_login"),
    path("salir/", log_out, name="account_logout"),
    path("cuenta/entrar/codigo/", street_form(factors.authenticate), name="mfa_authenticate"),
    path("cuenta/entrar/llave/", street_form(keys.login_webauthn), name="mfa_login_webauthn"),
    path("cuenta/cerrada/", street(account.account_inactive), name="account_inactive"),
    path("cuenta/", own(factors.index), name="mfa_index"),
    path("cuenta/clave/", own_form(account.password_change), name="account_change_password"),
    path("cuenta/confirmar/", own_form(account.reauthenticate), name="account_reauthenticate"),
    path("cuenta/confirmar/codigo/", own_form(factors.reauthenticate), name="mfa_reauthenticate"),
    path(
        "cuenta/confirmar/llave/", own_form(keys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"
    ),
    path("cuenta/aplicacion/", own_form(app.activate_totp), name="mfa_activate_totp"),
    path("cuenta/aplicacion/quitar/", own_form(app.deactivate_totp), name="mfa_deactivate_totp"),
    path("cuenta/llaves/", own(keys.list_webauthn), name="mfa_list_webauthn"),
    path("cuenta/llaves/nueva/", own_form(keys.add_webauthn), name="mfa_add_webauthn"),
    path("cuenta/llaves/<int:pk>/quitar/", own_form(keys.remove_webauthn), name="mfa_remove_webauthn"),
    path("cuenta/llaves/<int:pk>/nombre/", own_form(keys.edit_webauthn), name="mfa_edit_webauthn"),
    path("cuenta/codigos/", own(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "cuenta/codigos/nuevos/", own_form(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"
    ),
]
