"""Addresses: the creditor, its people, its mail and its programs."""

from django.urls import URLPattern, path

from aldia.desk.settings import channels, contact, inbox, mail, mail_provider, pages, people, tokens

urlpatterns: list[URLPattern] = [
    path("", pages.show_company, name="settings"),
    path("envios/", pages.show_sending, name="settings-sending"),
    path("proceso/", pages.show_run, name="settings-run"),
    path("guardar/<slug:group>/", pages.save, name="settings-save"),
    path("contacto/", contact.show_rules, name="settings-contact"),
    path("zonas/", contact.show_areas, name="areas"),
    path("zonas/nueva/", contact.add_area, name="area-new"),
    path("zonas/<int:hold_id>/terminar/", contact.close_area, name="area-end"),
    path("festivos/", contact.show_holidays, name="holidays"),
    path("festivos/nuevo/", contact.add_holiday, name="holiday-new"),
    path("festivos/<int:holiday_id>/quitar/", contact.drop_holiday, name="holiday-remove"),
    path("correo/", mail.mail_account, name="settings-mail"),
    path("correo/buzon/", mail.choose_mailbox, name="settings-mailbox"),
    path("correo/prueba/", mail.try_mail, name="settings-mail-test"),
    path("correo/proveedor/<slug:mailer>/", mail_provider.account, name="settings-mail-provider"),
    path("canales/", channels.show_channels, name="settings-channels"),
    path("canales/<slug:short>/prueba/", channels.try_channel, name="settings-channel-test"),
    path("canales/<slug:short>/buzon/", channels.choose_mailbox, name="settings-channel-mailbox"),
    path("canales/<slug:short>/quitar/", channels.remove, name="settings-channel-remove"),
    path("canales/<slug:short>/<slug:provider>/", channels.account, name="settings-channel"),
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
