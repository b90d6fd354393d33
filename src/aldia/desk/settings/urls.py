"""Addresses: the creditor, its people, its mail and its programs."""

from django.urls import URLPattern, path

from aldia.desk.settings import inbox, mail, pages, people, tokens

urlpatterns: list[URLPattern] = [
    path("", pages.show_company, name="settings"),
    path("envios/", pages.show_sending, name="settings-sending"),
    path("proceso/", pages.show_run, name="settings-run"),
    path("guardar/<slug:group>/", pages.save, name="settings-save"),
    path("correo/", mail.mail_account, name="settings-mail"),
    path("correo/buzon/", mail.choose_mailbox, name="settings-mailbox"),
    path("correo/prueba/", mail.try_mail, name="settings-mail-test"),
    path("correo/respuestas/", inbox.set_account, name="settings-inbox"),
    path("correo/respuestas/prueba/", inbox.try_account, name="settings-inbox-test"),
    path("correo/respuestas/quitar/", inbox.remove_account, name="settings-inbox-remove"),
    path("personas/", people.list_people, name="people"),
    path("personas/nueva/", people.invite_person, name="person-new"),
    path("personas/<int:membership_id>/", people.show_person, name="person"),
    path("personas/<int:membership_id>/papel/", people.change, name="person-role"),
    path("personas/<int:membership_id>/clave/", people.new_password, name="person-password"),
    path("personas/<int:membership_id>/factores/", people.remove_factors, name="person-factors"),
    path("personas/<int:membership_id>/acceso/", people.access, name="person-access"),
    path("tokens/", tokens.list_tokens, name="tokens"),
    path("tokens/nuevo/", tokens.new_token, name="token-new"),
    path("tokens/<int:token_id>/revocar/", tokens.revoke, name="token-revoke"),
]
