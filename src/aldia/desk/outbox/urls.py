"""Addresses: what leaves the house."""

from django.urls import path

from aldia.desk.outbox import acts, calendar, lists, mailbox

urlpatterns = [
    path("", lists.show_outbox, name="outbox"),
    path("calendario/", calendar.show_calendar, name="calendar"),
    path("enviado/<int:dispatch_id>/", lists.show_dispatch, name="dispatch"),
    path("enviar/", acts.send_now, name="send-now"),
    path("parar/", acts.stop, name="stop-sending"),
    path("reanudar/", acts.resume, name="resume-sending"),
    path("duda/", acts.resolve, name="resolve-doubt"),
    path("correo/", mailbox.show_mailbox, name="mailbox"),
    path("correo/<int:mail_id>/", mailbox.show_mail, name="mailbox-mail"),
]
